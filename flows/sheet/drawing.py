"""Drawing pages into the bytes of a workbook. The same pages always make the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as Book
from xlsxwriter.worksheet import Worksheet

from flows.rules.grid import Cell, text_of
from flows.rules.tabs import Column
from flows.sheet.cells import cell_text, kind_of, lines_of
from flows.sheet.dropdowns import HINTS, Dropdowns, hint
from flows.sheet.pages import Page

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed date of making: the real one would make every file differ
PEOPLE_COLOUR, OWN_COLOUR = "#2F5D73", "#C9B27C"
A4 = 9
LINE, MOST_LINES = 15, 20  # the height of a line, and of how many a row has at most; the whole text is in the cell

LEFT = {"align": "left", "indent": 1}
TOP = {**LEFT, "valign": "top"}
HEADER = {**LEFT, "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#B7CBD6"}
STYLES: Mapping[str, Mapping[str, Any]] = {
    "text": {**TOP, "text_wrap": True},
    "literal": {**TOP, "text_wrap": True, "num_format": "@", "quote_prefix": True},
    "number": TOP,
    "truth": TOP,
    "date": {**TOP, "num_format": "yyyy-mm-dd"},
    "moment": {**TOP, "num_format": "yyyy-mm-dd hh:mm"},
    "time": {**TOP, "num_format": "hh:mm"},
    "header": {**HEADER, "font_color": "#1F3B4D", "bg_color": "#DCE8EE"},
    "required header": {**HEADER, "font_color": "#FFFFFF", "bg_color": "#2F5D73"},
}
WRITERS: Mapping[str, Callable[..., object]] = {
    "number": Worksheet.write_number,
    "truth": Worksheet.write_boolean,
    "date": Worksheet.write_datetime,
    "moment": Worksheet.write_datetime,
    "time": Worksheet.write_datetime,
}


def draw(pages: Sequence[Page]) -> bytes:
    """The workbook that shows these pages, in this order."""
    buffer = io.BytesIO()
    book = Book(buffer, OPTIONS)
    book.set_properties({"created": MADE})
    styles = {name: book.add_format(dict(style)) for name, style in STYLES.items()}
    dropdowns = Dropdowns(book)
    for page in pages:
        _Drawing(book.add_worksheet(page.name), page, styles, dropdowns).draw()
    dropdowns.draw_lists()
    book.close()
    return buffer.getvalue()


class _Drawing:
    """One page on its way into one worksheet."""

    def __init__(self, sheet: Worksheet, page: Page, styles: Mapping[str, Format], dropdowns: Dropdowns) -> None:
        self.sheet, self.page, self.styles, self.dropdowns = sheet, page, styles, dropdowns

    def draw(self) -> None:
        self._set_up()
        for index, row in enumerate(self.page.rows):
            if index == self.page.header:
                self._headers(index, row)
            else:
                self._cells(index, row)
        if self.page.header is None:
            self.sheet.autofit()
        else:
            self._columns(self.page.header)

    def _set_up(self) -> None:
        self.sheet.set_tab_color(PEOPLE_COLOUR if self.page.room else OWN_COLOUR)
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # an answer of “5” is text on purpose
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)

    def _cells(self, row: int, cells: Sequence[Cell]) -> None:
        for position, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            kind = kind_of(cell)
            if kind in WRITERS:
                WRITERS[kind](self.sheet, row, position, cell, self.styles[kind])
            else:
                self.sheet.write_string(row, position, cell_text(cell), self.styles[kind])
        if (lines := self._lines(cells)) > 1:
            self.sheet.set_row(row, LINE * min(lines, MOST_LINES) + 3)

    def _lines(self, cells: Sequence[Cell]) -> int:
        """How many lines the row's longest text will be broken into: not every program finds out by itself."""
        widths = {position: column.width for position, column in self.page.columns.items()}
        texts = ((cell, widths[at]) for at, cell in enumerate(cells) if at in widths and isinstance(cell, str))
        return max((lines_of(text, width) for text, width in texts), default=1)

    def _headers(self, row: int, cells: Sequence[Cell]) -> None:
        for position, cell in enumerate(cells):
            column = self.page.columns.get(position)
            style = self.styles["required header" if column and column.required else "header"]
            if text := cell_text(text_of(cell)):
                self.sheet.write_string(row, position, text, style)
        self.sheet.set_row(row, _header_height(self.page.columns.values()))
        about = self.page.about
        for position, column in self.page.columns.items():
            if note := _note(column, about):
                self.sheet.write_comment(row, position, note, _note_looks(note))
            about = ""

    def _columns(self, header: int) -> None:
        first, bottom = header + 1, max(len(self.page.rows) - 1, header + max(self.page.room, 1))
        for position, column in self.page.columns.items():
            self.sheet.set_column(
                position, position, column.width, self.styles[column.kind] if self.page.room else None
            )
            if self.page.room and (rule := self._rule(column)):
                self.sheet.data_validation(first, position, bottom, position, rule)
        self._cell_choices(first)
        self.sheet.freeze_panes(first, 0)
        self.sheet.repeat_rows(header)
        self.sheet.autofilter(header, 0, bottom, max(len(self.page.rows[header]) - 1, 0))

    def _rule(self, column: Column) -> dict[str, Any] | None:
        if column.choices:
            return self.dropdowns.offering(column.choices)
        return hint(column.header, column.kind) if column.kind in HINTS else None

    def _cell_choices(self, first: int) -> None:
        if not self.page.cell_choices:
            return
        names, values = list(self.page.columns)[:2]
        for row, cells in enumerate(self.page.rows[first:], first):
            choices = self.page.cell_choices.get(text_of(cells[names])) if names < len(cells) else None
            if choices:
                self.sheet.data_validation(row, values, row, values, self.dropdowns.offering(choices))


def _note(column: Column, about: str) -> str:
    """What the header's note says; the first one also says what the whole tab is for."""
    required = "Needed in every row." if column.required else ""
    parts = (f"{about[:1].upper()}{about[1:]}." if about else "", column.note, required)
    return "\n".join(part for part in parts if part)


def _header_height(columns: Iterable[Column]) -> int:
    """Room for the header that has to be broken into most lines, and some air."""
    button = 3  # characters that the filter's button takes
    return 8 + LINE * max((lines_of(column.header, column.width - button) for column in columns), default=1)


def _note_looks(note: str) -> dict[str, Any]:
    height = 26 + 17 * lines_of(note, 36)
    return {"author": "Onward", "width": 240, "height": height, "color": "#FFFFF0", "font_size": 10}
