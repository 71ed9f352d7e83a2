"""What managers press: how the talk went, and that they have read what was shared."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from flows.filing import refresh_sheet
from flows.office import Office
from flows.rules.messages import BRIEF, REFLECTION_FORM, SUCCESS_QUESTION
from flows.rules.post import Sending
from tests.sample import ANA, CLEO, FORM_DAY, MIRA, TUESDAY, WEEK, at, cells, make_sheet, opened, outcomes, send_due
from tests.visits import asked, browser, checked, link, words

ASK_DAY = at("2026-09-07 09:00")  # a month after Ana's start
AGAIN = ("success-question", "mira@example.com", "sent")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company in which Ana started a month ago, and Cleo is about to."""
    make_sheet(tmp_path, [MIRA, {**ANA, "start_date": date(2026, 8, 7)}, CLEO])
    return tmp_path


@pytest.fixture
def question(office: Office) -> Sending:
    """The success question about Ana, to Mira."""
    return asked(office, SUCCESS_QUESTION, "mira@example.com", ASK_DAY)


@pytest.fixture
def brief(office: Office) -> Sending:
    """The brief about Cleo, to Mira, after Cleo answered."""
    form = asked(office, REFLECTION_FORM, "cleo@example.com", FORM_DAY)
    browser(office, FORM_DAY).post(link(office, form), data={"q2": "More work close to the data."})
    return asked(office, BRIEF, "mira@example.com", at("2026-09-15 09:00"))


def press(office: Office, sending: Sending, outcome: str, now: datetime = ASK_DAY) -> str:
    return words(browser(office, now).post(link(office, sending, "talk"), data={"is": outcome}))


def says(folder: Path, office: Office, name: str = "Ana Silva") -> str:
    """What the tab Status says of the talk."""
    refresh_sheet(office, office.clock())
    return next(str(row["Manager says"] or "") for row in cells(folder, "Status") if row["Name"] == name)


def asked_again(office: Office, now: datetime) -> bool:
    return AGAIN in outcomes(send_due(office, now))


@pytest.mark.parametrize(("outcome", "said"), [("asked", True), ("later", True), ("moved", True), ("never", False)])
def test_a_link_selects_and_stores_nothing(office: Office, question: Sending, outcome: str, said: bool) -> None:
    page = browser(office).get(link(office, question, "talk") + f"?is={outcome}")
    assert checked(page) == ([("is", outcome)] if said else [])
    assert office.ledger.said_of_talk(question) is None


def test_asked_is_shown_and_nothing_comes_again(folder: Path, office: Office, question: Sending) -> None:
    assert "You said on Monday, 7 September 2026 that you asked it." in press(office, question, "asked")
    assert says(folder, office) == "Asked it, said on Mon 7 Sep 2026"
    assert not asked_again(office, ASK_DAY + WEEK)


def test_not_yet_brings_the_question_back_a_week_later_each_time(
    folder: Path, office: Office, question: Sending
) -> None:
    assert "A reminder comes on Monday, 14 September 2026" in press(office, question, "later")
    assert says(folder, office) == "Not yet, on Mon 7 Sep 2026; reminded again from Mon 14 Sep 2026"
    assert [asked_again(office, ASK_DAY + days * timedelta(days=1)) for days in (4, 7, 7, 14)] == [
        False,
        True,
        False,
        False,
    ]
    press(office, asked(office, SUCCESS_QUESTION, "mira@example.com", ASK_DAY + WEEK), "later", ASK_DAY + WEEK)
    assert asked_again(office, ASK_DAY + 2 * WEEK)


def test_not_yet_pressed_twice_is_one_reminder(office: Office, question: Sending) -> None:
    press(office, question, "later")
    press(office, question, "later", ASK_DAY + timedelta(days=3))
    assert asked_again(office, ASK_DAY + WEEK)
    assert not asked_again(office, ASK_DAY + WEEK + timedelta(days=3))


def test_asked_after_not_yet_keeps_the_reminder_away(office: Office, question: Sending) -> None:
    press(office, question, "later")
    press(office, question, "asked")
    assert not asked_again(office, ASK_DAY + WEEK)


