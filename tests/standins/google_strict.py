"""What Google's API takes and refuses: request fields by name and type, and masks of fields in answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """An answer that is no success, in Google's shape."""

    def __init__(self, status: int, name: str, message: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": status, "message": message, "status": name, "details": details or []}}


def bad(message: str) -> ApiError:
    """The usual refusal."""
    return ApiError(400, "INVALID_ARGUMENT", message)


NUMBER = float
COLOUR = {"rgbColor": {"red": NUMBER, "green": NUMBER, "blue": NUMBER, "alpha": NUMBER}}
GRID_RANGE = {
    "sheetId": int, "startRowIndex": int, "endRowIndex": int, "startColumnIndex": int, "endColumnIndex": int
}  # fmt: skip
DIMENSIONS = {"sheetId": int, "dimension": ("ROWS", "COLUMNS"), "startIndex": int, "endIndex": int}
COORDINATE = {"sheetId": int, "rowIndex": int, "columnIndex": int}
VALUE = {"stringValue": str, "numberValue": NUMBER, "boolValue": bool, "formulaValue": str}
FORMAT = {
    "numberFormat": {"type": ("TEXT", "NUMBER", "DATE", "TIME", "DATE_TIME", "PERCENT"), "pattern": str},
    "textFormat": {"bold": bool, "italic": bool, "foregroundColorStyle": COLOUR},
    "backgroundColorStyle": COLOUR,
    "wrapStrategy": ("OVERFLOW_CELL", "CLIP", "WRAP"),
    "verticalAlignment": ("TOP", "MIDDLE", "BOTTOM"),
}
CELL = {"userEnteredValue": VALUE, "userEnteredFormat": FORMAT, "note": str}
ROWS = [{"values": [CELL]}]
LOOKUP = {
    "metadataId": int,
    "metadataKey": str,
    "metadataValue": str,
    "locationType": ("ROW", "COLUMN", "SHEET", "SPREADSHEET"),
}
FILTER = {"developerMetadataLookup": LOOKUP, "a1Range": str, "gridRange": GRID_RANGE}
METADATA = {
    "metadataId": int,
    "metadataKey": str,
    "metadataValue": str,
    "visibility": ("DOCUMENT", "PROJECT"),
    "location": {"spreadsheet": bool, "sheetId": int, "dimensionRange": DIMENSIONS},
}
PROPERTIES = {
    "sheetId": int,
    "title": str,
    "index": int,
    "hidden": bool,
    "gridProperties": {"rowCount": int, "columnCount": int, "frozenRowCount": int},
    "tabColorStyle": COLOUR,
}
SOURCE = {"sourceRange": {"sources": [GRID_RANGE]}}
CHART = {
    "spec": {
        "title": str,
        "basicChart": {
            "chartType": ("BAR", "LINE", "COLUMN"),
            "legendPosition": ("BOTTOM_LEGEND", "NO_LEGEND"),
            "headerCount": int,
            "domains": [{"domain": SOURCE, "reversed": bool}],
            "series": [{"series": SOURCE, "targetAxis": ("LEFT_AXIS", "RIGHT_AXIS")}],
        },
    },
    "position": {"overlayPosition": {"anchorCell": COORDINATE, "widthPixels": int, "heightPixels": int}},
}
BANDS = {"headerColorStyle": COLOUR, "firstBandColorStyle": COLOUR, "secondBandColorStyle": COLOUR}
CONDITION = {"type": ("ONE_OF_LIST", "DATE_IS_VALID", "BOOLEAN"), "values": [{"userEnteredValue": str}]}
RULE = {"condition": CONDITION, "inputMessage": str, "strict": bool, "showCustomUi": bool}
KINDS: Mapping[str, Any] = {
    "createDeveloperMetadata": {"developerMetadata": METADATA},
    "deleteDeveloperMetadata": {"dataFilter": FILTER},
    "appendCells": {"sheetId": int, "rows": ROWS, "fields": str},
    "updateCells": {"range": GRID_RANGE, "start": COORDINATE, "rows": ROWS, "fields": str},
    "repeatCell": {"range": GRID_RANGE, "cell": CELL, "fields": str},
    "insertDimension": {"range": DIMENSIONS, "inheritFromBefore": bool},
    "appendDimension": {"sheetId": int, "dimension": ("ROWS", "COLUMNS"), "length": int},
    "updateDimensionProperties": {"range": DIMENSIONS, "properties": {"pixelSize": int}, "fields": str},
    "updateSheetProperties": {"properties": PROPERTIES, "fields": str},
    "addSheet": {"properties": PROPERTIES},
    "addBanding": {"bandedRange": {"range": GRID_RANGE, "rowProperties": BANDS}},
    "addProtectedRange": {"protectedRange": {"range": GRID_RANGE, "description": str, "warningOnly": bool}},
    "setDataValidation": {"range": GRID_RANGE, "rule": RULE},
    "addChart": {"chart": CHART},
    "deleteDimension": {"range": DIMENSIONS},
    "duplicateSheet": {"sourceSheetId": int, "insertSheetIndex": int, "newSheetId": int, "newSheetName": str},
    "deleteSheet": {"sheetId": int},
    "clearBasicFilter": {"sheetId": int},
    "copyPaste": {"source": GRID_RANGE, "destination": GRID_RANGE, "pasteType": ("PASTE_NORMAL", "PASTE_VALUES")},
    "findReplace": {
        "find": str, "replacement": str, "sheetId": int, "matchCase": bool, "matchEntireCell": bool,
        "searchByRegex": bool, "includeFormulas": bool,
    },
}  # fmt: skip
BATCH = {
    "requests": [KINDS],
    "includeSpreadsheetInResponse": bool,
    "responseIncludeGridData": bool,
    "responseRanges": [str],
}
VALUES = {
    "dataFilters": [FILTER],
    "valueRenderOption": ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"),
    "dateTimeRenderOption": ("SERIAL_NUMBER", "FORMATTED_STRING"),
    "majorDimension": ("ROWS",),
}


def check(given: Any, allowed: Any, where: str = "") -> None:
    """Refuse what the API does not know: a field, a type, a word."""
    if isinstance(allowed, Mapping):
        if not isinstance(given, dict):
            raise bad(f"Invalid value at '{where}'")
        for name, value in given.items():
            if name not in allowed:
                raise bad(f"Invalid JSON payload received. Unknown name \"{name}\" at '{where}': Cannot find field.")
            check(value, allowed[name], f"{where}.{name}" if where else name)
    elif isinstance(allowed, list):
        if not isinstance(given, list):
            raise bad(f"Invalid value at '{where}'")
        for index, value in enumerate(given):
            check(value, allowed[0], f"{where}[{index}]")
    elif not _fits(given, allowed):
        raise bad(f"Invalid value at '{where}' ({allowed}), {given!r}")


def _fits(given: Any, allowed: Any) -> bool:
    if isinstance(allowed, tuple):
        return given in allowed
    if allowed is bool or isinstance(given, bool):
        return allowed is bool and isinstance(given, bool)
    if allowed is int:
        return isinstance(given, int) and -(2**31) <= given < 2**31
    return isinstance(given, (int, float) if allowed is NUMBER else allowed)


Mask = dict[str, Any]


def parse_mask(text: str) -> Mask:
    """`a(b,c),d.e` as nested names; an empty inside means everything beneath."""
    if not re.fullmatch(r"[\w.,()*]+", text) or text.count("(") != text.count(")"):
        raise bad(f"Invalid field mask {text!r}")
    mask, rest = _names(text)
    if rest:
        raise bad(f"Invalid field mask {text!r}")
    return mask


def _names(text: str) -> tuple[Mask, str]:
    mask: Mask = {}
    while text and text[0] != ")":
        match = re.match(r"[\w.*]+", text)
        if not match:
            raise bad(f"Invalid field mask at {text!r}")
        text = text[match.end() :]
        inner: Mask = {}
        if text.startswith("("):
            inner, text = _names(text[1:])
            text = text[1:]
        place = mask
        *path, last = match[0].split(".")
        for name in path:
            place = place.setdefault(name, {})
        place[last] = inner
        text = text.removeprefix(",")
    return mask, text


def masked(given: Any, mask: Mask, known: Any, where: str = "") -> Any:
    """The parts of an answer that were asked for. A name that the API does not know is refused."""
    if not mask:
        return given
    if isinstance(given, list):
        return [masked(each, mask, known, where) for each in given]
    for name in mask:
        if name not in known:
            raise bad(f"Request contains an invalid argument. Invalid field selection {where}{name}")
    found = {
        name: masked(given[name], inner, known[name], f"{where}{name}.")
        for name, inner in mask.items()
        if name in given
    }
    return {name: value for name, value in found.items() if value not in ([], {})}
