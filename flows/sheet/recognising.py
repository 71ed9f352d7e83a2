"""Recognising what people wrote: which tab is meant, where its headers stand, what merged cells say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from flows.rules.grid import Cell, Grid, read_table, squash, text_of
from flows.rules.tabs import Column, Tab

Merge = tuple[int, int, int, int]  # first row, first column, row behind the last, column behind the last; from 0


def known_tabs(titles: Sequence[str], names: Iterable[str]) -> dict[str, str]:
    """Each title that is one of the names but for case, spaces and punctuation → that name; exact ones go first."""
    known: dict[str, str] = {}
    for name in names:
        alike = [title for title in titles if squash(title) == squash(name)]
        if alike:
            known[name if name in alike else alike[0]] = name
    return known


def undemanding(tab: Tab, columns: Sequence[Column]) -> Tab:
    """The tab with none of its columns required, so that reading it goes on without them."""
    return replace(tab, columns=tuple(replace(column, required=False) for column in columns))


def header_row(tab: Tab, grid: Grid) -> int | None:
    """The row that holds all the headers that were found; None when too few were found to tell."""
    found = set(read_table(undemanding(tab, tab.columns), grid).headers.values())
    rows = ({text_of(cell) for cell in row} for row in grid.rows)
    return next((index for index, texts in enumerate(rows) if found and found <= texts), None)


def header_places(tab: Tab, cells: Sequence[Cell]) -> dict[str, int]:
    """Where the tab's headers stand in this row, by the tab's own header, in its order; of a doubled one the first."""
    places: dict[str, int] = {}
    for index, cell in enumerate(cells):
        places.setdefault(squash(text_of(cell)), index)
    return {header: places[squash(header)] for header in tab.headers if squash(header) in places}


def merged_grid(cells: Iterable[Iterable[Cell]], merges: Iterable[Merge]) -> Grid:
    """The tab as people see it: a cell merged down a column counts for each of its rows, one across marks a note."""
    rows = [list(row) for row in cells]
    merged: set[int] = set()
    for top, left, bottom, right in merges:
        covered = range(top, min(bottom, len(rows)))
        if right > left + 1:
            merged |= {row + 1 for row in covered}
        elif covered:
            value = next(_cell_at(rows[top], left), None)
            for row in covered[1:]:
                rows[row] += [None] * (left + 1 - len(rows[row]))
                rows[row][left] = value
    return Grid(tuple(map(tuple, rows)), frozenset(merged))


def _cell_at(row: Sequence[Cell], column: int) -> Iterator[Cell]:
    yield from row[column : column + 1]
