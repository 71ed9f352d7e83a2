"""Talking to the API of Google Sheets: where it is, how long to wait for it, what may be asked twice."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar, cast

from google.auth.transport.requests import AuthorizedSession
from google.auth.transport.requests import Request as AuthRequest
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEETS_API_V4_BASE_URL
from requests import Response, Session

from flows.sheet.door import SheetError
from flows.sheet.google_errors import BUSY, Place, Refused, in_words

T = TypeVar("T")

SCOPE = "https://www.googleapis.com/auth/spreadsheets"  # gspread would ask for all of Drive
TIMEOUT = (5.0, 60.0)  # seconds to connect, and without a byte of an answer; gspread has none
PATIENCE = 150.0  # seconds of waiting for one request: the quotas are for one minute
LONGEST_PAUSE = 20.0
# Of what stands in a spreadsheet after a write only the texts; their formats would be a hundred times as much.
ANSWERED = "updatedSpreadsheet(sheets(properties(sheetId),data(rowData(values(formattedValue)))))"


class Client(HTTPClient):
    """gspread's client at another address, with a limit of time for each request.

    Not its BackOffHTTPClient: that one never gives up, and repeats what may have been carried out.
    """

    def __init__(self, credentials: Credentials, api: str, ca: Path | None) -> None:
        super().__init__(credentials, _session(credentials, ca))
        self.set_timeout(TIMEOUT)
        self._base = f"{api}/v4/spreadsheets"

    def request(self, method: str, endpoint: str, *args: Any, **rest: Any) -> Response:
        """One request, as gspread makes it."""
        return super().request(method, endpoint.replace(SPREADSHEETS_API_V4_BASE_URL, self._base, 1), *args, **rest)


def _session(credentials: Credentials, ca: Path | None) -> AuthorizedSession:
    """A session for the API, and within it one for tokens. Proxies, requests takes from the environment itself."""
    tokens = Session()
    session = AuthorizedSession(credentials, auth_request=AuthRequest(tokens))  # type: ignore[no-untyped-call]
    if ca:
        session.verify = tokens.verify = str(ca)
    return session


class Google:
    """The API, as one service account sees it. The key is read at the first request."""

    def __init__(self, credentials: Path, api: str, wait: Callable[[float], None], ca: Path | None) -> None:
        self._path, self._api, self._wait, self._ca = credentials, api, wait, ca

    @property
    def account(self) -> str:
        """The address to share spreadsheets with. Raises SheetError when the key cannot be used."""
        return str(self._key.service_account_email)

    @cached_property
    def _key(self) -> Credentials:
        advice = "name the JSON file with the key of a Google service account in GOOGLE_APPLICATION_CREDENTIALS"
        try:
            info = json.loads(self._path.read_text("utf-8"))
            return cast(Credentials, Credentials.from_service_account_info(info, scopes=[SCOPE]))  # type: ignore[no-untyped-call]
        except OSError as error:
            raise SheetError(f"{self._path}: the key cannot be read ({error.strerror}); {advice}") from None
        except (ValueError, AttributeError, TypeError, KeyError):  # no JSON, or the key of something else
            raise SheetError(f"{self._path}: this is not the key of a service account; {advice}") from None

    @cached_property
    def _client(self) -> Client:
        return Client(self._key, self._api, self._ca)

    def outline(self, spreadsheet: str, where: str, fields: str) -> Any:
        """What a spreadsheet consists of, without what stands in it. Raises SheetError."""
        return self._read(where, lambda: self._client.fetch_sheet_metadata(spreadsheet, {"fields": fields}))

    def values(self, spreadsheet: str, where: str, filters: list[dict[str, Any]]) -> Any:
        """What stands in these places, one call for all. Raises SheetError."""
        body = {
            "dataFilters": filters,
            # What is seen in a cell depends on the sheet's language; what stands in it does not.
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
        }
        url = f"{SPREADSHEETS_API_V4_BASE_URL}/{spreadsheet}/values:batchGetByDataFilter"
        return self._read(where, lambda: self._client.request("post", url, json=body).json())

    def write(self, spreadsheet: str, where: str, body: Mapping[str, Any]) -> Any:
        """Carry all of it out, or nothing; never sent again here. Raises Unclear when nobody knows which it was."""
        url, fields = SPREADSHEET_BATCH_UPDATE_URL % spreadsheet, {"fields": ANSWERED}

        def call() -> Any:
            return self._client.request("post", url, params=fields, json=body).json()

        return self._patiently(where, call, lambda error: _status(error) == BUSY)

    def _read(self, where: str, call: Callable[[], T]) -> T:
        return self._patiently(where, call, lambda error: not isinstance(error, Refused))

    def _patiently(self, where: str, call: Callable[[], T], may_repeat: Callable[[SheetError], bool]) -> T:
        """The call's outcome; what passes by itself and may be repeated is waited out, within PATIENCE."""
        place, began, waited, tries = Place(where, self.account), monotonic(), 0.0, 0
        while True:
            try:
                with in_words(place):
                    return call()
            except SheetError as error:
                pause = _pause(error, tries)
                waited = max(waited, monotonic() - began) + pause
                if not error.passing or not may_repeat(error) or waited > PATIENCE:
                    raise
            self._wait(pause)
            tries += 1


def _status(error: SheetError) -> int:
    return error.__cause__.response.status_code if isinstance(error.__cause__, APIError) else 0


def _pause(error: SheetError, tries: int) -> float:
    """Seconds until it makes sense to ask again, never the same for two processes."""
    if isinstance(error.__cause__, APIError) and _status(error) == BUSY:
        return _until_next_minute(error.__cause__.response.headers) + random.uniform(1, 6)  # noqa: S311 - no secret
    return float(min(2**tries, LONGEST_PAUSE) * random.uniform(0.5, 1.5))  # noqa: S311


def _until_next_minute(headers: Mapping[str, str]) -> float:
    """Quotas are given anew each minute; which second it is, the answer says. Raises nothing."""
    if headers.get("Retry-After", "").isdecimal():
        return min(float(headers["Retry-After"]), 60.0)
    try:
        return 60.0 - parsedate_to_datetime(headers["Date"]).second
    except (KeyError, ValueError, TypeError):
        return 60.0
