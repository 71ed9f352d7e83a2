"""Google Sheets over real HTTP: tokens, reading, writing, quotas, and people who edit in between."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flows.rules.grid import column_letter
from tests.standins.google_account import EMAIL, why_not, write_key
from tests.standins.google_batch import apply, matches
from tests.standins.google_cells import Spreadsheet, Tab, effective, formatted, trimmed
from tests.standins.google_strict import VALUES, ApiError, bad, check, masked, parse_mask
from tests.standins.service import Answer, Request, Service

QUOTA = 60  # reads, and as many writes, in a minute of one account
SHEET = {
    "properties": {
        "sheetId": {}, "title": {}, "index": {}, "sheetType": {}, "tabColorStyle": {}, "hidden": {},
        "gridProperties": {"rowCount": {}, "columnCount": {}, "frozenRowCount": {}},
    },
    "developerMetadata": {"metadataId": {}, "metadataKey": {}, "metadataValue": {}, "visibility": {}, "location": {}},
    "basicFilter": {"range": {}},
    "merges": {},
    "protectedRanges": {"protectedRangeId": {}, "range": {}, "description": {}, "warningOnly": {}},
    "bandedRanges": {"bandedRangeId": {}, "range": {}},
    "charts": {"chartId": {}, "spec": {}, "position": {}},
}  # fmt: skip
RESOURCE = {
    "spreadsheetId": {},
    "properties": {"title": {}, "locale": {}, "timeZone": {}},
    "developerMetadata": {"metadataId": {}, "metadataKey": {}, "metadataValue": {}, "visibility": {}, "location": {}},
    "sheets": SHEET,
}
CELLS: dict[str, Any] = {"data": {"rowData": {"values": {"formattedValue": {}, "userEnteredValue": {}, "note": {}}}}}
WRITTEN = {"spreadsheetId": {}, "replies": {}, "updatedSpreadsheet": {"sheets": {**SHEET, **CELLS}}}
PATH = re.compile(r"/v4/spreadsheets/(?P<id>[\w-]+)(?P<rest>[:/].*)?")


class GoogleStandIn(Service):
    """Google Sheets with one service account. Its clock stands still until it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.spreadsheets: dict[str, Spreadsheet] = {}
        self.now = 0.0  # seconds
        self.before: Callable[[Request], None] = lambda request: None  # a person's hands, just before a request
        self.api_enabled, self.key_revoked, self.clock_ahead = True, False, 0.0
        self.calls: Counter[str] = Counter()  # "read" and "write", those that were carried out
        self._used: Counter[tuple[str, int]] = Counter()
        self._tokens: dict[str, float] = {}

    def add(self, spreadsheet: Spreadsheet) -> Spreadsheet:
        """Keep a spreadsheet that is shared with the service account as an editor."""
        spreadsheet.editors.add(EMAIL)
        self.spreadsheets[spreadsheet.id] = spreadsheet
        return spreadsheet

    def key(self, folder: Path) -> Path:
        """The service account's key file."""
        return write_key(folder / "key.json", f"{self.url}/token")

    def tick(self, seconds: float) -> None:
        """Let time pass; to be used in the place of waiting."""
        self.now += seconds

    def end_tokens(self) -> None:
        """From now on no token that was given out counts."""
        self._tokens.clear()

    def busy(self, request: Request) -> Answer:
        """Too many requests, as Google says it."""
        return Answer(429, _quota("Write" if ":batchUpdate" in request.path else "Read").body)

    def handle(self, request: Request) -> Answer:
        """Whatever a client asks of the token endpoint or of the API."""
        try:
            if request.path == "/token":
                return self._token(request)
            self.before(request)
            return Answer(200, self._api(request))
        except ApiError as error:
            return Answer(error.status, error.body)

    def _token(self, request: Request) -> Answer:
        reason = "Invalid JWT Signature." if self.key_revoked else why_not(request.body, clock_ahead=self.clock_ahead)
        if reason:
            return Answer(400, {"error": "invalid_grant", "error_description": reason})
        token = f"token-{len(self.requests)}"
        self._tokens[token] = self.now + 3600
        return Answer(200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def _api(self, request: Request) -> dict[str, Any]:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, -1) < self.now:
            raise ApiError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        match = PATH.fullmatch(request.path)
        if not match:
            raise ApiError(404, "NOT_FOUND", "Requested entity was not found.")
        writes = match["rest"] == ":batchUpdate"
        self._spend("Write" if writes else "Read")
        book = self._permitted(match["id"], writes)
        if writes:
            answer = self._write(book, request)
        elif match["rest"] == "/values:batchGetByDataFilter" and request.method == "POST":
            answer = self._values(book, request.json)
        elif not match["rest"] and request.method == "GET":
            answer = self._get(book, request)
        else:
            raise ApiError(404, "NOT_FOUND", "Requested entity was not found.")
        self.calls["write" if writes else "read"] += 1
        return answer

    def _spend(self, kind: str) -> None:
        minute = (kind, int(self.now // 60))
        self._used[minute] += 1
        if self._used[minute] > QUOTA:
            raise _quota(kind)

    def _permitted(self, spreadsheet: str, writes: bool) -> Spreadsheet:
        if not self.api_enabled:
            words = "Google Sheets API has not been used in project 123 before or it is disabled."
            raise ApiError(403, "PERMISSION_DENIED", words, [{"reason": "SERVICE_DISABLED"}])
        book = self.spreadsheets.get(spreadsheet)
        if book is None:
            raise ApiError(404, "NOT_FOUND", "Requested entity was not found.")
        if EMAIL not in book.editors and (writes or EMAIL not in book.readers):
            raise ApiError(403, "PERMISSION_DENIED", "The caller does not have permission")
        if book.office_file:
            raise ApiError(400, "FAILED_PRECONDITION", "This operation is not supported for this document")
        return book

    def _get(self, book: Spreadsheet, request: Request) -> dict[str, Any]:
        if request.query.keys() - {"fields", "includeGridData", "ranges"}:
            raise bad(f"Unknown name in the query: {sorted(request.query)}")
        mask = parse_mask(request.query["fields"][0]) if "fields" in request.query else {}
        found: dict[str, Any] = masked(_resource(book), mask, RESOURCE)
        return found

    def _write(self, book: Spreadsheet, request: Request) -> dict[str, Any]:
        body = request.json
        after = apply(book, body)
        for name in ("tabs", "metadata"):
            setattr(book, name, getattr(after, name))
        answer: dict[str, Any] = {"spreadsheetId": book.id, "replies": [{} for _ in body["requests"]]}
        if body.get("includeSpreadsheetInResponse"):
            answer["updatedSpreadsheet"] = {"sheets": list(_in_ranges(book, body["responseRanges"]))}
        mask = parse_mask(request.query["fields"][0]) if "fields" in request.query else {}
        found: dict[str, Any] = masked(answer, mask, WRITTEN)
        return found

    def _values(self, book: Spreadsheet, body: dict[str, Any]) -> dict[str, Any]:
        check(body, VALUES)
        if not body.get("dataFilters"):
            raise bad("Must specify at least one data filter.")
        found = [match for asked in body["dataFilters"] for match in _matching(book, asked, body)]
        return {"spreadsheetId": book.id, **({"valueRanges": found} if found else {})}


def _quota(kind: str) -> ApiError:
    metadata = {
        "quota_limit": f"{kind}RequestsPerMinutePerUser",
        "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
        "quota_limit_value": str(QUOTA),
        "service": "sheets.googleapis.com",
        "consumer": "projects/123",
    }
    words = f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute per user'"
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED", "metadata": metadata}
    return ApiError(429, "RESOURCE_EXHAUSTED", words, [info])


def _resource(book: Spreadsheet) -> dict[str, Any]:
    about = {"title": book.title, "locale": book.locale, "timeZone": book.zone}
    sheets = [tab.as_json() for tab in book.tabs]
    return {"spreadsheetId": book.id, "properties": about, "developerMetadata": book.metadata, "sheets": sheets}


def _in_ranges(book: Spreadsheet, ranges: list[str]) -> Iterator[dict[str, Any]]:
    for text in ranges:
        match = re.fullmatch(r"'(?P<title>.*)'!(?P<top>\d+):(?P<bottom>\d+)", text)
        title = match["title"].replace("''", "'") if match else ""
        if not match or title not in book.titles or int(match["bottom"]) > book.tab(title).row_count:
            raise bad(f"Unable to parse range: {text}")
        yield book.tab(title).as_json([{"startRowIndex": int(match["top"]) - 1, "endRowIndex": int(match["bottom"])}])


def _matching(book: Spreadsheet, asked: dict[str, Any], body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for tab, span in _spans(book, asked):
        values = {"range": _a1(tab, span), "majorDimension": "ROWS", "values": _cells(book, tab, span, body)}
        if not values["values"]:
            del values["values"]
        yield {"valueRange": values, "dataFilters": [asked]}


def _spans(book: Spreadsheet, asked: dict[str, Any]) -> Iterator[tuple[Tab, dict[str, int]]]:
    if "gridRange" in asked:
        tab = book.by_id(asked["gridRange"]["sheetId"])
        yield tab, asked["gridRange"]
        return
    for tab in book.tabs:
        for tag in tab.tags:
            if matches(tag, asked["developerMetadataLookup"]):
                at = tag["location"]["dimensionRange"]["startIndex"]
                yield tab, {"startColumnIndex": at, "endColumnIndex": at + 1}


def _area(tab: Tab, span: dict[str, int]) -> tuple[range, range]:
    bottom, right = span.get("endRowIndex", tab.row_count), span.get("endColumnIndex", tab.column_count)
    if bottom > tab.row_count or right > tab.column_count:
        raise bad(f"Range ({tab.title}) exceeds grid limits.")
    return range(span.get("startRowIndex", 0), bottom), range(span.get("startColumnIndex", 0), right)


def _a1(tab: Tab, span: dict[str, int]) -> str:
    rows, columns = _area(tab, span)
    title = tab.title if re.fullmatch(r"[A-Za-z_]\w*", tab.title) else "'" + tab.title.replace("'", "''") + "'"
    first, last = column_letter(columns.start), column_letter(columns.stop - 1)
    return f"{title}!{first}{rows.start + 1}:{last}{rows.stop}"


def _cells(book: Spreadsheet, tab: Tab, span: dict[str, int], body: dict[str, Any]) -> list[list[Any]]:
    rows, columns = _area(tab, span)
    plain = body.get("valueRenderOption") == "UNFORMATTED_VALUE"

    def value(row: int, column: int) -> Any:
        cell = tab.rows.get(row, {}).get(column, {})
        serial = body.get("dateTimeRenderOption") == "SERIAL_NUMBER"
        if plain and (serial or "DATE" not in str(cell.get("userEnteredFormat"))):
            return effective(cell)
        return formatted(cell, book.locale) if "userEnteredValue" in cell else ""

    height = min(rows.stop, tab.height)
    return trimmed([[value(row, column) for column in columns] for row in range(rows.start, height)])
