"""How one value is written into a cell of a workbook: as what kind, and as which text."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time

from flows.rules.grid import Cell

LONGEST = 32_767  # UTF-16 units that fit into one cell of a workbook
CUT = "… (the rest is kept in the ledger)"
FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
# Text that a spreadsheet program would turn into a formula, a number or a time as soon as somebody edits the cell.
LITERAL = re.compile(r"\s*[=+@-].*|[\d\s.,:/%-]+", re.DOTALL)
FIRST_YEAR = 1901  # a workbook's calendar does not reach back further


def kind_of(cell: Cell) -> str:
    """text, literal (text that must stay so), number, truth, date, moment or time.

    What a workbook has no number for, such as a date in the year 202, is text.
    """
    if isinstance(cell, bool):
        return "truth"
    if isinstance(cell, int | float) and math.isfinite(cell):
        return "number"
    if isinstance(cell, time):
        return "time"
    if isinstance(cell, date) and cell.year >= FIRST_YEAR:
        return "moment" if isinstance(cell, datetime) else "date"
    return "literal" if LITERAL.fullmatch(str(cell)) else "text"


def cell_text(cell: Cell, longest: int = LONGEST) -> str:
    """The text as a cell can hold it: nothing that breaks the file, and not more than fits (in UTF-16 units)."""
    text = FORBIDDEN.sub("", str(cell).replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 <= longest:  # a character is two units at most
        return text
    units = text.encode("utf-16-le")
    if len(units) <= longest * 2:
        return text
    return units[: (longest - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT


def lines_of(text: str, width: int) -> int:
    """About how many lines the text takes in a column of this many characters."""
    return sum(max(math.ceil(_breadth(line) / max(width, 1)), 1) for line in text.split("\n"))


def _breadth(line: str) -> int:
    """Characters, of which Chinese, Japanese and Korean ones are twice as broad."""
    return len(line) if line.isascii() else sum(2 if char >= "\u2e80" else 1 for char in line)
