"""A raw mail taken apart, down to the texts that a person may have typed. Knows nothing of quotes or answers.

Parsed under the compat32 policy: the modern one raises on hostile headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message
from itertools import islice

from flows.mail.charsets import decode
from flows.mail.headers import MOST_HEADER, clean

# What one mail may cost. Whatever is attached, the words stand at the front of the mails that people write.
MOST_RAW, MOST_BYTES, MOST_LINES, MOST_NESTED, MOST_PARTS = 50_000_000, 8_000_000, 100_000, 50, 100
MOST_TEXT, MOST_BODIES, MOST_TYPE = 600_000, 10, 2_000
MOST_HEAD, MOST_HEADERS = 100_000, 5_000

_NESTING = re.compile(rb"boundary[*0]*\s*=|^content-type:\s*message/", re.I | re.M)
_EMPTY_ABOVE = re.compile(rb"\A\n+(?=[\w-]+: )")  # as some stores leave it
_UNFOLDED = re.compile(
    rb"^(content-type:[^\n]*;)\n(?=(?:boundary|charset|format|name|report-type|type)\s?=)", re.I | re.M
)
_TYPE = re.compile(rb"^content-(?:type|disposition):[^\n]*+(?:\n[ \t][^\n]*+)*+", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Body:
    """One text of a mail: plain or HTML, and whether its plain lines are to be joined (RFC 3676)."""

    text: str
    html: bool = False
    flowed: bool = False
    delsp: bool = False


def parse(raw: bytes) -> Message:
    """The mail as a tree, whatever the bytes, in time that grows with their number only."""
    raw = _EMPTY_ABOVE.sub(b"", raw[:MOST_RAW].replace(b"\r\n", b"\n").replace(b"\r", b"\n"), count=1)
    head, gap, rest = raw.partition(b"\n\n")
    if len(head) > MOST_HEAD:  # its lines may be long or many; the words stand below all the same
        head = b"\n".join(line[:MOST_HEADER] for line in head.split(b"\n", MOST_HEADERS)[:MOST_HEADERS])
    raw = head + gap + rest[:MOST_BYTES]
    # The standard parser takes square time on deep trees and on parameters without end.
    nested = next(islice(_NESTING.finditer(raw), MOST_NESTED, None), None)
    raw = raw[: nested.start()] if nested else raw
    if raw.count(b"\n") > MOST_LINES:
        raw = b"\n".join(raw.split(b"\n", MOST_LINES)[:MOST_LINES])
    raw = _UNFOLDED.sub(rb"\1\n ", raw)
    return message_from_bytes(_TYPE.sub(lambda found: found[0][:MOST_TYPE], raw))


def parts(message: Message) -> Iterator[Message]:
    """The first parts of the tree, in the mail's order; a mail inside the mail is one part, not opened."""
    waiting, budget = [message], MOST_PARTS
    while waiting and budget:
        part, budget = waiting.pop(), budget - 1
        yield part
        if part.get_content_maintype() == "multipart":
            waiting += reversed(_children(part))


def bodies(message: Message, *, rich: bool = False) -> list[Body]:
    """The texts to read, in order: of two alternatives the plain one, or the `rich` one, unless it is empty."""
    found, left = [], MOST_TEXT
    for body in _bodies(message, 0, rich)[:MOST_BODIES]:
        found.append(replace(body, text=body.text[:left]))
        left -= len(found[-1].text)
    return found


def _children(part: Message) -> list[Message]:
    # Asked for a text, the standard library decodes it, and raises on some labels.
    payload = part.get_payload() if part.is_multipart() else None
    return [child for child in payload[:MOST_PARTS] if isinstance(child, Message)] if isinstance(payload, list) else []


def _bodies(part: Message, level: int, rich: bool) -> list[Body]:
    kind, children = part.get_content_type(), _children(part)
    if level > MOST_NESTED or kind.startswith("message/"):
        return []
    if not children:
        return _leaf(part, kind)
    found = [_bodies(child, level + 1, rich) for child in children]
    if kind == "multipart/alternative":
        worded = [texts for texts in found if any(body.text.strip() for body in texts)]
        wanted = [texts for texts in worded if any(body.html for body in texts) == rich]
        return next(iter(wanted or worded), [])
    return [body for texts in found for body in texts]


def _leaf(part: Message, kind: str) -> list[Body]:
    # A multipart without parts is what remains of a boundary that was lost on the way: its lines are the text.
    if not kind.startswith(("text/plain", "text/html", "multipart/")) or _attached(part):
        return []
    payload = part.get_payload(decode=True)
    data = payload[: MOST_TEXT * 4] if isinstance(payload, bytes) else b""
    text = clean(decode(data, _parameter(part, "charset"))[:MOST_TEXT])
    flowed = _parameter(part, "format") == "flowed"
    return [Body(text, kind == "text/html", flowed, flowed and _parameter(part, "delsp") == "yes")]


def _attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_param("filename", "", "content-disposition"))


def _parameter(part: Message, name: str) -> str:
    value = part.get_param(name)
    return str((value[2] if isinstance(value, tuple) else value) or "").strip().lower()
