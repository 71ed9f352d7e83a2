"""Failing cells such as #N/A, made readable: the reading library hands them out as empty text.

Of an error that it does not know, such as Google's #ERROR!, it refuses the whole workbook.
"""

from __future__ import annotations

import io
import re
import zipfile

TABS = "xl/worksheets/"
# The start of a cell of the type “error”. Text cannot look like it: there, “<” is written as an entity.
ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s(?:[^>]*?\s)?t\s*=\s*)(["'])e\2""")


def with_errors_as_text(data: bytes) -> bytes:
    """The workbook with failing cells as cells of text that say what people see in them."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        failing = [name for name in parts.namelist() if name.startswith(TABS) and ERROR_CELL.search(parts.read(name))]
        return _rewritten(parts, failing) if failing else data


def _rewritten(parts: zipfile.ZipFile, failing: list[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as copy:
        for name in parts.namelist():
            part = parts.read(name)
            copy.writestr(name, ERROR_CELL.sub(rb'\1"str"', part) if name in failing else part)
    return buffer.getvalue()
