"""SendGrid's delivery events in our own words (docs: Event Webhook Reference). Knows no ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from flows.mail.sendgrid_payload import SEND_KEY
from flows.rules.delivery import (
    BLOCKED,
    BOUNCED,
    DEFERRED,
    DELIVERED,
    DROPPED,
    PROCESSED,
    SPAM,
    UNSUBSCRIBED,
    Event,
)

KINDS = {
    "processed": PROCESSED,
    "deferred": DEFERRED,
    "delivered": DELIVERED,
    "dropped": DROPPED,
    "bounce": BOUNCED,
    "spamreport": SPAM,
    "unsubscribe": UNSUBSCRIBED,
    "group_unsubscribe": UNSUBSCRIBED,
}
# Why SendGrid drops a mail without trying: the address is on one of its suppression lists, and stays there.
SUPPRESSED = {"bounced address", "spam reporting address", "unsubscribed address", "invalid"}
LONGEST = 500  # characters of a reason
LONGEST_ID = 200

OfMark = Callable[[str], bytes | None]


def read_events(body: bytes, of_mark: OfMark, now: datetime) -> list[Event]:
    """The events in one post that say something about a mail of ours, or may.

    Opens and clicks are not asked for and left out; an event that cannot be read is left out, too, and no other with
    it. `of_mark` gives the identity of the sending with a mark, None where the mark is none of ours. Raises ValueError
    when the body is no list of events at all.
    """
    try:
        found = json.loads(body)
    except RecursionError:
        raise ValueError("this is nested too deeply") from None
    if not isinstance(found, list):
        raise ValueError("this is no list of events")  # noqa: TRY004 - it is what was posted that is wrong
    return [event for each in found if isinstance(each, dict) for event in _read(each, of_mark, now)]


def _read(raw: dict[str, Any], of_mark: OfMark, now: datetime) -> Iterator[Event]:
    name = str(raw.get("event", ""))
    kind = BLOCKED if name == "bounce" and raw.get("type") == "blocked" else KINDS.get(name)
    identity = of_mark(_text(raw.get(SEND_KEY)))
    # Without our mark it may be a bounce that came back late; all else is about mails of others with the same account.
    if kind is None or (identity is None and kind != BOUNCED):
        return
    cause = _text(raw.get("reason")).lower()
    yield Event(
        id=_id(raw),
        identity=identity,
        kind=kind,
        at=_moment(raw.get("timestamp"), now),
        address=_text(raw.get("email")).lower()[:254],
        reason=_reason(raw),
        provider_id=_text(raw.get("sg_message_id"))[:LONGEST],
        final=kind in (BOUNCED, SPAM, UNSUBSCRIBED) or (kind == DROPPED and cause in SUPPRESSED),
    )


def _id(raw: dict[str, Any]) -> str:
    given = _text(raw.get("sg_event_id"))
    if 0 < len(given) <= LONGEST_ID:
        return given
    return sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()  # the same event told again is still the same


def _moment(value: object, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(float(str(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return now


def _reason(raw: dict[str, Any]) -> str:
    """The server's own words, with the status code that some servers leave out of them."""
    said = _text(raw.get("reason") or raw.get("response"))
    status = _text(raw.get("status"))
    return said if not status or status in said else f"{status} {said}".strip()


def _text(value: object) -> str:
    """A text that every database takes: one line, without NULs and halves of surrogate pairs."""
    text = value if isinstance(value, str) else ""
    return " ".join(text.replace("\0", "").encode(errors="replace").decode().split())[:LONGEST]
