"""Spreadsheets as Google keeps them, without the network; and what people do to them by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.standins.google_strict import bad

ZERO = datetime.fromisoformat("1899-12-30")
MOST_CELLS, LONGEST = 10_000_000, 50_000
Cell = dict[str, Any]  # userEnteredValue, userEnteredFormat, note, dataValidation
DAY_FIRST = ("de", "fr", "es", "pt", "it", "en_GB")


@dataclass
class Tab:
    """One tab: sparse rows of cells, in a grid of a given size."""

    id: int
    title: str
    row_count: int = 1000
    column_count: int = 26
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    merges: list[dict[str, int]] = field(default_factory=list)
    protected: list[dict[str, Any]] = field(default_factory=list)
    bands: list[dict[str, Any]] = field(default_factory=list)
    charts: list[dict[str, Any]] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)  # developer metadata of rows and columns
    metadata: list[dict[str, Any]] = field(default_factory=list)  # of the tab as a whole
    filter: dict[str, int] | None = None  # the range that is filtered
    filtered_out: set[int] = field(default_factory=set)  # rows that the filter hides

    # -- a person's hands --------------------------------------------------------------------------

    def type(self, row: int, column: int, *values: object) -> None:
        """Type values into a row, from this cell on (counted from 0); the grid grows if need be."""
        self.row_count, self.column_count = max(self.row_count, row + 1), max(self.column_count, column + len(values))
        for at, value in enumerate(values, column):
            cell = self.rows.setdefault(row, {}).setdefault(at, {})
            cell["userEnteredValue"] = _entered(value)
            if isinstance(value, date | time):
                kind = "DATE_TIME" if isinstance(value, datetime) else "DATE" if isinstance(value, date) else "TIME"
                cell["userEnteredFormat"] = {"numberFormat": {"type": kind}}

    def rename(self, header: str, other: str) -> None:
        """Give a column another header."""
        row, column = self.find(header)
        self.rows[row][column]["userEnteredValue"] = {"stringValue": other}

    def find(self, text: str) -> tuple[int, int]:
        """Where this text stands."""
        return next(
            (r, c) for r, cells in sorted(self.rows.items()) for c, cell in cells.items() if shown(cell) == text
        )

    def sort(self, header: str, *, reverse: bool = False) -> None:
        """Sort the rows beneath the headers by a column; those without anything there go last, either way."""
        top, column = self.find(header)
        below = [self.rows.pop(row) for row in sorted(row for row in self.rows if row > top)]
        below.sort(key=lambda cells: str(shown(cells.get(column, {}))), reverse=reverse)
        below.sort(key=lambda cells: shown(cells.get(column, {})) == "")
        self.rows |= dict(enumerate(below, top + 1))

    def insert_rows(self, at: int, count: int = 1) -> None:
        """Insert empty rows."""
        self.row_count += count
        self.rows = {row + count if row >= at else row: cells for row, cells in self.rows.items()}
        self.filtered_out = {row + count if row >= at else row for row in self.filtered_out}
        for span in self._spans():
            span["startRowIndex"] += count if span["startRowIndex"] >= at else 0
            span["endRowIndex"] += count if span["endRowIndex"] > at else 0

    def delete_rows(self, at: int, count: int = 1) -> None:
        """Delete rows; what is below moves up, and what is frozen, merged or filtered shrinks with it."""
        self.row_count -= count
        grid = self.properties.get("gridProperties", {})
        if (gone := min(at + count, grid.get("frozenRowCount", 0)) - at) > 0:
            self.properties["gridProperties"] = {**grid, "frozenRowCount": grid["frozenRowCount"] - gone}
        moved = {row: row - count if row >= at else row for row in self.filtered_out if not at <= row < at + count}
        self.filtered_out = set(moved.values())
        for span in self._spans():
            for edge in ("startRowIndex", "endRowIndex"):
                span[edge] -= min(max(span[edge] - at, 0), count)
        self.merges = [merge for merge in self.merges if merge["startRowIndex"] < merge["endRowIndex"]]
        kept = {row: cells for row, cells in self.rows.items() if not at <= row < at + count}
        self.rows = {row - count if row >= at else row: cells for row, cells in kept.items()}

    def insert_columns(self, at: int, count: int = 1) -> None:
        """Insert empty columns; tags go along with theirs."""
        self.column_count += count
        self.rows = {r: {c + count if c >= at else c: x for c, x in cells.items()} for r, cells in self.rows.items()}
        for span in self._tagged_columns():
            if span["startIndex"] >= at:
                span["startIndex"] += count
                span["endIndex"] += count

    def delete_column(self, at: int) -> None:
        """Delete a column; its tags go with it."""
        self.column_count -= 1
        self.rows = {
            r: {c - 1 if c > at else c: x for c, x in cells.items() if c != at} for r, cells in self.rows.items()
        }
        self.tags = [tag for tag in self.tags if _span(tag)["startIndex"] != at]
        for span in self._tagged_columns():
            if span["startIndex"] > at:
                span["startIndex"] -= 1
                span["endIndex"] -= 1

    def filter_out(self, *rows: int) -> None:
        """Filter the tab so that these rows are hidden."""
        self.filter, self.filtered_out = {"startRowIndex": 0, "endRowIndex": self.row_count}, set(rows)

    def _spans(self) -> list[dict[str, int]]:
        """The ranges of rows that follow when rows come and go."""
        return [*self.merges, *([self.filter] if self.filter else [])]

    def _tagged_columns(self) -> Iterator[dict[str, Any]]:
        return (_span(tag) for tag in self.tags)

    # -- what is seen ------------------------------------------------------------------------------

    def table(self) -> list[list[Any]]:
        """What people see, from the first row on, without what is empty at the ends."""
        return trimmed(
            [[shown(self.rows.get(r, {}).get(c, {})) for c in range(self.width)] for r in range(self.height)]
        )

    def column(self, header: str) -> list[Any]:
        """What stands beneath a header, empty cells included."""
        top, column = self.find(header)
        return [shown(self.rows.get(row, {}).get(column, {})) for row in range(top + 1, self.height)]

    @property
    def height(self) -> int:
        """One more than the last row with a value in it."""
        return max(
            (r + 1 for r, cells in self.rows.items() if any("userEnteredValue" in x for x in cells.values())), default=0
        )

    @property
    def width(self) -> int:
        """One more than the last column with a value in it."""
        filled = (c + 1 for cells in self.rows.values() for c, cell in cells.items() if "userEnteredValue" in cell)
        return max(filled, default=0)

    def as_json(self, ranges: Sequence[dict[str, int]] | None = None) -> dict[str, Any]:
        """The Sheet resource, with the cells of the ranges."""
        grid = {
            "rowCount": self.row_count,
            "columnCount": self.column_count,
            **self.properties.get("gridProperties", {}),
        }
        grid |= {"rowCount": self.row_count, "columnCount": self.column_count}
        about = {
            **self.properties,
            "sheetId": self.id,
            "title": self.title,
            "sheetType": "GRID",
            "gridProperties": grid,
        }
        found = {
            "properties": about,
            "developerMetadata": self.metadata,
            "basicFilter": {"range": {**self.filter, "sheetId": self.id}} if self.filter else None,
            "merges": self.merges,
            "protectedRanges": self.protected,
            "bandedRanges": self.bands,
            "charts": self.charts,
        }
        if ranges is not None:
            found["data"] = [{"rowData": self._row_data(span)} for span in ranges]
        return {name: value for name, value in found.items() if value}

    def _row_data(self, span: dict[str, int]) -> list[dict[str, Any]]:
        rows = range(span.get("startRowIndex", 0), min(span.get("endRowIndex", self.height), self.height))
        return [{"values": [_with_text(self.rows.get(r, {}).get(c, {})) for c in range(self.width)]} for r in rows]


@dataclass
class Spreadsheet:
    """One spreadsheet, and who may do what with it."""

    id: str
    title: str = "People"
    locale: str = "en_US"
    zone: str = "Europe/Berlin"
    tabs: list[Tab] = field(default_factory=lambda: [Tab(0, "Sheet1")])
    metadata: list[dict[str, Any]] = field(default_factory=list)  # of the spreadsheet as a whole
    editors: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    office_file: bool = False
    copies_tags: bool = True  # whether a copy of a tab has its tags, on which Google's documentation is silent

    def tab(self, title: str) -> Tab:
        """The tab of this title."""
        return next(tab for tab in self.tabs if tab.title == title)

    def by_id(self, sheet: int) -> Tab:
        """The tab of this id, or a refusal."""
        found = next((tab for tab in self.tabs if tab.id == sheet), None)
        if found is None:
            raise bad(f"No grid with id: {sheet}")
        return found

    @property
    def titles(self) -> list[str]:
        """The tabs from left to right."""
        return [tab.title for tab in self.tabs]

    @property
    def cells(self) -> int:
        """How many cells there are, empty ones included."""
        return sum(tab.row_count * tab.column_count for tab in self.tabs)


def _span(tag: dict[str, Any]) -> dict[str, Any]:
    span: dict[str, Any] = tag["location"]["dimensionRange"]
    return span


def _entered(value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    if isinstance(value, time):
        return {"numberValue": (datetime.combine(ZERO, value) - ZERO) / timedelta(days=1)}
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time(0))
        return {"numberValue": (moment - ZERO) / timedelta(days=1)}
    return {"stringValue": str(value)}


def effective(cell: Cell) -> Any:
    """The cell's own value: text, number or truth; of a formula that makes a column, its header."""
    entered = cell.get("userEnteredValue", {})
    if "formulaValue" in entered:
        made = re.search(r'ROW\(\w+\),"([^"]*)"', entered["formulaValue"])
        return made[1] if made else "#N/A"
    return next(iter(entered.values()), "")


