"""A mail as bytes, read back by the standard library."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.mail.mime import as_bytes
from flows.rules.email import Address, Email

NOW = datetime(2026, 9, 8, 9, 0, tzinfo=timezone(timedelta(hours=2)))
PLAIN = Email(
    key="check-in/2026-W37",
    kind="check-in",
    sender=Address("onward@example.com", "Onward"),
    to=Address("ana@example.com", "Ana Sílva"),
    reply_to=Address("r.token@reply.localhost"),
    subject="Public speaking: your check-in for week 37",
    text="Hello Ana,\n\nhow was it?\n",
    html="<p>Hello Ana,</p>\n<p>how was it?</p>\n",
    message_id="<m.token@reply.localhost>",
    date=NOW,
    headers={"Auto-Submitted": "auto-generated", "References": "<t.token@reply.localhost>"},
)
TEXTS = {
    "umlauts": "Grüße aus Köln",
    "emoji": "Yes 👩🏽‍💻 · no 🏳️‍🌈",
    "Japanese": "成長したいスキルはどれですか。" * 9,
    "Cyrillic": "Какой навык вы хотите развить? " * 9,
    "Persian with joiners": "می‌خواهم " * 20,
    "an encoded word of their own": "=?utf-8?q?Hello?=",
    "quotes": 'Ana "The \\ Fox" <fox@example.com>, (Silva);',
    "one long word": "x" * 300,
    "many words": "growing " * 40,
    "equals signs": "a=b=3D=\t=20",
}

NAMES = (
    "Ana Sílva",
    "Александра Константинопольская",
    "María de los Ángeles Fernández-Villaverde y García de la Concha",
    "山田 太郎",
    "فاطمه می‌خواهم",
    'Ana "The \\ Fox" Silva',
    "Silva, Ana (people ops)",
    "ana@example.com",
    "=?utf-8?q?Ana?=",
    "Ana " * 30 + "Silva",
)


def read(email: Email) -> EmailMessage:
    message = message_from_bytes(as_bytes(email), _class=EmailMessage, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_the_mail_says_from_whom_to_whom_and_when() -> None:
    message = read(PLAIN)
    assert message["From"] == "Onward <onward@example.com>"
    assert message["To"].addresses[0].display_name == "Ana Sílva"
    assert message["Reply-To"] == "r.token@reply.localhost"
    assert message["Message-ID"] == "<m.token@reply.localhost>"
    assert message["Date"].datetime == NOW
    assert message["References"] == "<t.token@reply.localhost>"


def test_readers_are_offered_the_text_first_and_the_html_as_the_better_one() -> None:
    message = read(PLAIN)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_language_reads_back_as_it_was_written(text: str) -> None:
    message = read(replace(PLAIN, subject=text, text=text, html=f"<p>{text}</p>"))
    assert message["Subject"] == " ".join(text.split())
    assert body(message, "plain") == text
    assert body(message, "html") == f"<p>{text}</p>"
    assert not message.defects


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reads_back_as_it_is_written(name: str) -> None:
    (address,) = read(replace(PLAIN, to=Address("ana@example.com", name)))["To"].addresses
    assert " ".join(address.display_name.split()) == name
    assert address.addr_spec == "ana@example.com"


@pytest.mark.parametrize("case", ["umlauts", "emoji", "Japanese", "Cyrillic", "Persian with joiners", "one long word"])
def test_encoded_words_go_together_without_a_gap(case: str) -> None:
    name = TEXTS[case].strip()
    raw = message_from_bytes(as_bytes(replace(PLAIN, sender=Address("o@example.com", name))))["From"]
    assert str(make_header(decode_header(raw))) == f"{name} <o@example.com>"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_line_is_ascii_short_and_ends_in_crlf(text: str) -> None:
    email = replace(PLAIN, subject=text, to=Address("ana@example.com", text), text=text * 9, html=text * 99)
    lines = as_bytes(email).decode("ascii").split("\r\n")
    assert max(map(len, lines)) <= 78
    assert not any("\n" in line or "\r" in line for line in lines)


def test_blanks_before_a_line_end_survive() -> None:
    assert body(read(replace(PLAIN, text="a \nb\t\n \n.\nFrom x\n ")), "plain") == "a \nb\t\n \n.\nFrom x\n "


def test_a_body_that_looks_like_the_boundary_ends_nothing() -> None:
    boundary = read(PLAIN).get_boundary()
    tricky = f"\n--{boundary}--\r\n\r\n--{boundary}\r\nBcc: x"
    assert body(read(replace(PLAIN, text=tricky)), "plain") == tricky.replace("\r\n", "\n")


def test_a_name_of_another_alphabet_in_the_host_becomes_its_ascii_form() -> None:
    assert read(replace(PLAIN, to=Address("ana@bücher.example")))["To"] == "ana@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: all@example.com", "x\nBcc: a@b.c\n\nbody", "x\u2028y", "x\r y", "\x00x\x85y"]
)
def test_a_line_break_in_subject_or_name_adds_no_header(evil: str) -> None:
    message = read(replace(PLAIN, subject=evil, to=Address("ana@example.com", evil), sender=Address("o@e.com", evil)))
    assert message.keys() == read(PLAIN).keys()
    assert message["To"].addresses[0].addr_spec == "ana@example.com"
    assert len(message["To"].addresses) == 1
    assert body(message, "plain") == PLAIN.text


REFUSED = {
    "a line break in an address": {"to": Address("ana@example.com\r\nBcc: x@example.com")},
    "two addresses": {"to": Address("ana@example.com, bob@example.com")},
    "an address closed early": {"to": Address("ana@example.com> <bob@example.com")},
    "a host of another alphabet with a hole in it": {"to": Address("ana@bücher..example")},
    "no host": {"to": Address("ana@")},
    "no address": {"reply_to": Address("", "Ana")},
    "a mailbox of another alphabet": {"to": Address("josé@example.com")},
    "a line break in a message id": {"message_id": "<a\r\nBcc: x@y.z>"},
    "a message id without brackets": {"message_id": "a@b"},
    "a line break in a header": {"headers": {"References": "<a@b>\r\nBcc: x@y.z"}},
    "a trailing line break in a header": {"headers": {"References": "<a@b>\n"}},
    "a line break in a header's name": {"headers": {"X\r\nBcc": "x"}},
    "a second recipient": {"headers": {"bcc": "x@y.z"}},
    "a second body": {"headers": {"Content-Type": "text/html"}},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_what_cannot_stand_in_a_header_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="“"):
        as_bytes(replace(PLAIN, **changes))  # type: ignore[arg-type]


def test_the_same_mail_is_the_same_bytes() -> None:
    assert as_bytes(PLAIN) == as_bytes(PLAIN)


@settings(deadline=None)
@given(name=st.text(), subject=st.text(), text=st.text(), html=st.text())
def test_any_text_reads_back_without_adding_a_header(name: str, subject: str, text: str, html: str) -> None:
    message = read(replace(PLAIN, to=Address("ana@example.com", name), subject=subject, text=text, html=html))
    assert message.keys() == read(PLAIN).keys()
    assert len(message["To"].addresses) == 1
    assert message["To"].addresses[0].addr_spec == "ana@example.com"
    assert body(message, "plain") == text.replace("\r\n", "\n").replace("\r", "\n")
    assert body(message, "html") == html.replace("\r\n", "\n").replace("\r", "\n")
