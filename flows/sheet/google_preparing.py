"""What `init` has to add to a spreadsheet, given what stands there. Asks and writes nothing, and overwrites nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.rules.company import read_company
from flows.rules.grid import Grid, column_letter, squash, text_of
from flows.rules.layout import PICTURE_TABS
from flows.rules.pictures import OVERVIEW, STATUS
from flows.rules.record import record
from flows.rules.roster import ROSTER
from flows.rules.tabs import Tab
from flows.sheet.completing import complete_tab
from flows.sheet.google_charts import ROOM as CHART_ROOM
from flows.sheet.google_charts import add_charts
from flows.sheet.google_look import OWN, PEOPLE, Look, Seen, Version
from flows.sheet.google_requests import Request, append_rows, fence, insert_columns, resize
from flows.sheet.google_tabs import SAYS_HEADER, free_id, furnish, own_tab, people_tab, protect, says_column
from flows.sheet.recognising import header_places, header_row


@dataclass(slots=True)
class Additions:
    """What is to be added, and what to say of it."""

    requests: list[Request] = field(default_factory=list)
    made: dict[str, tuple[int, int]] = field(default_factory=dict)  # new tabs → id, number of columns
    widened: dict[str, int] = field(default_factory=dict)  # tabs → how many columns they are given
    lacking: list[str] = field(default_factory=list)  # sentences

    def fenced(self, look: Look) -> list[Request]:
        """The whole batch. A picture that was made now, and is empty, counts as never written."""
        pictures = {name: digest for name, digest in look.version.pictures.items() if name not in self.made}
        return [*fence(look, Version(look.version.number + 1, pictures)), *self.requests]


def add_people_tabs(found: Additions, look: Look, tabs: Sequence[Tab]) -> None:
    """People's tabs where they are missing; where they are there, the columns and settings that they lack."""
    spare = _spare(look)
    for tab in tabs:
        seen, grid = look.tabs.get(tab.name), look.grids.get(tab.name)
        empty = spare if seen is None else seen
        if seen is None or _is_empty(grid):
            sheet, width = (empty.id, empty.columns) if empty else (free_id(look, tab.name), 0)
            found.requests += people_tab(sheet, tab, empty)
            found.made[tab.name] = sheet, max(width, len(tab.columns))
            spare = spare if seen else None
        elif grid is not None:
            _complete(found, tab, seen, grid)


def _spare(look: Look) -> Seen | None:
    """The one empty tab that a new spreadsheet begins with, whatever it is called."""
    names = [name for name in look.tabs if name not in (*PEOPLE, *OWN)]
    lone = names[0] if len(names) == len(look.tabs) == 1 else ""
    return look.tabs[lone] if lone and _is_empty(look.grids.get(lone)) else None


def _is_empty(grid: Grid | None) -> bool:
    return grid is None or not any(text_of(cell) for row in grid.rows for cell in row)


def _complete(found: Additions, tab: Tab, seen: Seen, grid: Grid) -> None:
    completed = complete_tab(tab, grid)
    page, *old = completed.pages
    if old or page.header is None:
        advice = "write them into one row, or give the tab another name and run `onward init` again"
        found.lacking.append(f"The tab {tab.name} has no row with the headers {', '.join(tab.headers)}; {advice}.")
        return
    found.lacking += completed.missing
    width = max(map(len, grid.rows))
    new = [column for at, column in page.columns.items() if at >= width]
    if new:
        found.requests += insert_columns(seen.id, width, len(new), seen.columns)
        found.requests += furnish(seen.id, page.header, width, new, typed=True)
        found.widened[tab.name] = len(new)
    if len(page.rows) > len(grid.rows):
        found.requests.append(append_rows(seen.id, page.rows[len(grid.rows) :]))


def add_own_tabs(found: Additions, look: Look, people: Look) -> None:
    """Onward's own tabs where they are missing; their warnings and charts where somebody took them away."""
    asked = [content.tab for content in record(read_company(people.grids), ())]
    for tab in (*asked, *PICTURE_TABS):
        seen = look.tabs.get(tab.name)
        if seen is None:
            sheet = free_id(look, tab.name)
            found.requests += own_tab(sheet, tab)
            found.made[tab.name] = sheet, len(tab.columns)
        else:
            _mend(found, look, tab, seen)


def _mend(found: Additions, look: Look, tab: Tab, seen: Seen) -> None:
    there = look.records.get(tab.name)
    if not seen.protected and (there is None or there.ref_column is not None):
        found.requests.append(protect(seen.id, tab, there.ref_column or 0 if there else 0))
        found.lacking.append(f"The tab {tab.name} lacks the warning for those who type into it.")
    if tab.name == OVERVIEW.name and not seen.charts:
        width = len(tab.columns) + CHART_ROOM
        if seen.columns < width:
            found.requests.append(resize(seen.id, seen.rows, width))
        found.requests += add_charts(seen.id)
        found.lacking.append(f"The tab {tab.name} lacks its charts.")


def add_says(found: Additions, look: Look) -> None:
    """The Roster's column with each person's state, unless it is there. It needs both tabs in one spreadsheet."""
    if ROSTER.name in found.made:
        (sheet, width), grid, added = found.made[ROSTER.name], Grid((ROSTER.headers,)), 0
    else:
        seen, grid = look.tabs[ROSTER.name], look.grids[ROSTER.name]
        sheet, width, added = seen.id, seen.columns, found.widened.get(ROSTER.name, 0)
    row = header_row(ROSTER, grid)
    places = header_places(ROSTER, grid.rows[row]) if row is not None else {}
    if look.says or row is None or "Email" not in places or _has_says(grid, row):
        return
    status = look.tabs[STATUS.name].title if STATUS.name in look.tabs else STATUS.name
    right, email = max(map(len, grid.rows)) + added, column_letter(places["Email"])
    found.requests += says_column(sheet, width + added, row, right, email, status)
    if ROSTER.name not in found.made:
        found.lacking.append(f"The tab {ROSTER.name} lacks the column {SAYS_HEADER.header}.")


def _has_says(grid: Grid, row: int) -> bool:
    return squash(SAYS_HEADER.header) in {squash(text_of(cell)) for cell in grid.rows[row]}
