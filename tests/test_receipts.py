"""Receipts: one a day at most, to people only, saying what was kept; and the manager's thanks, passed on once."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.filing import file_answers
from flows.mail.tokens import identity
from flows.office import Office
from flows.receipts import foreseen, plan_receipts
from flows.rules.email import SENT
from flows.rules.form import entry_of, field_of, read_form
from flows.rules.questions import as_asked
from flows.rules.receipts import FRESH, unacknowledged
from tests.sample import (
    ANA,
    FORM_DAY,
    MIRA,
    TEAM,
    TUESDAY,
    drop,
    mails,
    make_sheet,
    outcomes,
    parsed,
    reply_to,
    send_due,
    text_of,
    the_mail,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ANAS = "growth-check-in 2026-W37 ana@*"
RECEIPT = "receipt * ana@*"


@pytest.fixture
def asked(office: Office) -> Office:
    send_due(office, TUESDAY)
    return office


def answer(office: Office, folder: Path, words: str, hours: float = 1, **headers: str) -> None:
    drop(folder, reply_to(the_mail(folder, ANAS), words, Message_ID=f"<{hours}@example.com>", **headers))
    file_answers(office, TUESDAY + hours * HOUR)


def test_a_receipt_says_what_was_kept_who_reads_it_and_how_to_change_it(asked: Office, folder: Path) -> None:
    answer(asked, folder, "[1] a little\n[4] Friday at ten")
    text = text_of(the_mail(folder, RECEIPT))
    assert "[1] Did you find time for it since last week? A little" in text
    assert "[4] When will you work on it next? A day and an hour work best. Friday at ten" in text
    assert "Read by your manager Mira Patel and people ops." in text
    assert "Reply with the new words under the number" in text
    assert "http://127.0.0.1:8020/form/" in text


def test_a_receipt_refers_to_the_reply_and_says_that_a_machine_wrote_it(asked: Office, folder: Path) -> None:
    answer(asked, folder, "[1] yes")
    receipt, mail = parsed(the_mail(folder, RECEIPT)), parsed(the_mail(folder, ANAS))
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == "<1@example.com>"
    assert receipt["References"] == f"{mail['References']} <1@example.com>"
    assert receipt["To"] == "Ana Silva <ana@example.com>"


def test_an_answer_from_a_page_gets_one_too_that_answers_no_mail(asked: Office, folder: Path) -> None:
    asking = asked.ledger.sendings(TUESDAY)[0]
    filled = read_form(as_asked(asking.questions), {field_of(1): "1"})
    asked.ledger.answer(entry_of(asking, filled, "a load of the page", TUESDAY + HOUR))
    file_answers(asked, TUESDAY + HOUR)
    receipt = parsed(the_mail(folder, RECEIPT))
    assert (receipt["Auto-Submitted"], receipt["In-Reply-To"]) == ("auto-generated", None)


@pytest.mark.parametrize("own", ["", "<a b@example.com>", f"<{'a' * 900}@example.com>"])
def test_a_reply_without_a_usable_id_gets_one_all_the_same(asked: Office, folder: Path, own: str) -> None:
    drop(folder, reply_to(the_mail(folder, ANAS), "[1] yes", Message_ID=own))
    file_answers(asked, TUESDAY + HOUR)
    assert parsed(the_mail(folder, RECEIPT))["In-Reply-To"] is None


def test_there_is_one_a_day_and_what_came_later_is_in_the_next_days(asked: Office, folder: Path) -> None:
    answer(asked, folder, "[1] yes")
    answer(asked, folder, "[3] Pauses help", hours=3)
    for hours in range(3, 12):
        file_answers(asked, TUESDAY + hours * HOUR)
    assert len(mails(folder, RECEIPT)) == 1
    file_answers(asked, TUESDAY + DAY)
    second = text_of(mails(folder, "receipt 2026-09-0* ana@*")[-1])
    assert "Pauses help" in second
    assert "Yes" not in second
    for days in range(1, 6):
        file_answers(asked, TUESDAY + days * DAY)
    assert len(mails(folder, RECEIPT)) == 2


def test_what_is_fresh_is_what_came_since_the_last_receipt_and_in_the_last_days(asked: Office, folder: Path) -> None:
    answer(asked, folder, "[1] yes")
    (said,) = asked.ledger.entries()
    at = said.received_at
    assert unacknowledged([said], {}, at) == {"ana@example.com": (said,)}
    assert unacknowledged([said], {"ana@example.com": at - HOUR}, at) == {"ana@example.com": (said,)}
    assert unacknowledged([said], {"ana@example.com": at}, at) == {}
    assert unacknowledged([said], {}, at + FRESH) == {}
    assert unacknowledged([said], {}, at - HOUR) == {}


def test_nothing_is_made_ready_while_there_was_one_today(asked: Office, folder: Path) -> None:
    answer(asked, folder, "[1] yes")
    answer(asked, folder, "[3] Pauses help", hours=3)
    assert plan_receipts(asked, TUESDAY + 4 * HOUR).going == ()
    assert len(plan_receipts(asked, TUESDAY + DAY).going) == 1


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes"}, {"Precedence": "auto_reply"}],
    ids=lambda headers: next(iter(headers)),
)
def test_a_machine_gets_none(asked: Office, folder: Path, headers: dict[str, str]) -> None:
    answer(asked, folder, "[1] yes", 1, **headers)
    assert mails(folder, RECEIPT) == []


def test_a_stranger_who_answers_gets_none(asked: Office, folder: Path) -> None:
    drop(folder, reply_to(the_mail(folder, ANAS), "[1] yes", sender="eve@example.com"))
    file_answers(asked, TUESDAY + HOUR)
    assert mails(folder, "receipt*") == []


def test_a_reply_to_a_receipt_changes_the_answer(asked: Office, folder: Path) -> None:
    answer(asked, folder, "[1] yes\n[3] Pauses help")
    drop(folder, reply_to(the_mail(folder, RECEIPT), "[3] Pauses and breathing"))
    file_answers(asked, TUESDAY + 2 * HOUR)
    newest = asked.ledger.entries()[-1]
    assert [(a.question, a.text) for a in newest.answers] == [("Noticed", "Pauses and breathing")]
    assert newest.ask == asked.ledger.entries()[0].ask


def test_in_preview_receipts_are_shown_and_not_sent(asked: Office, folder: Path) -> None:
    make_sheet(folder, TEAM, sending="Preview")
    drop(folder, reply_to(the_mail(folder, ANAS), "[1] yes"))
    filed = file_answers(asked, TUESDAY + HOUR)
    assert outcomes(filed.receipts) == {("receipt", "ana@example.com", "preview")}
    assert mails(folder, RECEIPT) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "Paused"}, "paused in the roster"),
        ({"status": "Left"}, "has left"),
        ({"away_from": date(2026, 9, 1), "away_until": date(2026, 9, 30)}, "away"),
    ],
)
def test_who_gets_no_mail_gets_no_receipt(
    asked: Office, folder: Path, change: dict[str, str | date], reason: str
) -> None:
    make_sheet(folder, [MIRA, {**ANA, **change}])
    answer(asked, folder, "[1] yes")
    assert mails(folder, RECEIPT) == []
    assert [verdict.reason for verdict in plan_receipts(asked, TUESDAY + HOUR).skipped] == [reason]


def test_a_look_ahead_shows_the_receipts_that_wait(asked: Office, folder: Path) -> None:
    make_sheet(folder, TEAM, sending="Preview")
    answer(asked, folder, "[1] yes")
    assert [verdict.due.to.email for verdict in foreseen(asked, TUESDAY + HOUR)] == ["ana@example.com"]
    assert foreseen(asked, TUESDAY + 4 * DAY) == []


def test_a_receipt_names_the_manager_for_whom_it_was_written(asked: Office, folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "manager_email": "kenji@example.com"}])
    answer(asked, folder, "[1] yes")
    assert "Read by your manager Mira Patel" in text_of(the_mail(folder, RECEIPT))


def test_what_is_long_past_is_not_acknowledged_any_more(asked: Office, folder: Path) -> None:
    make_sheet(folder, TEAM, sending="Off")
    answer(asked, folder, "[1] yes")
    make_sheet(folder, TEAM)
    file_answers(asked, TUESDAY + 4 * DAY)
    assert mails(folder, RECEIPT) == []


def test_receipts_are_in_the_persons_language_with_the_choice_as_they_read_it(office: Office, folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "language": "de"}])
    send_due(office, TUESDAY)
    answer(office, folder, "[1] ein wenig")
    receipt = text_of(the_mail(folder, RECEIPT))
    assert "Danke, das ist angekommen:" in receipt
    assert "[1] Hast du seit letzter Woche Zeit dafür gefunden? Ein wenig" in receipt
    (entry,) = office.ledger.entries()
    assert [answer.text for answer in entry.answers] == ["A little"]


# -- the manager's thanks --------------------------------------------------------------------------


@pytest.fixture
def seen(office: Office, folder: Path) -> Office:
    """Cleo has answered, Mira has the brief and presses that she has seen it."""
    send_due(office, FORM_DAY)
    drop(folder, reply_to(the_mail(folder, "reflection-form * cleo@*"), "[2] Lead a lab"))
    file_answers(office, FORM_DAY + HOUR)
    send_due(office, FORM_DAY + DAY)
    brief = next(s for s in office.ledger.sendings(FORM_DAY) if s.message == "one-on-one-brief")
    assert office.ledger.sending(identity(brief.key)) == brief
    office.ledger.see(brief, FORM_DAY + DAY + HOUR)
    return office


def test_the_managers_thanks_is_passed_on_once(seen: Office, folder: Path) -> None:
    sent = [send_due(seen, FORM_DAY + DAY + hours * HOUR) for hours in (1, 2, 3, 30)]
    assert ("thanks", "cleo@example.com", SENT) in outcomes(sent[0])
    assert len(mails(folder, "thanks*")) == 1
    assert "Mira Patel has read what you wrote, and says thank you." in text_of(the_mail(folder, "thanks*"))


def test_nobody_is_thanked_for_nothing(office: Office, folder: Path) -> None:
    send_due(office, FORM_DAY)
    send_due(office, FORM_DAY + DAY)
    brief = next(s for s in office.ledger.sendings(FORM_DAY) if s.message == "one-on-one-brief")
    office.ledger.see(brief, FORM_DAY + DAY + HOUR)
    send_due(office, FORM_DAY + DAY + HOUR)
    assert mails(folder, "thanks*") == []
