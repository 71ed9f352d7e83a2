"""The headers of a mail in plain values, whatever their bytes. Knows nothing of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from itertools import islice

MOST_HEADER, MOST_VALUES, SHORTEST_NAME, SHORTEST_TERSE, MOST_NAMES = 8_000, 100, 4, 2, 40

_ADDRESS = re.compile(r"(?<![^\s<>,;:\"()\[\]@])[^\s<>,;:\"()\[\]@]++@[^\s<>,;:\"()\[\]@]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffc\u200b\ud800-\udfff]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def clean(text: str) -> str:
    """The text as every database takes it: no NUL, no lone surrogates, one kind of line end and of blank."""
    return _UNSTORABLE.sub("", _BREAKS.sub("\n", text)).replace("\xa0", " ")


def header(message: Message, name: str) -> str:
    """A header's first value in readable words, empty when there is none."""
    return header_words(next(_values(message, name), ""))


def addresses(message: Message, *names: str) -> tuple[str, ...]:
    """The bare addresses of these headers, in this order, lower case, each once."""
    found: dict[str, None] = {}
    for name in names:
        for value in islice(_values(message, name), MOST_VALUES):
            found.update(dict.fromkeys(_addresses(value)))
    return tuple(found)


def names(message: Message, *headers: str) -> tuple[str, ...]:
    """The names and addresses that these headers show, in small letters; very short ones say nothing."""
    found = [pair for name in headers for value in islice(_values(message, name), 10) for pair in _pairs(value)[:10]]
    shown = (header_words(part).casefold() for pair in found for part in pair)
    telling = (name for name in shown if len(name) >= (SHORTEST_NAME if name.isascii() else SHORTEST_TERSE))
    return tuple(dict.fromkeys(telling))[:MOST_NAMES]


def header_words(value: str) -> str:
    """A header's value in readable words."""
    with suppress(MessageError, ValueError, LookupError):  # the bare value is still better than none
        value = str(make_header(decode_header(value)))
    return " ".join(clean(value).split())


def message_ids(message: Message, name: str) -> list[str]:
    """The ids of a header; found by their brackets, since Exchange and iOS put commas between them."""
    return [found for value in _values(message, name, newest=True) for found in _MESSAGE_ID.findall(clean(value))]


def _values(message: Message, name: str, *, newest: bool = False) -> Iterator[str]:
    values = message.get_all(name, [])
    if not all(isinstance(value, str) for value in values):
        # 8-bit values come without their bytes, except this way.
        values = [value for key, value in message.raw_items() if key.lower() == name.lower()]
    for value in values:
        # Long values cost the standard library square time.
        yield _readable(value[-MOST_HEADER:] if newest else value[:MOST_HEADER])


def _readable(value: str) -> str:
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except ValueError:
        return raw.decode("cp1252", "replace")


def _addresses(value: str) -> list[str]:
    value = clean(value)
    found = [address for _, address in _pairs(value)]
    good = [address.lower() for address in found if _ADDRESS.fullmatch(address)]
    return good or [address.lower() for address in _ADDRESS.findall(value)]


def _pairs(value: str) -> list[tuple[str, str]]:
    """Each name shown and its address, either maybe empty."""
    try:
        return getaddresses([clean(value)])
    except (ValueError, IndexError, RecursionError):
        return []
