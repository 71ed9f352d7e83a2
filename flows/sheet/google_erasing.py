"""What has to be written so that the record holds certain rows no more, given what stands there. Writes nothing itself.

Google deletes rows by their place alone, and people sort, insert and delete at any moment between a look and a write;
no request is refused because of what stands in a row. So nothing is deleted unseen. One atomic write makes a hidden
copy of the tab as it is at that very moment and takes the rows out of the tab; the next look sees in the copy what they
really were. Only then is the copy deleted; what somebody else's row was is first put back where it stood, with all that
people wrote beside it. What was taken from where is marked on the copy, so that a later run goes on after a crash.

Why not otherwise: rows could be deleted at once and written again from the ledger if they were the wrong ones, but the
ledger knows no notes of people's and no rows of their own; marks on rows stay where they are when rows are sorted;
replacing texts by what they say would also change other cells that say the same. What is left to luck: if people were
faster, and then move columns or write a title on top in the second before a row is put back, it is whole, but stands in
other columns or above the headers.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby

from flows.rules.grid import Cell, Grid, text_of
from flows.rules.problems import Problem
from flows.sheet.door import Erased
from flows.sheet.google_look import ASIDE, Look, RecordTab, Seen
from flows.sheet.google_publishing import MOVED, moved_mark
from flows.sheet.google_requests import Request, add_columns, add_rows
from flows.sheet.google_rows import copy_rows, delete_rows, delete_tab, hidden_copy, insert_rows, show_all
from flows.sheet.google_tabs import free_id

MOST_ROWS = 500  # taken out in one write: their places have to fit into a mark


@dataclass(frozen=True, slots=True)
class Step:
    """One atomic write, and whether others' rows are put back by it, since people were faster than the last one."""

    requests: list[Request]
    puts_back: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """What is marked on a copy: of which tab it was made, which column held the `Ref`s, which rows were taken out."""

    sheet: int
    column: int | None
    rows: tuple[int, ...]

    @classmethod
    def read(cls, mark: str) -> Aside:
        """The mark on a copy, understood."""
        sheet, column, spans = json.loads(mark)
        return cls(sheet, column, tuple(row for start, size in spans for row in range(start, start + size)))

    def text(self) -> str:
        """The mark to put on a copy."""
        return json.dumps([self.sheet, self.column, _spans(self.rows)], separators=(",", ":"))


def settle_copies(look: Look, refs: frozenset[str]) -> Step | None:
    """What was taken out is deleted if it was to be, and put back if it was not; None when nothing was taken out."""
    copies = [tab for tab in look.tabs.values() if tab.aside]
    if not copies:
        return None
    parts = [(_put_back(look, tab, refs), delete_tab(tab.id)) for tab in copies]
    return Step([each for back, end in parts for each in (*back, end)], any(back for back, _ in parts))


def take_out(look: Look, refs: frozenset[str]) -> Step | None:
    """The rows leave the record and stand in copies; None when none of them is in the record."""
    found = {name: _theirs(record.top, record.ref_column, refs)[:MOST_ROWS] for name, record in look.records.items()}
    requests = [each for name, rows in found.items() if rows for each in _set_aside(look, look.tabs[name], rows)]
    return Step(requests) if requests else None


def by_tab(look: Look, refs: frozenset[str]) -> dict[str, frozenset[str]]:
    """Which of these `Ref`s stand in each tab of the record, by the tab's title; tabs without any are not there."""
    found = {name: _held(record, refs) for name, record in look.records.items()}
    return {look.tabs[name].title: held for name, held in found.items() if held}


def _held(record: RecordTab, refs: frozenset[str]) -> frozenset[str]:
    theirs = _theirs(record.top, record.ref_column, refs)
    return frozenset(ref for at in theirs for ref in _refs_in(record.top.rows[at], refs))


def _set_aside(look: Look, tab: Seen, rows: Sequence[int]) -> Iterator[Request]:
    copy, mark = free_id(look, f"{ASIDE} {tab.id}"), Aside(tab.id, look.records[tab.name].ref_column, tuple(rows))
    yield from hidden_copy(tab.id, copy, _free_title(look, f"{tab.title[:80]}: being erased"), ASIDE, mark.text())
    if tab.rows - tab.frozen <= len(rows):  # Google leaves no tab without a row that scrolls
        yield add_rows(tab.id, 1)
    yield from (delete_rows(tab.id, start, size) for start, size in reversed(_spans(rows)))


