"""What a new tab on Google gets: headers with notes, formats, dropdowns, shading; a warning where it is Onward's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.rules.grid import text_of
from flows.rules.pictures import OVERVIEW, STATUS
from flows.rules.tabs import Column, Tab
from flows.sheet.dropdowns import HINTS
from flows.sheet.google_charts import ROOM as CHART_ROOM
from flows.sheet.google_charts import add_charts
from flows.sheet.google_look import RECORDS, REF, SAYS, Look, Seen, id_of
from flows.sheet.google_requests import (
    DARK,
    SAND,
    Request,
    banding,
    column_looks,
    guard,
    header_cells,
    insert_columns,
    new_tab,
    put_rows,
    rule,
    tag,
    take_over,
)
from flows.sheet.google_values import FORMATS

ROOM = 1000  # rows of a person's tab to begin with; Google adds more where people ask for them
OWN_ROWS = 100
WARNING = "Onward writes this; what is typed here is gone with the next run."
REF_WARNING = "Onward knows its rows by this column."
SAYS_HEADER = Column("Onward says", "What Onward does for this person, or what keeps it from doing so. A formula.", 50)


def free_id(look: Look, name: str) -> int:
    """An id for a new tab: the same for everybody who makes it, so that of two at once only one succeeds."""
    taken = {tab.id for tab in look.tabs.values()}
    return next(number for turn in range(99) if (number := id_of(f"{name} {turn}")) not in taken)


def people_tab(sheet: int, tab: Tab, empty: Seen | None) -> list[Request]:
    """A tab for people to fill, in the place of an empty one if there is one."""
    make = take_over if empty else new_tab
    width = len(tab.columns)
    return [
        make(sheet, tab.name, max(ROOM, empty.rows if empty else 0), max(width, empty.columns if empty else 0), DARK),
        *furnish(sheet, 0, 0, tab.columns, tab.about, typed=True),
        *([] if empty and empty.banded else [banding(sheet, width)]),  # one that was emptied may have it still
        *([put_rows(sheet, 1, 0, tab.rows)] if tab.rows else []),
        *cell_choices(sheet, tab, dict(enumerate(text_of(row[0]) for row in tab.rows)), 1),
    ]


def own_tab(sheet: int, tab: Tab, rows: int = 0) -> list[Request]:
    """One of Onward's own tabs, without its rows."""
    width = len(tab.columns) + (CHART_ROOM if tab.name == OVERVIEW.name else 0)
    return [
        new_tab(sheet, tab.name, max(OWN_ROWS, rows + 1), width, SAND),
        *furnish(sheet, 0, 0, tab.columns, tab.about),
        banding(sheet, len(tab.columns)),
        protect(sheet, tab, len(tab.columns) - 1),
        *(add_charts(sheet) if tab.name == OVERVIEW.name else []),
        *([tag(REF, sheet, len(tab.columns) - 1)] if tab.name in RECORDS else []),
    ]


def protect(sheet: int, tab: Tab, ref_column: int) -> Request:
    """A picture is Onward's as a whole; in the record people sort, filter and annotate, so only the `Ref`s are."""
    return guard(sheet, ref_column, REF_WARNING) if tab.name in RECORDS else guard(sheet, None, WARNING)


def furnish(
    sheet: int, row: int, column: int, headers: Sequence[Column], about: str = "", *, typed: bool = False
) -> list[Request]:
    """Headers from this cell on, and what belongs beneath them; help with typing only where people type."""
    requests = [header_cells(sheet, row, column, headers, about)]
    for at, header in enumerate(headers, column):
        requests += column_looks(sheet, row + 1, at, header, FORMATS)
        if header.choices:
            requests.append(_offer(sheet, (row + 1, None), at, header.choices))
        elif typed and header.kind in HINTS:
            requests.append(rule(sheet, (row + 1, None), at, {"type": "DATE_IS_VALID"}, HINTS[header.kind]))
    return requests


def cell_choices(sheet: int, tab: Tab, names: Mapping[int, str], first_row: int, column: int = 1) -> list[Request]:
    """Dropdowns for single cells: in the rows (from `first_row`) that begin with these names."""
    choices = dict(tab.cell_choices)
    return [
        _offer(sheet, (first_row + at, first_row + at + 1), column, choices[name])
        for at, name in names.items()
        if name in choices
    ]


def _offer(sheet: int, rows: tuple[int, int | None], column: int, choices: Sequence[str]) -> Request:
    values = [{"userEnteredValue": choice} for choice in choices]
    return rule(sheet, rows, column, {"type": "ONE_OF_LIST", "values": values}, " · ".join(choices))


def says_column(sheet: int, width: int, row: int, column: int, email: str, status: str) -> list[Request]:
    """The Roster's column of formulas: one formula in the header, so that sorting rows never moves it.

    It begins at the header's own row, since a range that began below would shrink when a row is inserted there.
    `email` is the letter of the column with the addresses, `status` the title of that tab. Through the API a formula
    is written in English notation, whatever the spreadsheet's language.
    """
    title = status.replace("'", "''")
    found, said = (chr(ord("A") + STATUS.headers.index(name)) for name in ("Email", "Now"))
    people, header = f"{email}{row + 1}:{email}", f"{email}{row + 1}"
    lookup = f"VLOOKUP(TRIM({people}),'{title}'!${found}:${said},{ord(said) - ord(found) + 1},FALSE)"
    below = f'IF({people}="","",IFERROR({lookup},""))'
    formula = f'=ARRAYFORMULA(IF(ROW({people})=ROW({header}),"{SAYS_HEADER.header}",{below}))'
    cells = header_cells(sheet, row, column, [SAYS_HEADER])
    cells["updateCells"]["rows"][0]["values"][0]["userEnteredValue"] = {"formulaValue": formula}
    return [
        *insert_columns(sheet, column, 1, width),
        cells,
        *column_looks(sheet, row + 1, column, SAYS_HEADER, FORMATS),
        tag(SAYS, sheet, column),
    ]
