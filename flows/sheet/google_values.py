"""Values as Google's cells hold them. Dates are days since the end of 1899, with the time of day as a fraction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from flows.rules.dates import SERIAL_ZERO
from flows.rules.grid import Cell
from flows.sheet.cells import cell_text, kind_of

LONGEST = 50_000  # characters that Google takes in one cell
FIELDS = "userEnteredValue,userEnteredFormat.numberFormat"  # what `cell_data` says; the look of a cell stays
# Only where it matters: a date needs its format to be seen as one, and text that looks like a number or a formula needs
# “plain text”, or Google would turn it into one as soon as somebody edits the cell.
FORMATS: Mapping[str, Mapping[str, str]] = {
    "date": {"type": "DATE", "pattern": "yyyy-mm-dd"},
    "moment": {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"},
    "time": {"type": "TIME", "pattern": "hh:mm"},
    "literal": {"type": "TEXT"},
}


def serial_of(value: date | time) -> float:
    """The number that stands for a date, a moment or a time of day; zones are none of its business."""
    if isinstance(value, time):
        return _days(datetime.combine(SERIAL_ZERO, value) - SERIAL_ZERO)
    if isinstance(value, datetime):
        return _days(value.replace(tzinfo=None) - SERIAL_ZERO)
    return (value - SERIAL_ZERO.date()).days


def _days(span: timedelta) -> float:
    return span / timedelta(days=1)


def cell_data(cell: Cell) -> dict[str, Any]:
    """What an API request says of a cell: never a formula, whatever the text looks like."""
    if cell is None or cell == "":
        return {}
    kind = kind_of(cell)
    data: dict[str, Any] = {"userEnteredValue": _value(kind, cell)}
    if kind in FORMATS:
        data["userEnteredFormat"] = {"numberFormat": dict(FORMATS[kind])}
    return data


def _value(kind: str, cell: Any) -> dict[str, Any]:
    if kind == "truth":
        return {"boolValue": cell}
    if kind == "number":
        return {"numberValue": cell}
    if kind in ("date", "moment", "time"):
        return {"numberValue": serial_of(cell)}
    return {"stringValue": cell_text(cell, LONGEST)}
