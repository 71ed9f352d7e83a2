"""The reply hook over real HTTP: every post that may hold a mail is kept before 200, and no doubt is ever a 4xx."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from flows.filing import file_answers, ledger_problems
from flows.mail.inbound_parse import read_post
from flows.mail.reading import read_mail
from flows.office import Office
from flows.rules.post import ASIDE, NEW, TAKEN
from flows.rules.problems import OnwardError
from flows.web.app import make_app
from flows.web.bodies import MOST
from flows.web.serving import inbound_keys
from tests.sample import TUESDAY, WEEK, cells, opened, parsed, reply_to, send_due, the_mail
from tests.standins.inbound_parse import Signer, default_mode, envelope, form, headers, raw_mode

HOOK = "/hooks/sendgrid/inbound"
ANAS = "growth-check-in 2026-W37 ana@*"
FOUR = "[1] Yes\n[2] 4\n[3] Shorter sentences work\n[4] Friday at ten"
LATER = TUESDAY + WEEK / 84


@pytest.fixture
def asked(office: Office) -> Office:
    """The office after Ana and Ben were asked, two hours later by its clock."""
    send_due(office, TUESDAY)
    office.clock = lambda: LATER
    return office


@pytest.fixture
def client(asked: Office) -> Iterator[TestClient]:
    """The application without a key."""
    with TestClient(make_app(asked, []), raise_server_exceptions=False) as client:
        yield client


def address(folder: Path) -> str:
    """Where Ana's reply goes."""
    return str(parsed(the_mail(folder, ANAS))["Reply-To"].addresses[0].addr_spec)


def anas(folder: Path, words: str = FOUR, **changes: str) -> bytes:
    return reply_to(the_mail(folder, ANAS), words, **changes)


def post(client: TestClient, fields: list[tuple[str, bytes]]) -> int:
    return int(client.post(HOOK, content=form(fields), headers=headers()).status_code)


def filed(office: Office, folder: Path) -> list[dict[str, object]]:
    file_answers(office, LATER)
    return cells(folder, "Check-ins") if (folder / "answers.xlsx").exists() else []


def kept(office: Office) -> list[bytes]:
    return [office.ledger.raw(reply) for reply in office.ledger.replies(NEW)]


def test_a_posted_reply_is_kept_as_it_came_and_filed_later(client: TestClient, asked: Office, folder: Path) -> None:
    raw = anas(folder).replace(b"\n", b"\r\n") + b"\xff\x00\x80"
    assert post(client, raw_mode(raw, [address(folder)])) == 200
    assert kept(asked) == [raw]
    (row,) = filed(asked, folder)
    assert (row["Email"], row["Energy"], row["By"]) == ("ana@example.com", "4", "mail")


WORDS = "[1] Yes\n[2] 4\n[3] Schöne Grüße – “kürzer”\n[4] Freitag"
CHARSETS = {
    "as it says": ("windows-1252", '{"text":"windows-1252"}'),
    "utf-8, said to be another": ("utf-8", '{"text":"iso-8859-1"}'),
    "windows, said to be latin": ("windows-1252", '{"text":"iso-8859-1"}'),
    "no charsets": ("utf-8", ""),
    "charsets that are none": ("utf-8", '{"text":{"a":1},"html":null,"to":"\\ud800\\r\\nX: y"}'),
    "a charset nobody knows": ("utf-8", '{"text":"klingon"}'),
    "no json": ("utf-8", "[" * 5000),
    "utf-16": ("utf-16-le", '{"text":"utf-16-le"}'),
}


@pytest.mark.parametrize(("charset", "said"), CHARSETS.values(), ids=CHARSETS)
def test_in_default_mode_each_field_has_its_own_charset(
    client: TestClient, asked: Office, folder: Path, charset: str, said: str
) -> None:
    raw = anas(folder)
    assert post(client, default_mode(raw, WORDS.encode(charset), b"", said, [address(folder)])) == 200
    (row,) = filed(asked, folder)
    assert (row["Energy"], row["Noticed"]) == ("4", "Schöne Grüße – “kürzer”")


