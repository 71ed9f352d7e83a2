"""The form page: looking stores nothing, one press saves, and nobody else with the link sees what was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from flows.filing import refresh_sheet
from flows.office import Office
from flows.rules.form import LONGEST
from flows.rules.messages import BRIEF, REFLECTION_FORM, SUCCESS_QUESTION
from flows.rules.post import Sending
from tests.sample import ANA, BEN, CLEO, FORM_DAY, MIRA, TUESDAY, at, cells, everything_in, make_sheet, opened, send_due
from tests.visits import asked, browser, checked, link, load_of, words

NOTICED = {"q1": "2", "q3": "Short sentences."}


@pytest.fixture
def sending(office: Office) -> Sending:
    """Ana's check-in."""
    return asked(office)


@pytest.fixture
def ana(office: Office, sending: Sending) -> Iterator[TestClient]:
    with browser(office) as client:
        yield client


def said(office: Office) -> list[dict[str, str]]:
    return [{answer.question: answer.text for answer in entry.answers} for entry in office.ledger.entries()]


def test_one_press_saves_what_was_filled_in(office: Office, ana: TestClient, sending: Sending) -> None:
    done = ana.post(link(office, sending), data=NOTICED)
    assert done.status_code == 200
    assert said(office) == [{"Practised": "A little", "Noticed": "Short sentences."}]
    (entry,) = office.ledger.entries()
    assert (entry.by, entry.ask, entry.person, entry.ref[:2]) == ("page", sending.ask, "ana@example.com", "p-")


def test_after_the_press_the_page_says_what_was_saved_who_reads_it_and_what_happens_next(
    office: Office, ana: TestClient, sending: Sending
) -> None:
    page = words(ana.post(link(office, sending), data=NOTICED))
    assert "A little Read by your manager Mira Patel and people ops." in page
    assert "Short sentences." in page
    assert "Next week’s check-in reminds you" in page
    assert "Open the questions again" in page
    assert "How much energy" not in page


def test_each_question_says_who_reads_the_answer(office: Office) -> None:
    sending = asked(office, REFLECTION_FORM, "cleo@example.com", FORM_DAY)
    page = words(browser(office, FORM_DAY).get(link(office, sending)))
    assert page.count("Read by your manager Mira Patel only.") == 4
    assert page.count("Read by your manager Mira Patel and people ops.") == 1
    assert "No clear goal? That is as good an answer as having one." in page


def test_a_link_in_the_mail_selects_a_choice_and_stores_nothing(
    office: Office, ana: TestClient, sending: Sending
) -> None:
    page = ana.get(link(office, sending) + "?1=3&2=5&3=1&9=1&2x=1")
    assert checked(page) == [("q1", "3"), ("q2", "5")]
    assert said(office) == []


@pytest.mark.parametrize("query", ["?1=0", "?1=4", "?1=-1", "?1=٣", "?1=1e0", "?1=", "?1=" + "9" * 5000, "?=1", "?1"])
def test_a_choice_that_was_never_offered_selects_nothing(
    office: Office, ana: TestClient, sending: Sending, query: str
) -> None:
    page = ana.get(link(office, sending) + query)
    assert (page.status_code, checked(page)) == (200, [])


def test_an_empty_form_is_said_kindly_and_kept_nowhere(office: Office, ana: TestClient, sending: Sending) -> None:
    page = ana.post(link(office, sending), data={"q1": "", "q3": " \r\n ", "q2": "17"})
    assert page.status_code == 422
    assert "Nothing is filled in yet" in words(page)
    assert "<title>Not saved yet: " in page.text
    assert said(office) == []


def test_an_answer_that_is_too_long_comes_back_whole(office: Office, ana: TestClient, sending: Sending) -> None:
    long = "ü" * (LONGEST + 1)
    page = ana.post(link(office, sending), data={"q1": "1", "q3": long})
    assert page.status_code == 422
    assert f">\n{long}</textarea>" in page.text
    assert checked(page) == [("q1", "1")]
    assert 'aria-invalid="true"' in page.text
    assert said(office) == []


