"""A mailbox that replies wait in, over real sockets: each mail is kept once, marked after that, and never deleted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.addresses import BadAddress, MailboxAt, mailbox_at
from flows.filing import file_answers
from flows.ledger import Ledger
from flows.mail.mailbox import Mailbox, MailboxError
from flows.office import Office
from flows.receiving import left_waiting, take_in
from flows.rehearsal import rehearse
from flows.rules.findings import FINE, MISSING
from flows.rules.post import NEW
from flows.rules.problems import OnwardError
from flows.services import open_office
from flows.settings import SettingsError, read_settings
from tests.sample import TUESDAY, cells, opened, reply_to, send_due, settings_for, the_mail
from tests.standins.imap import BAD, CUT, GONE, NO, SILENT, Imap, certificate

LATER = TUESDAY + timedelta(hours=2)
SOON = 0.5  # seconds to wait for a server that says nothing


@pytest.fixture
def server() -> Iterator[Imap]:
    with Imap() as server:
        yield server


@pytest.fixture
def polled(office: Office, server: Imap) -> Office:
    """An office that reads the server's mailbox."""
    return replace(office, mailbox=Mailbox(server.at, seconds=SOON))


def kept(office: Office) -> list[bytes]:
    return [office.ledger.raw(reply) for reply in office.ledger.replies(NEW)]


def test_a_reply_in_the_mailbox_is_filed_and_marked_as_read(polled: Office, folder: Path, server: Imap) -> None:
    send_due(polled, TUESDAY)
    server.put(reply_to(the_mail(folder, "growth-check-in 2026-W37 ana@*"), "[2] 4"))
    file_answers(polled, LATER)
    (row,) = cells(folder, "Check-ins")
    assert (row["Email"], row["Energy"], server.seen, len(server.mails)) == ("ana@example.com", "4", [1], 1)


def test_mails_come_out_as_they_are(polled: Office, server: Imap) -> None:
    raws = [bytes(range(256)), b"From: a\r\n\r\n)\r\n* OK\r\n", b"x" * 3_000_000]
    server.put(*raws)
    assert take_in(polled, LATER) == 3
    assert kept(polled) == raws


def test_a_second_visit_finds_only_what_is_new(polled: Office, server: Imap) -> None:
    server.put(b"one", b"two")
    assert take_in(polled, LATER) == 2
    fetches = len([said for said in server.said if "BODY.PEEK" in said])
    server.put(b"three")
    assert [take_in(polled, LATER) for _ in range(2)] == [1, 0]
    assert len([said for said in server.said if "BODY.PEEK" in said]) == fetches + 1


def test_what_somebody_opened_before_us_is_not_missed(polled: Office, server: Imap) -> None:
    server.put(b"one")
    take_in(polled, LATER)
    server.put(b"two", seen=True)
    assert take_in(polled, LATER) == 1
    assert kept(polled) == [b"one", b"two"]


def test_what_was_read_before_the_first_visit_is_left_alone(polled: Office, server: Imap) -> None:
    server.put(b"years old", seen=True)
    server.put(b"new")
    assert take_in(polled, LATER) == 1
    assert kept(polled) == [b"new"]


def test_a_server_that_counts_anew_loses_nothing_and_doubles_nothing(polled: Office, server: Imap) -> None:
    server.put(b"one", b"two")
    take_in(polled, LATER)
    server.put(b"three", seen=True)
    server.renumber()
    assert [take_in(polled, LATER) for _ in range(2)] == [1, 0]
    assert kept(polled) == [b"one", b"two", b"three"]


