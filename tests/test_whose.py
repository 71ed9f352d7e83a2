"""Whose a reply is: the token is found wherever mail systems leave it, and only who was asked answers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.filing import file_answers, ledger_problems
from flows.mail.carriers import Head, arrived, carriers, writers
from flows.office import Office
from flows.rules.answers import says_the_same
from flows.rules.post import ASIDE, DOUBTFUL, TAKEN, Cover
from flows.rules.values import Wrong, read_emails
from flows.understanding import understand
from tests.sample import ANA, BEN, MIRA, TUESDAY, at, cells, make_sheet, opened, parsed, reply_to, send_due, the_mail

HOUR = timedelta(hours=1)
ANAS, BENS = "growth-check-in 2026-W37 ana@*", "growth-check-in 2026-W37 ben@*"
NOWHERE = {"To": "people@example.com", "In-Reply-To": "", "References": ""}


@pytest.fixture
def asked(office: Office) -> Office:
    """The office on the Tuesday on which Ana and Ben were asked."""
    send_due(office, TUESDAY)
    return office


def address(folder: Path, mail: str = ANAS) -> str:
    return str(parsed(the_mail(folder, mail))["Reply-To"].addresses[0].addr_spec)


def filed(office: Office, folder: Path, raw: bytes, cover: Cover | None = None, hours: int = 1) -> list[str]:
    """Who answered, by the sheet, after this mail came in."""
    office.ledger.keep(raw, "a test", TUESDAY + hours * HOUR, *([cover] if cover else []))
    file_answers(office, TUESDAY + hours * HOUR)
    return [str(row["Email"]) for row in cells(folder, "Check-ins")] if (folder / "answers.xlsx").exists() else []


def local(address: str) -> str:
    return address.partition("@")[0]


# How mail systems write the address r.TOKEN@reply.example.com when it has passed through them.
REWRITTEN = {
    "as it is": "{}",
    "in capitals": "{upper}",
    "with a name around it": '"Onward, people team" <{}>',
    "in brackets alone": "<{}>",
    "quoted before the @": '"{local}"@reply.example.com',
    "by a list": "{local}=reply.example.com@lists.example.org",
    "by SRS": "SRS0=HHH=TT=reply.example.com={local}@forward.example",
    "by BATV": "prvs=1234abcdef={}",
    "by VERP": "bounces+{local}=reply.example.com@lists.example.org",
    "percent signs": "{local}%reply.example.com@relay.example.org",
    "another host": "{local}@company.example.com",
    "a source route": "<@relay.example,@other.example:{}>",
    "an original recipient": "rfc822;{}",
    "among others": "a@example.com, b@example.com, {}, c@example.com",
    "an encoded name": "=?utf-8?q?r=2E{token}=40reply=2Eexample=2Ecom?= <list@example.org>",
    "an unclosed quote": '"Onward <{}>',
}


def rewritten(pattern: str, address: str) -> str:
    token = local(address).removeprefix("r.")
    return pattern.format(address, upper=address.upper(), local=local(address), token=token)


@pytest.mark.parametrize("pattern", REWRITTEN.values(), ids=REWRITTEN)
def test_the_token_is_found_however_the_address_was_rewritten(asked: Office, folder: Path, pattern: str) -> None:
    lines = [b"From: ana@example.com", b"To: " + rewritten(pattern, address(folder)).encode(), b"", b"[2] 4"]
    assert filed(asked, folder, b"\r\n".join(lines)) == ["ana@example.com"]


PLACES = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To", "Resent-To", "X-Gm-Original-To", "Cc"]


@pytest.mark.parametrize("header", PLACES)
def test_the_token_is_found_where_the_mail_was_delivered(asked: Office, folder: Path, header: str) -> None:
    raw = reply_to(the_mail(folder, ANAS), "[2] 4", **{**NOWHERE, header: address(folder)})
    assert filed(asked, folder, raw) == ["ana@example.com"]


def test_the_token_is_found_in_what_servers_say_they_received_it_for(asked: Office, folder: Path) -> None:
    raw = reply_to(the_mail(folder, ANAS), "[2] 4", **NOWHERE)
    stamp = f"Received: from a by b with SMTP\n\tfor <{address(folder)}>; Tue, 8 Sep 2026 09:30:00 +0000\n"
    assert filed(asked, folder, stamp.encode() + raw) == ["ana@example.com"]


def test_the_token_is_found_in_the_envelope_alone(asked: Office, folder: Path) -> None:
    raw = reply_to(the_mail(folder, ANAS), "[2] 4", **NOWHERE)
    cover = Cover(("someone@example.com", address(folder).upper()), "ana@example.com")
    assert filed(asked, folder, raw, cover) == ["ana@example.com"]


@pytest.mark.parametrize("header", ["In-Reply-To", "References"])
def test_the_token_is_found_in_what_is_answered(asked: Office, folder: Path, header: str) -> None:
    told = f"<other@example.com>,{parsed(the_mail(folder, ANAS))['Message-ID']}"
    assert filed(asked, folder, reply_to(the_mail(folder, ANAS), "[2] 4", **{**NOWHERE, header: told})) == [
        "ana@example.com"
    ]


def test_the_envelope_goes_before_the_headers_and_these_before_the_thread(asked: Office, folder: Path) -> None:
    ours, other = the_mail(folder, ANAS), the_mail(folder, BENS)
    thread = {"In-Reply-To": str(parsed(other)["Message-ID"]), "References": ""}
    by_header = reply_to(ours, "[2] 4", To=address(folder), **thread)
    by_envelope = reply_to(ours, "[2] 5", To=address(folder, BENS), **thread)
    assert filed(asked, folder, by_header) == ["ana@example.com"]
    assert filed(asked, folder, by_envelope, Cover((address(folder),))) == ["ana@example.com"] * 2


def test_a_token_that_this_ledger_does_not_know_hides_none_that_it_does(asked: Office, folder: Path) -> None:
    strange = asked.tokens.address("a sending of another ledger")
    raw = reply_to(the_mail(folder, ANAS), "[2] 4", To=f"{strange}, {address(folder)}")
    assert filed(asked, folder, raw) == ["ana@example.com"]


# -- who may answer --------------------------------------------------------------------------------


def test_a_reply_from_elsewhere_says_what_to_do_and_is_filed_once_it_is_allowed(folder: Path) -> None:
    with opened(folder) as office:
        send_due(office, TUESDAY)
        raw = reply_to(the_mail(folder, ANAS), "[2] 4", "Kim <Kim@assistants.example>")
        assert filed(office, folder, raw) == []
        (problem,) = ledger_problems(office, office.timetable().company, TUESDAY)
        assert problem.value == "kim@assistants.example"
        assert "If kim@assistants.example may answer for them, write it into “Also answers as”" in problem.advice
    make_sheet(folder, [MIRA, {**ANA, "also_answers_as": "a.silva@example.com; kim@assistants.example"}, BEN])
    with opened(folder) as office:
        file_answers(office, TUESDAY + 2 * HOUR)
        assert [row["Email"] for row in cells(folder, "Check-ins")] == ["ana@example.com"]
        assert ledger_problems(office, office.timetable().company, TUESDAY) == []


def test_a_reply_from_elsewhere_waits_while_the_sheet_cannot_be_read(folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "also_answers_as": "kim@example.com"}, BEN])
    with opened(folder) as office:
        send_due(office, TUESDAY)
        office.ledger.keep(reply_to(the_mail(folder, ANAS), "[2] 4", "kim@example.com"), "a test", TUESDAY + HOUR)
    (folder / "roster.xlsx").rename(folder / "away.xlsx")
    with opened(folder) as office:
        understand(office)
        assert len(office.ledger.replies(DOUBTFUL)) == 1
    (folder / "away.xlsx").rename(folder / "roster.xlsx")
    with opened(folder) as office:
        understand(office)
        assert len(office.ledger.replies(TAKEN)) == 1


def test_who_may_answer_for_one_may_not_for_another(folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "also_answers_as": "kim@example.com"}, BEN])
    with opened(folder) as office:
        send_due(office, TUESDAY)
        assert filed(office, folder, reply_to(the_mail(folder, BENS), "Chess", "kim@example.com")) == []


def test_an_assistant_stops_the_mails_of_the_person_and_not_their_own(folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "also_answers_as": "kim@example.com"}, BEN])
    with opened(folder) as office:
        send_due(office, TUESDAY)
        filed(office, folder, reply_to(the_mail(folder, ANAS), "stop", "kim@example.com"))
        assert set(office.ledger.history([]).stopped) == {"ana@example.com"}


LISTS = {"X-Original-From": "Ana Silva <ana@example.com>", "X-Google-Original-From": "ANA@example.com"}


@pytest.mark.parametrize(("header", "value"), LISTS.items())
def test_a_list_that_puts_itself_into_from_names_the_writer(
    asked: Office, folder: Path, header: str, value: str
) -> None:
    changes = {"From": "'Ana Silva' via People <people-list@example.com>", header: value}
    assert filed(asked, folder, reply_to(the_mail(folder, ANAS), "[2] 4", **changes)) == ["ana@example.com"]


def test_a_mail_without_a_return_address_is_looked_at_by_a_person(asked: Office, folder: Path) -> None:
    raw = reply_to(the_mail(folder, ANAS), "Sono in ferie")
    assert filed(asked, folder, raw, Cover((), "")) == []
    assert "only machines send" in asked.ledger.replies(DOUBTFUL)[0].note


GOOD = {
    "": (),
    "a@b.example": ("a@b.example",),
    "A@b.example, c@d.example;e@f.example\ng@h.example": ("a@b.example", "c@d.example", "e@f.example", "g@h.example"),
    "Kim <kim@b.example>; a@b.example a@b.example": ("kim@b.example", "a@b.example"),
}


@pytest.mark.parametrize(("text", "addresses"), GOOD.items())
def test_other_addresses_are_read(text: str, addresses: tuple[str, ...]) -> None:
    assert read_emails(text) == addresses


@pytest.mark.parametrize("text", ["kim", "a@b.example, kim", "a@"])
def test_what_is_no_address_is_said(text: str) -> None:
    with pytest.raises(Wrong):
        read_emails(text)


# -- late, repeated, corrected ---------------------------------------------------------------------


def test_the_same_words_sent_twice_are_one_row(asked: Office, folder: Path) -> None:
    for number in range(3):
        raw = reply_to(the_mail(folder, ANAS), "[2] 4", **{"Message-ID": f"<{number}@example.com>"})
        found = filed(asked, folder, raw, hours=number + 1)
    assert found == ["ana@example.com"]
    assert (len(asked.ledger.replies(TAKEN)), len(asked.ledger.replies(ASIDE))) == (1, 2)


def test_who_goes_back_to_the_first_answer_corrects_the_second(asked: Office, folder: Path) -> None:
    for number, words in enumerate(("[2] 4", "[2] 5", "[2] 4")):
        raw = reply_to(the_mail(folder, ANAS), words, **{"Message-ID": f"<{number}@example.com>"})
        filed(asked, folder, raw, hours=number + 1)
    rows = cells(folder, "Check-ins")
    assert [row["Energy"] for row in rows] == ["4", "5", "4"]
    assert [str(row["Remark"])[:8] for row in rows] == ["None", "replaces", "replaces"]


def test_an_answer_that_comes_weeks_late_stands_in_its_own_week(asked: Office, folder: Path) -> None:
    raw = reply_to(the_mail(folder, ANAS), "[2] 4")
    assert filed(asked, folder, raw, hours=24 * 21) == ["ana@example.com"]
    assert cells(folder, "Check-ins")[0]["Week"] == "2026-W37"


def test_an_older_answer_that_arrives_later_does_not_replace_the_newer_one(asked: Office, folder: Path) -> None:
    """SendGrid posts again what could not be kept, hours later."""
    old, new = (reply_to(the_mail(folder, ANAS), words) for words in ("[2] 1", "[2] 5"))
    filed(asked, folder, b"Received: from a by b; Tue, 8 Sep 2026 10:30:00 +0000\n" + new, hours=2)
    filed(asked, folder, b"Received: from a by b; Tue, 8 Sep 2026 12:00:00 +0200\n" + old, hours=5)
    rows = cells(folder, "Check-ins")
    assert [(row["Energy"], row["Received"]) for row in rows] == [
        ("1", at("2026-09-08 10:00").replace(tzinfo=None)),
        ("5", at("2026-09-08 10:30").replace(tzinfo=None)),
    ]


@pytest.mark.parametrize("stamp", ["Fri, 1 Jan 2100 00:00:00 +0000", "Thu, 1 Jan 1970 00:00:00 +0000", "soon", ""])
def test_a_time_that_cannot_be_is_not_believed(asked: Office, folder: Path, stamp: str) -> None:
    filed(asked, folder, f"Received: from a by b; {stamp}\n".encode() + reply_to(the_mail(folder, ANAS), "[2] 1"))
    assert cells(folder, "Check-ins")[0]["Received"] == (TUESDAY + HOUR).replace(tzinfo=None)


def test_repeating_is_only_what_counts_now_said_again() -> None:
    from tests.test_ledger import ENTRY

    assert not says_the_same(ENTRY, [])
    assert says_the_same(ENTRY, [ENTRY])


# -- whatever stands in the headers ----------------------------------------------------------------


@given(st.binary(max_size=400))
def test_no_head_does_harm(raw: bytes) -> None:
    for start in (b"", b"Received: x; ", b"To: =?utf-8?", b"References: <", b"X-Original-From: "):
        head = Head(start + raw)
        assert all(isinstance(text, str) for text in carriers(head, ["a=?b?="]))
        assert isinstance(writers(head), list)
        arrived(head)