def test_in_default_mode_every_mode_of_one_mail_is_one_answer(client: TestClient, asked: Office, folder: Path) -> None:
    raw = anas(folder, **{"Message-ID": "<1@example.com>"})
    text = str(parsed(raw).get_content()).encode()
    for fields in (default_mode(raw, text), default_mode(raw, text), raw_mode(raw)):
        assert post(client, fields) == 200
    assert len(filed(asked, folder)) == 1


def test_in_default_mode_a_mail_of_html_alone_is_read(client: TestClient, asked: Office, folder: Path) -> None:
    html = "<div>[2] 5</div><div>[3] Gr\u00fc\u00dfe</div>".encode("cp1252")
    assert post(client, default_mode(anas(folder), b"", html, '{"html":"windows-1252"}')) == 200
    (row,) = filed(asked, folder)
    assert (row["Energy"], row["Noticed"]) == ("5", "Grüße")


def test_in_default_mode_what_is_attached_is_kept(client: TestClient, asked: Office, folder: Path) -> None:
    picture = bytes(range(256)) * 50
    head = b'--xYzZY\r\nContent-Disposition: form-data; name="attachment1"; filename="a\x00.png"\r\n'
    part = head + b"Content-Type: image/png\r\n\r\n" + picture + b"\r\n"
    body = part + form(default_mode(anas(folder), FOUR.encode()))
    assert client.post(HOOK, content=body, headers=headers()).status_code == 200
    (attached,) = parsed(kept(asked)[0]).iter_attachments()
    assert attached.get_payload(decode=True) == picture
    assert len(filed(asked, folder)) == 1


def test_in_default_mode_a_mail_without_its_headers_is_made_of_what_there_is(
    client: TestClient, asked: Office, folder: Path
) -> None:
    sender = "Ana Sïlva <ana@example.com>".encode("cp850")
    fields = [("from", sender), ("text", FOUR.encode()), ("charsets", b'{"from":"cp850"}'), envelope([address(folder)])]
    assert post(client, fields) == 200
    assert "Ana Sïlva" in kept(asked)[0].decode()
    assert len(filed(asked, folder)) == 1


@given(text=st.binary(min_size=1, max_size=200), html=st.binary(min_size=1, max_size=200))
def test_in_default_mode_the_texts_keep_their_bytes(text: bytes, html: bytes) -> None:
    fields = default_mode(b"From: a@example.com\n\n", text, html, '{"text":"koi8-r"}')
    (mail,) = read_post(headers()["Content-Type"], form(fields)).mails
    plain, shown = parsed(mail).iter_parts()
    assert (plain.get_payload(decode=True), shown.get_payload(decode=True)) == (text, html)
    assert read_mail(mail).sender == "a@example.com"


# -- once ------------------------------------------------------------------------------------------


def test_a_post_that_is_repeated_is_one_reply(client: TestClient, asked: Office, folder: Path) -> None:
    fields = raw_mode(anas(folder), [address(folder)])
    assert [post(client, fields) for _ in range(3)] == [200, 200, 200]
    assert len(kept(asked)) == 1


def test_one_mail_to_several_recipients_is_one_reply_by_the_one_that_is_ours(
    client: TestClient, asked: Office, folder: Path
) -> None:
    raw = anas(folder, To="team@example.com", In_Reply_To="", References="")
    assert post(client, raw_mode(raw, ["team@example.com"])) == 200
    assert filed(asked, folder) == []
    assert post(client, raw_mode(raw, [address(folder).upper()])) == 200
    assert len(filed(asked, folder)) == 1
    assert len(asked.ledger.replies(TAKEN)) == 1