def shown(cell: Cell) -> Any:
    """The value as people understand it: a number in the format of a date is one."""
    value, kind = effective(cell), kind_of(cell)
    if kind in ("DATE", "DATE_TIME", "TIME") and isinstance(value, int | float):
        moment = ZERO + timedelta(seconds=round(value * 86_400))
        return moment.time() if kind == "TIME" else moment.date() if kind == "DATE" else moment
    return value


def kind_of(cell: Cell) -> str:
    """The kind of its number format."""
    return str(cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type", ""))


def formatted(cell: Cell, locale: str) -> str:
    """The text in the cell, which depends on the spreadsheet's language."""
    value = shown(cell)
    if isinstance(value, date):
        order = "%d.%m.%Y" if locale.startswith(DAY_FIRST) else "%m/%d/%Y"
        return value.strftime(order)
    if isinstance(value, float):
        return str(value).replace(".", ",") if locale.startswith(DAY_FIRST) else str(value)
    return str(value).upper() if isinstance(value, bool) else str(value)


def _with_text(cell: Cell) -> Cell:
    return {**cell, "formattedValue": formatted(cell, "en_US")} if "userEnteredValue" in cell else dict(cell)


def trimmed(rows: Iterable[list[Any]]) -> list[list[Any]]:
    """Without empty cells at the right and empty rows at the bottom, as the API answers."""
    kept = [list(row) for row in rows]
    for row in kept:
        while row and row[-1] == "":
            row.pop()
    while kept and not kept[-1]:
        kept.pop()
    return kept
