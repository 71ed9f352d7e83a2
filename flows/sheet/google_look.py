"""A spreadsheet as one look shows it: its tabs, what people wrote, which rows of the record stand there already.

Made from Google's answers; asks for nothing itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from flows.rules.grid import HEADER_ROWS, Grid, squash, text_of
from flows.rules.layout import PEOPLE_TABS, PICTURE_TABS, RECORD_TABS
from flows.sheet.recognising import known_tabs, merged_grid

VERSION, REF, SAYS, ASIDE = "onward.version", "onward.ref", "onward.says", "onward.aside"  # keys of metadata
KEPT_VERSIONS = 20  # a write may be under way for three minutes; in that time there are not so many others
PEOPLE = tuple(tab.name for tab in PEOPLE_TABS)
RECORDS = tuple(tab.name for tab in RECORD_TABS)
OWN = (*RECORDS, *(tab.name for tab in PICTURE_TABS))
OUTLINE = (
    "properties(title,locale,timeZone),developerMetadata(metadataId,metadataKey,metadataValue),"
    "sheets(properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount,frozenRowCount)),"
    "developerMetadata(metadataKey,metadataValue),basicFilter(range),"
    "merges,protectedRanges(protectedRangeId),bandedRanges(bandedRangeId),charts(chartId))"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One tab of the spreadsheet, under Onward's name for it if it has one."""

    name: str
    title: str  # as it is spelled there
    id: int
    rows: int
    columns: int
    merges: tuple[tuple[int, int, int, int], ...]
    protected: bool
    banded: bool
    charts: int
    frozen: int = 0  # rows at the top
    filtered: bool = False
    aside: str = ""  # of a copy with rows that are being erased: what it was made of (see `google_erasing`)


