"""Replies as real mail programs write them, for the sample people: the same words in many shapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from html import escape

from flows.demo.team import FROM_ELSEWHERE, INLINE, OUT_OF_OFFICE


def reply_to(mail: EmailMessage, client: str, words: str, at: datetime) -> bytes:
    """The raw reply to a mail, written in this client at this moment."""
    reply = EmailMessage()
    reply["From"] = mail["To"] if client != FROM_ELSEWHERE else "Aiko at home <aiko@home.example>"
    reply["To"] = mail["Reply-To"]
    reply["Subject"] = f"Re: {mail['Subject']}"
    reply["Date"] = format_datetime(at)
    reply["Message-ID"] = make_msgid(domain="harbour.example")
    reply["In-Reply-To"] = mail["Message-ID"]
    reply["References"] = f"{mail['References']} {mail['Message-ID']}"
    CLIENTS[client](reply, mail, words)
    return reply.as_bytes()


def _quoted(mail: EmailMessage) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _body(mail).splitlines())


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""


def _sent(mail: EmailMessage, pattern: str) -> str:
    at: datetime = mail["Date"].datetime
    return at.strftime(pattern).replace(" 0", " ")


def _gmail(reply: EmailMessage, mail: EmailMessage, words: str) -> None:
    intro = f"On {_sent(mail, '%a, %d %b %Y at %H:%M')}, {mail['From']}\nwrote:"
    reply.set_content(f"{words}\n\n{intro}\n\n{_quoted(mail)}\n")
    shown, quote = _as_html(words), _as_html(_body(mail))
    reply.add_alternative(
        f'<div dir="ltr">{shown}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{escape(intro)}</div><blockquote class="gmail_quote">{quote}</blockquote></div>',
        subtype="html",
    )


def _outlook(reply: EmailMessage, mail: EmailMessage, words: str) -> None:
    sent = _sent(mail, "%A, %B %d, %Y %I:%M %p")
    head = f"From: {mail['From']}\nSent: {sent}\nTo: {mail['To']}\nSubject: {mail['Subject']}"
    reply.set_content(f"{words}\n\n{'_' * 32}\n{head}\n\n{_body(mail)}", cte="base64")


def _apple(reply: EmailMessage, mail: EmailMessage, words: str) -> None:
    intro = f"On {_sent(mail, '%d %b %Y, at %H:%M')}, {mail['From']} wrote:"
    reply.set_content(f"{words}\n\n> {intro}\n> \n{_quoted(mail)}\n", cte="quoted-printable")


def _iphone(reply: EmailMessage, mail: EmailMessage, words: str) -> None:
    _apple(reply, mail, f"{words}\n\nSent from my iPhone")


def _interleaved(reply: EmailMessage, mail: EmailMessage, words: str) -> None:
    """Each answer typed right under its question, the way Thunderbird users do."""
    answers = {match[1]: match[2] for match in re.finditer(r"^\[(\d+)\] (.*)$", words, re.MULTILINE)}
    lines, waiting = [f"On {_sent(mail, '%d/%m/%Y %H:%M')}, {mail['From']} wrote:"], ""
    for line in _quoted(mail).splitlines():
        if waiting and line == ">":
            lines += ["", waiting, ""]
            waiting = ""
        lines.append(line)
        if marker := re.match(r"> \[(\d+)\]", line):
            waiting = answers.get(marker[1], "")
    reply.set_content("\n".join(lines) + "\n")


def _out_of_office(reply: EmailMessage, mail: EmailMessage, words: str) -> None:
    reply.replace_header("Subject", f"Automatic reply: {mail['Subject']}")
    reply["Auto-Submitted"] = "auto-replied"
    reply.set_content(words)


def _as_html(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())


CLIENTS: Mapping[str, Callable[[EmailMessage, EmailMessage, str], None]] = {
    "gmail": _gmail,
    "outlook": _outlook,
    "apple": _apple,
    "iphone": _iphone,
    INLINE: _interleaved,
    OUT_OF_OFFICE: _out_of_office,
    FROM_ELSEWHERE: _gmail,
}
