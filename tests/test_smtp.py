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
from flows.rules.findings import FINE, MISSING, UNSEEN, Wanted
from tests.standins.smtp import EVERYBODY, GONE_AFTER, GONE_BEFORE, Smtp
from tests.test_mailer_contract import ANA, BOB

WANTED = Wanted("onward@example.com", "reply.example.com", "http://127.0.0.1:8020")


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


NOT_LET_IN = {
    "Postfix": "554 5.7.1 <ana@example.com>: Relay access denied",
    "Exchange": "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "Exim": "550 relay not permitted",
    "a login that is missing": "530 5.7.0 Authentication required",
    "a list of bad senders": "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked",
}


@pytest.mark.parametrize("answer", NOT_LET_IN.values(), ids=NOT_LET_IN)
def test_a_server_that_does_not_let_us_send_stops_the_batch(server: Smtp, mailer: Relay, answer: str) -> None:
    server.refused_recipients = {EVERYBODY: answer}
    with pytest.raises(StopSending, match="check the login in ONWARD_MAIL") as stop:
        mailer.send(ANA)
    assert answer in str(stop.value)
    assert [finding.state for finding in mailer.connection(WANTED)] == [MISSING]


def test_a_server_that_says_after_the_content_that_we_may_not_send_stops_the_batch(server: Smtp, mailer: Relay) -> None:
    server.fates = deque(["550 5.7.60 SMTP; Client does not have permissions to send as this sender"])
    with pytest.raises(StopSending, match="send as this sender"):
        mailer.send(ANA)


def test_one_recipient_whom_we_may_not_write_to_does_not_hold_up_the_others(server: Smtp, mailer: Relay) -> None:
    server.refused_recipients = {"ana@example.com": "554 5.7.1 Relay access denied"}
    assert [mailer.send(email).status for email in (ANA, BOB, ANA)] == [REFUSED, SENT, REFUSED]


def test_many_recipients_refused_in_a_row_stop_the_batch(server: Smtp, mailer: Relay) -> None:
    people = [replace(ANA, to=replace(ANA.to, email=f"p{number}@example.com")) for number in range(8)]
    server.refused_recipients = {person.to.email: "550 rejected" for person in people}
    assert {mailer.send(people[0]).status for _ in range(8)} == {REFUSED}
    assert mailer.send(BOB).status == SENT
    assert {mailer.send(person).status for person in people[:7]} == {REFUSED}
    with pytest.raises(StopSending, match="one recipient after the other"):
        mailer.send(people[7])


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


def test_a_server_that_was_restarted_costs_no_batch(server: Smtp, mailer: Relay) -> None:
    server.crowd = mailer.width
    emails = [replace(ANA, key=f"k/{number}") for number in range(mailer.width)]
    assert {d.status for _, d in Crew(mailer, lambda email: True).carry(iter(emails)) if d} == {SENT}
    server.hang_up()
    assert mailer.send(BOB).status == SENT
    assert server.connections == mailer.width + 1


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


@pytest.mark.parametrize("login", [("onward", "Käse😀"), ("jürgen", "secret")], ids=["password", "user"])
def test_a_login_may_have_letters_of_any_language(login: tuple[str, str]) -> None:
    with Smtp(login=login) as server:
        mailer = relay(server.at)
        assert mailer.send(ANA).status == SENT
        mailer.close()
        with pytest.raises(StopSending, match="the login is refused"):
            relay(replace(server.at, password="façade")).send(ANA)


def test_such_a_login_needs_a_server_that_can_take_it() -> None:
    with Smtp(login=("onward", "Käse"), auth_exclude_mechanism=["PLAIN"]) as server:
        with pytest.raises(StopSending, match="plain letters only") as stop:
            relay(server.at).send(ANA)
        assert "Käse" not in str(stop.value)


def test_a_server_that_offers_no_login_says_so() -> None:
    with Smtp(auth_exclude_mechanism=["PLAIN", "LOGIN"]) as server, pytest.raises(StopSending, match="offers none"):
        relay(replace(server.at, user="onward", password="secret")).send(ANA)


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
    assert [finding.state for finding in mailer.connection(replace(WANTED, sender=""))] == [FINE, UNSEEN]
    server.refused_senders = {"onward@example.com": "553 not yours"}
    assert [finding.state for finding in mailer.connection(WANTED)] == [MISSING]
    assert server.taken == []
