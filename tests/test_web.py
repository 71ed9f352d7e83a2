"""The web application: who is let in, what is kept, and what the other side is told."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from flows.mail.sendgrid import SendGrid
from flows.mail.sendgrid_payload import SEND_KEY
from flows.mail.signature import genuine, public_key
from flows.office import Office
from flows.rules.delivery import DELIVERED
from flows.rules.problems import OnwardError
from flows.web.app import make_app
from flows.web.bodies import MOST
from flows.web.serving import event_keys, listen, place_of
from tests.sample import TOKENS, TUESDAY, send_due
from tests.standins import sendgrid as standins

HOOK = "/hooks/sendgrid/events"


@pytest.fixture
def service() -> standins.SendGrid:
    """SendGrid as a signer of events; it need not be reached."""
    return standins.SendGrid()


@pytest.fixture
def client(office: Office, service: standins.SendGrid) -> Iterator[TestClient]:
    """The application, which knows the service's key, after Ana and Ben were asked."""
    send_due(office, TUESDAY)
    with TestClient(make_app(office, event_keys((service.public_key,)))) as client:
        yield client


def delivered(office: Office) -> list[dict[str, object]]:
    """The events of the two mails."""
    return [
        {"event": "delivered", "email": s.recipient, "sg_event_id": s.recipient, SEND_KEY: TOKENS.mark(s.key)}
        for s in office.ledger.sendings(TUESDAY)
    ]


def states(office: Office) -> set[str]:
    return {sending.delivery for sending in office.ledger.sendings(TUESDAY)}


def test_a_signed_post_is_kept(client: TestClient, office: Office, service: standins.SendGrid) -> None:
    body, headers = service.signed(delivered(office))
    answer = client.post(HOOK, content=body, headers=headers)
    assert (answer.status_code, answer.text) == (200, "2 events about mails, 2 of them new.\n")
    assert states(office) == {DELIVERED}


def test_a_post_that_is_told_again_is_answered_well_and_counts_once(
    client: TestClient, office: Office, service: standins.SendGrid
) -> None:
    body, headers = service.signed(delivered(office))
    said = [client.post(HOOK, content=body, headers=headers).text for _ in range(3)]
    assert [text.split(", ")[1] for text in said] == ["2 of them new.\n", "0 of them new.\n", "0 of them new.\n"]


def test_a_post_that_nobody_signed_is_refused(client: TestClient, office: Office, service: standins.SendGrid) -> None:
    body, headers = service.signed(delivered(office))
    forged: tuple[tuple[bytes, dict[str, str]], ...] = (
        (body, {}),
        (body + b" ", headers),
        (body.strip(), headers),
        (body, {**headers, "X-Twilio-Email-Event-Webhook-Timestamp": "1700000000"}),
        (body, standins.SendGrid().signed(delivered(office))[1]),
    )
    assert {client.post(HOOK, content=text, headers=named).status_code for text, named in forged} == {403}
    assert states(office) == {""}


def test_without_a_key_posts_are_taken_unsigned(office: Office) -> None:
    send_due(office, TUESDAY)
    with TestClient(make_app(office, [])) as client:
        assert client.post(HOOK, json=delivered(office)).status_code == 200
    assert states(office) == {DELIVERED}


def test_two_keys_count_while_one_takes_the_others_place(office: Office, service: standins.SendGrid) -> None:
    keys = event_keys((standins.SendGrid().public_key, service.public_key))
    body, headers = service.signed([])
    with TestClient(make_app(office, keys)) as client:
        assert client.post(HOOK, content=body, headers=headers).status_code == 200


def test_what_is_no_list_of_events_is_refused_and_what_is_too_large_is_not_read(office: Office) -> None:
    with TestClient(make_app(office, [])) as client:
        assert client.post(HOOK, content=b"hello").status_code == 400
        assert client.post(HOOK, content=b"x" * (MOST + 1)).status_code == 413
        assert client.get(HOOK).status_code == 405


def test_events_that_cannot_be_kept_now_are_asked_for_again(office: Office) -> None:
    class Full:
        def store_events(self, *_: object) -> int:
            raise OnwardError("The ledger cannot be used now (disk full).", passing=True)

    full = replace(office, ledger=Full())  # type: ignore[arg-type]
    with TestClient(make_app(full, [])) as client:
        assert client.post(HOOK, json=[]).status_code == 503