@dataclass(frozen=True, slots=True)
class Version:
    """What Onward wrote last: a number that grows with each write, and a fingerprint of each picture."""

    number: int = 0
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The metadata's id. It is the same for everybody who writes this number, and Google takes an id only once."""
        return id_of(f"{VERSION} {self.number}")

    def next(self) -> Version:
        """The one after this, with the same pictures."""
        return Version(self.number + 1, self.pictures)

    def text(self) -> str:
        """The version as it is kept in the spreadsheet."""
        return json.dumps([self.number, self.pictures], separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class RecordTab:
    """A record tab: its first rows (or all), where its `Ref`s are (None: no such column), which stand in which row."""

    top: Grid
    ref_column: int | None
    column: tuple[str, ...] = ()  # what stands in the column of `Ref`s, from the first row on
    tagged: bool = False  # whether the column is known by its tag and not only by its header

    @property
    def refs(self) -> frozenset[str]:
        """Every `Ref` that stands there, and whatever else is in that column."""
        return frozenset(self.column) - {""}

    @property
    def height(self) -> int:
        """Rows down to the last `Ref`."""
        return len(self.column)


@dataclass(frozen=True, slots=True)
class Look:
    """A spreadsheet at one moment."""

    title: str
    locale: str
    zone: str
    tabs: Mapping[str, Seen]  # by Onward's name, else by title
    version: Version
    versions: tuple[int, ...]  # the ids of the last ones, oldest first
    grids: Mapping[str, Grid] = field(default_factory=dict)  # people's tabs, and a lone other one; copies set aside
    records: Mapping[str, RecordTab] = field(default_factory=dict)
    says: bool = False  # whether the Roster has its column of formulas


def id_of(name: str) -> int:
    """A positive number of 31 bits for an id of our own, the same every time."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big") % (2**31 - 1) + 1


def outlined(answer: Mapping[str, Any]) -> Look:
    """The look as far as the outline tells it."""
    sheets = [sheet for sheet in answer.get("sheets", ()) if sheet["properties"].get("sheetType", "GRID") == "GRID"]
    names = known_tabs([sheet["properties"]["title"] for sheet in sheets], (*PEOPLE, *OWN))
    seen = [_seen(sheet, names) for sheet in sheets]
    found = sorted(_versions(answer.get("developerMetadata", ())), key=lambda version: version.number)
    about = answer["properties"]
    return Look(
        title=about.get("title", ""),
        locale=about.get("locale", ""),
        zone=about.get("timeZone", ""),
        tabs={tab.name: tab for tab in seen},
        version=found[-1] if found else Version(),
        versions=tuple(version.id for version in found),
    )


def _seen(sheet: Mapping[str, Any], names: Mapping[str, str]) -> Seen:
    properties = sheet["properties"]
    grid = properties.get("gridProperties", {})
    return Seen(
        name=names.get(properties["title"], properties["title"]),
        title=properties["title"],
        id=properties.get("sheetId", 0),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        merges=tuple(_merge(merge) for merge in sheet.get("merges", ())),
        protected=bool(sheet.get("protectedRanges")),
        banded=bool(sheet.get("bandedRanges")),
        charts=len(sheet.get("charts", ())),
        frozen=grid.get("frozenRowCount", 0),
        filtered="basicFilter" in sheet,
        aside="".join(m["metadataValue"] for m in sheet.get("developerMetadata", ()) if m["metadataKey"] == ASIDE),
    )


def _merge(merge: Mapping[str, int]) -> tuple[int, int, int, int]:
    first = (merge.get("startRowIndex", 0), merge.get("startColumnIndex", 0))
    return (*first, merge["endRowIndex"], merge["endColumnIndex"])


def _versions(metadata: Iterable[Mapping[str, Any]]) -> Iterable[Version]:
    for entry in metadata:
        if entry.get("metadataKey") == VERSION:
            try:
                number, pictures = json.loads(entry.get("metadataValue", ""))
                yield Version(int(number), dict(pictures))
            except (ValueError, TypeError):  # somebody else's; a write on top of it is refused, and says so
                continue


def places_to_read(look: Look, *, people: bool, own: bool) -> list[dict[str, Any]]:
    """The data filters for all that a run needs. Tabs go by id, so that a new name in the meantime does not matter."""
    ours = [name for name in PEOPLE if people and name in look.tabs]
    lone = [name for name in look.tabs if len(look.tabs) == 1 and name not in (*PEOPLE, *OWN)]
    filters = [{"gridRange": {"sheetId": look.tabs[name].id}} for name in (*ours, *lone)]
    if people and ours:
        filters.append(_tagged(SAYS))
    records = [look.tabs[name] for name in RECORDS if own and name in look.tabs]
    for tab in records:
        filters.append(
            {"gridRange": {"sheetId": tab.id, "startRowIndex": 0, "endRowIndex": min(HEADER_ROWS, tab.rows)}}
        )
    return [*filters, _tagged(REF)] if records else filters


def whole_record(look: Look) -> list[dict[str, Any]]:
    """The data filters for all that stands in the record and in copies set aside, and for tabs that it was once."""
    tabs = [tab for tab in look.tabs.values() if tab.aside or tab.name in RECORDS]
    return [*({"gridRange": {"sheetId": tab.id}} for tab in tabs), _tagged(REF)]


def _tagged(key: str) -> dict[str, Any]:
    return {"developerMetadataLookup": {"metadataKey": key, "locationType": "COLUMN"}}


@dataclass(frozen=True, slots=True)
class Found:
    """One range of values: on which tab, its first row and column from 0, and whether a tag or a place asked for it."""

    tab: Seen
    column: int
    tag: str
    rows: Sequence[Sequence[Any]]


def found_in(look: Look, answer: Mapping[str, Any]) -> list[Found]:
    """Google's answer for the filters; ranges of tabs that are not known are left out.

    A range is told by title, and a tab may have got another one since its outline: the filter that is echoed has the
    id.
    """
    matches = [(match["valueRange"], match.get("dataFilters", ())) for match in answer.get("valueRanges", ())]
    tabs = {tab.title: tab for tab in look.tabs.values()}
    ids = {tab.id: tab for tab in look.tabs.values()}
    for values, filters in matches:
        for place in (f["gridRange"] for f in filters if "gridRange" in f):
            if place.get("sheetId", 0) in ids:
                tabs[_title(values["range"])] = ids[place.get("sheetId", 0)]
    found = []
    for values, filters in matches:
        tab = tabs.get(_title(values["range"]))
        tags = [f["developerMetadataLookup"]["metadataKey"] for f in filters if "developerMetadataLookup" in f]
        if tab:
            found.append(Found(tab, _column(values["range"]), "".join(tags), values.get("values", ())))
    return found


def unanswered(filters: Iterable[Mapping[str, Any]], found: Iterable[Found]) -> bool:
    """Whether a tab was asked for and did not come: an empty one does come, without values."""
    came = {each.tab.id for each in found if not each.tag}
    return any("gridRange" in asked and asked["gridRange"]["sheetId"] not in came for asked in filters)


def _title(place: str) -> str:
    """The tab's title in a range such as 'Our people'!A1:C9."""
    return place.rpartition("!")[0].removeprefix("'").removesuffix("'").replace("''", "'")


def _column(place: str) -> int:
    """The column of the range's first cell, such as 2 for Roster!C1:C99."""
    column = 0
    for letter in place.rpartition("!")[2].partition(":")[0]:
        if letter.isalpha():
            column = column * 26 + ord(letter.upper()) - ord("A") + 1
    return max(column, 1) - 1


def grid_of(found: Found) -> Grid:
    """The tab's cells, with what is merged as people see it."""
    return merged_grid(found.rows, found.tab.merges)


def refs_in(rows: Iterable[Sequence[Any]]) -> tuple[str, ...]:
    """What stands in a column of `Ref`s, row by row."""
    return tuple(text_of(row[0]) if row else "" for row in rows)


def ref_place(top: Grid) -> int | None:
    """Where a header `Ref` stands, whatever else does."""
    for row in top.rows:
        for index, cell in enumerate(row):
            if squash(text_of(cell)) == "ref":
                return index
    return None
