"""What Google, and the way to it, answer: each failure as one sentence for people. No sentence quotes what was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from gspread.exceptions import APIError
from requests import RequestException, Response

from flows.sheet.door import SheetError

BUSY = 429
KNOWN_LIMITS = (
    ("50000 characters", "a text is longer than the 50,000 characters of a cell"),
    ("10000000 cells", "it is full: a spreadsheet holds 10 million cells; delete rows or tabs that are not needed"),
)


class Unclear(SheetError):
    """A request may or may not have been carried out; nobody can tell before looking."""


class Refused(SheetError):
    """Google turned the request down as a whole: the spreadsheet is no longer as it was when it was read."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a sentence has to name: the spreadsheet, and the account to share it with."""

    where: str
    account: str


@contextmanager
def in_words(place: Place) -> Iterator[None]:
    """Turn whatever goes wrong on the way to Google into a SheetError."""
    try:
        yield
    except APIError as error:
        raise _answered(place, error.response) from error
    except RefreshError as error:
        raise _no_token(place, error) from error
    except (TransportError, RequestException) as error:
        raise _unreachable(place, error) from error
    except OSError as error:  # a file of certificates that is none; requests lets that through
        raise SheetError(f"{place.where}: {error}; check REQUESTS_CA_BUNDLE") from error
    except GoogleAuthError as error:
        raise SheetError(
            f"{place.where}: Google does not let Onward in; check GOOGLE_APPLICATION_CREDENTIALS"
        ) from error
    except (ValueError, TypeError, KeyError) as error:  # what is no JSON, half of it, or JSON in nobody's shape
        raise Unclear(f"{place.where}: Google's answer cannot be understood; try again", passing=True) from error


def _answered(place: Place, response: Response) -> SheetError:
    status, error = response.status_code, _error(response)
    if status == BUSY:
        advice = "Google's limit of requests a minute is reached; wait a minute, and run fewer things at once"
        return SheetError(f"{place.where}: {advice}", passing=True)
    if status >= 500:
        return Unclear(f"{place.where}: Google has trouble ({status}); try again in a while", passing=True)
    if status == 403:
        return SheetError(_forbidden(place, error))
    if status == 404:
        advice = f"check ONWARD_SHEET, and share the spreadsheet with {place.account} as an editor"
        return SheetError(f"{place.where}: there is no such spreadsheet; {advice}")
    if status == 401:
        advice = "make a new key for the service account and name its file in GOOGLE_APPLICATION_CREDENTIALS"
        return SheetError(f"{place.where}: Google does not accept the key; {advice}")
    return _turned_down(place, status, error)


def _error(response: Response) -> dict[str, object]:
    try:
        found = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _forbidden(place: Place, error: dict[str, object]) -> str:
    reasons = str(error.get("details")) + str(error.get("message"))
    if "SERVICE_DISABLED" in reasons or "has not been used" in reasons:
        advice = "in the Google Cloud console, open the project of the service account and enable the Google Sheets API"
        return f"{place.where}: the Google Sheets API is switched off; {advice}"
    return f"{place.where}: Onward may not use this spreadsheet; share it with {place.account} as an editor"


def _turned_down(place: Place, status: int, error: dict[str, object]) -> SheetError:
    words = str(error.get("message"))
    if error.get("status") == "FAILED_PRECONDITION" and "not supported for this document" in words:
        advice = "open it, choose File, “Save as Google Sheets”, and name the new one in ONWARD_SHEET"
        return SheetError(f"{place.where}: this is an Excel file kept in Google Drive; {advice}")
    if "protected cell or object" in words:
        advice = f"let {place.account} edit what is protected (Data, “Protect sheets and ranges”)"
        return SheetError(f"{place.where}: people protected what Onward has to change; {advice}")
    plain = words.replace(",", "")
    for sign, meaning in KNOWN_LIMITS:
        if sign in plain:
            return SheetError(f"{place.where}: {meaning}")
    part = re.search(r"requests\[\d+\]\.\w+", words)  # the rest of the message may quote what was sent
    said = f"{status} {error.get('status') or ''}".strip() + (f" at {part[0]}" if part else "")
    return Refused(f"{place.where}: Google refused what Onward asked for ({said}); run again", passing=True)


def _no_token(place: Place, error: RefreshError) -> SheetError:
    words = str(error)
    if "invalid_" not in words and "unauthorized_" not in words:  # of a bad gateway, google-auth says it is for good
        return SheetError(f"{place.where}: Google cannot let anybody in at the moment; try again", passing=True)
    if "iat and exp" in words or "reasonable timeframe" in words:
        return SheetError(f"{place.where}: this machine's clock is wrong, so Google lets nobody in; set the clock")
    advice = "make a new key for it in the Google Cloud console and name the file in GOOGLE_APPLICATION_CREDENTIALS"
    return SheetError(f"{place.where}: Google no longer accepts the key of {place.account}; {advice}")


def _unreachable(place: Place, error: Exception) -> SheetError:
    advice = "check the network and, if there is one, the proxy; nothing is lost, the next run goes on"
    return Unclear(f"{place.where}: Google cannot be reached ({type(error).__name__}); {advice}", passing=True)
