"""Whole ways through, in other languages than the sheet's: asked in one, answered in it, filed in the sheet's own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flows.filing import file_answers
from flows.office import Office
from flows.rules.form import entry_of, field_of, read_form
from flows.rules.letters import NO_GOAL
from flows.rules.questions import as_asked
from tests.sample import (
    ANA,
    CLEO,
    FORM_DAY,
    MIRA,
    TUESDAY,
    WEEK,
    Row,
    cells,
    drop,
    mails,
    make_sheet,
    reply_to,
    send_due,
    text_of,
    the_mail,
)

HOUR = timedelta(hours=1)
ANSWERED = {"de": ("Ein wenig", "4"), "fr": ("Un peu.", "4"), "es": ("un poco", "4"), "en": ("a little", "4")}


@pytest.mark.parametrize("language", ANSWERED)
def test_a_choice_in_any_language_is_filed_under_the_sheets_own(office: Office, folder: Path, language: str) -> None:
    make_sheet(folder, [MIRA, {**ANA, "language": language}])
    send_due(office, TUESDAY)
    practised, energy = ANSWERED[language]
    drop(folder, reply_to(the_mail(folder, "growth-check-in *"), f"[1] {practised}\n[2] {energy}"))
    file_answers(office, TUESDAY + HOUR)
    (row,) = cells(folder, "Check-ins")
    assert (row["Practised"], row["Energy"]) == ("A little", "4")


def test_a_choice_pressed_on_a_page_is_filed_the_same_way(office: Office, folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "language": "de"}])
    send_due(office, TUESDAY)
    (asking,) = office.ledger.sendings(TUESDAY)
    assert as_asked(asking.questions)[0].choices == ("Ja", "Ein wenig", "Diese Woche nicht")
    pressed = entry_of(asking, read_form(as_asked(asking.questions), {field_of(1): "3"}), "", TUESDAY)
    assert [answer.text for answer in pressed.answers] == ["Not this week"]


def test_a_person_without_a_language_gets_the_settings_and_a_strange_one_gets_english(
    office: Office, folder: Path
) -> None:
    make_sheet(folder, [MIRA, ANA, {**ANA, "email": "rui@example.com", "language": "pt"}], language="Deutsch")
    send_due(office, TUESDAY)
    assert "Hallo Ana Silva," in text_of(the_mail(folder, "growth-check-in * ana@*"))
    assert "Hello Ana Silva," in text_of(the_mail(folder, "growth-check-in * rui@*"))


def test_a_manager_reads_the_answers_in_their_own_language(office: Office, folder: Path) -> None:
    make_sheet(folder, [{**MIRA, "language": "fr"}, {**CLEO, "language": "de"}])
    send_due(office, FORM_DAY)
    words = "[1] Gelegenheiten, wie sie kommen\n[2] Mehr mit Daten"
    drop(folder, reply_to(the_mail(folder, "reflection-form *"), words))
    file_answers(office, FORM_DAY + HOUR)
    send_due(office, FORM_DAY + 24 * HOUR)
    brief = text_of(the_mail(folder, "one-on-one-brief *"))
    assert "Avez-vous un objectif à long terme" in brief
    assert "Les occasions qui se présentent" in brief
    assert "Mehr mit Daten" in brief
    assert "Quel travail referiez-vous volontiers" in brief  # what to ask somebody without a goal


@pytest.mark.parametrize(
    ("words", "none"),
    [
        ("Opportunities as they come", True),
        ("I have no clear goal", True),
        ("Gelegenheiten, wie sie kommen", True),
        ("Ich habe kein klares Ziel", True),
        ("Les occasions qui se présentent", True),
        ("Je n’ai pas d’objectif précis", True),
        ("No tengo ninguna meta", True),
        ("A long-term goal", False),
        ("Ein langfristiges Ziel", False),
        ("Un objectif à long terme", False),
        ("Una meta a largo plazo", False),
        ("I want to lead a lab", False),
    ],
)
def test_having_no_goal_is_understood_in_every_language(words: str, none: bool) -> None:
    assert bool(NO_GOAL.search(words)) is none


def six_weeks(office: Office, folder: Path, person: Row) -> int:
    """Six check-ins, each of them answered; how many weeks that took."""
    make_sheet(folder, [MIRA, person])
    for week in range(6):
        send_due(office, TUESDAY + week * WEEK)
        mail = mails(folder, "growth-check-in *")[-1]
        drop(folder, reply_to(mail, "[3] A bit further"))
        file_answers(office, TUESDAY + week * WEEK + HOUR)
    return 6


def test_after_six_answered_weeks_a_skill_is_kept_or_changed_or_done(office: Office, folder: Path) -> None:
    week = six_weeks(office, folder, ANA)
    send_due(office, TUESDAY + week * WEEK)
    mail = mails(folder, "growth-check-in *")[-1]
    assert "[5] You have been at this skill for a while" in text_of(mail)
    assert not [m for m in mails(folder, "growth-check-in *")[:-1] if "[5]" in text_of(m)]
    drop(folder, reply_to(mail, "[1] yes\n[5] done"))
    file_answers(office, TUESDAY + week * WEEK + HOUR)
    assert cells(folder, "Check-ins")[-1]["Going on"] == "Done"
    status = {row["Email"]: row["Growth skill"] for row in cells(folder, "Status")}
    assert status["ana@example.com"] == "none: done with “Clear writing”; empty the Roster"
    send_due(office, TUESDAY + (week + 1) * WEEK)
    assert "Which one skill would you like to grow" in text_of(mails(folder, "growth-check-in *")[-1])


def test_the_manager_reads_a_month_in_what_was_shared_before(office: Office, folder: Path) -> None:
    send_due(office, FORM_DAY)
    drop(folder, reply_to(the_mail(folder, "reflection-form * cleo@*"), "[2] Lead a lab"))
    file_answers(office, FORM_DAY + HOUR)
    send_due(office, FORM_DAY + timedelta(days=30))
    text = text_of(the_mail(folder, "success-question *"))
    assert "WHAT CLEO BRANDT SHARED WITH YOU BEFORE" in text
    assert "Lead a lab" in text


def test_a_new_manager_reads_nothing_of_that(office: Office, folder: Path) -> None:
    send_due(office, FORM_DAY)
    drop(folder, reply_to(the_mail(folder, "reflection-form * cleo@*"), "[2] Lead a lab"))
    file_answers(office, FORM_DAY + HOUR)
    make_sheet(folder, [MIRA, {**CLEO, "manager_email": "kenji@example.com"}])
    send_due(office, FORM_DAY + timedelta(days=30))
    assert "Lead a lab" not in text_of(the_mail(folder, "success-question *"))
