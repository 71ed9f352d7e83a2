"""What `batchUpdate` does to a spreadsheet: each kind of request that Onward uses, as strict as Google or stricter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import count
from typing import Any

from tests.standins.google_cells import LONGEST, MOST_CELLS, Cell, Spreadsheet, Tab, shown
from tests.standins.google_strict import BATCH, CELL, KINDS, Mask, bad, check, parse_mask

Request = dict[str, Any]


def apply(book: Spreadsheet, body: Request) -> Spreadsheet:
    """The spreadsheet after all of it; whatever is refused refuses the whole."""
    check(body, BATCH)
    if not body.get("requests"):
        raise bad("Must specify at least one request.")
    after = replace(book, tabs=_copies(book.tabs, set(_sheets_in(body))), metadata=deepcopy(book.metadata))
    for number, request in enumerate(body["requests"]):
        if len(request) != 1:
            raise bad(f"Invalid requests[{number}]: exactly one kind has to be set")
        (kind, about), *_ = request.items()
        DOERS[kind](after, about)
    if after.cells > MOST_CELLS:
        raise bad("This action would increase the number of cells in the workbook above the limit of 10000000 cells.")
    return after


def _sheets_in(body: Any) -> Iterator[int]:
    """Every tab that any of the requests names."""
    if isinstance(body, dict):
        yield body.get("sheetId", 0)
        body = list(body.values())
    for part in body if isinstance(body, list) else ():
        yield from _sheets_in(part)


def _copies(tabs: Sequence[Tab], touched: set[int]) -> list[Tab]:
    """The tabs, those that will change as copies: all or nothing."""
    return [deepcopy(tab) if tab.id in touched else tab for tab in tabs]


def _create_metadata(book: Spreadsheet, about: Request) -> None:
    made = about["developerMetadata"]
    if "metadataKey" not in made or "visibility" not in made:
        raise bad("Invalid requests[0].createDeveloperMetadata: key and visibility must be set")
    taken = _taken_ids(book)
    number = made.get("metadataId") or next(n for n in count(1000) if n not in taken)
    if number in taken or number < 1:
        raise bad(f"Invalid requests[0].createDeveloperMetadata: developer metadata with id {number} already exists")
    made = {**deepcopy(made), "metadataId": number}
    span = made["location"].get("dimensionRange")
    if span is None:
        place = book.by_id(made["location"]["sheetId"]) if "sheetId" in made["location"] else book
        place.metadata.append(made)
        return
    tab = book.by_id(span["sheetId"])
    if (
        span["dimension"] != "COLUMNS"
        or span["endIndex"] != span["startIndex"] + 1
        or span["endIndex"] > tab.column_count
    ):
        raise bad("Invalid requests[0].createDeveloperMetadata: the location must be one column of the grid")
    tab.tags.append(made)


def _taken_ids(book: Spreadsheet) -> set[int]:
    of_tabs = (tag for tab in book.tabs for tag in (*tab.tags, *tab.metadata))
    return {tag["metadataId"] for tag in (*book.metadata, *of_tabs)}


def _delete_metadata(book: Spreadsheet, about: Request) -> None:
    lookup = about["dataFilter"]["developerMetadataLookup"]
    book.metadata = [tag for tag in book.metadata if not matches(tag, lookup)]


def matches(tag: Mapping[str, Any], lookup: Mapping[str, Any]) -> bool:
    """Whether a piece of developer metadata is meant by this lookup."""
    place = "COLUMN" if "dimensionRange" in tag["location"] else "SPREADSHEET"
    return all((place if name == "locationType" else tag.get(name)) == value for name, value in lookup.items())


def _append_cells(book: Spreadsheet, about: Request) -> None:
    tab = book.by_id(about["sheetId"])
    start = tab.height
    tab.row_count = max(tab.row_count, start + len(about["rows"]))  # rows are added where needed, columns are not
    _put(tab, start, 0, about["rows"], parse_mask(about["fields"]))


def _update_cells(book: Spreadsheet, about: Request) -> None:
    mask = parse_mask(about["fields"])
    if "start" in about:
        start = about["start"]
        tab = book.by_id(start["sheetId"])
        _put(tab, start["rowIndex"], start["columnIndex"], about["rows"], mask)
        return
    span = about["range"]
    tab = book.by_id(span["sheetId"])
    top, bottom, left, right = _area(tab, span)
    rows = about.get("rows", [])
    if len(rows) > bottom - top or any(len(row.get("values", ())) > right - left for row in rows):
        raise bad("Invalid requests[0].updateCells: Attempting to write outside of the range")
    for row, cells in tab.rows.items():
        for column, cell in cells.items():
            if top <= row < bottom and left <= column < right:
                _copy({}, cell, mask, CELL)
    _put(tab, top, left, rows, mask)


def _put(tab: Tab, top: int, left: int, rows: Sequence[Request], mask: Mask) -> None:
    for row, cells in enumerate(rows, top):
        for column, cell in enumerate(cells.get("values", ()), left):
            if row >= tab.row_count or column >= tab.column_count:
                raise bad("Invalid requests[0].updateCells: Attempting to write outside of the grid")
            _check_cell(cell)
            _copy(cell, tab.rows.setdefault(row, {}).setdefault(column, {}), mask, CELL)


def _check_cell(cell: Cell) -> None:
    value = cell.get("userEnteredValue", {})
    if len(value) > 1:
        raise bad("Invalid value: more than one kind of value in a cell")
    if len(str(value.get("stringValue", "")).encode("utf-16-le")) // 2 > LONGEST:
        raise bad("Your input contains more than the maximum of 50000 characters in a single cell.")


def _copy(source: Mapping[str, Any], target: dict[str, Any], mask: Mask, known: Mapping[str, Any]) -> None:
    """Make the named fields of the target those of the source; fields that the source lacks are cleared."""
    for name, inner in mask.items():
        if name not in known:
            raise bad(f"Invalid field mask: {name}")
        if inner:
            _copy(source.get(name, {}), target.setdefault(name, {}), inner, known[name])
            if not target[name]:
                del target[name]
        elif name in source:
            target[name] = deepcopy(source[name])
        else:
            target.pop(name, None)


def _area(tab: Tab, span: Mapping[str, int]) -> tuple[int, int, int, int]:
    """First row, row behind the last, first column, column behind the last; refused outside of the grid."""
    top, bottom = span.get("startRowIndex", 0), span.get("endRowIndex", tab.row_count)
    left, right = span.get("startColumnIndex", 0), span.get("endColumnIndex", tab.column_count)
    if not (0 <= top < bottom <= tab.row_count and 0 <= left < right <= tab.column_count):
        raise bad(f"Range ({tab.title}!R{top + 1}C{left + 1}:R{bottom}C{right}) exceeds grid limits.")
    return top, bottom, left, right


def _repeat_cell(book: Spreadsheet, about: Request) -> None:
    tab = book.by_id(about["range"]["sheetId"])
    top, bottom, left, right = _area(tab, about["range"])
    mask = parse_mask(about["fields"])
    for row in range(top, bottom):
        for column in range(left, right):
            _copy(about["cell"], tab.rows.setdefault(row, {}).setdefault(column, {}), mask, CELL)


def _validate(book: Spreadsheet, about: Request) -> None:
    tab = book.by_id(about["range"]["sheetId"])
    top, bottom, left, right = _area(tab, about["range"])
    for row in range(top, bottom):
        for column in range(left, right):
            tab.rows.setdefault(row, {}).setdefault(column, {})["dataValidation"] = about["rule"]


def _insert_dimension(book: Spreadsheet, about: Request) -> None:
    span = about["range"]
    tab = book.by_id(span["sheetId"])
    size = tab.column_count if span["dimension"] == "COLUMNS" else tab.row_count
    if not 0 <= span["startIndex"] < size or (about["inheritFromBefore"] and not span["startIndex"]):
        raise bad(f"Invalid requests[0].insertDimension: range.startIndex[{span['startIndex']}] is out of bounds")
    insert = tab.insert_columns if span["dimension"] == "COLUMNS" else tab.insert_rows
    insert(span["startIndex"], span["endIndex"] - span["startIndex"])


def _delete_dimension(book: Spreadsheet, about: Request) -> None:
    span = about["range"]
    tab, start, end = book.by_id(span["sheetId"]), span["startIndex"], span["endIndex"]
    if span["dimension"] != "ROWS" or not 0 <= start < end <= tab.row_count:
        raise bad(f"Invalid requests[0].deleteDimension: Cannot delete rows {start} to {end} of {tab.row_count}")
    if any(not each.get("warningOnly") for each in tab.protected):
        words = "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove"
        raise bad(f"Invalid requests[0].deleteDimension: {words} protection if you need to edit.")
    frozen = tab.properties.get("gridProperties", {}).get("frozenRowCount", 0)
    if tab.row_count - frozen <= sum(row >= frozen for row in range(start, end)):
        raise bad("Invalid requests[0].deleteDimension: Sorry, it is not possible to delete all non-frozen rows.")
    tab.delete_rows(start, end - start)


def _duplicate(book: Spreadsheet, about: Request) -> None:
    _free_title(book, about["newSheetName"])
    number = about["newSheetId"]
    if number in {tab.id for tab in book.tabs} or number < 0:
        raise bad(f"A sheet with the id {number} already exists.")
    made = deepcopy(book.by_id(about["sourceSheetId"]))
    made.id, made.title, tags, made.tags = number, about["newSheetName"], made.tags, []
    book.tabs.insert(about.get("insertSheetIndex", 0), made)
    for tag in tags if book.copies_tags else ():
        taken = _taken_ids(book)
        span = {**tag["location"]["dimensionRange"], "sheetId": number}
        free = next(n for n in count(1000) if n not in taken)
        made.tags.append({**tag, "metadataId": free, "location": {"dimensionRange": span}})


def _delete_sheet(book: Spreadsheet, about: Request) -> None:
    tab = book.by_id(about["sheetId"])
    if all(other is tab or other.properties.get("hidden") for other in book.tabs):
        raise bad("Invalid requests[0].deleteSheet: You can't remove all the visible sheets in a document.")
    book.tabs.remove(tab)


def _clear_filter(book: Spreadsheet, about: Request) -> None:
    tab = book.by_id(about["sheetId"])
    tab.filter, tab.filtered_out = None, set()


def _copy_paste(book: Spreadsheet, about: Request) -> None:
    """Rows onto as many others. What a filter hides in the source is left out, as some ways of copying do."""
    source, target = book.by_id(about["source"]["sheetId"]), book.by_id(about["destination"]["sheetId"])
    top, bottom, left, right = _area(source, about["source"])
    into = _area(target, about["destination"])
    if (into[1] - into[0], *into[2:]) != (bottom - top, left, right):
        raise bad("the stand-in copies ranges onto ranges of the same shape only")
    visible = [row for row in range(top, bottom) if row not in source.filtered_out]
    for row, onto in zip(visible, range(*into[:2]), strict=False):
        target.rows[onto] = deepcopy({c: x for c, x in source.rows.get(row, {}).items() if left <= c < right})


def _append_dimension(book: Spreadsheet, about: Request) -> None:
    tab = book.by_id(about["sheetId"])
    if about["dimension"] == "COLUMNS":
        tab.column_count += about["length"]
    else:
        tab.row_count += about["length"]


def _widen(book: Spreadsheet, about: Request) -> None:
    span = about["range"]
    if span["endIndex"] > book.by_id(span["sheetId"]).column_count:
        raise bad("Invalid requests[0].updateDimensionProperties: outside of the grid")


def _sheet_properties(book: Spreadsheet, about: Request) -> None:
    tab, new, mask = book.by_id(about["properties"]["sheetId"]), about["properties"], parse_mask(about["fields"])
    if "title" in mask and new["title"] != tab.title:
        _free_title(book, new["title"])
        tab.title = new["title"]
    grid, names = new.get("gridProperties", {}), mask.get("gridProperties", {})
    tab.row_count = grid["rowCount"] if "rowCount" in names else tab.row_count
    tab.column_count = grid["columnCount"] if "columnCount" in names else tab.column_count
    if "hidden" in mask:
        tab.properties["hidden"] = new["hidden"]
    if "frozenRowCount" in names:
        tab.properties.setdefault("gridProperties", {})["frozenRowCount"] = grid["frozenRowCount"]
    if tab.height > tab.row_count or tab.width > tab.column_count:
        raise bad("the stand-in refuses to cut off cells with something in them")


def _free_title(book: Spreadsheet, title: str) -> None:
    if title.casefold() in {other.casefold() for other in book.titles}:
        raise bad(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _add_sheet(book: Spreadsheet, about: Request) -> None:
    new = about["properties"]
    _free_title(book, new["title"])
    if new["sheetId"] in {tab.id for tab in book.tabs} or new["sheetId"] < 0:
        raise bad(f"A sheet with the id {new['sheetId']} already exists.")
    grid = new["gridProperties"]
    made = Tab(new["sheetId"], new["title"], grid["rowCount"], grid["columnCount"])
    made.properties = {name: value for name, value in new.items() if name not in ("sheetId", "title")}
    book.tabs.append(made)


def _add_banding(book: Spreadsheet, about: Request) -> None:
    tab = book.by_id(about["bandedRange"]["range"]["sheetId"])
    if tab.bands:
        raise bad("You cannot add alternating background colors to a range that already has them.")
    tab.bands.append({**about["bandedRange"], "bandedRangeId": 1})


def _protect(book: Spreadsheet, about: Request) -> None:
    made = about["protectedRange"]
    tab = book.by_id(made["range"]["sheetId"])
    tab.protected.append({**made, "protectedRangeId": len(tab.protected) + 1})


def _add_chart(book: Spreadsheet, about: Request) -> None:
    anchor = about["chart"]["position"]["overlayPosition"]["anchorCell"]
    tab = book.by_id(anchor["sheetId"])
    if anchor["rowIndex"] >= tab.row_count or anchor["columnIndex"] >= tab.column_count:
        raise bad("Invalid requests[0].addChart: the anchor is outside of the grid")
    tab.charts.append({**about["chart"], "chartId": len(tab.charts) + 1})


def _find_replace(book: Spreadsheet, about: Request) -> None:
    for cells in book.by_id(about["sheetId"]).rows.values():
        for cell in cells.values():
            if about["matchEntireCell"] and shown(cell) == about["find"]:
                cell["userEnteredValue"] = {"stringValue": about["replacement"]}


DOERS: Mapping[str, Callable[[Spreadsheet, Request], None]] = {
    "createDeveloperMetadata": _create_metadata,
    "deleteDeveloperMetadata": _delete_metadata,
    "appendCells": _append_cells,
    "updateCells": _update_cells,
    "repeatCell": _repeat_cell,
    "setDataValidation": _validate,
    "insertDimension": _insert_dimension,
    "appendDimension": _append_dimension,
    "updateDimensionProperties": _widen,
    "updateSheetProperties": _sheet_properties,
    "addSheet": _add_sheet,
    "addBanding": _add_banding,
    "addProtectedRange": _protect,
    "addChart": _add_chart,
    "deleteDimension": _delete_dimension,
    "duplicateSheet": _duplicate,
    "deleteSheet": _delete_sheet,
    "clearBasicFilter": _clear_filter,
    "copyPaste": _copy_paste,
    "findReplace": _find_replace,
}
assert DOERS.keys() == KINDS.keys()
