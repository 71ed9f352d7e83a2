"""Connections: every step of the set-up is looked at, and what is missing is said with what to do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dns.exception
import dns.resolver
import pytest
from click.testing import CliRunner

from flows.addresses import SendGridAt
from flows.cli import onward
from flows.mail.exchange import mail_exchange
from flows.mail.sendgrid import SendGrid
from flows.rules.findings import FINE, MISSING, UNSEEN, Wanted
from tests.sample import TOKENS
from tests.standins import sendgrid as standins
from tests.standins.service import FAILED_BEFORE, Answer

WEB = "https://onward.example.com"
KEY, OTHER = (standins.SendGrid().public_key for _ in range(2))
WANTED = Wanted("people@example.com", "reply.example.com", WEB, (KEY,))
BOXES = ("processed", "deferred", "delivered", "bounce", "dropped", "spam_report", "unsubscribe")
EVENTS = {"enabled": True, "url": f"{WEB}/hooks/sendgrid/events", "public_key": KEY, **dict.fromkeys(BOXES, True)}
PARSE = {"hostname": "reply.example.com", "url": f"{WEB}/hooks/sendgrid/inbound", "send_raw": True}


@pytest.fixture
def service() -> Iterator[standins.SendGrid]:
    """An account with everything in place."""
    with standins.SendGrid() as service:
        service.event_hooks, service.parse_hooks = [EVENTS], [PARSE]
        yield service


def look(service: standins.SendGrid, wanted: Wanted = WANTED) -> dict[str, tuple[str, str]]:
    mailer = SendGrid(SendGridAt(service.url, standins.KEY), 1, TOKENS.mark, clock=time.time, sleep=time.sleep)
    found = {finding.what: (finding.state, finding.said) for finding in mailer.connection(wanted)}
    mailer.close()
    return found


def test_all_is_fine_where_all_is_in_place(service: standins.SendGrid) -> None:
    found = look(service)
    assert list(found) == ["SendGrid key", "Sender", "Delivery events", "Replies", "Email Logs"]
    assert {state for state, _ in found.values()} == {FINE}
    assert service.accepted == []


MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "a key that may not send": ({"scopes": ["alerts.read"]}, "SendGrid key", "give it the permission Mail Send"),
    "a domain without records": ({"domains": [{"domain": "example.com", "valid": False}]}, "Sender", "press Verify"),
    "no domain and no sender": ({"domains": []}, "Sender", "authenticate the domain example.com"),
    "no hook for events": ({"event_hooks": []}, "Delivery events", "add it under Mail Settings"),
    "a hook that is off": (
        {"event_hooks": [{"enabled": False, "url": f"{WEB}/hooks/sendgrid/events"}]},
        "Delivery events",
        "switch it on",
    ),
    "a hook that does not sign": (
        {"event_hooks": [{"enabled": True, "url": f"{WEB}/hooks/sendgrid/events"}]},
        "Delivery events",
        "does not sign",
    ),
    "a hook that signs with another key": (
        {"event_hooks": [EVENTS | {"public_key": OTHER}]},
        "Delivery events",
        "signs with another key than SENDGRID_EVENT_PUBLIC_KEY",
    ),
    "a key that only a hook elsewhere has": (
        {"event_hooks": [EVENTS | {"public_key": OTHER}, EVENTS | {"url": "https://other.example.com"}]},
        "Delivery events",
        "signs with another key",
    ),
    "a key that only a hook that is off has": (
        {"event_hooks": [EVENTS | {"public_key": OTHER}, EVENTS | {"enabled": False}]},
        "Delivery events",
        "signs with another key",
    ),
    "events that are not ticked": (
        {"event_hooks": [EVENTS | {"bounce": False, "spam_report": False, "open": False}]},
        "Delivery events",
        "tick Bounced, Spam Reports for",
    ),
    "no host for replies": ({"parse_hooks": []}, "Replies", "add the host reply.example.com"),
    "replies that come taken apart": (
        {"parse_hooks": [{"hostname": "reply.example.com", "url": f"{WEB}/hooks/sendgrid/inbound"}]},
        "Replies",
        "raw, full MIME",
    ),
}


@pytest.mark.parametrize(("changes", "what", "advice"), MISTAKES.values(), ids=MISTAKES)
def test_what_is_missing_is_said_with_what_to_do(
    service: standins.SendGrid, changes: dict[str, Any], what: str, advice: str
) -> None:
    for name, value in changes.items():
        setattr(service, name, value)
    state, said = look(service)[what]
    assert (state, advice in said) == (MISSING, True), said


def test_of_two_entries_for_a_domain_the_verified_one_counts(service: standins.SendGrid) -> None:
    service.domains = [{"domain": "example.com", "valid": False}, {"domain": "example.com", "valid": True}]
    assert look(service)["Sender"][0] == FINE


def test_a_single_verified_sender_does_for_a_beginning(service: standins.SendGrid) -> None:
    service.domains, service.senders = [], [{"from_email": "People@example.com", "verified": True}]
    assert look(service)["Sender"][0] == FINE


def test_events_that_anybody_may_post_are_not_fine(service: standins.SendGrid) -> None:
    wanted = replace(WANTED, keys=())
    assert "SENDGRID_EVENT_PUBLIC_KEY" in look(service, wanted)["Delivery events"][1]


def test_what_one_hook_does_not_post_another_may(service: standins.SendGrid) -> None:
    service.event_hooks = [EVENTS | {"bounce": False}, EVENTS | {"dropped": False}]
    assert look(service)["Delivery events"][0] == FINE


@pytest.mark.parametrize("missing", [{"bounce": None}, {}], ids=["null", "left out"])
def test_a_box_that_sendgrid_does_not_tell_of_is_unseen(service: standins.SendGrid, missing: dict[str, None]) -> None:
    service.event_hooks = [{key: value for key, value in EVENTS.items() if key != "bounce"} | missing]
    state, said = look(service)["Delivery events"]
    assert (state, said.endswith("whether these are ticked: Bounced")) == (UNSEEN, True)


def test_a_key_in_its_frame_is_the_same_key(service: standins.SendGrid) -> None:
    framed = f"-----BEGIN PUBLIC KEY-----\n{KEY[:64]}\n{KEY[64:]}\n-----END PUBLIC KEY-----\n"
    service.event_hooks = [EVENTS | {"public_key": framed}]
    assert look(service)["Delivery events"][0] == FINE


POLICIES: dict[str, tuple[Any, str, str]] = {
    "the same key": ({"signature": {"public_key": KEY}}, FINE, ""),
    "another key": ({"signature": {"public_key": OTHER}}, MISSING, "signs with another key than SENDGRID_INBOUND"),
    "no signature": ({"oauth": {}}, MISSING, "does not sign"),
    "a signature that is null": ({"signature": None}, MISSING, "does not sign"),
    "no policy": (None, MISSING, "does not sign"),
}


@pytest.mark.parametrize(("policy", "state", "advice"), POLICIES.values(), ids=POLICIES)
def test_the_key_for_replies_is_compared_with_the_policys(
    service: standins.SendGrid, policy: Any, state: str, advice: str
) -> None:
    if policy:
        service.policies = {"p-1": policy}
        service.parse_hooks = [PARSE | {"security_policy": "p-1"}]
    found = look(service, replace(WANTED, inbound_keys=(KEY,)))["Replies"]
    assert (found[0], advice in found[1]) == (state, True)


def test_what_the_key_may_not_read_is_called_unseen_not_missing(service: standins.SendGrid) -> None:
    service.logs_readable = False
    assert look(service)["Email Logs"][0] == UNSEEN
    service.faults = lambda request: FAILED_BEFORE if "parse" in request.path else ""
    assert look(service)["Replies"][0] == UNSEEN


def test_a_network_that_is_not_there_is_no_matter_of_the_key() -> None:
    mailer = SendGrid(SendGridAt("http://127.0.0.1:9", standins.KEY), 1, TOKENS.mark, clock=time.time, sleep=time.sleep)
    (finding,) = mailer.connection(WANTED)
    mailer.close()
    assert (finding.what, finding.state) == ("SendGrid", MISSING)
    assert "check the network" in finding.said
    assert "key" not in finding.said


UNSEEN_FOR = {
    "the key": (Answer(403), "give the key the right"),
    "SendGrid's trouble": (Answer(500), "try again in a while"),
}


@pytest.mark.parametrize(("answer", "advice"), UNSEEN_FOR.values(), ids=UNSEEN_FOR)
def test_why_something_was_not_seen_decides_what_to_do(
    service: standins.SendGrid, monkeypatch: pytest.MonkeyPatch, answer: Answer, advice: str
) -> None:
    usual = service.handle
    monkeypatch.setattr(service, "handle", lambda request: answer if "parse" in request.path else usual(request))
    state, said = look(service)["Replies"]
    assert (state, advice in said) == (UNSEEN, True)


@pytest.mark.parametrize(("answer", "state"), [(Answer(500), UNSEEN), (Answer(401), MISSING)], ids=["500", "401"])
def test_only_a_key_that_is_refused_is_to_be_made_anew(
    service: standins.SendGrid, monkeypatch: pytest.MonkeyPatch, answer: Answer, state: str
) -> None:
    monkeypatch.setattr(service, "handle", lambda request: answer)
    found = look(service)["SendGrid key"]
    assert (found[0], "make a key" in found[1]) == (state, state == MISSING)


STRANGE: tuple[Any, ...] = (None, [], {}, 5, "no", [None], [[]], {"errors": 5}, {"errors": [None]}, b"<html>")
NAMES = ("scopes", "webhooks", "result", "results")


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("strange", [*STRANGE, *(dict.fromkeys(NAMES, each) for each in STRANGE[:-1])], ids=str)
def test_whatever_sendgrid_answers_is_put_into_words(
    service: standins.SendGrid, monkeypatch: pytest.MonkeyPatch, strange: Any, status: int
) -> None:
    usual = service.handle
    monkeypatch.setattr(service, "handle", lambda request: Answer(status, strange))
    assert look(service)["SendGrid key"][0] != FINE
    monkeypatch.setattr(
        service, "handle", lambda request: usual(request) if "scopes" in request.path else Answer(status, strange)
    )
    assert len(look(service)) == 5


def test_a_key_that_is_refused_is_all_there_is_to_say(service: standins.SendGrid) -> None:
    mailer = SendGrid(SendGridAt(service.url, "SG.wrong"), 1, TOKENS.mark, clock=time.time, sleep=time.sleep)
    (finding,) = mailer.connection(WANTED)
    assert (finding.state, "make a key" in finding.said) == (MISSING, True)
    mailer.close()


def raising(error: type[Exception]) -> Callable[[str], list[str]]:
    def look_up(domain: str) -> list[str]:
        raise error

    return look_up


EXCHANGES = {
    "SendGrid's": (lambda domain: ["mx.sendgrid.net"], FINE),
    "somebody else's": (lambda domain: ["mail.example.com"], MISSING),
    "no record": (raising(dns.resolver.NoAnswer), MISSING),
    "no such domain": (raising(dns.resolver.NXDOMAIN), MISSING),
    "no answer from here": (raising(dns.exception.Timeout), UNSEEN),
}


@pytest.mark.parametrize(("look_up", "state"), EXCHANGES.values(), ids=EXCHANGES)
def test_the_mx_record_has_to_name_sendgrid(look_up: Callable[[str], list[str]], state: str) -> None:
    finding = mail_exchange("reply.example.com", look_up)
    assert (finding.state, "reply.example.com" in finding.said) == (state, True)


def test_the_command_lists_every_connection_and_fails_while_one_is_missing(
    folder: Path, service: standins.SendGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "ONWARD_DATA": str(folder),
        "ONWARD_MAIL": "sendgrid",
        "ONWARD_SENDGRID_API": service.url,
        "SENDGRID_API_KEY": standins.KEY,
        "ONWARD_WEB_URL": WEB,
    }.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(onward, ["check", "--connections", "--json"])
    found = {each["what"]: each["state"] for each in json.loads(done.stdout)["connections"]}
    assert (found["Ledger"], found["Sheet"], found["SendGrid key"], found["Replies"]) == (FINE, FINE, FINE, MISSING)
    assert done.exit_code == 1


def test_a_sheet_that_is_not_there_yet_is_said_once_and_hides_nothing(
    tmp_path: Path, service: standins.SendGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "ONWARD_DATA": str(tmp_path),
        "ONWARD_MAIL": "sendgrid",
        "ONWARD_SENDGRID_API": service.url,
        "SENDGRID_API_KEY": standins.KEY,
    }.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(onward, ["check", "--connections", "--json"])
    found = [(each["what"], each["state"]) for each in json.loads(done.stdout)["connections"]]
    assert [state for what, state in found if what == "Sheet"] == [MISSING]
    assert {("SendGrid key", FINE), ("Sender", UNSEEN), ("Email Logs", FINE)} <= set(found)


def test_a_new_machine_with_nothing_set_is_fine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONWARD_DATA", str(folder))
    done = CliRunner().invoke(onward, ["check", "--connections"])
    assert done.exit_code == 0, done.stdout
    assert "none leaves this machine" in done.stdout
