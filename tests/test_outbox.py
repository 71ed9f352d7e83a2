"""The outbox: one file per mail, whole or not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from flows.mail.door import StopSending
from flows.mail.outbox import Outbox, file_name
from flows.rules.email import LATER, SENT, Address, Email
from tests.sample import sending

NOW = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)
MAIL = Email(
    key="growth-check-in/2026-W37/0123456789abcdef0123",
    kind="growth-check-in",
    sender=Address("onward@example.com", "Onward"),
    to=Address("ana@example.com", "Ana"),
    reply_to=Address("r.ana@reply.localhost"),
    subject="Your check-in",
    text="How was it?\n",
    html="<p>How was it?</p>\n",
    message_id="<m.ana@reply.localhost>",
    date=NOW,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not yet" / "outbox"


@pytest.fixture
def outbox(folder: Path) -> Outbox:
    return Outbox(folder)


@pytest.fixture
def no_room() -> Iterator[None]:
    """No file may grow over 100 bytes, which a program meets much like a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_nothing_it_does_reaches_people(outbox: Outbox, folder: Path) -> None:
    assert outbox.reaches_people is False
    assert str(folder) in outbox.where


def test_the_folder_is_made_when_the_first_mail_comes(outbox: Outbox, folder: Path) -> None:
    assert not folder.exists()
    outbox.send(MAIL)
    assert len(list(folder.iterdir())) == 1


def test_the_file_says_what_it_is_and_for_whom(outbox: Outbox, folder: Path) -> None:
    outbox.send(MAIL)
    (file,) = folder.glob("*.eml")
    assert file.name.startswith("growth-check-in 2026-W37 ana@example.com ")


def test_the_mail_bears_the_date_that_it_was_given(outbox: Outbox, folder: Path) -> None:
    outbox.send(MAIL)
    (file,) = folder.glob("*.eml")
    assert message_from_bytes(file.read_bytes(), policy=default)["Date"].datetime == NOW


def test_a_key_sent_again_is_still_one_file(outbox: Outbox, folder: Path) -> None:
    outbox.send(MAIL)
    outbox.send(replace(MAIL, subject="Another", to=Address("ana@example.com", "Ana Silva"), text="Corrected."))
    assert len(list(folder.iterdir())) == 1


def test_keys_that_read_alike_are_two_files(outbox: Outbox, folder: Path) -> None:
    for key in ("check-in/W37", "check-in W37", "CHECK-IN/W37"):
        outbox.send(replace(MAIL, key=key))
    assert len({file.name.casefold() for file in folder.iterdir()}) == 3


@pytest.mark.parametrize(
    "key",
    [
        "../../etc/passwd",
        "/root",
        "C:\\x",
        "con.a",
        "NUL",
        "a\0b\nc",
        "",
        ".hidden",
        "é" * 300,
        'a:*?"<>|',
        "..",
        "\ud800",
    ],
)
def test_any_key_makes_a_name_that_every_system_takes(key: str, outbox: Outbox, folder: Path) -> None:
    email = replace(MAIL, key=key)
    assert outbox.send(email).status == SENT
    (file,) = folder.glob("*.eml")
    assert file.name == file_name(email)
    assert len(file.name) < 200
    assert set(file.name).isdisjoint('/\\:*?"<>|\0\n')
    assert file.name[0] not in ". "
    assert file.name.split(".")[0].casefold() not in ("con", "nul")


def test_evidence_tells_what_was_written_from_what_was_not(outbox: Outbox) -> None:
    before = outbox.evidence(sending(MAIL.key))
    outbox.send(MAIL)
    after = outbox.evidence(sending(MAIL.key))
    assert (before.status, after.status) == (LATER, SENT)


def test_a_mail_that_does_not_fit_stops_the_batch_and_leaves_nothing(
    outbox: Outbox, folder: Path, no_room: None
) -> None:
    with pytest.raises(StopSending, match=r"no mail can be written here .*; make room"):
        outbox.send(MAIL)
    assert list(folder.iterdir()) == []
    assert outbox.evidence(sending(MAIL.key)).status == LATER


def test_a_half_written_mail_of_a_killed_run_is_no_mail(outbox: Outbox, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".abc.part").write_text("From: half a ma")
    assert list(folder.glob("*.eml")) == []
    outbox.send(MAIL)
    assert len(list(folder.glob("*.eml"))) == 1
