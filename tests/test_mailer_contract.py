"""What every mailer promises. A new one is a further factory here, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from flows.addresses import RelayAt, SendGridAt
from flows.mail.door import Mailer, StopSending
from flows.mail.outbox import Outbox
from flows.mail.sendgrid import SendGrid
from flows.mail.smtp import Relay
from flows.rules.email import ABSENT, LATER, REFUSED, SENT, UNKNOWN, Address, Email
from tests.sample import TOKENS, sending
from tests.standins import sendgrid as standins
from tests.standins.sendgrid import KEY
from tests.standins.smtp import Smtp

NOW = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)
ANA = Email(
    key="check-in/2026-W37/ana",
    kind="check-in",
    sender=Address("onward@example.com", "Onward"),
    to=Address("ana@example.com", "Ana Sílva"),
    reply_to=Address("r.ana@reply.localhost"),
    subject="Grüße: your check-in",
    text="How was it, Ana?\n",
    html="<p>How was it, Ana?</p>\n",
    message_id="<m.ana@reply.localhost>",
    date=NOW,
    headers={"Auto-Submitted": "auto-generated", "References": "<t.ana@reply.localhost>"},
)
BOB = replace(
    ANA, key="check-in/2026-W37/bob", to=Address("bob@example.com", "Bob"), message_id="<m.bob@reply.localhost>"
)


@dataclass
class Post:
    """A mailer, what it has carried so far, one of its kind that can carry nothing, and what it tells afterwards."""

    mailer: Mailer
    carried: Callable[[], list[EmailMessage]]
    broken: Mailer
    tells: str = SENT


@contextmanager
def outbox(folder: Path) -> Iterator[Post]:
    def carried() -> list[EmailMessage]:
        files = sorted((folder / "outbox").glob("*.eml"))
        return [message_from_bytes(f.read_bytes(), _class=EmailMessage, policy=default) for f in files]

    (folder / "a file").touch()
    yield Post(Outbox(folder / "outbox"), carried, Outbox(folder / "a file" / "outbox"))


def sendgrid_at(url: str) -> SendGrid:
    return SendGrid(SendGridAt(url, KEY), 4, TOKENS.mark, clock=time.time, sleep=lambda seconds: None)


@contextmanager
def sendgrid(folder: Path) -> Iterator[Post]:
    with standins.SendGrid() as service:
        mailer, broken = sendgrid_at(service.url), sendgrid_at("http://127.0.0.1:9")
        yield Post(mailer, lambda: [taken.message() for taken in service.accepted], broken)
        mailer.close()


def relay_at(at: RelayAt) -> Relay:
    return Relay(at, 4, monotonic=time.monotonic, sleep=lambda seconds: None)


@contextmanager
def smtp(folder: Path) -> Iterator[Post]:
    with Smtp() as server:
        mailer, broken = relay_at(server.at), relay_at(RelayAt("127.0.0.1", 9, tls=False))
        yield Post(mailer, lambda: server.messages, broken, tells=UNKNOWN)
        mailer.close()


@pytest.fixture(params=[outbox, sendgrid, smtp], ids=lambda factory: factory.__name__)
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    with request.param(tmp_path) as made:
        yield made


def test_a_mail_arrives_as_it_was_made(post: Post) -> None:
    post.mailer.send(ANA)
    (message,) = post.carried()
    assert message["To"].addresses[0].addr_spec == "ana@example.com"
    assert message["To"].addresses[0].display_name == "Ana Sílva"
    assert message["From"].addresses[0].addr_spec == "onward@example.com"
    assert message["Reply-To"] == "r.ana@reply.localhost"
    assert message["Subject"] == ANA.subject
    assert {name: message[name] for name in ANA.headers} == ANA.headers
    for kind, words in (("plain", ANA.text), ("html", ANA.html)):
        part = message.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n") == words


def test_a_carried_mail_is_sent_and_can_be_asked_for_by_the_providers_id(post: Post) -> None:
    delivery = post.mailer.send(ANA)
    assert delivery.status == SENT
    assert delivery.provider_id


def test_each_mail_goes_to_its_own_person(post: Post) -> None:
    for email in (ANA, BOB):
        post.mailer.send(email)
    assert {m["To"].addresses[0].addr_spec for m in post.carried()} == {"ana@example.com", "bob@example.com"}


@pytest.mark.parametrize("address", ["", "nobody", "ana@example.com, bob@example.com", "a@b.c\r\nBcc: x@y.z"])
def test_an_impossible_address_is_refused_and_stops_only_its_own_mail(post: Post, address: str) -> None:
    delivery = post.mailer.send(replace(ANA, to=Address(address)))
    assert delivery.status == REFUSED
    assert delivery.detail
    assert post.mailer.send(BOB).status == SENT
    assert len(post.carried()) == 1


def test_what_was_carried_has_evidence(post: Post) -> None:
    post.mailer.send(ANA)
    assert post.mailer.evidence(sending(ANA.key)).status == post.tells


def test_nobody_claims_to_have_carried_what_was_never_handed_over(post: Post) -> None:
    post.mailer.send(ANA)
    assert post.mailer.evidence(sending(BOB.key)).status in (LATER, ABSENT, UNKNOWN)


def test_one_that_can_carry_nothing_stops_the_batch_and_says_why_in_a_sentence(post: Post) -> None:
    with pytest.raises(StopSending, match=r"\w+: .+; .+"):
        post.broken.send(ANA)
    assert post.broken.evidence(sending(ANA.key)).status in (LATER, UNKNOWN)


def test_it_says_where_mails_go(post: Post) -> None:
    assert post.mailer.where
    assert post.mailer.reaches_people in (True, False)
