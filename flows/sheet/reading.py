"""Reading a person's workbook from a private copy, so that it may be open, or be saved, at the same moment."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetTypeEnum, load_workbook

from flows.rules.grid import Cell, Grid, Snapshot
from flows.sheet.cell_errors import stray_cell, with_errors_as_text
from flows.sheet.door import SheetError
from flows.sheet.recognising import known_tabs, merged_grid

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)  # seconds; a big workbook on a network drive takes a moment to be saved
OLD_OFFICE = bytes.fromhex("D0CF11E0A1B11AE1")  # how .xls begins, and also every workbook with a password

Stamp = tuple[int, int, int]


class Unsettled(Exception):
    """The file changed while it was copied."""


def stamp_of(path: Path) -> Stamp:
    """What changes whenever the file changes."""
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def read_workbook(path: Path, names: Sequence[str]) -> tuple[Stamp, Snapshot]:
    """Every tab of the workbook, trying again while it is being saved. Raises SheetError.

    A tab that is one of `names` but for case, spaces and punctuation comes out under that name.
    """
    for pause in (*PAUSES, None):
        try:
            return _read_copy(path, names)
        except (Unsettled, CalamineError, zipfile.BadZipFile, OSError) as error:
            if pause is None or not _may_pass(path, error):
                raise SheetError(_sentence(path, error)) from error
            time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def _read_copy(path: Path, names: Sequence[str]) -> tuple[Stamp, Snapshot]:
    before = stamp_of(path)
    data = path.read_bytes()
    if stamp_of(path) != before or len(data) != before[1]:
        raise Unsettled
    if data.startswith(OLD_OFFICE):
        raise PasswordError
    if stray := stray_cell(data):
        raise SheetError(f"{path}: a value stands in {stray}, far away from all others; delete it and save")
    return before, _snapshot(data, names)


def _may_pass(path: Path, error: Exception) -> bool:
    """Whether waiting may help. A file that an office program has open is gone for a moment while it is saved."""
    if isinstance(error, FileNotFoundError):
        return any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#"))
    return not isinstance(error, PasswordError)


def _sentence(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{path}: there is no roster here; `onward init` makes one"
    if isinstance(error, Unsettled):
        return f"{path}: it is being changed all the time; wait until it is saved and run again"
    if isinstance(error, PasswordError):
        return f"{path}: it has a password or is of the old .xls kind; save it as .xlsx without a password"
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return f"{path}: it could not be read ({reason}); allow this account to read it, or close it where it is open"
    advice = "open it in a spreadsheet program and save it as .xlsx again, or take an earlier copy"
    return f"{path}: this is not a whole workbook ({error}); {advice}"


def _snapshot(data: bytes, names: Sequence[str]) -> Snapshot:
    with load_workbook(io.BytesIO(with_errors_as_text(data))) as book:
        tabs = [tab.name for tab in book.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
        known = known_tabs(tabs, names)
        return {known.get(tab, tab): _grid(book.get_sheet_by_name(tab)) for tab in tabs}


def _grid(sheet: CalamineSheet) -> Grid:
    cells = ((_cell(value) for value in row) for row in sheet.to_python(skip_empty_area=False))
    merges = ((top, left, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    return merged_grid(cells, merges)


def _cell(value: Any) -> Cell:
    """The value; a time of day in a format for durations, which comes as a timedelta, as text like 9:30:00."""
    return str(value) if isinstance(value, timedelta) else value
