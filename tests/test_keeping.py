"""Keeping: old mail is erased and nothing else, and of whoever is forgotten no word is left where Onward can reach."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import onward as group
from flows.filing import file_answers, refresh_sheet
from flows.keeping import export, forget, sweep
from flows.office import Office
from flows.rules.grid import text_of
from flows.rules.post import NEW, TAKEN
from flows.rules.problems import Problem
from flows.rules.values import Span, Wrong, read_keeping
from flows.sheet.door import Erased, SheetError
from flows.sheet.workbook import Workbook
from tests.sample import (
    FORM_DAY,
    TUESDAY,
    WEEK,
    cells,
    drop,
    everything_in,
    make_sheet,
    opened,
    reply_to,
    send_due,
    settings_for,
    the_mail,
)

HOUR = timedelta(hours=1)
ANA, BEN = "growth-check-in 2026-W37 ana@*", "growth-check-in 2026-W37 ben@*"
WORDS = "Sentences like small boats"
BENS = "Negotiating with dragons"
GOAL = "A lighthouse of my own"


@pytest.fixture
def answered(office: Office, folder: Path) -> Office:
    """The office after Ana and Ben answered, Ana once more from another address."""
    send_due(office, TUESDAY)
    raw = reply_to(the_mail(folder, ANA), f"[3] {WORDS}", **{"Message-ID": "<1@example.com>"})
    aside = reply_to(the_mail(folder, ANA), f"[3] {WORDS} again", "assistant@example.com")
    drop(folder, raw, aside, reply_to(the_mail(folder, BEN), f"[1] {BENS}"))
    file_answers(office, TUESDAY + HOUR)
    refresh_sheet(office, TUESDAY + HOUR)
    return office


def bytes_of(folder: Path) -> bytes:
    """Every byte of every file in the folder, but for the people's own roster."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "roster.xlsx")


def found_in(folder: Path, words: str) -> bool:
    return words.encode() in bytes_of(folder) or words in everything_in(folder)


# -- old mail --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "erased"), [(364, 0), (367, 3)])
def test_mail_is_kept_for_a_year_and_then_erased(answered: Office, folder: Path, days: int, erased: int) -> None:
    assert sweep(answered, TUESDAY + timedelta(days=days)).mails == erased
    assert (b"In-Reply-To: " in (folder / "ledger.sqlite").read_bytes()) is not bool(erased)
    assert WORDS in {row["Noticed"] for row in cells(folder, "Check-ins")}
    assert sweep(answered, TUESDAY + timedelta(days=days)).mails == 0


def test_people_ops_say_how_long_mail_is_kept(answered: Office, folder: Path) -> None:
    make_sheet(folder, keep_mail_for="2 weeks")
    with opened(folder) as office:
        assert sweep(office, TUESDAY + timedelta(days=13)).mails == 0
        assert sweep(office, TUESDAY + timedelta(days=16)).mails == 3


def test_a_time_that_is_not_understood_erases_nothing(answered: Office, folder: Path) -> None:
    make_sheet(folder, keep_mail_for="a while")
    with opened(folder) as office:
        swept = sweep(office, TUESDAY + timedelta(days=5000))
    assert (swept.mails, [problem.column for problem in swept.problems]) == (0, ["Keep mail for"])


def test_mail_that_nobody_has_read_yet_is_not_erased(office: Office) -> None:
    office.ledger.keep(b"From: a", "a.eml", TUESDAY)
    assert sweep(office, TUESDAY + timedelta(days=5000)).mails == 0
    assert len(office.ledger.replies(NEW)) == 1


def test_an_erased_mail_that_comes_again_is_still_known(answered: Office, folder: Path) -> None:
    (raw, *_) = [answered.ledger.raw(reply) for reply in answered.ledger.replies(TAKEN)]
    sweep(answered, TUESDAY + 60 * WEEK)
    assert not answered.ledger.keep(raw, "again", TUESDAY + 61 * WEEK)


SPANS = {"12 months": Span(12, "month"), "2 years": Span(24, "month"), "90 days": Span(90, "day")}


@pytest.mark.parametrize(("text", "span"), SPANS.items())
def test_how_long_is_read(text: str, span: Span) -> None:
    assert read_keeping(text) == span


@pytest.mark.parametrize("text", ["0 days", "for ever", "12", "-1 month"])
def test_how_long_is_never_guessed(text: str) -> None:
    with pytest.raises(Wrong):
        read_keeping(text)


