"""One Google spreadsheet: looked at in two calls, however big it is, and written in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import Any

from flows.addresses import Spreadsheet
from flows.rules.grid import HEADER_ROWS, Grid
from flows.sheet.google_client import Google
from flows.sheet.google_errors import Refused
from flows.sheet.google_look import (
    OUTLINE,
    OWN,
    PEOPLE,
    RECORDS,
    REF,
    SAYS,
    Found,
    Look,
    RecordTab,
    found_in,
    grid_of,
    outlined,
    places_to_read,
    ref_place,
    refs_in,
    unanswered,
    whole_record,
)

LIFETIME = 30.0  # seconds for which a look counts: as long as a run reads and writes, and no page is much behind
TRIES = 3


class Book:
    """A spreadsheet, with what is looked at in it: people's tabs, Onward's own, or both."""

    def __init__(self, google: Google, at: Spreadsheet, *, people: bool, own: bool) -> None:
        self.where = str(at)
        self._google, self._id, self._people, self._own = google, at.id, people, own
        self._last: tuple[float, Look] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The tabs that Onward needs in it."""
        return (*(PEOPLE if self._people else ()), *(OWN if self._own else ()))

    def latest(self) -> Look:
        """The last look, unless it is too old or something was written since. Raises SheetError."""
        if self._last and monotonic() - self._last[0] < LIFETIME:
            return self._last[1]
        return self.look()

    def look(self) -> Look:
        """What is there now. Raises SheetError."""
        began = monotonic()
        self._last = began, _at_rest(self._look)
        return self._last[1]

    def whole(self) -> Look:
        """What is there now of the record, all of it, and of what was set aside from it. Raises SheetError."""
        return _at_rest(self._whole)

    def forget(self) -> None:
        """Look again the next time."""
        self._last = None

    def write(self, requests: Sequence[Mapping[str, Any]], shown: Sequence[str] = ()) -> Any:
        """Carry all of it out or nothing, and return what then stands in the ranges `shown`.

        Raises Refused when nothing was, Unclear when nobody knows, SheetError when there is no use in trying again.
        """
        body: dict[str, Any] = {"requests": list(requests)}
        if shown:
            body |= {
                "includeSpreadsheetInResponse": True,
                "responseIncludeGridData": True,
                "responseRanges": list(shown),
            }
        self.forget()
        return self._google.write(self._id, self.where, body)

    def outline(self) -> Look:
        """Its tabs and properties only. Raises SheetError."""
        return outlined(self._google.outline(self._id, self.where, OUTLINE))

    def _look(self) -> Look:
        look = self.outline()
        filters = places_to_read(look, people=self._people, own=self._own)
        found = self._values(look, filters) if filters else []
        whole = [f for f in found if not f.tag]
        return replace(
            look,
            grids={f.tab.name: grid_of(f) for f in whole if f.tab.name not in RECORDS},
            records={f.tab.name: self._record(look, f, found) for f in whole if f.tab.name in RECORDS},
            says=any(f.tag == SAYS for f in found),
        )

    def _values(self, look: Look, filters: list[dict[str, Any]]) -> list[Found]:
        found = found_in(look, self._google.values(self._id, self.where, filters))
        if unanswered(filters, found):  # taken for missing, it would be made a second time
            raise Refused(f"{self.where}: its tabs changed while they were read; run again", passing=True)
        return found

    def _record(self, look: Look, top: Found, found: Sequence[Found]) -> RecordTab:
        tagged = next((f for f in found if f.tag == REF and f.tab == top.tab), None)
        grid = grid_of(replace(top, tab=replace(top.tab, merges=())))
        if tagged:
            return RecordTab(grid, tagged.column, refs_in(tagged.rows), tagged=True)
        column = ref_place(grid)
        if column is None:
            return RecordTab(grid, None)
        # The tag is gone, as in a tab that somebody copied: one more call, this time, since the write sets it again.
        place = {"sheetId": top.tab.id, "startColumnIndex": column, "endColumnIndex": column + 1}
        (cells,) = self._values(look, [{"gridRange": place}])
        return RecordTab(grid, column, refs_in(cells.rows))

    def _whole(self) -> Look:
        look = self.outline()
        found = self._values(look, whole_record(look))
        cells = {f.tab.name: Grid(tuple(map(tuple, f.rows))) for f in found if not f.tag}
        # A tab that people gave another name is known by its tag; of that one only the Refs are looked at.
        once = {f.tab.name: _column_only(f) for f in found if f.tag == REF and f.tab.name not in cells}
        tags = {f.tab.name: f.column for f in found if f.tag == REF}
        return replace(
            look,
            grids={name: grid for name, grid in cells.items() if name not in RECORDS},
            records={name: _all_of(grid, tags.get(name)) for name, grid in cells.items() if name in RECORDS} | once,
        )


def _at_rest(look: Callable[[], Look]) -> Look:
    for _ in range(TRIES - 1):
        with suppress(Refused):  # a tab was deleted or renamed between the two calls
            return look()
    return look()


def _all_of(grid: Grid, tagged: int | None) -> RecordTab:
    column = ref_place(Grid(grid.rows[:HEADER_ROWS])) if tagged is None else tagged
    cells = [row[column : column + 1] for row in grid.rows] if column is not None else []
    return RecordTab(grid, column, refs_in(cells), tagged is not None)


def _column_only(found: Found) -> RecordTab:
    before = (None,) * found.column
    return RecordTab(Grid(tuple((*before, *row) for row in found.rows)), found.column, refs_in(found.rows), tagged=True)