def test_health_is_the_ledgers(office: Office) -> None:
    with TestClient(make_app(office, [])) as client:
        assert client.get("/healthz").status_code == 200


# -- the signature ---------------------------------------------------------------------------------


@given(st.binary(max_size=300))
def test_a_signature_covers_any_bytes(body: bytes) -> None:
    signer = standins.SendGrid()
    signed, headers = signer.signed([])
    signature = headers["X-Twilio-Email-Event-Webhook-Signature"]
    stamp = headers["X-Twilio-Email-Event-Webhook-Timestamp"]
    keys = [public_key(signer.public_key)]
    assert genuine(keys, stamp, signature, signed)
    assert not genuine(keys, stamp, signature, body)
    assert not genuine(keys, stamp, b64encode(body).decode(), signed)


def test_a_stamp_that_swallows_the_bodys_first_digits_does_not_fit() -> None:
    signer = standins.SendGrid()
    body, headers = signer.signed([])
    stamp, signature = (headers[f"X-Twilio-Email-Event-Webhook-{name}"] for name in ("Timestamp", "Signature"))
    assert not genuine([public_key(signer.public_key)], stamp[:-1], signature, stamp[-1].encode() + body)


@pytest.mark.parametrize("text", ["nonsense", "aGVsbG8=", "-----BEGIN PUBLIC KEY-----"])
def test_a_key_that_is_none_is_said_at_the_start(text: str) -> None:
    with pytest.raises(OnwardError, match="copy the one that SendGrid shows"):
        event_keys((text,))


def test_a_key_in_its_pem_frame_is_taken(service: standins.SendGrid) -> None:
    framed = f"-----BEGIN PUBLIC KEY-----\n{service.public_key}\n-----END PUBLIC KEY-----"
    assert public_key(framed) == public_key(service.public_key)


# -- the command -----------------------------------------------------------------------------------


def test_a_taken_port_is_a_sentence() -> None:
    with listen("127.0.0.1", 0) as place, pytest.raises(OnwardError, match=r"choose another port with --port"):
        listen("127.0.0.1", place.getsockname()[1])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "::"])
def test_an_address_of_either_kind_can_be_listened_at(host: str) -> None:
    if ":" in host and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with listen(host, 0) as place, socket.create_connection((host.strip("[]"), place.getsockname()[1]), 5):
        pass


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_an_address_with_colons_goes_into_brackets() -> None:
    assert [place_of(host, 80) for host in ("::1", "[::1]", "a.example")] == ["[::1]:80", "[::1]:80", "a.example:80"]


@pytest.mark.parametrize("host", ["no such host", "2001:db8::1", "203.0.113.9", "x" * 70])
def test_an_address_of_another_machine_is_a_sentence(host: str) -> None:
    with pytest.raises(OnwardError, match=r"nothing can be served here \(.+\); name an address of this machine"):
        listen(host, 8020)


def test_the_command_serves_and_ends_when_it_is_told_to(folder: Path) -> None:
    with listen("127.0.0.1", 0) as place:
        port = place.getsockname()[1]
    onward = Path(sys.executable).with_name("onward")
    words = [str(onward), "web", "--port", str(port)]
    with subprocess.Popen(words, env={"ONWARD_DATA": str(folder), "PATH": ""}, stderr=subprocess.PIPE) as process:
        url, answer = f"http://127.0.0.1:{port}", 0
        while not answer and process.poll() is None:
            try:
                answer = urllib.request.urlopen(f"{url}/healthz", timeout=5).status
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        assert answer == 200
        process.terminate()
        assert process.wait(20) in (0, -15)
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()


def test_the_events_of_a_real_sending_find_it(office: Office, service: standins.SendGrid) -> None:
    """From the request that SendGrid took to the state in the ledger, with nothing but what went over the wire."""
    from flows.addresses import SendGridAt

    with service:
        mailer = SendGrid(SendGridAt(service.url, standins.KEY), 2, TOKENS.mark, clock=time.time, sleep=time.sleep)
        send_due(replace(office, mailer=mailer), TUESDAY)
        mailer.close()
    events = [service.event(each, "delivered", response="250 OK") for each in service.accepted]
    body, headers = service.signed(events)
    assert json.loads(body)
    with TestClient(make_app(office, event_keys((service.public_key,)))) as client:
        assert client.post(HOOK, content=body, headers=headers).text.endswith("2 of them new.\n")
    assert states(office) == {DELIVERED}
