"""SendGrid: what it is asked, what each of its answers means, and what is known after an answer was lost."""

from __future__ import annotations

import logging
import ssl
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from flows.addresses import SendGridAt
from flows.mail.door import StopSending
from flows.mail.sendgrid import SendGrid
from flows.rules.email import ABSENT, REFUSED, SENT, UNKNOWN, Address
from tests.sample import TOKENS, sending
from tests.standins import sendgrid as standins
from tests.standins.sendgrid import KEY
from tests.standins.service import (
    BUSY,
    CLOSED_AFTER,
    CLOSED_BEFORE,
    FAILED_AFTER,
    FAILED_BEFORE,
    GATEWAY,
    SLOW,
    TRUNCATED,
    Answer,
)
from tests.test_mailer_contract import ANA


@pytest.fixture
def service() -> Iterator[standins.SendGrid]:
    with standins.SendGrid() as service:
        service.slow_seconds = 1.5
        yield service


def mailer_at(url: str, key: str = KEY, slept: list[float] | None = None) -> SendGrid:
    """A mailer that does not really wait; what it would have is in `slept`."""
    sleep = (slept if slept is not None else []).append
    return SendGrid(SendGridAt(url, key), 4, TOKENS.mark, clock=time.time, sleep=sleep, read_seconds=1)


@pytest.fixture
def mailer(service: standins.SendGrid) -> Iterator[SendGrid]:
    mailer = mailer_at(service.url)
    yield mailer
    mailer.close()


def sent(service: standins.SendGrid, mailer: SendGrid, **changed: Any) -> dict[str, Any]:
    """The request that one mail made."""
    assert mailer.send(replace(ANA, **changed)).status == SENT
    payload: dict[str, Any] = service.accepted[-1].payload
    return payload


# -- what it is asked ------------------------------------------------------------------------------


def test_nothing_about_people_is_tracked(service: standins.SendGrid, mailer: SendGrid) -> None:
    tracking = sent(service, mailer)["tracking_settings"]
    assert set(tracking) == {"click_tracking", "open_tracking", "subscription_tracking", "ganalytics"}
    assert not any(setting["enable"] for setting in tracking.values())
    assert tracking["click_tracking"]["enable_text"] is False


def test_what_its_staff_can_read_says_nothing_about_anybody(service: standins.SendGrid, mailer: SendGrid) -> None:
    payload = sent(service, mailer)
    assert payload["categories"] == [ANA.kind]
    assert list(payload["custom_args"]) == ["onward_send"]
    assert TOKENS.of_mark(payload["custom_args"]["onward_send"])
    assert "ana" not in payload["custom_args"]["onward_send"]


def test_the_text_stands_before_the_html_and_the_message_id_is_ours(
    service: standins.SendGrid, mailer: SendGrid
) -> None:
    payload = sent(service, mailer)
    assert [content["type"] for content in payload["content"]] == ["text/plain", "text/html"]
    assert payload["headers"]["Message-ID"] == ANA.message_id
    assert payload["reply_to"]["email"] == ANA.reply_to.email


NAMES = {
    "separators": ("Silva, Ana; PhD", "Silva Ana PhD"),
    "line breaks": ("Ana\r\nBcc: x@y.z", "Ana Bcc: x@y.z"),
    "none": ("", None),
}


@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)
def test_a_name_that_it_would_refuse_is_mended(
    service: standins.SendGrid, mailer: SendGrid, name: str, shown: str | None
) -> None:
    payload = sent(service, mailer, to=Address("ana@example.com", name))
    assert payload["personalizations"][0]["to"][0].get("name") == shown


@pytest.mark.parametrize(("name", "shown"), [("Jörg Müller", "Jorg Muller"), ("山田", None)])
def test_a_senders_name_is_put_into_ascii(
    service: standins.SendGrid, mailer: SendGrid, name: str, shown: str | None
) -> None:
    assert sent(service, mailer, sender=Address("onward@example.com", name))["from"].get("name") == shown


