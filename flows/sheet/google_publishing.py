"""What has to be written so that Onward's tabs hold what they shall, given what stands there. Writes nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from flows.rules.grid import HEADER_ROWS, Grid, text_of
from flows.rules.tabs import Content, Tab, Value
from flows.sheet.google_look import REF, Look, RecordTab, Seen, Version
from flows.sheet.google_requests import (
    Request,
    add_rows,
    append_rows,
    fence,
    insert_columns,
    replace_all,
    replace_text,
    resize,
    tag,
)
from flows.sheet.google_tabs import free_id, furnish, own_tab
from flows.sheet.recognising import header_places, header_row

REF_HEADER = "Ref"
MOST_CHARACTERS = 4_000_000  # of answers in one write; Google takes three minutes at most for one, and advises 2 MB
CELL_OVERHEAD = 50  # characters that a request needs around each cell's text
MOVED = "(columns were moved while this was written; the whole row stands further down)"  # and then the `Ref`


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the rows of one record tab are meant to land: the columns of the headers, and the rows' `Ref`s."""

    tab: Tab
    sheet: int
    title: str
    headers: Mapping[str, int]
    depth: int  # rows to look for the headers in
    refs: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The rows that hold the headers, as Google writes a range."""
        title = self.title.replace("'", "''")
        return f"'{title}'!1:{self.depth}"


@dataclass(slots=True)
class Batch:
    """One atomic write."""

    requests: list[Request] = field(default_factory=list)
    landings: list[Landing] = field(default_factory=list)
    complete: bool = True  # whether nothing is left for another one


def decide(look: Look, contents: Sequence[Content], moved: Mapping[int, Sequence[str]]) -> Batch | None:
    """The next write; None when everything stands there already.

    `moved` holds, by tab, the `Ref`s of rows that landed in wrong columns: they are written once more.
    """
    batch, room = Batch(), MOST_CHARACTERS
    for content in contents:
        if content.appended:
            room = _append(batch, look, content, moved, room)
    pictures = dict(look.version.pictures)
    if batch.complete:  # the pictures come with the last part, so that they never speak of rows that are not there
        for content in contents:
            if not content.appended:
                _picture(batch, look, content, pictures)
    if not batch.requests:
        return None
    batch.requests[:0] = fence(look, Version(look.version.number + 1, pictures))
    return batch


def moved_mark(ref: str) -> str:
    """What stands in the place of a `Ref` whose row landed in wrong columns. It still says whose words these are."""
    return f"{MOVED} {ref}"


def _append(batch: Batch, look: Look, content: Content, moved: Mapping[int, Sequence[str]], room: int) -> int:
    seen, tab = look.tabs.get(content.tab.name), content.tab
    there = look.records.get(tab.name, RecordTab(Grid(()), None))
    again = frozenset(moved.get(seen.id, ())) if seen else frozenset()
    standing = there.refs - again
    missing = [row for row in content.rows if str(row[-1]) in content.new and str(row[-1]) not in standing]
    rows, room = _as_many_as_fit(missing, room)
    batch.complete &= len(rows) == len(missing)
    if seen is None:
        sheet = free_id(look, tab.name)
        batch.requests += own_tab(sheet, tab, len(rows))
        places = headers = {header: at for at, header in enumerate(tab.headers)}
    elif rows:
        sheet = seen.id
        batch.requests += [replace_text(sheet, ref, moved_mark(ref)) for ref in sorted(again)]
        places, headers = _places(batch, seen, there, tab)
        if there.height + len(rows) > seen.rows:  # Google is said to refuse rows behind the end of a full grid
            batch.requests.append(add_rows(sheet, len(rows)))
    if rows:
        batch.requests.append(append_rows(sheet, (_spread(tab, row, places) for row in rows)))
        title, depth = (seen.title, min(HEADER_ROWS, seen.rows)) if seen else (tab.name, 1)
        batch.landings.append(Landing(tab, sheet, title, headers, depth, tuple(str(row[-1]) for row in rows)))
    return room


def _as_many_as_fit(rows: Sequence[tuple[Value, ...]], room: int) -> tuple[list[tuple[Value, ...]], int]:
    """The first rows, as many as one write takes (at least one for the first tab), and the room that is left."""
    taken: list[tuple[Value, ...]] = []
    for row in rows:
        size = sum(len(str(cell)) + CELL_OVERHEAD for cell in row)
        if size > room and room < MOST_CHARACTERS:
            return taken, 0
        taken.append(row)
        room -= size
    return taken, room


def _places(batch: Batch, seen: Seen, there: RecordTab, tab: Tab) -> tuple[dict[str, int], dict[str, int]]:
    """Each value's column as people left it, and where headers say so; what is missing is added at the right."""
    row = header_row(tab, there.top)
    headers = header_places(tab, there.top.rows[row]) if row is not None else {}
    # The Refs go by their tag: people may have given the column another name.
    places = headers if there.ref_column is None else {**headers, REF_HEADER: there.ref_column}
    new = [column for column in tab.columns if column.header not in places]
    if new:
        right = max([0, *map(len, there.top.rows), *(at + 1 for at in places.values())])
        batch.requests += insert_columns(seen.id, right, len(new), seen.columns)
        batch.requests += furnish(seen.id, row or 0, right, new)
        added = {column.header: at for at, column in enumerate(new, right)}
        places, headers = {**places, **added}, {**headers, **added}
    if not there.tagged:
        batch.requests.append(tag(REF, seen.id, places[REF_HEADER]))
    return places, {header: at for header, at in headers.items() if places[header] == at}


