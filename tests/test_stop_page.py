"""Fewer mails or none: nothing by looking, everything at once by a press, and back again on the same page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from flows.filing import refresh_sheet
from flows.office import Office
from flows.planning import make_plan
from flows.receiving import receive
from flows.rules.breaks import Break
from flows.rules.messages import CATALOGUE
from flows.rules.post import Sending
from flows.understanding import understand
from tests.sample import (
    ANA,
    BEN,
    MIRA,
    TUESDAY,
    WEEK,
    at,
    cells,
    make_sheet,
    opened,
    outcomes,
    reply_to,
    send_due,
    the_mail,
)
from tests.visits import asked, browser, link, words

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
CHECK_IN_TO_ANA = ("growth-check-in", "ana@example.com", "sent")


@pytest.fixture
def sending(office: Office) -> Sending:
    """Ana's check-in."""
    return asked(office)


@pytest.fixture
def ana(office: Office, sending: Sending) -> TestClient:
    return browser(office)


def now_of(folder: Path, office: Office, name: str = "Ana Silva") -> str:
    """What the tab Status says of somebody."""
    refresh_sheet(office, office.clock())
    return next(str(row["Now"]) for row in cells(folder, "Status") if row["Name"] == name)


def mailed(office: Office, weeks: int) -> bool:
    """Whether Ana is asked so many weeks later."""
    return CHECK_IN_TO_ANA in outcomes(send_due(office, TUESDAY + weeks * WEEK))


def test_looking_changes_nothing_and_shows_the_choice(office: Office, ana: TestClient, sending: Sending) -> None:
    page = words(ana.get(link(office, sending, "stop")))
    assert "Skip this week: no mail until Monday, 14 September 2026" in page
    assert "Pause for 4 weeks more: no mail until Monday, 12 October 2026" in page
    assert mailed(office, 1)


def test_a_week_is_skipped_and_the_next_one_is_not(
    folder: Path, office: Office, ana: TestClient, sending: Sending
) -> None:
    page = words(ana.post(link(office, sending, "stop"), data={"wish": "0"}))
    assert "The next mail comes on Monday, 14 September 2026 at the earliest." in page
    assert now_of(folder, office) == "Asked on Tue 8 Sep 2026 for no mail until Mon 14 Sep 2026"
    reminded = outcomes(send_due(office, TUESDAY + timedelta(days=2)))
    assert {to for message, to, _ in reminded if message == "growth-check-in-reminder"} == {"ben@example.com"}
    assert mailed(office, 1)


def test_a_pause_ends_by_itself(office: Office, ana: TestClient, sending: Sending) -> None:
    ana.post(link(office, sending, "stop"), data={"wish": "2"})
    assert [mailed(office, weeks) for weeks in (1, 2, 3)] == [False, False, True]


def test_what_a_pause_holds_back_is_skipped_with_its_reason(office: Office, ana: TestClient, sending: Sending) -> None:
    ana.post(link(office, sending, "stop"), data={"wish": "2"})
    skipped = {v.due.to.email: v.reason for v in make_plan(office, CATALOGUE, TUESDAY + WEEK).skipped}
    assert skipped["ana@example.com"] == "asked on Tue 8 Sep 2026 for no mail until Mon 28 Sep 2026"


def test_stopping_takes_effect_at_once_and_is_shown(
    folder: Path, office: Office, ana: TestClient, sending: Sending
) -> None:
    page = words(ana.post(link(office, sending, "stop"), data={"wish": "stop"}))
    assert "You asked for that on Tuesday, 8 September 2026." in page
    assert now_of(folder, office) == "Asked on Tue 8 Sep 2026 for no more mail"
    assert not mailed(office, 1)


@pytest.mark.parametrize("wish", ["0", "8", "stop"])
def test_each_is_undone_on_the_same_page(office: Office, ana: TestClient, sending: Sending, wish: str) -> None:
    page = ana.post(link(office, sending, "stop"), data={"wish": wish})
    assert "Send them again" in words(page)
    assert "The mails come again" in words(ana.post(link(office, sending, "stop"), data={"wish": "start"}))
    assert mailed(office, 1)


def test_a_pause_after_a_stop_is_a_pause(office: Office, ana: TestClient, sending: Sending) -> None:
    for wish in ("stop", "2"):
        ana.post(link(office, sending, "stop"), data={"wish": wish})
    assert [mailed(office, weeks) for weeks in (1, 3)] == [False, True]


def test_the_word_start_in_a_reply_ends_a_pause(
    folder: Path, office: Office, ana: TestClient, sending: Sending, tmp_path: Path
) -> None:
    ana.post(link(office, sending, "stop"), data={"wish": "8"})
    (tmp_path / "start.eml").write_bytes(reply_to(the_mail(folder, "growth-check-in 2026-W37 ana@*"), "start"))
    receive(office, tmp_path / "start.eml", TUESDAY)
    understand(office)
    assert mailed(office, 1)


@pytest.mark.parametrize("as_parts", [False, True])
def test_the_button_of_a_mail_program_stops_without_a_page(
    office: Office, ana: TestClient, sending: Sending, as_parts: bool
) -> None:
    sent = {"files": {"List-Unsubscribe": (None, "One-Click")}} if as_parts else {"data": ONE_CLICK}
    done = ana.post(link(office, sending, "stop"), **sent)
    assert (done.status_code, done.text) == (200, "Stopped.\n")
    assert not mailed(office, 1)


def test_the_button_works_for_somebody_who_has_left(folder: Path, office: Office, sending: Sending) -> None:
    make_sheet(folder, [MIRA, {**ANA, "status": "Left"}, BEN])
    with opened(folder) as later:
        client = browser(later)
        assert client.post(link(later, sending, "stop"), data=ONE_CLICK).status_code == 200
        assert client.get(link(later, sending, "stop")).status_code == 410


@pytest.mark.parametrize("wish", ["", "3", "-1", "STOP", "00"])
def test_a_press_without_a_choice_changes_nothing(office: Office, ana: TestClient, sending: Sending, wish: str) -> None:
    page = ana.post(link(office, sending, "stop"), data={"wish": wish})
    assert page.status_code == 422
    assert "Nothing is chosen yet" in words(page)
    assert mailed(office, 1)


def test_a_mail_that_outlasts_the_pause_waits_for_its_end(folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "start_date": date(2026, 8, 9)}], grace=15)
    with opened(folder) as office:
        office.ledger.take_break("mira@example.com", Break(TUESDAY, at("2026-09-14 00:00")))
        question = ("success-question", "mira@example.com", "sent")
        days = ("2026-09-09 09:00", "2026-09-11 09:00", "2026-09-14 08:00", "2026-09-14 09:00")
        assert [question in outcomes(send_due(office, at(day))) for day in days] == [False, False, False, True]
