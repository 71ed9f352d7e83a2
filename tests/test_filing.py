"""Filing: what people reply ends in the right cells, once, for the right eyes; what is no answer never does."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from flows.demo import replies
from flows.demo.team import INLINE
from flows.filing import file_answers, ledger_problems, refresh_sheet
from flows.mail.outbox import Outbox
from flows.mail.tokens import Tokens
from flows.office import Office
from flows.receiving import receive, take_in
from flows.rules.email import UNKNOWN, Delivery, Email
from flows.rules.post import ASIDE, DOUBTFUL, TAKEN, Sending
from flows.rules.standard_questions import DEFAULTS
from flows.rules.tabs import Content
from flows.services import open_office
from flows.sheet.door import SheetError
from flows.sheet.workbook import Workbook
from tests.sample import (
    ANA,
    CLEO,
    FORM_DAY,
    MIRA,
    TUESDAY,
    WEEK,
    at,
    cells,
    drop,
    everything_in,
    mails,
    make_sheet,
    opened,
    parsed,
    reply_to,
    send_due,
    settings_for,
    the_mail,
)

HOUR = timedelta(hours=1)
LATER = TUESDAY + HOUR
ANAS, BENS = "growth-check-in 2026-W37 ana@*", "growth-check-in 2026-W37 ben@*"
FOUR = "[1] Yes\n[2] 4\n[3] Shorter sentences work\n[4] Friday at ten"
SECRETS = ("Lead a laboratory", "Long silent mornings", "Tell me straight away")
FORM = f"[1] A long-term goal\n[2] {SECRETS[0]}\n[3] {SECRETS[1]}\n[4] Negotiating\n[5] {SECRETS[2]}"


def questions(**audiences: str) -> list[tuple[str, ...]]:
    """The rows of the tab Questions, with another audience for the questions of these names (`Next_time`)."""
    return [
        (q.form, q.name, q.wording, q.kind, "; ".join(q.choices), audiences.get(q.name.replace(" ", "_"), q.audience))
        for q in DEFAULTS
    ]


@pytest.fixture
def asked(office: Office) -> Office:
    """The office on the Tuesday on which Ana and Ben were asked."""
    send_due(office, TUESDAY)
    return office


def filed(office: Office, folder: Path, *raw: bytes, now: timedelta = HOUR) -> list[dict[str, object]]:
    """The check-ins in the sheet after these mails came in."""
    drop(folder, *raw)
    file_answers(office, TUESDAY + now)
    return cells(folder, "Check-ins") if (folder / "answers.xlsx").exists() else []


def advice(office: Office) -> list[str]:
    """What the ledger wants people ops to look at."""
    return [str(problem) for problem in ledger_problems(office, office.timetable().company, TUESDAY)]


def test_a_reply_ends_in_the_right_cells(asked: Office, folder: Path) -> None:
    (row,) = filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR))
    assert [row[name] for name in ("Week", "Name", "Email", "Manager", "Growth skill")] == [
        "2026-W37", "Ana Silva", "ana@example.com", "Mira Patel", "Clear writing",
    ]  # fmt: skip
    assert [row[name] for name in ("Practised", "Energy", "Noticed", "Next time")] == [
        "Yes", "4", "Shorter sentences work", "Friday at ten",
    ]  # fmt: skip
    assert (row["Received"], row["By"], row["Remark"]) == (LATER.replace(tzinfo=None), "mail", None)


@pytest.mark.parametrize("client", ["gmail", "outlook", "apple", "iphone", INLINE])
def test_the_same_words_from_any_mail_program_end_in_the_same_cells(asked: Office, folder: Path, client: str) -> None:
    (row,) = filed(asked, folder, replies.reply_to(parsed(the_mail(folder, ANAS)), client, FOUR, LATER))
    assert [row[name] for name in ("Practised", "Energy", "Noticed", "Next time")] == [
        "Yes", "4", "Shorter sentences work", "Friday at ten",
    ]  # fmt: skip


WORDS = {
    "free words": ("It went well, thanks.", {"Noticed": "It went well, thanks."}),
    "a choice in other letters": ("a LITTLE", {"Practised": "A little"}),
    "a number of the scale": ("5", {"Energy": "5"}),
    "a number and words": ("[2] 3\nNothing special.", {"Energy": "3\nNothing special."}),
    "numbers without brackets": ("1. Yes\n2. 4", {"Practised": "Yes", "Energy": "4"}),
    "more than a choice": ("[1] Yes, twice!", {"Practised": "Yes, twice!"}),
    "a number that was not asked": ("[1] Yes\n[9] Something else", {"Practised": "Yes", "Noticed": "Something else"}),
    "a formula": ("[3] =1+1", {"Noticed": "=1+1"}),
    "a link formula": ('[3] =HYPERLINK("http://x.example")', {"Noticed": '=HYPERLINK("http://x.example")'}),
    "a plus": ("[3] +49 30 1234", {"Noticed": "+49 30 1234"}),
    "another script": ("[3] 文章が短くなった", {"Noticed": "文章が短くなった"}),
    "several lines": ("[3] One.\n\nTwo.\n[4] Soon", {"Noticed": "One.\n\nTwo.", "Next time": "Soon"}),
}


@pytest.mark.parametrize(("words", "expected"), WORDS.values(), ids=WORDS)
def test_words_find_their_question(asked: Office, folder: Path, words: str, expected: dict[str, str]) -> None:
    (row,) = filed(asked, folder, reply_to(the_mail(folder, ANAS), words))
    found = {name: row[name] for name in ("Practised", "Energy", "Noticed", "Next time") if row[name]}
    assert found == expected


def test_a_reply_that_begins_like_a_formula_is_text(asked: Office, folder: Path) -> None:
    filed(asked, folder, reply_to(the_mail(folder, ANAS), "=1+1"))
    book = openpyxl.load_workbook(BytesIO((folder / "answers.xlsx").read_bytes()))
    kinds = {cell.data_type for row in book["Check-ins"].iter_rows() for cell in row if cell.value == "=1+1"}
    assert kinds == {"s"}
    sheets = [name for name in zipfile.ZipFile(folder / "answers.xlsx").namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in zipfile.ZipFile(folder / "answers.xlsx").read(name) for name in sheets)


def test_every_row_of_the_record_ends_with_its_own_ref(asked: Office, folder: Path) -> None:
    rows = filed(
        asked, folder, reply_to(the_mail(folder, ANAS), FOUR), reply_to(the_mail(folder, BENS), "[1] Chess"),
        reply_to(the_mail(folder, ANAS), "[2] 5"),
    )  # fmt: skip
    assert {list(row)[-1] for row in rows} == {"Ref"}
    assert len({row["Ref"] for row in rows}) == 3
    assert {row["Ref"] for row in rows} == {entry.ref for entry in asked.ledger.entries()}


def reflected(folder: Path, office: Office, words: str = FORM) -> None:
    """Cleo is asked and answers."""
    send_due(office, FORM_DAY)
    drop(folder, reply_to(the_mail(folder, "reflection-form * cleo@*"), words))
    file_answers(office, FORM_DAY + HOUR)
    refresh_sheet(office, FORM_DAY + HOUR)


def test_of_a_reflection_people_ops_see_what_was_promised_and_nothing_else(office: Office, folder: Path) -> None:
    reflected(folder, office)
    (row,) = cells(folder, "Reflections")
    assert (row["First skill"], row["Own words"], row["Start date"]) == ("Negotiating", None, "2026-09-14")
    assert not {"Direction", "Goal", "Energy", "Working together"} & row.keys()
    assert [word for word in (*SECRETS, "A long-term goal") if word in everything_in(folder)] == []


def test_what_is_for_the_manager_alone_is_in_no_part_of_the_file(office: Office, folder: Path) -> None:
    reflected(folder, office)
    book = zipfile.ZipFile(folder / "answers.xlsx")
    assert not [word for name in book.namelist() for word in SECRETS if word.encode() in book.read(name)]


def test_words_without_numbers_in_a_form_are_for_the_manager_alone(office: Office, folder: Path) -> None:
    reflected(folder, office, SECRETS[0])
    assert [entry.words for entry in office.ledger.entries()] == [SECRETS[0]]
    assert SECRETS[0] not in everything_in(folder)


def test_an_audience_that_is_widened_later_shows_nothing_of_earlier_answers(office: Office, folder: Path) -> None:
    send_due(office, FORM_DAY)
    make_sheet(folder, questions=questions(Goal="manager and people ops", Energy="manager and people ops"))
    reflected(folder, office)
    (row,) = cells(folder, "Reflections")
    assert (row["Goal"], row["Energy"], row["Own words"]) == (None, None, None)
    assert not any(word in everything_in(folder) for word in SECRETS)


def test_a_question_that_was_taken_away_keeps_its_column(asked: Office, folder: Path) -> None:
    filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR))
    make_sheet(folder, questions=[row for row in questions() if row[1] != "Noticed"])
    refresh_sheet(asked, LATER)
    assert [row["Noticed"] for row in cells(folder, "Check-ins")] == ["Shorter sentences work"]


def test_a_skill_that_is_only_for_the_manager_is_not_in_the_sheet(folder: Path) -> None:
    make_sheet(folder, questions=questions(Skill="manager", First_step="manager"))
    with opened(folder) as office:
        send_due(office, TUESDAY)
        filed(office, folder, reply_to(the_mail(folder, BENS), "[1] Speaking up\n[2] A question in the meeting"))
        assert "Speaking up" not in everything_in(folder)
        send_due(office, TUESDAY + WEEK)
        mail = the_mail(folder, "growth-check-in 2026-W38 ben@*")
        filed(office, folder, reply_to(mail, "[1] Yes"), now=WEEK + HOUR)
        assert "Speaking up" not in everything_in(folder)


def test_a_correction_is_a_row_of_its_own_that_says_so(asked: Office, folder: Path) -> None:
    filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR))
    first, second = filed(asked, folder, reply_to(the_mail(folder, ANAS), "[2] 5"), now=2 * HOUR)
    assert (first["Energy"], first["Remark"]) == ("4", None)
    assert (second["Energy"], second["Remark"]) == ("5", "replaces the answer of 2026-09-08 10:00")


@pytest.mark.parametrize("number", range(4))
def test_of_two_replies_that_wait_together_the_later_one_counts(asked: Office, folder: Path, number: int) -> None:
    mail = the_mail(folder, ANAS)
    rows = filed(asked, folder, reply_to(mail, f"[2] 1\n[3] first {number}"), reply_to(mail, f"[3] second {number}"))
    assert [row["Noticed"] for row in rows] == [f"first {number}", f"second {number}"]


def test_a_reply_to_the_reminder_answers_the_same_asking(asked: Office, folder: Path) -> None:
    send_due(asked, TUESDAY + 48 * HOUR)
    mail = the_mail(folder, "growth-check-in-reminder 2026-W37 ana@*")
    (row,) = filed(asked, folder, reply_to(mail, FOUR), now=49 * HOUR)
    assert (row["Week"], row["Energy"]) == ("2026-W37", "4")
    assert {entry.ask for entry in asked.ledger.entries()} <= {s.ask for s in asked.ledger.sendings(TUESDAY)}


def test_a_reply_to_the_sender_address_is_found_by_what_it_answers(asked: Office, folder: Path) -> None:
    (row,) = filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR, To="people@example.com"))
    assert row["Email"] == "ana@example.com"


def test_the_case_of_addresses_does_not_matter(asked: Office, folder: Path) -> None:
    mail = the_mail(folder, ANAS)
    address = str(parsed(mail)["Reply-To"].addresses[0].addr_spec).upper()
    headers = {"To": address, "In-Reply-To": "", "References": ""}
    assert len(filed(asked, folder, reply_to(mail, FOUR, "ANA@Example.COM", **headers))) == 1


def test_stop_ends_the_mails_and_start_brings_them_back(asked: Office, folder: Path) -> None:
    assert filed(asked, folder, reply_to(the_mail(folder, ANAS), "Stop.")) == []
    refresh_sheet(asked, LATER)
    now = {row["Email"]: row["Now"] for row in cells(folder, "Status")}
    assert now["ana@example.com"] == "Asked on Tue 8 Sep 2026 for no more mail"
    assert [o.to for o in send_due(asked, TUESDAY + WEEK).outcomes if o.to != "cleo@example.com"] == ["ben@example.com"]
    filed(asked, folder, reply_to(the_mail(folder, ANAS), "start"), now=WEEK)
    assert "ana@example.com" in [outcome.to for outcome in send_due(asked, TUESDAY + WEEK + HOUR).outcomes]


@pytest.mark.parametrize("words", ["Please don't stop!", "Stop asking about Fridays", "I stopped smoking"])
def test_stop_among_other_words_is_an_answer(asked: Office, folder: Path, words: str) -> None:
    (row,) = filed(asked, folder, reply_to(the_mail(folder, ANAS), words))
    assert row["Noticed"] == words
    assert asked.ledger.history([]).stopped == {}


def test_nobody_stops_the_mails_of_somebody_else(asked: Office, folder: Path) -> None:
    filed(asked, folder, reply_to(the_mail(folder, ANAS), "stop", sender="ben@example.com"))
    assert asked.ledger.history([]).stopped == {}


NO_ANSWERS = {
    "out of office": ("I am away until Monday.", {"Auto-Submitted": "auto-replied"}),
    "an empty reply": ("", {}),
    "only the numbers": ("[1]\n[2]\n[3]", {}),
}


def test_a_machine_that_only_its_subject_gives_away_is_shown_to_a_person(asked: Office, folder: Path) -> None:
    reply = reply_to(the_mail(folder, ANAS), "I am away until Monday.", Subject="Automatic reply: your check-in")
    assert filed(asked, folder, reply) == []
    assert "reads like a machine's" in " ".join(advice(asked))


def test_a_bounce_of_our_mail_is_shown_with_the_address_to_check(asked: Office, folder: Path) -> None:
    bounce = reply_to(the_mail(folder, ANAS), "User unknown", From="MAILER-DAEMON@example.com")
    assert filed(asked, folder, bounce) == []
    (said,) = advice(asked)
    assert "came back as undeliverable; check the address" in said


def test_a_mail_that_comes_twice_by_different_ways_is_one_answer(asked: Office, folder: Path) -> None:
    raw = reply_to(the_mail(folder, ANAS), FOUR, **{"Message-ID": "<1@example.com>"})
    assert len(filed(asked, folder, raw, b"Received: from elsewhere\r\n" + raw)) == 1


@pytest.mark.parametrize(("words", "headers"), NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_answer_is_set_aside(
    asked: Office, folder: Path, words: str, headers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert filed(asked, folder, reply_to(the_mail(folder, ANAS), words, **headers)) == []
    assert (asked.ledger.entries(), len(asked.ledger.replies(ASIDE)), advice(asked)) == ([], 1, [])
    assert send_due(asked, TUESDAY + 48 * HOUR).outcomes  # the reminder still goes: nothing was answered
    assert capsys.readouterr().out == ""


FORGED = Tokens("another secret", "reply.example.com")
DOUBTS = {
    "another sender": ({"sender": "ben@example.com"}, "from another address"),
    "no sender": ({"From": "nobody"}, "from another address"),
    "no token": ({"To": "people@example.com", "In-Reply-To": "", "References": ""}, "none of the mails"),
    "a forged token": (
        {"To": FORGED.address("x"), "In-Reply-To": FORGED.message_id("x"), "References": ""},
        "none of the mails",
    ),
}


@pytest.mark.parametrize(("change", "why"), DOUBTS.values(), ids=DOUBTS)
def test_a_reply_in_doubt_is_shown_and_never_filed(
    asked: Office, folder: Path, change: dict[str, str], why: str
) -> None:
    assert filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR, **change)) == []
    refresh_sheet(asked, LATER)
    (shown,) = cells(folder, "Problems")
    assert why in str(shown["What to do"])
    assert "Shorter sentences" not in everything_in(folder)
    assert len(asked.ledger.replies(DOUBTFUL)) == 1


def test_a_reply_that_the_ledger_knows_nothing_of_is_kept_raw(asked: Office, folder: Path) -> None:
    raw = reply_to(the_mail(folder, ANAS), FOUR)
    with open_office(replace(settings_for(folder), ledger=f"sqlite:///{folder / 'new.sqlite'}")) as other:
        drop(folder, raw)
        file_answers(other, LATER)
        (reply,) = other.ledger.replies(DOUBTFUL)
        assert other.ledger.raw(reply) == raw


class Unsure(Outbox):
    """A mailer that never knows what became of a mail it carried."""

    def __init__(self, office: Office) -> None:
        self.van, self.where, self.carrier = office.mailer, office.mailer.where, office.mailer.carrier

    def send(self, email: Email) -> Delivery:
        self.van.send(email)
        return Delivery(UNKNOWN)

    def evidence(self, sending: Sending) -> Delivery:
        return Delivery(UNKNOWN)


def test_a_reply_to_a_mail_of_unknown_outcome_is_filed(office: Office, folder: Path) -> None:
    send_due(replace(office, mailer=Unsure(office)), TUESDAY)
    (row,) = filed(office, folder, reply_to(the_mail(folder, ANAS), FOUR))
    assert row["Energy"] == "4"


def test_a_reply_proves_that_the_mail_of_unknown_outcome_left(office: Office, folder: Path) -> None:
    send_due(replace(office, mailer=Unsure(office)), TUESDAY)
    filed(office, folder, reply_to(the_mail(folder, ANAS), FOUR))
    assert [sending.recipient for sending in office.ledger.unknown()] == ["ben@example.com"]


def test_an_answer_that_is_corrected_after_the_brief_reaches_the_manager_too(office: Office, folder: Path) -> None:
    reflected(folder, office)
    send_due(office, FORM_DAY + 24 * HOUR)
    drop(folder, reply_to(the_mail(folder, "reflection-form * cleo@*"), "[2] a bakery of my own"))
    file_answers(office, FORM_DAY + 25 * HOUR)
    send_due(office, FORM_DAY + 26 * HOUR)
    briefs = [path.read_text() for path in (folder / "outbox").glob("one-on-one-brief *")]
    assert sorted("a bakery of my own" in brief for brief in briefs) == [False, True]


def test_a_managers_reply_to_a_brief_is_filed_nowhere(office: Office, folder: Path) -> None:
    reflected(folder, office)
    send_due(office, FORM_DAY + 24 * HOUR)
    raw = reply_to(the_mail(folder, "one-on-one-brief *"), "Thanks, that helps!")
    assert filed(office, folder, raw, now=WEEK) == []
    refresh_sheet(office, FORM_DAY + 25 * HOUR)
    assert advice(office) == []
    assert "Thanks, that helps!" not in everything_in(folder)


def test_filing_twice_files_once(asked: Office, folder: Path) -> None:
    drop(folder, reply_to(the_mail(folder, ANAS), FOUR))
    first, second = (file_answers(asked, LATER + n * HOUR) for n in range(2))
    assert (first.taken, first.filed, first.published) == (1, 1, True)
    assert (second.taken, second.filed, second.published) == (0, 0, False)
    assert len(cells(folder, "Check-ins")) == 1


class Interrupted(Workbook):
    """A workbook that cannot be written the first time."""

    tries = 0

    def publish(self, contents: Sequence[Content]) -> bool:
        self.tries += 1
        if self.tries == 1:
            raise SheetError("answers.xlsx: it may not be written now; close it where it is open", passing=True)
        return super().publish(contents)


def test_what_cannot_be_filed_now_is_filed_later_once(asked: Office, folder: Path) -> None:
    sheet = Interrupted(folder / "roster.xlsx", folder / "answers.xlsx")
    closed = replace(asked, sheet=sheet)
    drop(folder, reply_to(the_mail(folder, ANAS), FOUR))
    with pytest.raises(SheetError):
        file_answers(closed, LATER)
    assert not (folder / "answers.xlsx").exists()
    assert [file_answers(closed, LATER + n * HOUR).filed for n in range(3)] == [1, 0, 0]
    (row,) = cells(folder, "Check-ins")
    assert row["Received"] == LATER.replace(tzinfo=None)


def test_what_was_taken_in_before_a_kill_is_understood_later(asked: Office, folder: Path) -> None:
    drop(folder, reply_to(the_mail(folder, ANAS), FOUR))
    take_in(asked, LATER)  # and here the power goes
    assert len(filed(asked, folder, now=3 * HOUR)) == 1


def test_the_inbox_is_emptied_into_the_ledger(asked: Office, folder: Path) -> None:
    drop(folder, reply_to(the_mail(folder, ANAS), FOUR), reply_to(the_mail(folder, BENS), "Chess"))
    (folder / "inbox" / ".half-written.eml").write_bytes(b"From: a")
    assert [take_in(asked, LATER), take_in(asked, LATER)] == [2, 0]
    assert [path.name for path in (folder / "inbox").iterdir()] == [".half-written.eml"]


def test_the_same_mail_by_two_ways_is_one_reply(asked: Office, folder: Path) -> None:
    raw = reply_to(the_mail(folder, ANAS), FOUR)
    (folder / "saved.eml").write_bytes(raw)
    assert receive(asked, folder / "saved.eml", LATER)
    assert not receive(asked, folder / "saved.eml", LATER)
    assert len(filed(asked, folder, raw)) == 1
    assert len(asked.ledger.replies(TAKEN)) == 1


@pytest.mark.parametrize("name", [b"r\xe9ponse.eml", "réponse 📎.eml".encode(), b"a\nb.eml"], ids=repr)
def test_a_file_with_an_odd_name_is_taken_in_like_any_other(asked: Office, folder: Path, name: bytes) -> None:
    inbox = folder / "inbox"
    inbox.mkdir()
    with open(bytes(inbox) + b"/" + name, "wb") as file:
        file.write(reply_to(the_mail(folder, ANAS), FOUR))
    assert len(filed(asked, folder)) == 1


@pytest.mark.parametrize("garbage", [b"", b"\x00\xff" * 50, b"From: \xff\n\n\xff", b"Content-Type: multipart/mixed"])
def test_garbage_in_the_inbox_keeps_no_reply_from_being_filed(asked: Office, folder: Path, garbage: bytes) -> None:
    assert len(filed(asked, folder, garbage, reply_to(the_mail(folder, ANAS), FOUR))) == 1
    assert list((folder / "inbox").iterdir()) == []


def test_an_edited_answers_file_is_set_aside_and_the_record_is_whole(asked: Office, folder: Path) -> None:
    filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR))
    (folder / "answers.xlsx").write_bytes(b"somebody saved something else here")
    filed(asked, folder, reply_to(the_mail(folder, BENS), "Chess"), now=2 * HOUR)
    (aside,) = folder.glob("answers (edited *).xlsx")
    assert aside.read_bytes() == b"somebody saved something else here"
    assert [row["Name"] for row in cells(folder, "Check-ins")] == ["Ana Silva", "Ben Ode"]


def test_a_deleted_answers_file_comes_back_whole(asked: Office, folder: Path) -> None:
    filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR))
    (folder / "answers.xlsx").unlink()
    refresh_sheet(asked, LATER)
    assert len(cells(folder, "Check-ins")) == 1


def test_the_answers_of_somebody_who_left_the_roster_are_filed(asked: Office, folder: Path) -> None:
    raw = reply_to(the_mail(folder, ANAS), FOUR)
    make_sheet(folder, [MIRA, CLEO])
    (row,) = filed(asked, folder, raw)
    assert (row["Name"], row["Email"]) == ("ana@example.com", "ana@example.com")


def test_a_sheet_in_which_nothing_is_new_is_not_written(asked: Office, folder: Path) -> None:
    assert [refresh_sheet(asked, LATER).published for _ in range(2)] == [True, False]
    stamp = (folder / "answers.xlsx").stat().st_mtime_ns
    refresh_sheet(asked, LATER)
    assert (folder / "answers.xlsx").stat().st_mtime_ns == stamp


def test_the_pictures_tell_what_was_sent_and_answered(asked: Office, folder: Path) -> None:
    filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR))
    refresh_sheet(asked, TUESDAY + 2 * HOUR)
    status = {row["Email"]: row for row in cells(folder, "Status")}
    assert [status["ana@example.com"][name] for name in ("Check-ins asked", "Check-ins answered")] == [1, 1]
    assert status["ana@example.com"]["Last answer"] == LATER.replace(tzinfo=None)
    (week,) = cells(folder, "Overview")
    assert [week[name] for name in ("Week", "Check-ins sent", "Answered", "Answered, %")] == ["2026-W37", 2, 1, 50]


def test_the_upcoming_tab_tells_what_goes_out_next(asked: Office, folder: Path) -> None:
    filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR))
    refresh_sheet(asked, TUESDAY + 2 * HOUR)
    coming = [(row["When"], row["Mail"], row["To"]) for row in cells(folder, "Upcoming") if row["When"]]
    assert coming[:2] == [
        (at("2026-09-10 09:00").replace(tzinfo=None), "Check-in reminder", "ben@example.com"),
        (FORM_DAY.replace(tzinfo=None), "Reflection form", "cleo@example.com"),
    ]


def test_the_rosters_own_tabs_are_never_written(asked: Office, folder: Path) -> None:
    before = (folder / "roster.xlsx").read_bytes()
    filed(asked, folder, reply_to(the_mail(folder, ANAS), FOUR))
    refresh_sheet(asked, LATER)
    assert (folder / "roster.xlsx").read_bytes() == before


def test_nothing_is_ever_sent_in_answer_to_a_machine_or_to_the_word_stop(asked: Office, folder: Path) -> None:
    before = len(mails(folder))
    mail = the_mail(folder, ANAS)
    robot = reply_to(mail, FOUR, Auto_Submitted="auto-replied")
    filed(asked, folder, robot, *(reply_to(mail, words) for words in ("stop", "start", "")))
    assert len(mails(folder)) == before


def test_a_chosen_skill_is_an_answer_first_and_heads_the_later_ones(asked: Office, folder: Path) -> None:
    filed(asked, folder, reply_to(the_mail(folder, BENS), "Negotiating"))
    send_due(asked, TUESDAY + WEEK)
    mail = the_mail(folder, "growth-check-in 2026-W38 ben@*")
    first, second = filed(asked, folder, reply_to(mail, FOUR), now=WEEK + HOUR)
    assert (first["Skill"], first["Own words"]) == ("Negotiating", "Negotiating")
    assert (second["Skill"], second["Growth skill"], second["Energy"]) == (None, "Negotiating", "4")


def test_problems_of_the_roster_stand_beside_nobodys_answers(folder: Path) -> None:
    make_sheet(folder, [MIRA, ANA, {**CLEO, "time_zone": "Mars"}])
    with opened(folder) as office:
        refresh_sheet(office, TUESDAY)
    (shown,) = cells(folder, "Problems")
    assert (shown["Tab"], shown["Row"], shown["Column"], shown["Value"]) == ("Roster", 4, "Time zone", "Mars")
    assert "Set aside." in str(cells(folder, "Status")[-1]["Now"])


def test_a_skill_that_is_proposed_in_a_check_in_is_kept_and_shown_to_people_ops(office: Office, folder: Path) -> None:
    send_due(office, TUESDAY)
    (row,) = filed(office, folder, reply_to(the_mail(folder, ANAS), "[1] Yes\n\nskill: Saying no"))
    assert row["Proposed skill"] == "Saying no"
    assert {name for name, value in row.items() if "skill:" in str(value)} == {"Own words"}  # and under no question
    refresh_sheet(office, TUESDAY)
    (status,) = [each for each in cells(folder, "Status") if each["Email"] == "ana@example.com"]
    assert "Clear writing; proposed in a reply: Saying no" in str(status["Growth skill"])


SIGNED = [
    "Cheers,\nAna\n\nskill: Saying no",
    "Viele Grüße\nAna\n\nFähigkeit: Saying no",
    "Saludos\nAna\n\nhabilidad: Saying no",
]


@pytest.mark.parametrize("signed", SIGNED)
def test_a_skill_that_is_proposed_below_a_name_is_kept_as_well(office: Office, folder: Path, signed: str) -> None:
    send_due(office, TUESDAY)
    (row,) = filed(office, folder, reply_to(the_mail(folder, ANAS), f"[1] Yes\n{signed}"))
    assert row["Proposed skill"] == "Saying no"


def test_what_only_reads_like_a_machines_waits_for_a_person(office: Office, folder: Path) -> None:
    send_due(office, TUESDAY)
    away = "I am out of the office until 14 September with no access to mail. In urgent cases please call my colleague."
    mail = the_mail(folder, ANAS)
    reply = EmailMessage()
    for name, value in (("From", "ana@example.com"), ("To", parsed(mail)["Reply-To"]), ("Subject", "Re: check-in")):
        reply[name] = str(value)
    reply.set_content(away)
    assert filed(office, folder, reply.as_bytes()) == []
    (problem,) = ledger_problems(office, office.timetable().company, TUESDAY)
    assert "look at it" in problem.advice


def test_a_mail_is_read_beside_what_was_sent_so_that_an_unmarked_quote_is_no_answer(
    office: Office, folder: Path
) -> None:
    send_due(office, TUESDAY)
    mail = the_mail(folder, ANAS)
    (sending,) = [s for s in office.ledger.sendings(TUESDAY) if s.recipient == "ana@example.com"]
    text = office.ledger.text_of(sending.key)
    assert "[1]" in text
    reply = EmailMessage()
    for name, value in (("From", "ana@example.com"), ("To", parsed(mail)["Reply-To"]), ("Subject", "Re: check-in")):
        reply[name] = str(value)
    lines = text.split("\n")
    below_two = lines.index("", next(n for n, line in enumerate(lines) if "[2]" in line))
    lines.insert(below_two, "\nIn the weekly report, mostly.")
    head = "From: People team\nSent: Tuesday, September 8, 2026 9:00 AM\nTo: Ana\nSubject: check-in\n\n"
    reply.set_content("See below.\n\n" + "_" * 32 + f"\n{head}" + "\n".join(lines))
    (row,) = filed(office, folder, reply.as_bytes())
    assert "In the weekly report, mostly." in str(row.values())
    assert "form/" not in str(row.values())


REPORT = """\
From: MAILER-DAEMON@mx.example.com
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; ana@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {status} <ana@example.com>: no such
  mailbox here

--b--
"""


@pytest.mark.parametrize(("action", "status", "paused"), [("failed", "5.1.1", True), ("failed", "4.2.2", False)])
def test_a_report_that_a_mail_came_back_moves_its_delivery_and_a_dead_address_is_paused(
    office: Office, folder: Path, action: str, status: str, paused: bool
) -> None:
    send_due(office, TUESDAY)
    to = parsed(the_mail(folder, ANAS))["Reply-To"].addresses[0].addr_spec
    filed(office, folder, REPORT.format(to=to, action=action, status=status).encode())
    (sending,) = [s for s in office.ledger.sendings(TUESDAY) if s.recipient == "ana@example.com"]
    assert (sending.delivery, "no such mailbox here" in sending.delivery_detail) == ("bounced", True)
    assert ("ana@example.com" in office.ledger.pauses()) == paused