# -- forgetting ------------------------------------------------------------------------------------


def test_of_a_forgotten_person_no_word_is_left(answered: Office, folder: Path) -> None:
    assert found_in(folder, WORDS)
    done = forget(answered, "ana@example.com", TUESDAY + 2 * HOUR)
    assert (done.answers, done.mails) == (1, 2)
    assert not found_in(folder, WORDS)
    assert [row["Email"] for row in cells(folder, "Check-ins")] == ["ben@example.com"]


def test_nobody_else_loses_a_word(answered: Office, folder: Path) -> None:
    before = cells(folder, "Check-ins")[1]
    forget(answered, "ana@example.com", TUESDAY + 2 * HOUR)
    assert cells(folder, "Check-ins") == [before]
    assert [entry.person for entry in answered.ledger.entries()] == ["ben@example.com"]


def test_what_was_quoted_to_the_manager_leaves_the_outbox_too(office: Office, folder: Path) -> None:
    send_due(office, FORM_DAY)
    drop(folder, reply_to(the_mail(folder, "reflection-form * cleo@*"), f"[2] {GOAL}"))
    file_answers(office, FORM_DAY + HOUR)
    send_due(office, FORM_DAY + 24 * HOUR)
    brief = the_mail(folder, "one-on-one-brief *")
    drop(folder, reply_to(brief, "Thanks", "mira@example.com"))
    file_answers(office, FORM_DAY + 25 * HOUR)
    assert found_in(folder, GOAL)
    forget(office, "cleo@example.com", FORM_DAY + 26 * HOUR)
    assert not found_in(folder, GOAL)


def test_a_named_skill_is_forgotten_wherever_it_heads_something(answered: Office, folder: Path) -> None:
    send_due(answered, TUESDAY + WEEK)
    assert [s.skill for s in answered.ledger.sendings(TUESDAY + WEEK) if s.person == "ben@example.com"] == [BENS]
    forget(answered, "ben@example.com", TUESDAY + WEEK)
    assert not found_in(folder, BENS)


def test_mail_that_still_waits_is_forgotten_too(answered: Office, folder: Path) -> None:
    drop(folder, reply_to(the_mail(folder, ANA), f"[4] {WORDS} on Friday"))
    forget(answered, "ana@example.com", TUESDAY + 2 * HOUR)
    assert not found_in(folder, WORDS)


@pytest.mark.parametrize("extra", [b"", b"Received: from elsewhere\r\n"])
def test_a_copy_that_comes_later_brings_nothing_back(answered: Office, folder: Path, extra: bytes) -> None:
    raw = answered.ledger.raw(answered.ledger.replies(TAKEN)[0])
    forget(answered, "ana@example.com", TUESDAY + 2 * HOUR)
    drop(folder, extra + raw)
    file_answers(answered, TUESDAY + 3 * HOUR)
    assert [entry.person for entry in answered.ledger.entries()] == ["ben@example.com"]


def test_who_answers_again_is_remembered_again(answered: Office, folder: Path) -> None:
    raw = reply_to(the_mail(folder, ANA), "[3] Something else")
    forget(answered, "ana@example.com", TUESDAY + 2 * HOUR)
    drop(folder, raw)
    file_answers(answered, TUESDAY + 3 * HOUR)
    assert cells(folder, "Check-ins")[-1]["Noticed"] == "Something else"


def test_nothing_is_sent_again_and_a_wish_for_no_mail_stays(answered: Office, folder: Path) -> None:
    drop(folder, reply_to(the_mail(folder, BEN), "stop"))
    file_answers(answered, TUESDAY + HOUR)
    for person in ("ana@example.com", "ben@example.com"):
        forget(answered, person, TUESDAY + 2 * HOUR)
    assert "ben@example.com" in answered.ledger.history([]).stopped
    assert send_due(answered, TUESDAY + 3 * HOUR).outcomes == []


class Away(Workbook):
    """A sheet that cannot be written for now, and then erases nothing but what it is told to."""

    away = True
    told: tuple[str, ...] = ()

    def erase(self, refs: Sequence[str]) -> Erased:
        if self.away:
            raise SheetError("the sheet is away", passing=True)
        self.told = tuple(refs)
        return Erased(frozenset(self.told))