KILLED = """
import os, sys
from pathlib import Path
from starlette.testclient import TestClient
from flows.web.app import make_app
from flows.ledger import Ledger
from tests.sample import opened
from tests.standins.inbound_parse import headers
keep = Ledger.keep
def dies(*mail):
    keep(*mail)
    os._exit(9)  # stored, and the plug is pulled before the answer
Ledger.keep = dies
with opened(Path(sys.argv[1])) as office:
    TestClient(make_app(office, [])).post("/hooks/sendgrid/inbound", content=sys.stdin.buffer.read(), headers=headers())
"""


def test_a_kill_between_keeping_and_answering_leaves_one_reply(asked: Office, folder: Path) -> None:
    body = form(raw_mode(anas(folder), [address(folder)]))
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], input=body, capture_output=True, timeout=60)
    assert done.returncode == 9, done.stderr
    with TestClient(make_app(asked, [])) as client:
        assert client.post(HOOK, content=body, headers=headers()).text == "1 mail kept, 0 of it new.\n"
    assert len(filed(asked, folder)) == 1


# -- whatever is wrong, it is 503 ------------------------------------------------------------------


@pytest.fixture
def signer() -> Signer:
    return Signer()


def test_with_a_key_signed_posts_are_kept_and_others_are_not(asked: Office, folder: Path, signer: Signer) -> None:
    body = form(raw_mode(anas(folder), [address(folder)]))
    forged: tuple[tuple[bytes, dict[str, str]], ...] = (
        (body, headers()),
        (body + b" ", signer.headers(body)),
        (body, {**signer.headers(body), "X-Twilio-Email-Event-Webhook-Timestamp": "1700000000"}),
        (body, Signer().headers(body)),
    )
    with TestClient(make_app(asked, [], inbound_keys((signer.public_key,)))) as client:
        assert {client.post(HOOK, content=text, headers=named).status_code for text, named in forged} == {503}
        assert kept(asked) == []
        assert client.post(HOOK, content=body, headers=signer.headers(body)).status_code == 200
    assert len(kept(asked)) == 1
    (problem,) = ledger_problems(asked, asked.timetable().company, LATER)
    assert "4 posts to the reply hook were refused since Tue 8 Sep 2026" in problem.advice
    assert "check SENDGRID_INBOUND_PUBLIC_KEY" in problem.advice
    assert ledger_problems(asked, asked.timetable().company, LATER + 5 * WEEK) == []


def test_a_key_that_is_none_is_said_at_the_start() -> None:
    with pytest.raises(OnwardError, match="SENDGRID_INBOUND_PUBLIC_KEY: this is no public key"):
        inbound_keys(("nonsense",))


