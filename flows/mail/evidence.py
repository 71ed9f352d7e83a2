"""What a stretch of text holds of what mail programs write above a quote, in every language.

A day, an hour, an address, a name that the mail is addressed to: each weighs something, none decides alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from flows.mail.vocabulary import stems

DATE, DAY, HOUR, ADDRESS, BRACKETS, NAME, VERB = "date", "day", "hour", "address", "brackets", "name", "verb"
# A whole date says more than a number and an hour; an address in angle brackets is not how people type.
_WEIGHTS = {DATE: 2, DAY: 1, HOUR: 1, ADDRESS: 1, BRACKETS: 1, NAME: 1, VERB: 1}

WROTE = stems("wrote")
_BRACKETED = re.compile(r"[<\[(]\s?(?:mailto:)?[^<>\s()\[\]]{1,200}@[^<>\s()\[\]]{1,200}\s?[>\])]")
_ADDRESS = re.compile(r"[^\s<>@]{1,200}@[^\s<>@]{1,200}")
_NUMERIC = re.compile(
    r"(?<![\d.])\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}(?!\d)"
    r"|(?<!\d)\d{1,2}-[^\W\d_]{3,12}-\d{2,4}(?!\d)|[^\W\d_]{3,12}-\d{1,2}-\d{2,4}(?!\d)"
)
_HOUR = re.compile(r"(?<!\d)\d{1,2}\s?[:.h時时点시]\s?\d{2}(?!\d)")
_DIGIT, _NUMBER = re.compile(r"\d"), re.compile(r"(?<![A-Za-z\d])\d+")
_YEARS = range(1300, 2700)  # also as Persians, Arabs and Thais count them


def evidence(text: str, names: Collection[str] = ()) -> frozenset[str]:
    """Which of the kinds of evidence there are in the text; `names` are those that the mail is addressed to."""
    lowered = text.casefold()
    found = {NAME} if any(name in lowered for name in names) else set[str]()
    found |= {VERB} if WROTE.search(lowered) else set()
    return frozenset(found | _addressed(text) | moment(text))


def moment(text: str) -> set[str]:
    """The day and the hour that the text holds."""
    if not _DIGIT.search(text):
        return set()
    bare = _ADDRESS.sub(" ", _BRACKETED.sub(" ", text)) if "@" in text else text
    dateless = _NUMERIC.sub(" ", bare)
    timeless = _HOUR.sub(" ", dateless)
    numbers = [int(found) for found in _NUMBER.findall(timeless)[:20] if len(found) <= 4]
    day = any(0 < number < 32 for number in numbers)
    whole = dateless != bare or (day and any(number in _YEARS for number in numbers))
    found = {DATE, DAY} if whole else {DAY} if day else set()
    return found | ({HOUR} if timeless != dateless else set())


def _addressed(text: str) -> set[str]:
    if "@" not in text:
        return set()
    return {ADDRESS, BRACKETS} if _BRACKETED.search(text) else {ADDRESS}


def weight(found: Collection[str]) -> int:
    """How much all of it weighs; an hour without a day weighs nothing more than a number."""
    return sum(_WEIGHTS[kind] for kind in found) - (DATE in found and DAY in found)