def test_rows_that_cannot_be_reached_now_are_erased_by_a_later_run_once(answered: Office, folder: Path) -> None:
    sheet = Away(folder / "roster.xlsx", folder / "answers.xlsx")
    office, (ref, _) = replace(answered, sheet=sheet), [entry.ref for entry in answered.ledger.entries()]
    done = forget(office, "ana@example.com", TUESDAY + 2 * HOUR)
    assert "the sheet is away" in " ".join(done.left)
    sheet.away = False
    refresh_sheet(office, TUESDAY + 3 * HOUR)
    assert sheet.told == (ref,)
    sheet.told = ()
    refresh_sheet(office, TUESDAY + 4 * HOUR)
    assert sheet.told == ()


def test_rows_that_a_sheet_keeps_are_named_with_the_reason(answered: Office, folder: Path) -> None:
    class Stubborn(Workbook):
        def erase(self, refs: Sequence[str]) -> Erased:
            return Erased(frozenset(), (Problem("Check-ins", 2, "Ref", ref, "The row is nailed down."),))

    ref = answered.ledger.entries()[0].ref
    office = replace(answered, sheet=Stubborn(folder / "roster.xlsx", folder / "answers.xlsx"))
    said = " ".join(forget(office, "ana@example.com", TUESDAY + 2 * HOUR).left)
    assert f"their Refs: {ref}" in said
    assert f"Check-ins, row 2, Ref: “{ref}”: The row is nailed down." in said
    assert "nailed down" in str(cells(folder, "Problems"))


def test_copies_that_people_made_are_named_and_left(answered: Office, folder: Path) -> None:
    (folder / "answers.xlsx").write_bytes(b"edited by a person")
    done = forget(answered, "ana@example.com", TUESDAY + 2 * HOUR)
    (copy,) = folder.glob("answers (edited *).xlsx")
    assert str(copy) in " ".join(done.left)
    assert copy.read_bytes() == b"edited by a person"


def test_mails_that_an_earlier_version_took_in_are_found(answered: Office, folder: Path) -> None:
    engine = answered.ledger._engine
    with engine.begin() as connection:
        connection.exec_driver_sql("update replies set about = '', sender = ''")
    assert forget(answered, "ana@example.com", TUESDAY + 2 * HOUR).mails == 2
    assert not found_in(folder, WORDS)


# -- showing, and the commands ---------------------------------------------------------------------


def test_an_export_holds_every_answer_with_its_readers(answered: Office) -> None:
    found = export(answered, "ana@example.com")
    (entry,) = found["answers"]
    assert (entry["label"], entry["answers"][0]["text"]) == ("2026-W37", WORDS)
    assert entry["answers"][0]["audience"] == "manager and people ops"
    assert [(mail["from"], mail["became"]) for mail in found["mails"]] == [
        ("ana@example.com", "taken"),
        ("assistant@example.com", "doubtful"),
    ]
    assert BENS not in json.dumps(found)


Call = Callable[..., Result]


@pytest.fixture
def call(answered: Office, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The commands, in this folder."""
    settings = settings_for(folder)
    for name, value in {"DATA": folder, "SECRET": settings.secret, "REPLY_DOMAIN": settings.reply_domain}.items():
        monkeypatch.setenv(f"ONWARD_{name}", str(value))
    monkeypatch.chdir(folder)
    return lambda *words, typed="": CliRunner().invoke(group, list(words), input=typed, catch_exceptions=False)


def test_forgetting_asks_first(call: Call, folder: Path) -> None:
    assert call("forget", "ana@example.com", typed="n\n").exit_code != 0
    assert found_in(folder, WORDS)
    assert call("forget", " ANA@Example.com", typed="y\n").exit_code == 0
    assert not found_in(folder, WORDS)


def test_forgetting_says_what_it_did_and_what_it_cannot_reach(call: Call) -> None:
    said = text_of(call("forget", "ana@example.com", "--yes").output)
    assert "1 answers, 2 mails that came in and 2 copies" in said
    for word in ("own mailboxes", "backups", "Kept on purpose", "Row 3 of the Roster"):
        assert word in said


def test_forgetting_twice_or_nobody_does_no_harm(call: Call) -> None:
    for person in ("ana@example.com", "ana@example.com", "nobody@example.com"):
        assert call("forget", person, "--yes").exit_code == 0


def test_an_export_is_printed_for_people_and_for_programs(call: Call) -> None:
    assert f"    {WORDS}" in call("export", "ana@example.com").output
    document = json.loads(call("export", "ana@example.com", "--json").stdout)
    assert WORDS in document["answers"][0]["words"]
    assert "Nothing of nobody@example.com is kept." in call("export", "nobody@example.com").output
