"""The parts of one atomic batch to Google Sheets. Nothing here decides what to write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flows.rules.grid import Cell
from flows.rules.tabs import Column
from flows.sheet.google_look import KEPT_VERSIONS, VERSION, Look, Version
from flows.sheet.google_values import FIELDS, cell_data

Request = dict[str, Any]

LIGHT, DARK, PALE, SAND = "#DCE8EE", "#2F5D73", "#F7FAFB", "#C9B27C"
PIXELS = 7  # of a character


def fence(look: Look, version: Version) -> list[Request]:
    """Make the whole batch fail unless the last version is still the one that was looked at.

    The new version's id follows from its number, and Google takes an id only once: of two that go on from the same
    version one fails, and so does a write of a process that died long ago, as long as its number is remembered.
    """
    made: Request = {
        "metadataId": version.id,
        "metadataKey": VERSION,
        "metadataValue": version.text(),
        "visibility": "DOCUMENT",
        "location": {"spreadsheet": True},
    }
    old = look.versions[: -KEPT_VERSIONS + 1]
    lookups = ({"developerMetadataLookup": {"metadataId": number}} for number in old)
    return [
        {"createDeveloperMetadata": {"developerMetadata": made}},
        *({"deleteDeveloperMetadata": {"dataFilter": lookup}} for lookup in lookups),
    ]


def tag(key: str, sheet: int, column: int) -> Request:
    """Mark a column, so that it is found wherever people move it and however they call it."""
    where = {"dimensionRange": columns(sheet, column, 1)}
    made = {"metadataKey": key, "metadataValue": "", "visibility": "DOCUMENT", "location": where}
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def columns(sheet: int, start: int, count: int) -> Request:
    """A dimension range of columns."""
    return {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": start, "endIndex": start + count}


def add_columns(sheet: int, count: int) -> Request:
    """Empty columns at the right."""
    return {"appendDimension": {"sheetId": sheet, "dimension": "COLUMNS", "length": count}}


def append_rows(sheet: int, rows: Iterable[Sequence[Cell]]) -> Request:
    """Rows behind the last one with anything in it, wherever that is by the time the batch is carried out."""
    return {"appendCells": {"sheetId": sheet, "rows": [_row(row) for row in rows], "fields": FIELDS}}


def add_rows(sheet: int, count: int) -> Request:
    """Empty rows at the bottom."""
    return {"appendDimension": {"sheetId": sheet, "dimension": "ROWS", "length": count}}


def replace_all(sheet: int, rows: Iterable[Sequence[Cell]]) -> Request:
    """The tab's whole content; what stood there and is not covered is cleared."""
    return {"updateCells": {"range": {"sheetId": sheet}, "rows": [_row(row) for row in rows], "fields": FIELDS}}


def put_rows(sheet: int, row: int, column: int, rows: Iterable[Sequence[Cell]]) -> Request:
    """Values from this cell on."""
    start = {"sheetId": sheet, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [_row(cells) for cells in rows], "fields": FIELDS}}


def _row(cells: Iterable[Cell]) -> Request:
    return {"values": [cell_data(cell) for cell in cells]}


def insert_columns(sheet: int, at: int, count: int, width: int) -> list[Request]:
    """Room for new columns in a tab of this width. Nobody's cells are written over, even if somebody was faster."""
    inserted: Request = {"insertDimension": {"range": columns(sheet, at, count), "inheritFromBefore": at > 0}}
    if at < width:
        return [inserted]
    # Behind the last column nothing can be inserted. To append instead would mean to trust that it still is the last.
    return [add_columns(sheet, 1), inserted]


def resize(sheet: int, rows: int, width: int) -> Request:
    """Give the tab so many rows and columns."""
    grid = {"rowCount": rows, "columnCount": width}
    fields = "gridProperties(rowCount,columnCount)"
    return {"updateSheetProperties": {"properties": {"sheetId": sheet, "gridProperties": grid}, "fields": fields}}


def replace_text(sheet: int, text: str, other: str) -> Request:
    """Replace cells that hold exactly this text, wherever in the tab they are by then."""
    return {
        "findReplace": {
            "find": text, "replacement": other, "sheetId": sheet,
            "matchCase": True, "matchEntireCell": True, "searchByRegex": False, "includeFormulas": False,
        }
    }  # fmt: skip


def new_tab(sheet: int, title: str, rows: int, width: int, colour: str) -> Request:
    """A tab with one frozen row."""
    return {"addSheet": {"properties": _properties(sheet, title, rows, width, colour)}}


