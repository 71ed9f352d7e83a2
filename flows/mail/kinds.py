"""Whether a mail is a person's or a machine's, by its headers alone. Knows nothing of what the mail says."""

from __future__ import annotations

from email.message import Message

from flows.mail.headers import addresses, header
from flows.mail.parts import parts
from flows.mail.vocabulary import stems

REPLY, AUTO_REPLY, BOUNCE, EMPTY = "reply", "auto_reply", "bounce", "empty"

AWAY, UNDELIVERED = stems("away"), stems("undelivered")

_ROBOTS = ("mailer-daemon@", "mail-daemon@", "mailerdaemon@")
_AUTO_HEADERS = (
    "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Autoreply-From", "X-Auto-Reply-From", "X-FC-MachineGenerated",
)  # fmt: skip


def machine_kind(message: Message) -> str:
    """BOUNCE or AUTO_REPLY when a machine wrote the mail, else nothing.

    X-Auto-Response-Suppress says nothing here: people's mails through Exchange carry it too.
    """
    if _is_bounce(message):
        return BOUNCE
    return AUTO_REPLY if _is_auto_reply(message) else ""


def _is_bounce(message: Message) -> bool:
    types = [part.get_content_type() for part in parts(message)]
    if (
        "message/delivery-status" in types
        or "message/global-delivery-status" in types
        or _report(message) == "delivery-status"
    ):
        return True
    sender = next(iter(addresses(message, "From")), "")
    postmaster = sender.startswith("postmaster@") and (
        _null_path(message) or UNDELIVERED.match(header(message, "Subject"))
    )
    return bool(header(message, "X-Failed-Recipients") or sender.startswith(_ROBOTS) or postmaster)


def _is_auto_reply(message: Message) -> bool:
    submitted = header(message, "Auto-Submitted").split(";")[0].split("(")[0].strip().lower()
    precedence = {header(message, name).lower() for name in ("Precedence", "X-Precedence")}
    return (
        submitted not in ("", "no")
        or any(header(message, name).lower() not in ("", "no", "false") for name in _AUTO_HEADERS)
        or bool(precedence & {"auto_reply", "auto-reply"})
        or _report(message) != ""
        or _null_path(message)
        or bool(AWAY.match(header(message, "Subject")))
    )


def _report(message: Message) -> str:
    """What kind of report the mail is (RFC 6522), empty when it is none."""
    if message.get_content_type() != "multipart/report":
        return ""
    return str(message.get_param("report-type", "unnamed")).lower()


def _null_path(message: Message) -> bool:
    return header(message, "Return-Path").replace(" ", "") == "<>"
