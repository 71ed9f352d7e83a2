"""What a person's workbook lacks, and the pages of a copy that has it. Reads and writes no file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flows.rules.grid import Cell, Grid, Snapshot, read_table, squash, text_of
from flows.rules.policy import SETTINGS_TAB
from flows.rules.problems import Problem
from flows.rules.tabs import Column, Tab
from flows.sheet.dropdowns import LISTS
from flows.sheet.pages import ROOM, Page, page_to_fill
from flows.sheet.recognising import header_places, header_row, undemanding

LONGEST_NAME = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Completed:
    """The pages of the copy, and what was missing, in sentences."""

    pages: tuple[Page, ...]
    missing: tuple[str, ...]


def complete(tabs: Sequence[Tab], snapshot: Snapshot) -> Completed:
    """Add what is missing; everything that people wrote comes along as it is."""
    ours = {tab.name: complete_tab(tab, snapshot.get(tab.name)) for tab in tabs}
    theirs = {name: (Page(name, grid.rows),) for name, grid in snapshot.items() if name not in ours}
    order = [*snapshot, *(name for name in ours if name not in snapshot)]
    pages = (page for name in order if name != LISTS for page in (theirs.get(name) or ours[name].pages))
    return Completed(tuple(_named(pages)), tuple(said for tab in ours.values() for said in tab.missing))


def complete_tab(tab: Tab, grid: Grid | None) -> Completed:
    """One tab with what it lacks added. Of a tab without headers there are two pages: a new one and the old one."""
    if grid is None:
        return Completed((page_to_fill(tab),), (f"The tab {tab.name} is missing ({tab.about}).",))
    if not any(text_of(cell) for row in grid.rows for cell in row):
        return Completed((page_to_fill(tab),), (f"The tab {tab.name} is empty ({tab.about}).",))
    header = header_row(tab, grid)
    if header is None:
        theirs = Page(f"{tab.name} (as it was)", grid.rows)
        said = f"The tab {tab.name} has no header row; the copy has a new tab, and the old one as “{theirs.name}”."
        return Completed((page_to_fill(tab), theirs), (said,))
    return _complete_rows(tab, grid, header)


def _complete_rows(tab: Tab, grid: Grid, header: int) -> Completed:
    """Missing columns are added at the right, missing settings at the end."""
    rows = [list(row) for row in grid.rows]
    width = max(map(len, rows))
    rows[header] += [""] * (width - len(rows[header]))
    here = {squash(text_of(cell)) for cell in rows[header]}
    missing = [column for column in tab.columns if squash(column.header) not in here]
    doubts = {column.header: doubt for column in missing if (doubt := _doubt(tab, grid, here, column))}
    added = [column.header for column in missing if column.header not in doubts]
    rows[header] += added
    said = [*(f"{doubt}." for doubt in doubts.values()), *_lacking(tab, "column", added)]
    columns = _columns(tab, rows[header])
    if tab.name == SETTINGS_TAB.name and not doubts:
        new = list(_missing_settings(tab, rows, columns))
        rows += [_spread(row, columns, len(rows[header])) for row in new]
        said += _lacking(tab, "setting", [text_of(row[0]) for row in new])
    page = Page(tab.name, rows, header, columns, tab.about, dict(tab.cell_choices), ROOM)
    return Completed((page,), tuple(said))


def _doubt(tab: Tab, grid: Grid, here: set[str], column: Column) -> Problem | None:
    """Whether a header that is not known looks like this column: a second one beside it would only confuse."""
    known = {squash(other.header) for other in tab.columns}
    others = [other for other in tab.columns if squash(other.header) in here]
    problems = read_table(undemanding(tab, [*others, column]), grid).problems
    return next((problem for problem in problems if squash(problem.column) not in known), None)


def _columns(tab: Tab, headers: Sequence[Cell]) -> dict[int, Column]:
    """Where the tab's columns stand, in the tab's own order; of a doubled one the first."""
    places = header_places(tab, headers)
    return {places[column.header]: column for column in tab.columns if column.header in places}


def _missing_settings(
    tab: Tab, rows: Sequence[Sequence[Cell]], columns: Mapping[int, Column]
) -> Iterator[Sequence[Cell]]:
    names = next(iter(columns))
    here = {squash(text_of(row[names])) for row in rows if names < len(row)}
    return (row for row in tab.rows if squash(text_of(row[0])) not in here)


def _spread(row: Sequence[Cell], columns: Mapping[int, Column], width: int) -> list[Cell]:
    """A row of the tab in the order in which the columns stand."""
    spread: list[Cell] = [""] * width
    for position, cell in zip(columns, row, strict=True):
        spread[position] = cell
    return spread


def _lacking(tab: Tab, what: str, names: Sequence[str]) -> list[str]:
    plural = "s" if len(names) > 1 else ""
    return [f"The tab {tab.name} lacks the {what}{plural} {', '.join(names)}."] if names else []


def _named(pages: Iterator[Page]) -> Iterator[Page]:
    """The pages under names that a workbook allows, each once: not every program is as strict."""
    taken: set[str] = set()
    for page in pages:
        whole = NOT_IN_NAMES.sub(" ", page.name).strip("' ") or "Tab"
        name, number = whole[:LONGEST_NAME], 1
        while name.casefold() in taken:
            number += 1
            name = f"{whole[: LONGEST_NAME - 4]} {number}"
        taken.add(name.casefold())
        yield replace(page, name=name)