def test_pressing_twice_is_one_answer(office: Office, ana: TestClient, sending: Sending) -> None:
    load = load_of(ana.get(link(office, sending)))
    pages = [ana.post(link(office, sending), data={**NOTICED, "load": load}) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert len(said(office)) == 1


def test_a_later_answer_replaces_the_earlier_one_and_the_history_stays(
    folder: Path, office: Office, ana: TestClient, sending: Sending
) -> None:
    ana.post(link(office, sending), data={**NOTICED, "load": load_of(ana.get(link(office, sending)))})
    ana.post(link(office, sending), data={"q1": "1", "load": load_of(ana.get(link(office, sending)))})
    refresh_sheet(office, TUESDAY)
    first, second = cells(folder, "Check-ins")
    assert (first["Practised"], second["Practised"], second["By"]) == ("A little", "Yes", "page")
    assert "replaces" in str(second["Remark"])


def test_changed_words_from_the_same_loading_are_a_correction(
    office: Office, ana: TestClient, sending: Sending
) -> None:
    load = load_of(ana.get(link(office, sending)))
    for words_ in ("Frist", "First"):
        ana.post(link(office, sending), data={"q3": words_, "load": load})
    assert said(office) == [{"Noticed": "Frist"}, {"Noticed": "First"}]


def test_the_same_browser_sees_todays_answers(office: Office, ana: TestClient, sending: Sending) -> None:
    ana.post(link(office, sending), data=NOTICED)
    page = ana.get(link(office, sending))
    assert "Short sentences.</textarea>" in page.text
    assert checked(page) == [("q1", "2")]


def test_anybody_else_with_the_link_sees_only_that_there_is_an_answer(
    office: Office, ana: TestClient, sending: Sending
) -> None:
    ana.post(link(office, sending), data=NOTICED)
    page = browser(office).get(link(office, sending))
    assert "There is an answer of yours already, of Tuesday, 8 September 2026." in words(page)
    assert "Short sentences" not in page.text
    assert checked(page) == []


def test_who_answers_by_somebody_elses_link_does_not_see_what_they_said(
    office: Office, ana: TestClient, sending: Sending
) -> None:
    ana.post(link(office, sending), data={"q3": "PRIVATE"})
    stranger = browser(office)
    shown = [stranger.post(link(office, sending), data={"q1": "1"}), stranger.get(link(office, sending))]
    assert all("PRIVATE" not in page.text for page in shown)


def test_the_next_day_the_same_browser_sees_only_that_there_is_an_answer(
    office: Office, ana: TestClient, sending: Sending
) -> None:
    ana.post(link(office, sending), data=NOTICED)
    office.clock = lambda: TUESDAY + timedelta(hours=15)  # midnight, where Ana is
    assert "Short sentences" not in ana.get(link(office, sending)).text


def test_a_cookie_that_somebody_made_up_shows_nothing(office: Office, ana: TestClient, sending: Sending) -> None:
    ana.post(link(office, sending), data=NOTICED)
    (name,), (entry,) = list(ana.cookies), office.ledger.entries()
    for made_up in (f"2026-09-08.{entry.ref}.{'0' * 32}", f"2026-09-08.{entry.ref}.", "", "...", "2026-09-08.é.é"):
        cookie = {b"Cookie": f"{name}={made_up}".encode()}
        assert "Short sentences" not in browser(office).get(link(office, sending), headers=cookie).text


def test_an_answer_that_comes_late_is_kept_and_filed(folder: Path, office: Office, sending: Sending) -> None:
    late = TUESDAY + timedelta(days=40)
    assert browser(office, late).post(link(office, sending), data=NOTICED).status_code == 200
    refresh_sheet(office, late)
    assert [row["Week"] for row in cells(folder, "Check-ins")] == ["2026-W37"]


def test_after_half_a_year_the_questions_are_closed_and_say_so(office: Office, sending: Sending) -> None:
    page = browser(office, TUESDAY + timedelta(days=190)).get(link(office, sending))
    assert page.status_code == 410
    assert "asked on Tuesday, 8 September 2026" in words(page)


def test_the_audience_that_was_printed_is_kept_whatever_the_sheet_says_later(folder: Path) -> None:
    question = ("Growth check-in", "Noticed", "What did you notice?", "text", "", "manager")
    make_sheet(folder, questions=[question])
    with opened(folder) as office:
        sending = asked(office)
    make_sheet(folder, questions=[(*question[:5], "manager and people ops")])
    with opened(folder) as office:
        page = browser(office).post(link(office, sending), data={"q1": "SECRET"})
        refresh_sheet(office, TUESDAY)
    assert "Read by your manager Mira Patel only." in words(page)
    assert "SECRET" not in everything_in(folder)


def test_an_answer_by_page_keeps_the_reminder_away(folder: Path, office: Office, sending: Sending) -> None:
    browser(office).post(link(office, sending), data=NOTICED)
    sent = send_due(office, TUESDAY + timedelta(days=2))
    assert ("growth-check-in-reminder", "ana@example.com") not in {(o.message, o.to) for o in sent.outcomes}
    assert ("growth-check-in-reminder", "ben@example.com") in {(o.message, o.to) for o in sent.outcomes}


def test_who_has_left_is_told_so_kindly_and_nothing_is_kept(folder: Path, office: Office, sending: Sending) -> None:
    make_sheet(folder, [MIRA, {**ANA, "status": "Left"}, BEN, CLEO])
    with opened(folder) as later:
        client = browser(later)
        pages = [client.get(link(later, sending)), client.post(link(later, sending), data=NOTICED)]
        assert [page.status_code for page in pages] == [410, 410]
        assert "not in this team any more" in words(pages[0])
        assert said(later) == []


def test_a_page_works_while_the_sheet_cannot_be_read(folder: Path, office: Office, sending: Sending) -> None:
    (folder / "roster.xlsx").unlink()
    with opened(folder) as later:
        page = browser(later).post(link(later, sending), data=NOTICED)
        assert page.status_code == 200
        assert "mira@example.com" in words(page)
        assert len(said(later)) == 1


def test_a_mail_that_asks_nothing_has_no_form(office: Office) -> None:
    make_sheet_day = at("2026-09-15 09:00")
    asked(office, REFLECTION_FORM, "cleo@example.com", FORM_DAY)
    brief = asked(office, BRIEF, "mira@example.com", make_sheet_day)
    page = browser(office, make_sheet_day).post(link(office, brief), data={"q1": "1"})
    assert "nothing to fill in" in words(page)
    assert said(office) == []


def test_what_people_write_is_text_and_no_markup(office: Office, ana: TestClient, sending: Sending) -> None:
    page = ana.post(link(office, sending), data={"q3": "<script>alert(1)</script>\x00 =1+1"})
    assert "<script>alert" not in page.text
    assert said(office) == [{"Noticed": "<script>alert(1)</script> =1+1"}]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("de", "Meine Antworten speichern"), ("fr", "Enregistrer mes réponses"), ("es", "Guardar mis respuestas")],
)
def test_the_page_speaks_the_persons_language(tmp_path: Path, language: str, expected: str) -> None:
    make_sheet(tmp_path, [MIRA, {**ANA, "language": language}])
    with opened(tmp_path) as office:
        page = browser(office).get(link(office, asked(office)))
    assert f'<html lang="{language}">' in page.text
    assert expected in words(page)


def test_the_success_question_has_no_form_either(office: Office, folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "start_date": date(2026, 8, 7)}])
    now = at("2026-09-07 09:00")
    sending = asked(office, SUCCESS_QUESTION, "mira@example.com", now)
    assert "nothing to fill in" in words(browser(office, now).get(link(office, sending)))