def test_a_moved_date_is_shown_to_people_ops(folder: Path, office: Office, question: Sending) -> None:
    assert "tell them the new date" in press(office, question, "moved")
    assert "write the new one into the Roster" in says(folder, office)


def test_a_press_without_a_choice_says_so(office: Office, question: Sending) -> None:
    assert "Nothing is chosen yet" in press(office, question, "")
    assert office.ledger.said_of_talk(question) is None


def test_the_brief_comes_again_when_the_talk_did_not_take_place(office: Office, brief: Sending) -> None:
    press(office, brief, "later", at("2026-09-16 12:00"))
    sent = outcomes(send_due(office, at("2026-09-23 09:00")))
    assert ("one-on-one-brief", "mira@example.com", "sent") in sent


def test_one_press_says_that_the_brief_was_read_and_the_report_sees_it(office: Office, brief: Sending) -> None:
    mira = browser(office, at("2026-09-15 10:00"))
    assert "Seen, thank you" in words(mira.get(link(office, brief, "seen")))
    assert office.ledger.seen(brief.ask) is None
    assert "Cleo Brandt will know" in words(mira.post(link(office, brief, "seen")))
    form = next(s for s in office.ledger.sendings(FORM_DAY) if s.message == REFLECTION_FORM.name)
    page = words(browser(office, at("2026-09-16 09:00")).get(link(office, form)))
    assert "Mira Patel has read what you shared, on Tuesday, 15 September 2026, and says thank you." in page


def test_reading_is_no_outcome_of_the_talk(folder: Path, office: Office, brief: Sending) -> None:
    browser(office, at("2026-09-15 10:00")).post(link(office, brief, "seen"))
    assert says(folder, office, "Cleo Brandt") == ""


@pytest.mark.parametrize("page", ["talk", "seen"])
def test_a_report_has_no_manager_pages(office: Office, page: str) -> None:
    sending = asked(office, REFLECTION_FORM, "cleo@example.com", FORM_DAY)
    done = browser(office, FORM_DAY).post(link(office, sending, page), data={"is": "asked"})
    assert "nothing to fill in" in words(done)
    assert (office.ledger.seen(sending.ask), office.ledger.said_of_talk(sending)) == (None, None)


def event(office: Office, sending: Sending, what: str) -> dict[str, object]:
    """The one event of a calendar file."""
    response = browser(office).get(link(office, sending, what) + ".ics")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert b"\r\n" in response.content
    (found,) = Calendar.from_ical(response.content).walk("VEVENT")
    return {"summary": str(found["summary"]), "dtstart": found.decoded("dtstart"), "rrule": found.get("rrule")}


def test_the_talk_of_a_brief_is_on_the_day_in_the_roster(office: Office, brief: Sending) -> None:
    found = event(office, brief, "talk")
    assert (found["summary"], found["dtstart"]) == ("1:1 with Cleo Brandt", date(2026, 9, 16))


def test_the_talk_of_the_question_is_proposed_for_the_next_working_day(office: Office, question: Sending) -> None:
    start = event(office, question, "talk")["dtstart"]
    assert isinstance(start, datetime)
    assert start == at("2026-09-08 10:00")


def test_the_weekly_hour_keeps_its_hour_when_clocks_change(folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "time_zone": "Europe/Berlin"}])
    with opened(folder) as office:
        sending = asked(office)
        response = browser(office).get(link(office, sending, "slot") + ".ics")
        found = event(office, sending, "slot")
    assert found["summary"] == "Growth time: Clear writing"
    assert found["rrule"] == {"FREQ": ["WEEKLY"], "COUNT": [12]}
    assert "DTSTART;TZID=Europe/Berlin:20260909T100000" in response.text
    assert "BEGIN:VTIMEZONE" in response.text


def test_the_same_file_has_the_same_bytes(office: Office) -> None:
    sending = asked(office, SUCCESS_QUESTION, "mira@example.com", ASK_DAY)
    files = [browser(office, TUESDAY + n * WEEK).get(link(office, sending, "talk") + ".ics").content for n in range(2)]
    assert files[0] == files[1]
