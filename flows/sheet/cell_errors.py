"""Cells that the reading library would hand out as empty text, made readable: failing ones such as #N/A, and formulas
that were never calculated. Of an error that it does not know, such as Google's #ERROR!, it refuses the whole workbook.
"""

from __future__ import annotations

import io
import re
import zipfile

TABS = "xl/worksheets/"
# The start of a cell of the type “error”. Text cannot look like it: there, “<” is written as an entity.
ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s(?:[^>]*?\s)?t\s*=\s*)(["'])e\2""")
# A formula without a result, as programs leave it that write workbooks but do not calculate.
BARE_FORMULA = re.compile(
    rb"""<c\b((?:\s+(?!t\s*=)[\w:]+\s*=\s*"[^"]*")*)[^>]*>"""
    rb"""(<f\b[^>]*(?:/>|>[^<]*</f>))(?:<v\s*/>|<v></v>)?</c>"""
)
UNCALCULATED = rb'<c\1 t="str">\2<v>#UNCALCULATED!</v></c>'
FARTHEST = re.compile(rb"""<c\s[^>]*?r="((?:[B-Z][A-Z]{2}|[A-Z]{3}(?=\d))\d+|[A-Z]+\d{7,}|[A-Z]+[3-9]\d{5})\"""")


def stray_cell(data: bytes) -> str:
    """Where a value stands so far away from all others that it can only be a slip; nothing when there is none.

    The reading library makes room for everything in between, which may be more than the machine has.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.startswith(TABS) and (found := FARTHEST.search(parts.read(name))):
                return found[1].decode()
    return ""


def with_errors_as_text(data: bytes) -> bytes:
    """The workbook with failing cells as cells of text that say what people see in them."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        failing = [name for name in parts.namelist() if name.startswith(TABS) and _fails(parts.read(name))]
        return _rewritten(parts, failing) if failing else data


def _fails(part: bytes) -> bool:
    return bool(ERROR_CELL.search(part) or (b"<f" in part and BARE_FORMULA.search(part)))


def _rewritten(parts: zipfile.ZipFile, failing: list[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as copy:
        for name in parts.namelist():
            part = parts.read(name)
            if name in failing:
                part = BARE_FORMULA.sub(UNCALCULATED, ERROR_CELL.sub(rb'\1"str"', part))
            copy.writestr(name, part)
    return buffer.getvalue()