def _free_title(look: Look, title: str) -> str:
    taken = {tab.title.casefold() for tab in look.tabs.values()}
    return next(t for n in count(1) if (t := f"{title} {n}" if n > 1 else title).casefold() not in taken)


def _put_back(look: Look, copy: Seen, refs: frozenset[str]) -> list[Request]:
    """What others wrote goes back to where it stood. Nothing does where people deleted the whole tab meanwhile."""
    aside, grid = Aside.read(copy.aside), look.grids.get(copy.name, Grid(()))
    tab = next((tab for tab in look.tabs.values() if tab.id == aside.sheet), None)
    theirs = set(_theirs(grid, aside.column, refs))
    others = [row for row in aside.rows if row not in theirs]
    if tab is None or not others:
        return []
    requests = [show_all(copy.id)] if copy.filtered else []
    if tab.columns < copy.columns:  # people deleted a column meanwhile; nothing is to be cut off at the right
        requests.append(add_columns(tab.id, copy.columns - tab.columns))
    there = look.records[tab.name].top if tab.name in look.records else Grid(())
    homes = [(min(_home(start, aside, grid, there), tab.rows), start, size) for start, size in _spans(others)]
    for at, start, size in sorted(homes, reverse=True):  # from below, so that no row moves before its turn
        requests += insert_rows(tab.id, at, size, tab.rows)
        requests.append(copy_rows(copy.id, start, size, copy.columns, tab.id, at))
    return requests


def _home(start: int, aside: Aside, copy: Grid, there: Grid) -> int:
    """Where rows belong that began here: behind the row that they stood behind, or else in the same place."""
    taken = frozenset(aside.rows)
    before = next((row for row in range(start - 1, -1, -1) if row not in taken), len(copy.rows))
    place = start - sum(row < start for row in taken)
    alike = [at + 1 for at, row in enumerate(there.rows) if before < len(copy.rows) and row == copy.rows[before]]
    return min(alike, key=lambda at: abs(at - place), default=place)


def _spans(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Where each run of rows begins, and how long it is."""
    runs = [[row for _, row in run] for _, run in groupby(enumerate(sorted(rows)), lambda pair: pair[1] - pair[0])]
    return [(run[0], len(run)) for run in runs]


def _theirs(grid: Grid, column: int | None, refs: frozenset[str]) -> list[int]:
    """The rows with these `Ref`s in their column, however many of each, and those that landed in wrong columns once."""
    marks = frozenset(map(moved_mark, refs))
    return [at for at, row in enumerate(grid.rows) if _ref(row, column) in refs or _marked(row, marks)]


def _ref(row: Sequence[Cell], column: int | None) -> str:
    return text_of(row[column]) if column is not None and column < len(row) else ""


def _marked(row: Sequence[Cell], marks: Collection[str]) -> bool:
    return any(isinstance(cell, str) and cell.startswith(MOVED) and text_of(cell) in marks for cell in row)


def erased(look: Look, refs: frozenset[str]) -> Erased:
    """What became of the rows, once nothing is left to write."""
    left: dict[str, Problem] = {}
    for name, record in look.records.items():
        left |= _still_there(look.tabs[name], record, refs)
    return Erased(refs - left.keys(), tuple(left.values()))


def _still_there(tab: Seen, record: RecordTab, refs: frozenset[str]) -> Iterator[tuple[str, Problem]]:
    """Each `Ref` that a row holds somewhere, with what to do about it."""
    theirs = set(_theirs(record.top, record.ref_column, refs))
    for at, row in enumerate(record.top.rows):
        for ref in refs.intersection(map(text_of, row)) if at not in theirs else ():
            doubt = "stands there, but not in its column; look whose row it is, and delete it if it is theirs"
            yield ref, _kept(tab, at, ref, doubt)
    for at in sorted(theirs):
        why = "still stands there, since people kept moving rows while Onward took it out; the next run tries again"
        yield from ((ref, _kept(tab, at, ref, why)) for ref in _refs_in(record.top.rows[at], refs))


def _kept(tab: Seen, at: int, ref: str, why: str) -> Problem:
    return Problem(tab.title, at + 1, "Ref", ref, f"A forgotten person's row {why}.")


def _refs_in(row: Sequence[Cell], refs: frozenset[str]) -> frozenset[str]:
    """Which of these `Ref`s stand in the row, by themselves or in the mark of one that landed in wrong columns."""
    texts = set(map(text_of, row))
    return frozenset(ref for ref in refs if ref in texts or _marked(row, {moved_mark(ref)}))
