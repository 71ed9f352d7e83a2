"""A mail server as the way out: what each of its answers means, and what is certain when it dies in the middle."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import pytest

from flows.addresses import RelayAt
from flows.mail.crew import Crew
from flows.mail.door import StopSending
from flows.mail.smtp import Relay
from flows.rules.email import LATER, REFUSED, SENT, UNKNOWN
from flows.rules.findings import FINE, MISSING, Wanted
from tests.standins.smtp import GONE_AFTER, GONE_BEFORE, Smtp
from tests.test_mailer_contract import ANA, BOB

WANTED = Wanted("onward@example.com", "reply.example.com", "http://127.0.0.1:8020", signed=False)


def relay(at: RelayAt) -> Relay:
    return Relay(at, 4, monotonic=time.monotonic, sleep=lambda seconds: None)


@pytest.fixture
def server() -> Iterator[Smtp]:
    with Smtp() as server:
        yield server


@pytest.fixture
def mailer(server: Smtp) -> Iterator[Relay]:
    mailer = relay(server.at)
    yield mailer
    mailer.close()


FATES = {
    "taken": ("", SENT, 1),
    "refused for good": ("550 no such user", REFUSED, 0),
    "refused for now": ("451 try later", LATER, 0),
    "closing": ("421 closing", LATER, 0),
    "gone before it took it": (GONE_BEFORE, UNKNOWN, 0),
    "gone after it took it": (GONE_AFTER, UNKNOWN, 1),
}


@pytest.mark.parametrize(("fate", "status", "taken"), FATES.values(), ids=FATES)
def test_the_answer_to_the_content_decides_and_none_leaves_it_unknown(
    server: Smtp, mailer: Relay, fate: str, status: str, taken: int
) -> None:
    server.fates = deque([fate])
    assert (mailer.send(ANA).status, len(server.taken)) == (status, taken)
    assert mailer.send(BOB).status == SENT


RECIPIENTS = {"for good": ("550 no such user", REFUSED), "for now": ("450 mailbox busy", LATER)}


@pytest.mark.parametrize(("answer", "status"), RECIPIENTS.values(), ids=RECIPIENTS)
def test_a_refused_recipient_stops_only_that_mail(server: Smtp, mailer: Relay, answer: str, status: str) -> None:
    server.refused_recipients = {"ana@example.com": answer}
    delivery = mailer.send(ANA)
    assert (delivery.status, answer in delivery.detail) == (status, True)
    assert mailer.send(BOB).status == SENT


def test_a_refused_sender_stops_the_batch(server: Smtp, mailer: Relay) -> None:
    server.refused_senders = {"onward@example.com": "553 not yours"}
    with pytest.raises(StopSending, match="check Sender address"):
        mailer.send(ANA)


def test_many_mails_go_over_one_connection(server: Smtp, mailer: Relay) -> None:
    assert {mailer.send(replace(ANA, key=f"k/{number}")).status for number in range(20)} == {SENT}
    assert (len(server.taken), server.connections) == (20, 1)


def test_threads_come_and_go_and_the_connections_stay(server: Smtp, mailer: Relay) -> None:
    emails = [replace(ANA, key=f"k/{number}") for number in range(30)]
    for start in range(0, 30, 10):
        assert {d.status for _, d in Crew(mailer, lambda email: True).carry(iter(emails[start : start + 10])) if d} == {
            SENT
        }
    assert len(server.taken) == 30
    assert server.connections <= mailer.width


def test_a_connection_that_fell_asleep_is_made_anew(server: Smtp) -> None:
    moments = iter(range(0, 10_000, 60))
    mailer = Relay(server.at, 1, monotonic=lambda: next(moments), sleep=lambda seconds: None)
    mailer.send(ANA)
    server.hang_up()
    assert mailer.send(BOB).status == SENT
    assert (len(server.taken), server.connections) == (2, 2)
    mailer.close()


def test_a_leading_dot_arrives_and_ends_nothing(server: Smtp, mailer: Relay) -> None:
    text = ".\n..two\n.\nDATA\n"
    mailer.send(replace(ANA, text=text))
    part = server.messages[0].get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") == text


def test_a_login_lets_in_or_stops_the_batch() -> None:
    with Smtp(login=("onward", "a%b")) as server:
        mailer = relay(server.at)
        assert mailer.send(ANA).status == SENT
        mailer.close()
        with pytest.raises(StopSending, match="the login is refused"):
            relay(replace(server.at, password="wrong")).send(ANA)


def test_a_login_is_not_shown_to_whoever_listens_on_the_way(server: Smtp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.addresses.LOOPBACK", ())  # as if the server were elsewhere
    with pytest.raises(StopSending, match="offers no STARTTLS"):
        relay(replace(server.at, user="onward", password="secret")).send(ANA)


def test_a_server_that_is_not_there_stops_the_batch_for_now() -> None:
    with pytest.raises(StopSending, match="cannot be reached") as stop:
        relay(RelayAt("127.0.0.1", 9, tls=False)).send(ANA)
    assert stop.value.passing


def test_a_look_at_the_connection_sends_nothing(server: Smtp, mailer: Relay) -> None:
    assert [finding.state for finding in mailer.connection(WANTED)] == [FINE]
    server.refused_senders = {"onward@example.com": "553 not yours"}
    assert [finding.state for finding in mailer.connection(WANTED)] == [MISSING]
    assert server.taken == []