class Full:
    """A ledger that keeps one mail and no more."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.left = ledger, 1

    def __getattr__(self, name: str) -> object:
        return getattr(self.ledger, name)

    def keep(self, *mail: object) -> bool:
        self.left -= 1
        if self.left < 0:
            raise OnwardError("The ledger cannot be used now (disk full).", passing=True)
        return self.ledger.keep(*mail)  # type: ignore[arg-type]


def test_what_the_ledger_does_not_hold_is_not_marked(polled: Office, server: Imap) -> None:
    server.put(b"one", b"two", b"three")
    with pytest.raises(OnwardError, match="disk full"):
        take_in(replace(polled, ledger=Full(polled.ledger)), LATER)  # type: ignore[arg-type]
    assert server.seen == [1]
    assert take_in(polled, LATER) == 2
    assert server.seen == [1, 2, 3]


TROUBLES = {
    "gone at login": ("LOGIN", GONE, "cannot be used now"),
    "gone at the search": ("UID SEARCH", GONE, "cannot be used now"),
    "no answer": ("UID SEARCH", SILENT, "no answer within"),
    "a refused search": ("UID SEARCH", NO, "not now"),
    "a wrong search": ("UID SEARCH", BAD, "not now"),
    "dies in the middle of a mail": ("UID FETCH", CUT, "cannot be used now"),
    "a refused folder": ("SELECT", NO, "no folder “INBOX”"),
}


@pytest.mark.parametrize(("command", "fate", "said"), TROUBLES.values(), ids=TROUBLES)
def test_a_server_in_trouble_is_a_sentence_and_loses_nothing(
    polled: Office, server: Imap, command: str, fate: str, said: str
) -> None:
    server.password = "plain"
    office = replace(polled, mailbox=Mailbox(server.at, seconds=SOON))
    server.put(b"one", b"two")
    server.faults[command] = deque([fate])
    taken = take_in(office, LATER)
    (problem,) = left_waiting(office)
    assert said in problem.advice
    assert server.at.host in problem.advice
    assert taken + take_in(office, LATER) == 2
    assert (server.seen, left_waiting(office)) == ([1, 2], [])


@pytest.mark.parametrize("fate", [GONE, CUT, SILENT])
def test_what_was_kept_before_a_server_died_is_kept_once(polled: Office, server: Imap, fate: str) -> None:
    server.put(b"one", b"two", b"three")
    server.faults["UID FETCH"] = deque(["", "", fate])  # the sizes, the first mail, the second
    assert [take_in(polled, LATER) for _ in range(3)] == [1, 2, 0]
    assert kept(polled) == [b"one", b"two", b"three"]


def test_a_death_between_keeping_and_marking_doubles_nothing(polled: Office, server: Imap) -> None:
    server.put(b"one")
    server.faults["UID STORE"] = deque([GONE])
    assert [take_in(polled, LATER) for _ in range(2)] == [1, 0]
    assert server.seen == [1]


@pytest.mark.parametrize(("command", "kept_now"), [("UID FETCH", [b"two"]), ("UID STORE", [b"one", b"two"])])
def test_one_mail_that_the_server_is_odd_about_stops_no_other(
    polled: Office, server: Imap, command: str, kept_now: list[bytes]
) -> None:
    server.put(b"one", b"two")
    server.faults[command] = deque(["", NO] if command == "UID FETCH" else [NO])
    take_in(polled, LATER)
    assert kept(polled) == kept_now
    assert "1 mail in" in left_waiting(polled)[0].advice
    take_in(polled, LATER)
    assert sorted(kept(polled)) == [b"one", b"two"]
    assert left_waiting(polled) == []


def test_a_wrong_password_is_a_sentence_that_does_not_show_it(polled: Office, server: Imap) -> None:
    wrong = replace(server.at, password="hunter2")
    office = replace(polled, mailbox=Mailbox(wrong, seconds=SOON))
    assert take_in(office, LATER) == 0
    (problem,) = left_waiting(office)
    assert "the login of replies@example.com is refused" in problem.advice
    assert "hunter2" not in problem.advice + repr(wrong)


def test_a_mailbox_that_is_away_keeps_nothing_else_from_being_filed(office: Office, folder: Path) -> None:
    nowhere = MailboxAt("127.0.0.1", 1, False, "a", "b")
    send_due(office, TUESDAY)
    (folder / "inbox").mkdir()
    (folder / "inbox" / "1.eml").write_bytes(reply_to(the_mail(folder, "growth-check-in 2026-W37 ana@*"), "[2] 4"))
    filed = file_answers(replace(office, mailbox=Mailbox(nowhere, seconds=SOON)), LATER)
    assert filed.filed == 1
    assert any("ONWARD_INBOX" in problem.advice for problem in filed.problems)


def test_over_tls_the_certificate_has_to_be_trusted(tmp_path: Path) -> None:
    with Imap(certificate=certificate(tmp_path)) as server:
        server.put(b"one")
        with Mailbox(server.at, ca=server.certificate, seconds=5).visit() as visit:
            assert [visit.raw(uid) for uid in visit.new(None)] == [b"one"]
        with pytest.raises(MailboxError, match="certificate is not trusted"), Mailbox(server.at).visit():
            pass


def test_the_check_of_connections_looks_at_the_mailbox(server: Imap) -> None:
    assert Mailbox(server.at).connection().state == FINE
    assert Mailbox(replace(server.at, password="wrong")).connection().state == MISSING


def test_a_rehearsal_leaves_real_mail_alone(polled: Office, server: Imap) -> None:
    server.put(b"one")
    rehearse(polled, TUESDAY, 1, timedelta(hours=12))
    assert (server.seen, server.said) == ([], [])


# -- the address -----------------------------------------------------------------------------------

GOOD = {
    "imaps://ana@example.com@imap.example.com": ("imap.example.com", 993, True, "ana@example.com", "beside", "INBOX"),
    "imaps://ana%40example.com:s%2Fx@imap.example.com:1993/Onward/Replies": (
        "imap.example.com", 1993, True, "ana@example.com", "s/x", "Onward/Replies"
    ),
    "imap://a:b@localhost": ("localhost", 143, False, "a", "b", "INBOX"),
}  # fmt: skip


@pytest.mark.parametrize(("address", "expected"), GOOD.items())
def test_a_mailboxs_address_is_read(address: str, expected: tuple[object, ...]) -> None:
    at = mailbox_at(address, "beside")
    assert (at.host, at.port, at.tls, at.user, at.password, at.folder) == expected


WRONG = [
    "imaps://",
    "pop3://a@b",
    "imaps://host/INBOX",
    "imaps://a@host:99999",
    "imaps://a@h?x",
    "a@b",
    "imaps://a@h/%0d",
]


@pytest.mark.parametrize("address", WRONG)
def test_what_is_no_mailbox_is_said(address: str) -> None:
    with pytest.raises(BadAddress):
        mailbox_at(address, "secret")


def test_the_password_is_in_the_address_or_beside_it_and_never_shown(tmp_path: Path) -> None:
    given = {"ONWARD_DATA": str(tmp_path), "ONWARD_INBOX": "imaps://ana@imap.example.com"}
    with pytest.raises(SettingsError, match="ONWARD_INBOX: the user has no password; set ONWARD_INBOX_PASSWORD"):
        read_settings(given)
    settings = read_settings({**given, "ONWARD_INBOX_PASSWORD": "hunter2"})
    assert settings.mailbox is not None
    assert settings.mailbox.password == "hunter2"
    assert settings.inbox == tmp_path / "inbox"
    assert "hunter2" not in repr(settings)


def test_an_office_opens_the_mailbox_of_its_settings(folder: Path, server: Imap) -> None:
    with open_office(replace(settings_for(folder), mailbox=server.at)) as office:
        assert office.mailbox is not None
        server.put(b"one")
        assert take_in(office, LATER) == 1
    with opened(folder) as office:
        assert office.mailbox is None