def take_over(sheet: int, title: str, rows: int, width: int, colour: str) -> Request:
    """Turn an empty tab into that one."""
    fields = "title,tabColorStyle,gridProperties(rowCount,columnCount,frozenRowCount)"
    return {"updateSheetProperties": {"properties": _properties(sheet, title, rows, width, colour), "fields": fields}}


def _properties(sheet: int, title: str, rows: int, width: int, colour: str) -> Request:
    grid = {"rowCount": rows, "columnCount": width, "frozenRowCount": 1}
    return {"sheetId": sheet, "title": title, "gridProperties": grid, "tabColorStyle": {"rgbColor": rgb(colour)}}


def header_cells(sheet: int, row: int, column: int, headers: Sequence[Column], about: str = "") -> Request:
    """Headers with their notes; the first one also says what the whole tab is for."""
    values = [_header(header, about if index == 0 else "") for index, header in enumerate(headers)]
    start = {"sheetId": sheet, "rowIndex": row, "columnIndex": column}
    return {
        "updateCells": {
            "start": start,
            "rows": [{"values": values}],
            "fields": "userEnteredValue,userEnteredFormat,note",
        }
    }


def _header(column: Column, about: str) -> Request:
    strong = {"foregroundColorStyle": {"rgbColor": rgb("#FFFFFF" if column.required else "#1F3B4D")}, "bold": True}
    looks = {
        "textFormat": strong,
        "backgroundColorStyle": {"rgbColor": rgb(DARK if column.required else LIGHT)},
        "wrapStrategy": "WRAP",
        "verticalAlignment": "MIDDLE",
    }
    return {**cell_data(column.header), "userEnteredFormat": looks, "note": note(column, about)}


def note(column: Column, about: str) -> str:
    """What a header's note says."""
    required = "Needed in every row." if column.required else ""
    parts = (f"{about[:1].upper()}{about[1:]}." if about else "", column.note, required)
    return "\n".join(part for part in parts if part)


def column_looks(
    sheet: int, first_row: int, column: int, of: Column, formats: Mapping[str, Mapping[str, str]]
) -> list[Request]:
    """A column's width, and how its cells are shown beneath the header."""
    looks: Request = {"wrapStrategy": "WRAP", "verticalAlignment": "TOP"}
    if of.kind in formats:
        looks["numberFormat"] = dict(formats[of.kind])
    below = {"sheetId": sheet, "startRowIndex": first_row, "startColumnIndex": column, "endColumnIndex": column + 1}
    fields = ",".join(f"userEnteredFormat.{name}" for name in looks)
    width = {"pixelSize": of.width * PIXELS + 20}
    return [
        {"updateDimensionProperties": {"range": columns(sheet, column, 1), "properties": width, "fields": "pixelSize"}},
        {"repeatCell": {"range": below, "cell": {"userEnteredFormat": looks}, "fields": fields}},
    ]


def banding(sheet: int, width: int) -> Request:
    """Every other row shaded."""
    bands = {
        "headerColorStyle": {"rgbColor": rgb(LIGHT)},
        "firstBandColorStyle": {"rgbColor": rgb("#FFFFFF")},
        "secondBandColorStyle": {"rgbColor": rgb(PALE)},
    }
    where = {"sheetId": sheet, "startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": width}
    return {"addBanding": {"bandedRange": {"range": where, "rowProperties": bands}}}


def guard(sheet: int, column: int | None, about: str) -> Request:
    """Warn, and no more, whoever types into a tab (or one column) that is Onward's."""
    where: Request = {"sheetId": sheet}
    if column is not None:
        where |= {"startColumnIndex": column, "endColumnIndex": column + 1}
    return {"addProtectedRange": {"protectedRange": {"range": where, "description": about, "warningOnly": True}}}


def rule(sheet: int, rows: tuple[int, int | None], column: int, condition: Request, message: str) -> Request:
    """A dropdown or a hint; other values are warned of, never forbidden."""
    where: Request = {
        "sheetId": sheet,
        "startRowIndex": rows[0],
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }
    if rows[1] is not None:
        where["endRowIndex"] = rows[1]
    made = {"condition": condition, "inputMessage": message, "strict": False, "showCustomUi": True}
    return {"setDataValidation": {"range": where, "rule": made}}


def rgb(colour: str) -> dict[str, float]:
    """A colour such as #2F5D73 in Google's terms."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return dict(zip(("red", "green", "blue"), parts, strict=True))