UNREADABLE = {
    "nothing": b"",
    "no form": b"hello",
    "a form of nothing": b"--xYzZY--\r\n",
    "fields of no mail": form([("spam_score", b"1"), ("SPF", b"pass")]),
    "an empty mail": form([("email", b" \r\n")]),
    "a broken head": b'--xYzZY\r\nContent-Disposition form-data; name="email"\r\n\r\nFrom: a\r\n--xYzZY--',
    "line feeds alone": form([("email", b"From: a")]).replace(b"\r\n", b"\n"),
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_holds_no_mail_is_kept_as_it_came_and_asked_for_again(
    client: TestClient, asked: Office, body: bytes
) -> None:
    answers = {client.post(HOOK, content=body, headers=headers()).status_code for _ in range(2)}
    assert answers == {503}
    assert [asked.ledger.raw(reply) for reply in asked.ledger.replies(ASIDE)] == ([body] if body else [])
    (problem,) = ledger_problems(asked, asked.timetable().company, LATER)
    assert "2 posts to the reply hook were refused" in problem.advice


def test_unreadable_posts_do_not_fill_the_disk(client: TestClient, asked: Office) -> None:
    for number in range(110):
        client.post(HOOK, content=b"%d" % number, headers=headers())
    assert len(asked.ledger.replies(ASIDE)) == 100


def test_a_mail_in_which_the_form_breaks_off_is_kept_and_asked_for_again(
    client: TestClient, asked: Office, folder: Path
) -> None:
    body = form([envelope([address(folder)]), ("email", anas(folder))])
    assert client.post(HOOK, content=body[:-20], headers=headers()).status_code == 503
    assert len(kept(asked)) == 1


def test_a_form_that_breaks_off_after_the_mail_is_taken(client: TestClient, asked: Office, folder: Path) -> None:
    body = form([envelope([address(folder)]), ("email", anas(folder)), ("SPF", b"pass")])
    assert client.post(HOOK, content=body, headers={"Content-Type": "multipart/form-data; boundary=no"}).is_success
    assert len(kept(asked)) == 1


def test_of_two_different_mails_in_one_post_none_is_lost(client: TestClient, asked: Office, folder: Path) -> None:
    mails = [anas(folder), anas(folder, "[2] 1")]
    assert post(client, [("email", mails[0]), ("email", mails[1]), ("email", mails[0])]) == 200
    assert kept(asked) == mails


ENVELOPES = {
    "empty": b"",
    "an empty object": b"{}",
    "a list": b"[]",
    "null": b"null",
    "no list of recipients": b'{"to":"r@x"}',
    "other things than texts": b'{"to":[1,null,{}],"from":[]}',
    "depth without end": b"[" * 10_000,
    "no text": b"\xff\xfe",
    "halves of surrogate pairs": b'{"to":["\\ud800\\u0000x@y"],"from":"\\udfff\\u0000"}',
    "length without end": b'{"to":["' + b"a" * 200_000 + b'"]}',
}


@pytest.mark.parametrize("said", ENVELOPES.values(), ids=ENVELOPES)
def test_an_envelope_that_is_none_loses_no_mail(client: TestClient, asked: Office, folder: Path, said: bytes) -> None:
    assert post(client, [("envelope", said), ("email", anas(folder))]) == 200
    file_answers(asked, LATER)
    assert len(asked.ledger.replies(NEW)) == 0


def test_a_mail_of_thirty_megabytes_is_kept(client: TestClient, asked: Office, folder: Path) -> None:
    raw = anas(folder) + b"x" * (30 * 2**20)
    assert post(client, raw_mode(raw, [address(folder)])) == 200
    assert kept(asked) == [raw]
    assert len(filed(asked, folder)) == 1


def test_what_is_larger_is_not_read_on_and_counted(client: TestClient, asked: Office) -> None:
    assert client.post(HOOK, content=b"x" * (MOST + 1), headers=headers()).status_code == 503
    (problem,) = ledger_problems(asked, asked.timetable().company, LATER)
    assert "larger than a mail may be" in problem.advice


@pytest.mark.parametrize("error", [OnwardError("disk full", passing=True), MemoryError(), RuntimeError("a bug")])
def test_a_mail_that_cannot_be_kept_now_is_asked_for_again(office: Office, folder: Path, error: Exception) -> None:
    class Broken:
        def keep(self, *_: object) -> Any:
            raise error

    send_due(office, TUESDAY)
    with TestClient(make_app(replace(office, ledger=Broken()), [])) as client:  # type: ignore[arg-type]
        assert post(client, raw_mode(anas(folder))) == 503


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(body=st.binary(max_size=300), content_type=st.binary(max_size=40).filter(lambda b: b"\r" not in b + b"\n"))
def test_whatever_is_posted_is_never_a_4xx(client: TestClient, body: bytes, content_type: bytes) -> None:
    named = {b"content-type": bytes(c for c in content_type if 32 <= c < 127) or b"x"}
    start = b"--xYzZY\r\nContent-Disposition: form-data; name="
    for text in (body, start + body, start + b"email\r\n\r\n" + body):
        assert client.post(HOOK, content=text, headers=named).status_code in (200, 503)


def test_the_hook_is_there_when_everything_is_opened_anew(asked: Office, folder: Path) -> None:
    with TestClient(make_app(asked, [])) as client:
        assert post(client, raw_mode(anas(folder))) == 200
    with opened(folder) as again:
        assert len(again.ledger.replies(NEW)) == 1
