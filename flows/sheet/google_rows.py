"""Requests about whole rows and whole tabs: taken out, set aside, put back. Nothing here decides which."""

from __future__ import annotations

from flows.sheet.google_requests import Request, add_rows


def insert_rows(sheet: int, at: int, count: int, height: int) -> list[Request]:
    """New empty rows of which none is written over, even if somebody was faster."""
    where = _rows(sheet, at, count)
    inserted: Request = {"insertDimension": {"range": where, "inheritFromBefore": at > 0}}
    return [inserted] if at < height else [add_rows(sheet, 1), inserted]  # nothing can be inserted behind the last


def delete_rows(sheet: int, start: int, count: int) -> Request:
    """Delete whatever stands in these rows by then."""
    return {"deleteDimension": {"range": _rows(sheet, start, count)}}


def copy_rows(source: int, start: int, count: int, width: int, target: int, at: int) -> Request:
    """Whole rows with all that stands in them, onto others."""
    copied = {"startColumnIndex": 0, "endColumnIndex": width}
    return {
        "copyPaste": {
            "source": {"sheetId": source, "startRowIndex": start, "endRowIndex": start + count, **copied},
            "destination": {"sheetId": target, "startRowIndex": at, "endRowIndex": at + count, **copied},
            "pasteType": "PASTE_NORMAL",
        }
    }


def hidden_copy(sheet: int, copy: int, title: str, key: str, about: str) -> list[Request]:
    """A copy of a tab as it is at that moment, which nobody sees; its mark says what it is."""
    made = {"metadataKey": key, "metadataValue": about, "visibility": "DOCUMENT", "location": {"sheetId": copy}}
    return [
        {"duplicateSheet": {"sourceSheetId": sheet, "newSheetId": copy, "newSheetName": title}},
        {"updateSheetProperties": {"properties": {"sheetId": copy, "hidden": True}, "fields": "hidden"}},
        {"createDeveloperMetadata": {"developerMetadata": made}},
    ]


def delete_tab(sheet: int) -> Request:
    """Delete a tab with all that stands in it."""
    return {"deleteSheet": {"sheetId": sheet}}


def show_all(sheet: int) -> Request:
    """Take the filter off a tab: what a filter hides may be left out when it is copied."""
    return {"clearBasicFilter": {"sheetId": sheet}}


def _rows(sheet: int, start: int, count: int) -> Request:
    """A dimension range of rows."""
    return {"sheetId": sheet, "dimension": "ROWS", "startIndex": start, "endIndex": start + count}
