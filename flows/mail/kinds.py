"""Whether a mail is a person's or a machine's. Knows nothing of answers.

Headers that only machines write decide. What a mail says is a soft sign: a person should look, since people, too, say
that they are away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from flows.mail.headers import addresses, header
from flows.mail.parts import parts
from flows.mail.wording import (
    ENOUGH_ABSENT,
    absence,
    is_robot,
    names_absence,
    sounds_like_a_challenge,
    sounds_undelivered,
    tells_of_reading,
)

REPLY, AUTO_REPLY, BOUNCE, EMPTY = "reply", "auto_reply", "bounce", "empty"

_ROBOTS = ("mailer-daemon@", "mail-daemon@", "mailerdaemon@")
_AUTO_HEADERS = (
    "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Autoreply-From", "X-Auto-Reply-From", "X-FC-MachineGenerated",
    "X-Mail-Autoreply", "X-Vacation", "X-Automatic-Reply",
)  # fmt: skip
_METHOD, MOST_CALENDAR = re.compile(rb"^METHOD:(\w{1,20})", re.I | re.M), 10_000
_AUTO_PRECEDENCE = {"auto_reply", "auto-reply", "autoreply"}
_STATUS = {"message/delivery-status", "message/global-delivery-status"}
_BULK = {"bulk", "junk"}
_SILENT = {"noreply", "donotreply", "autoreply", "autoresponder"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail is, and whether that is certain or a person should look at it."""

    kind: str
    certain: bool = True


def verdict(message: Message, text: str, *, quotes: bool) -> Verdict:
    """What the mail is; `text` is what its writer typed, `quotes` whether it holds another mail as well.

    X-Auto-Response-Suppress says nothing here: people's mails through Exchange carry it, too.
    """
    if _is_bounce(message):
        return Verdict(BOUNCE)
    if _is_auto_reply(message):
        return Verdict(BOUNCE if _tells_of_a_bounce(message, text) else AUTO_REPLY)
    away = absence(text, quotes=quotes)
    soft = _sounds_like(message, text, away, quotes=quotes)
    if soft or not text:
        return Verdict(soft or EMPTY, certain=not soft)
    # A list between the person and us leaves the words theirs; so does a holiday.
    return Verdict(REPLY, certain=not header(message, "List-Id") and away < ENOUGH_ABSENT - 1)


def _is_bounce(message: Message) -> bool:
    told = _STATUS & {part.get_content_type() for part in parts(message)}
    if told or _report(message) == "delivery-status":
        return True
    sender = next(iter(addresses(message, "From")), "")
    return bool(header(message, "X-Failed-Recipients")) or sender.startswith(_ROBOTS)


def _is_auto_reply(message: Message) -> bool:
    submitted = header(message, "Auto-Submitted").split(";")[0].split("(")[0].strip().lower()
    precedence = {header(message, name).lower() for name in ("Precedence", "X-Precedence")}
    return (
        submitted not in ("", "no")
        or any(header(message, name).lower() not in ("", "no", "false") for name in _AUTO_HEADERS)
        or bool(precedence & _AUTO_PRECEDENCE)
        or _report(message) != ""
        or (_null_path(message) and not _tells_of_a_bounce(message, ""))
    )


def _sounds_like(message: Message, text: str, away: int, *, quotes: bool) -> str:
    """BOUNCE or AUTO_REPLY when the words are a machine's, else nothing."""
    subject = header(message, "Subject")
    if _tells_of_a_bounce(message, text):
        return BOUNCE
    named = names_absence(subject) or tells_of_reading(subject, text)
    sent = _is_bulk(message, quotes=quotes) or _never_answers(message) or _is_invitation(message) or _is_ruled(message)
    challenge = not quotes and sounds_like_a_challenge(subject, text)
    return AUTO_REPLY if named or sent or challenge or away >= ENOUGH_ABSENT else ""


def _tells_of_a_bounce(message: Message, text: str) -> bool:
    answers = _answers_one(message)
    sender = header(message, "From") if addresses(message, "From") else ""
    if answers and _says_re(message) and not is_robot(sender):
        return False
    if _null_path(message) and "postmaster@" in sender.lower():
        return True
    return sounds_undelivered(sender, header(message, "Subject"), text, unasked=not answers)


def _never_answers(message: Message) -> bool:
    local = next(iter(addresses(message, "From")), "").partition("@")[0]
    return local.replace("-", "").replace("_", "").replace(".", "") in _SILENT


def _is_bulk(message: Message, *, quotes: bool) -> bool:
    """Whether it goes to many and answers nothing; a discussion list has an address to post to."""
    if _answers_one(message) or (quotes and _says_re(message)):
        return False
    listed = bool(header(message, "List-Post") or header(message, "List-Id"))
    if header(message, "Precedence").lower() in _BULK:
        return listed or not _says_re(message)
    return not listed and bool(header(message, "List-Unsubscribe"))


def _is_ruled(message: Message) -> bool:
    """Whether a rule of an Exchange mailbox sent it, which wants no automatic answer of any kind."""
    suppressed = {word.strip().lower() for word in header(message, "X-Auto-Response-Suppress").split(",")}
    return "all" in suppressed and bool(header(message, "X-MS-Exchange-Inbox-Rules-Loop"))


def _is_invitation(message: Message) -> bool:
    """Whether a calendar speaks: an invitation was accepted or declined (RFC 5546, 3.2.3)."""
    calendars = (part for part in parts(message) if part.get_content_type() == "text/calendar")
    return any(_method(part) in ("REPLY", "COUNTER", "DECLINECOUNTER") for part in calendars)


def _method(part: Message) -> str:
    named = part.get_param("method")
    payload = part.get_payload(decode=True) if named is None else b""
    written = _METHOD.search(payload[:MOST_CALENDAR]) if isinstance(payload, bytes) else None
    return str(named or (written[1].decode("ascii", "replace") if written else "")).upper()


def _answers_one(message: Message) -> bool:
    return bool(header(message, "In-Reply-To") or header(message, "References"))


def _says_re(message: Message) -> bool:
    return header(message, "Subject")[:3].lower() == "re:"


def _report(message: Message) -> str:
    """What kind of report the mail is (RFC 6522), empty when it is none."""
    if message.get_content_type() != "multipart/report":
        return ""
    return str(message.get_param("report-type", "unnamed")).lower()


def _null_path(message: Message) -> bool:
    return header(message, "Return-Path").replace(" ", "") == "<>"