def test_many_mails_share_a_few_connections_and_the_key_is_in_no_log(
    service: standins.SendGrid, mailer: SendGrid, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for _ in range(20):
            mailer.send(ANA)
    assert len(service.accepted) == 20
    assert service.connections == 1
    assert KEY not in caplog.text
    assert "How was it" not in caplog.text


# -- what its answers mean -------------------------------------------------------------------------

FAULTS = {
    CLOSED_BEFORE: (UNKNOWN, 0),
    CLOSED_AFTER: (UNKNOWN, 1),
    FAILED_BEFORE: (UNKNOWN, 0),
    FAILED_AFTER: (UNKNOWN, 1),
    GATEWAY: (UNKNOWN, 1),
    SLOW: (UNKNOWN, 1),
    TRUNCATED: (SENT, 1),  # the status line came, and 202 is all there is to know
    BUSY: (SENT, 1),
}


@pytest.mark.parametrize(("fault", "expected"), FAULTS.items(), ids=FAULTS)
def test_a_mail_is_handed_over_once_whatever_goes_wrong(
    service: standins.SendGrid, mailer: SendGrid, fault: str, expected: tuple[str, int]
) -> None:
    service.faults = deque([fault])
    assert (mailer.send(ANA).status, len(service.accepted)) == expected


STOPS = {
    "a wrong key": ("SG.wrong", {}, "the key is refused"),
    "a key that may not send": (KEY, {"scopes": []}, "give the key the permission Mail Send"),
    "no credits": (KEY, {"credits": 0}, "the plan's mails are used up"),
    "an unverified sender": (KEY, {"domains": []}, "verify the sender"),
}


@pytest.mark.parametrize(("key", "theirs", "said"), STOPS.values(), ids=STOPS)
def test_what_every_mail_would_meet_stops_the_batch(
    service: standins.SendGrid, key: str, theirs: dict[str, Any], said: str
) -> None:
    for name, value in theirs.items():
        setattr(service, name, value)
    with pytest.raises(StopSending, match=said):
        mailer_at(service.url, key).send(ANA)
    assert service.accepted == []


def test_one_mail_that_it_refuses_is_refused_alone(service: standins.SendGrid, mailer: SendGrid) -> None:
    delivery = mailer.send(replace(ANA, headers={"Received": "not ours to set"}))
    assert (delivery.status, "cannot be set" in delivery.detail) == (REFUSED, True)
    assert mailer.send(ANA).status == SENT


def test_a_redirect_is_not_followed_with_the_key_in_hand(service: standins.SendGrid, mailer: SendGrid) -> None:
    service.handle = lambda request: Answer(302, b"", {"Location": f"{service.url}/elsewhere"})  # type: ignore[method-assign]
    with pytest.raises(StopSending, match="no mail is taken at this address"):
        mailer.send(ANA)
    assert [request.path for request in service.requests] == ["/v3/mail/send"]


def test_too_many_requests_wait_until_the_moment_that_it_names(service: standins.SendGrid) -> None:
    slept: list[float] = []
    service.faults = deque([BUSY])
    assert mailer_at(service.url, slept=slept).send(ANA).status == SENT
    assert 0 < slept[0] < 3


def test_a_wait_of_an_hour_is_left_to_a_later_run(service: standins.SendGrid, mailer: SendGrid) -> None:
    hour = str(int(time.time()) + 3600)
    busy = Answer(429, {"errors": [{"message": "too many requests"}]}, {"X-RateLimit-Reset": hour})
    service.handle = lambda request: busy  # type: ignore[method-assign]
    with pytest.raises(StopSending, match="takes more from") as stop:
        mailer.send(ANA)
    assert stop.value.passing


def test_a_service_that_is_away_for_a_moment_is_tried_again(service: standins.SendGrid) -> None:
    service.close()
    mailer = SendGrid(
        SendGridAt(service.url, KEY), 4, TOKENS.mark, clock=time.time, sleep=lambda _: service.open(), read_seconds=1
    )
    assert mailer.send(ANA).status == SENT
    assert len(service.accepted) == 1


# -- who it is --------------------------------------------------------------------------------------


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[standins.SendGrid, Path]]:
    """The service by HTTPS, and the file with the certificate of whoever vouches for it."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    service = standins.SendGrid()
    service.tls = context
    with service:
        yield service, tmp_path / "ca.pem"


def by_https(service: standins.SendGrid, ca: Path | None) -> SendGrid:
    at = SendGridAt(service.url, KEY)
    return SendGrid(at, 2, TOKENS.mark, clock=time.time, sleep=lambda seconds: None, read_seconds=5, ca=ca)


def test_it_is_reached_by_https_over_few_connections(secure: tuple[standins.SendGrid, Path]) -> None:
    service, ca = secure
    mailer = by_https(service, ca)
    assert {mailer.send(ANA).status for _ in range(5)} == {SENT}
    assert service.connections == 1
    mailer.close()


def test_whoever_cannot_prove_to_be_it_gets_neither_mail_nor_key(secure: tuple[standins.SendGrid, Path]) -> None:
    service, _ = secure
    mailer = by_https(service, None)
    with pytest.raises(StopSending, match="cannot prove who it is"):
        mailer.send(ANA)
    assert service.requests == []
    mailer.close()


def test_a_proxy_of_the_environment_is_used(service: standins.SendGrid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", service.url)
    monkeypatch.setenv("NO_PROXY", "")
    mailer = mailer_at("http://sendgrid.invalid")
    assert mailer.send(ANA).status == SENT
    assert service.requests[0].headers["host"] == "sendgrid.invalid"
    mailer.close()


# -- what can be found out later -------------------------------------------------------------------


def evidence(mailer: SendGrid, **changed: Any) -> str:
    return mailer.evidence(sending(ANA.key, begun=datetime.now(UTC), **changed)).status


def test_the_logs_tell_what_was_accepted_when_the_answer_was_lost(service: standins.SendGrid, mailer: SendGrid) -> None:
    service.faults = deque([CLOSED_AFTER])
    mailer.send(ANA)
    assert evidence(mailer) == SENT


def test_what_was_never_accepted_is_absent_even_beside_other_mails_to_the_same_person(
    service: standins.SendGrid, mailer: SendGrid
) -> None:
    mailer.send(replace(ANA, key="check-in/2026-W36/ana"))
    service.faults = deque([CLOSED_BEFORE])
    mailer.send(ANA)
    assert evidence(mailer) == ABSENT


def test_logs_that_cannot_be_read_say_why_and_prove_nothing(service: standins.SendGrid, mailer: SendGrid) -> None:
    service.logs_readable = False
    said = mailer.evidence(sending(ANA.key, begun=datetime.now(UTC)))
    assert (said.status, "give it that permission" in said.detail) == (UNKNOWN, True)


@pytest.mark.parametrize("fault", [CLOSED_BEFORE, FAILED_BEFORE, BUSY, TRUNCATED, GATEWAY])
def test_a_fault_while_asking_proves_nothing(service: standins.SendGrid, mailer: SendGrid, fault: str) -> None:
    service.faults = deque([fault])
    assert evidence(mailer) == UNKNOWN


def test_mails_of_long_ago_are_not_taken_for_this_one(service: standins.SendGrid, mailer: SendGrid) -> None:
    mailer.send(ANA)
    later = sending(ANA.key, begun=datetime.now(UTC) + timedelta(days=2))
    assert mailer.evidence(later).status == ABSENT
