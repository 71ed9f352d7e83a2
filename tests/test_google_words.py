"""What is wrong on the way to Google, in sentences: where, what, and what to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from flows.addresses import Spreadsheet as SpreadsheetAt
from flows.rules.findings import FINE, MISSING
from flows.rules.layout import PEOPLE_TABS
from flows.sheet.door import SheetError
from flows.sheet.google import GoogleSheet
from tests.google_rig import Rig, fill, google, record, row
from tests.standins.google_account import EMAIL, write_key


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with google(tmp_path) as rig:
        yield rig


def unshare(rig: Rig) -> None:
    rig.book.editors.clear()


def only_reading(rig: Rig) -> None:
    rig.book.editors.clear()
    rig.book.readers.add(EMAIL)


def gone(rig: Rig) -> None:
    rig.service.spreadsheets.clear()


def no_api(rig: Rig) -> None:
    rig.service.api_enabled = False


def excel(rig: Rig) -> None:
    rig.book.office_file = True


def revoked(rig: Rig) -> None:
    rig.service.key_revoked = True


def wrong_clock(rig: Rig) -> None:
    rig.service.clock_ahead = 3600


def no_key(rig: Rig) -> None:
    rig.key.unlink()


def no_json(rig: Rig) -> None:
    rig.key.write_text("not a key")


def other_key(rig: Rig) -> None:
    rig.key.write_text(json.dumps({"type": "authorized_user", "client_id": "1", "refresh_token": "t"}))


def down(rig: Rig) -> None:
    rig.service.close()


CASES: dict[str, tuple[Callable[[Rig], None], str, bool]] = {
    "not shared": (unshare, f"share it with {EMAIL} as an editor", False),
    "deleted": (gone, "there is no such spreadsheet; check ONWARD_SHEET", False),
    "API off": (no_api, "enable the Google Sheets API", False),
    "Excel file": (excel, "Save as Google Sheets", False),
    "key revoked": (revoked, "make a new key", False),
    "clock wrong": (wrong_clock, "set the clock", False),
    "no key file": (no_key, "the key cannot be read", False),
    "no JSON": (no_json, "this is not the key of a service account", False),
    "another kind of key": (other_key, "this is not the key of a service account", False),
    "unreachable": (down, "Google cannot be reached", True),
}


@pytest.mark.parametrize(("harm", "words", "passing"), CASES.values(), ids=list(CASES))
def test_it_says_what_is_wrong_and_what_to_do(rig: Rig, harm: Callable[[Rig], None], words: str, passing: bool) -> None:
    fill(rig)
    harm(rig)
    with pytest.raises(SheetError, match=words) as caught:
        rig.opened().read()
    assert caught.value.passing == passing


@pytest.mark.parametrize(("harm", "words", "passing"), CASES.values(), ids=list(CASES))
def test_the_check_of_the_connection_says_the_same(
    rig: Rig, harm: Callable[[Rig], None], words: str, passing: bool
) -> None:
    fill(rig)
    harm(rig)
    findings = rig.opened().connection()
    assert findings[-1].state == MISSING
    assert words in findings[-1].said


def test_a_spreadsheet_that_may_only_be_read_is_said_before_the_first_write(rig: Rig) -> None:
    fill(rig)
    only_reading(rig)
    wrong = [finding for finding in rig.opened().connection() if finding.state != FINE]
    assert [finding.what for finding in wrong] == ["Editing"]
    assert f"share it with {EMAIL} as an editor" in wrong[0].said
    with pytest.raises(SheetError, match="as an editor"):
        rig.opened().publish([record(row("a1"))])


def test_a_good_connection_says_so_and_changes_nothing(rig: Rig) -> None:
    fill(rig)
    before = [tab.table() for tab in rig.book.tabs], list(rig.book.metadata)
    findings = rig.opened().connection()
    assert all(finding.state == FINE for finding in findings)
    assert "en_US" in findings[1].said
    assert "Europe/Berlin" in findings[1].said
    assert ([tab.table() for tab in rig.book.tabs], list(rig.book.metadata)) == before


def test_missing_tabs_are_named(rig: Rig) -> None:
    rig.sheet.prepare(PEOPLE_TABS)
    rig.book.tabs.remove(rig.book.tab("Status"))
    wrong = [finding.said for finding in rig.opened().connection() if finding.state != FINE]
    assert len(wrong) == 1
    assert "lacks the tabs Status; `onward init`" in wrong[0]


def test_a_full_spreadsheet_is_said_to_be_full(rig: Rig) -> None:
    rig.sheet.publish([record(row("a1"))])
    rig.book.tabs[0].row_count = 384_000
    with pytest.raises(SheetError, match="10 million cells"):
        rig.again([record(*(row(f"r{number}") for number in range(20_000)))])


def test_a_refusal_that_would_only_come_again_is_said_once_and_quotes_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.sheet.google_values.LONGEST", 60_000)
    with pytest.raises(SheetError, match="50,000 characters") as caught:
        rig.sheet.publish([record(row("a1", words="secret" * 9_000))])
    assert "secret" not in str(caught.value)


def test_neither_answers_nor_addresses_nor_keys_are_logged(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fill(rig)
    rig.sheet.publish([record(row("a1", words="a secret"))])
    for secret in ("a secret", "ana@example.com", "PRIVATE KEY", "Bearer"):
        assert secret not in caplog.text


def test_a_proxy_from_the_environment_is_used(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(rig)
    proxy = rig.service
    write_key(rig.key, "http://tokens.example.com/token")
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    at = SpreadsheetAt(rig.book.id)
    sheet = GoogleSheet(at, at, rig.key, "http://sheets.example.com", nullcontext, proxy.tick)
    assert "Roster" in sheet.read()


def test_certificates_that_are_not_there_are_named(rig: Rig, tmp_path: Path) -> None:
    at, api = SpreadsheetAt(rig.book.id), rig.service.url.replace("http:", "https:")
    sheet = GoogleSheet(at, at, rig.key, api, nullcontext, rig.service.tick, ca=tmp_path / "no.pem")
    with pytest.raises(SheetError, match=r"no\.pem.*REQUESTS_CA_BUNDLE"):
        sheet.read()
