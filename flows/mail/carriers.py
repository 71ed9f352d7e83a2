"""Where in a mail a reply token may be, and who wrote the mail, however it was forwarded or rewritten on its way.

Looks at the headers alone, as text: what lists and forwarders make of an address is often none any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from itertools import chain

MOST_HEAD, MOST_VALUE, MOST_OF_ONE = 1_000_000, 16_000, 50

# What the mail was really sent to stands before what its writer put into To; lists and forwards change the latter.
_DELIVERY = (
    "x-gm-original-to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "x-real-to",
    "x-forwarded-to", "apparently-to", "original-recipient", "resent-to", "resent-cc",
)  # fmt: skip
_ADDRESSED = ("to", "cc")
_ANSWERED = ("in-reply-to", "references")
# Lists that put their own address into From say here whom it comes from.
_WRITERS = ("x-original-from", "x-google-original-from", "x-original-sender")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]{1,64}@[^\s<>,;:\"()\[\]@]{1,255}")
_FOLD = re.compile(rb"\r?\n[ \t]+|\r[ \t]+")
_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")


class Head:
    """The headers of a raw mail, whatever its bytes."""

    def __init__(self, raw: bytes) -> None:
        end = _END.search(raw, 0, MOST_HEAD)
        head = _FOLD.sub(b" ", raw[: end.start() if end else MOST_HEAD])
        self._values: dict[str, list[str]] = {}
        for line in head.splitlines():
            name, colon, value = line.partition(b":")
            if colon:
                kept = self._values.setdefault(name.strip().lower().decode("latin-1"), [])
                kept.append(_text(value))

    def values(self, *names: str) -> Iterator[str]:
        """The values of these headers, in this order, the topmost of each first."""
        return chain.from_iterable(self._values.get(name, [])[:MOST_OF_ONE] for name in names)


def carriers(head: Head, envelope: Iterable[str]) -> Iterator[str]:
    """The texts that may carry a token, most reliable first: each is to be looked at in the ways it may be read."""
    for text in chain(
        envelope, head.values(*_DELIVERY), _received_for(head), head.values(*_ADDRESSED), _answered(head)
    ):
        yield text
        if "=" in text and (decoded := _decoded(text)) != text:
            yield decoded


def writers(head: Head) -> list[str]:
    """The addresses that lists name as the writer's own, having put theirs into From."""
    return [address.lower() for value in head.values(*_WRITERS) for address in _ADDRESS.findall(value)]


def arrived(head: Head) -> datetime | None:
    """When the last server took the mail in, by its own word: older mail may reach us later than newer."""
    top = next(head.values("received"), "")
    try:
        moment = parsedate_to_datetime(top.rpartition(";")[2].strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _received_for(head: Head) -> Iterator[str]:
    return (found[1] for value in head.values("received") for found in re.finditer(r"\bfor\s+<?([^\s<>;]+)", value))


def _answered(head: Head) -> Iterator[str]:
    """The mail that is answered first, then those before it, newest first; commas are as good as blanks."""
    for value in head.values(*_ANSWERED):
        yield from reversed(re.split(r"[\s,]+", value)[-MOST_OF_ONE:])


def _text(value: bytes) -> str:
    value = value if len(value) <= MOST_VALUE else value[: MOST_VALUE // 2] + b" " + value[-MOST_VALUE // 2 :]
    try:
        return value.decode()
    except ValueError:
        return value.decode("latin-1")


def _decoded(text: str) -> str:
    """Encoded words read (RFC 2047)."""
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, ValueError, LookupError):
        return text
