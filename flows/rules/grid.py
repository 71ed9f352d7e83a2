"""Cells as they come out of a sheet, and finding columns by their headers."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from flows.rules.problems import Problem
from flows.rules.tabs import Column, Tab

Cell = str | float | int | bool | date | datetime | time | None

HEADER_ROWS = 30  # a title, notes or a logo may stand above the headers, but not a page of them
ERROR_VALUE = re.compile(r"#(N/A|[A-Z0-9/_]+[!?])", re.IGNORECASE)  # every spreadsheet has some of its own
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True)
class Grid:
    """One tab as it was read: `rows[0]` is the sheet's row 1.

    `merged` holds the numbers of rows in which cells are merged across columns: notes that people put between the rows.
    """

    rows: tuple[tuple[Cell, ...], ...]
    merged: frozenset[int] = frozenset()


Snapshot = Mapping[str, Grid]


def text_of(cell: Cell) -> str:
    """What a person sees in the cell, on one line, without the invisible characters that pasting brings along."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.isascii() and cell.isprintable():  # nearly every cell, and nothing to clean
        return " ".join(cell.split())
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    text = unicodedata.normalize("NFC", str(cell)).translate(INVISIBLE)
    return " ".join(text.split())


def squash(header: str) -> str:
    """A header reduced to what identifies it: case, spaces and punctuation do not matter."""
    return "".join(char for char in header.casefold() if char.isalnum())


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the headers."""

    number: int
    cells: Mapping[str, Cell]  # by the tab's own header
    merged: bool = False
    clashes: Mapping[str, str] = field(default_factory=dict)  # header → the values that contradict each other

    def text(self, header: str) -> str:
        """The cell's text, empty when the column is missing."""
        return text_of(self.cells.get(header))

    @property
    def blank(self) -> bool:
        """Whether nothing stands in any of the columns that Onward knows."""
        return not any(text_of(cell) for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Table:
    """A tab with its columns found: the rows that hold something, and what is wrong with the headers."""

    rows: tuple[Row, ...]
    headers: Mapping[str, str]  # the tab's own header → the header as people wrote it
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether every column that the tab cannot do without was found."""
        return bool(self.headers)


def read_table(tab: Tab, grid: Grid | None) -> Table:
    """Find the tab's columns in any order (design §3) and return the rows beneath them.

    A missing or doubled header is a problem with a did-you-mean; without a required one no row can be used. That the
    whole tab is missing is for `read_company` to say, who knows the other tabs.
    """
    if grid is None:
        return Table((), {}, ())
    top = _header_row(tab, grid)
    if top is None:
        names = ", ".join(column.header for column in tab.columns if column.required)
        lost = Problem(tab.name, 0, "", "", f"no header row was found; one row must hold the headers {names}")
        return Table((), {}, (lost,))
    places = _places(tab, grid.rows[top])
    problems = tuple(_header_problems(tab, grid.rows[top], top + 1, places))
    if any(column.required and column.header not in places for column in tab.columns):
        return Table((), {}, problems)
    headers = {header: text_of(grid.rows[top][where[0]]) for header, where in places.items()}
    rows = (_row(number, grid, places) for number in range(top + 1, len(grid.rows)))
    return Table(tuple(row for row in rows if not row.blank), headers, problems)


def _header_row(tab: Tab, grid: Grid) -> int | None:
    known = {squash(column.header) for column in tab.columns}
    best, best_score = None, 0
    for index, cells in enumerate(grid.rows[:HEADER_ROWS]):
        score = len({squash(text_of(cell)) for cell in cells} & known)
        if score > best_score:
            best, best_score = index, score
    return best if best_score >= min(2, len(tab.columns)) else None


def _places(tab: Tab, cells: Sequence[Cell]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        found.setdefault(squash(text_of(cell)), []).append(index)
    return {column.header: found[squash(column.header)] for column in tab.columns if squash(column.header) in found}


def _header_problems(
    tab: Tab, cells: Sequence[Cell], number: int, places: Mapping[str, list[int]]
) -> Iterator[Problem]:
    known = {squash(column.header) for column in tab.columns}
    strangers = {squash(text_of(cell)): text_of(cell) for cell in cells if squash(text_of(cell)) not in {*known, ""}}
    for column in tab.columns:
        where = places.get(column.header, [])
        if len(where) > 1:
            letters = " and ".join(column_letter(index) for index in where)
            advice = f"this header stands in columns {letters}; rename or delete all but one"
            yield Problem(tab.name, number, column.header, "", advice)
        elif not where:
            yield from _missing(tab, column, number, strangers)


def _missing(tab: Tab, column: Column, number: int, strangers: Mapping[str, str]) -> Iterator[Problem]:
    close = [name for name in map(squash, tab.alike.get(column.header, "").split("/")) if name in strangers]
    close += difflib.get_close_matches(squash(column.header), strangers, n=1, cutoff=0.78)
    if close:
        yield Problem(
            tab.name,
            number,
            strangers[close[0]],
            "",
            f"this header is not known; did you mean “{column.header}”?",
        )
    elif column.required:
        yield Problem(tab.name, number, column.header, "", "this column is missing; add it, in any place")


def _row(index: int, grid: Grid, places: Mapping[str, list[int]]) -> Row:
    cells = grid.rows[index]
    values: dict[str, Cell] = {}
    clashes: dict[str, str] = {}
    for header, where in places.items():
        filled = [cells[at] for at in where if at < len(cells) and text_of(cells[at])]
        values[header] = filled[0] if filled else None
        if len({text_of(cell) for cell in filled}) > 1:
            clashes[header] = " / ".join(text_of(cell) for cell in filled)
    return Row(index + 1, values, index + 1 in grid.merged, clashes)


def column_letter(index: int) -> str:
    """The letter that a sheet shows above the column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