def _spread(tab: Tab, row: Sequence[Value], places: Mapping[str, int]) -> list[Value]:
    cells: list[Value] = [None] * (max(places.values()) + 1)
    for header, value in zip(tab.headers, row, strict=True):
        cells[places[header]] = value
    return cells


def _picture(batch: Batch, look: Look, content: Content, pictures: dict[str, str]) -> None:
    """Write the tab whole if it changed since Onward wrote it last.

    What it was then is known from the version, so nothing has to be read. Something that a person typed into it stays
    until the next change: it is only a picture, and the tab warns.
    """
    tab, rows = content.tab, [content.tab.headers, *content.rows]
    seen, digest = look.tabs.get(tab.name), _digest(rows)
    if seen and pictures.get(tab.name) == digest:
        return
    pictures[tab.name] = digest
    if seen is None:
        sheet = free_id(look, tab.name)
        batch.requests += own_tab(sheet, tab, len(rows))
    else:
        sheet = seen.id
        if seen.rows < len(rows) or seen.columns < len(tab.columns):
            batch.requests.append(resize(sheet, max(seen.rows, len(rows)), max(seen.columns, len(tab.columns))))
    batch.requests.append(replace_all(sheet, rows))


def _digest(rows: Sequence[Sequence[Value]]) -> str:
    return sha256(repr([tuple(row) for row in rows]).encode("utf-8", "replace")).hexdigest()[:12]


def misplaced(batch: Batch, answer: Mapping[str, Any]) -> dict[int, list[str]]:
    """By tab: the `Ref`s of rows that landed in wrong columns, since somebody moved columns just before the write.

    Google's answer shows the headers as they stood when the batch was carried out.
    """
    sheets = answer.get("updatedSpreadsheet", {}).get("sheets", ())
    tops = {sheet["properties"].get("sheetId", 0): _top(sheet) for sheet in sheets}
    return {
        landing.sheet: list(landing.refs)
        for landing in batch.landings
        if landing.sheet in tops and _moved(landing, tops[landing.sheet])
    }


def _moved(landing: Landing, top: Grid) -> bool:
    """Whether a header stands in another column than was thought. One that is nowhere was renamed, which is fine."""
    row = header_row(landing.tab, top)
    now = header_places(landing.tab, top.rows[row]) if row is not None else {}
    return any(now.get(header, at) != at for header, at in landing.headers.items())


def _top(sheet: Mapping[str, Any]) -> Grid:
    return Grid(tuple(_texts(row) for data in sheet.get("data", ()) for row in data.get("rowData", ())))


def _texts(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(text_of(cell.get("formattedValue")) for cell in row.get("values", ()))
