"""Header fields as programs print them above a quote: labels and their values, folded, spaced or in a table.

Knows which words are labels; not whether the fields stand above a quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from flows.mail.evidence import DATE, HOUR, moment
from flows.mail.lines import OWN, Line, visible
from flows.mail.vocabulary import words

LONGEST_LINE, MOST_FIELDS, LONGEST_NOTES, LONGEST_MOMENT = 1000, 8, 16, 40
LONGEST_LABEL, MOST_COLONS = 24, 40

LABELS = words("labels")

_LABEL = re.compile(r"[*_\s|]{0,12}([^\W\d_][^\n:：<>@]{0,24}?)[*_\s]{0,3}[:：]")
_BARE_LABEL = re.compile(r"[*_\s|]{0,12}([^\W\d_]{2,20})[*_\s]{0,3}")
_COLON = re.compile(r":(?=\s|$)|：")
_BEGINS = re.compile(r"(?<![^\W\d_])(?=[^\W\d_])|(?<=[^\W\d_])(?=[A-ZÀ-Þ][^\W\d_])")  # a label, as in "SmithSent:"
_FOLDED = re.compile(r"[ \t]|[^\n]*<[^<>\s]+@[^<>\s]+>")
_UNFINISHED = re.compile(r"[;,]\s*$|<[^<>]*$")


@dataclass(slots=True)
class Fields:
    """The labels, in small letters, their values, and the line behind the last one."""

    end: int
    labels: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    gaps: int = 0  # empty lines between them

    @property
    def known(self) -> int:
        """How many of the labels are programs' own."""
        return sum(label in LABELS for label in self.labels)

    @property
    def last_is_known(self) -> bool:
        """Whether the last label is one of them."""
        return bool(self.labels) and self.labels[-1] in LABELS

    def add(self, label: str, value: str) -> None:
        """One field more."""
        self.labels.append(label)
        self.values.append(value)


def read_fields(lines: Sequence[Line], at: int, *, spaced: bool) -> Fields:
    """The fields that begin in this line; `spaced` says that empty lines between them need not be even."""
    fields = Fields(at)
    spaced_evenly = at == 0 or not lines[at - 1].words
    while fields.end < len(lines) and len(fields.values) < MOST_FIELDS and lines[fields.end].origin == OWN:
        text = visible(lines[fields.end].text[:LONGEST_LINE])
        if fields.labels and len(labels_within(text)) > 2:
            break  # all of a block in one line: it begins there
        if text.strip():
            # What says nothing to us may be part of the last value: a subject that was folded.
            goes_on = _takes(fields, text) or (fields.last_is_known and _is_known(lines, fields.end + 1))
        else:
            fields.gaps += 1
            even = spaced or (spaced_evenly and _is_even(fields, lines))
            goes_on = bool(fields.labels) and even and _is_known(lines, fields.end + 1)
        if not goes_on:
            break
        fields.end += 1
    return fields


def notes_end(lines: Sequence[Line], at: int) -> int | None:
    """Where a heading of Lotus Notes that begins here ends: who, when, then "To", "cc" and "Subject" alone in lines."""
    worded = [n for n in range(at, min(at + LONGEST_NOTES, len(lines))) if lines[n].origin == OWN and lines[n].words]
    texts = [lines[n].words for n in worded[:2]]
    if len(texts) < 2 or len(texts[1]) > LONGEST_MOMENT or not moment(texts[1]) >= {DATE, HOUR}:
        return None
    labels = [n for n in worded[2:] if _label(lines[n].words) in LABELS]
    if len(labels) < 2 or labels[0] != worded[2]:
        return None
    return next((n + 1 for n in worded if n > labels[-1]), labels[-1] + 1)


def opens_field(lines: Sequence[Line], at: int) -> bool:
    """Whether the next words from here on are a programs' label and its value."""
    following = next((n for n in range(at, min(at + 3, len(lines))) if lines[n].words), at)
    return _is_known(lines, following)


@lru_cache(maxsize=MOST_FIELDS)  # neighbours ask for the same lines
def labels_within(text: str) -> tuple[str, ...]:
    """The programs' labels that one line holds, when the first of them opens it; else nothing."""
    text = visible(text[:LONGEST_LINE])
    if not _LABEL.match(text):
        return ()
    colons = islice(_COLON.finditer(text), MOST_COLONS)
    known = (_label_in(text[max(0, colon.start() - LONGEST_LABEL) : colon.start()]) for colon in colons)
    return tuple(filter(None, known))


def _label_in(text: str) -> str:
    """The programs' label that the text ends in, maybe right behind another word; empty, when there is none."""
    ends = (_label(text[begin.start() :]) for begin in _BEGINS.finditer(text))
    return next((label for label in ends if label in LABELS), "")


def _takes(fields: Fields, text: str) -> bool:
    """Whether the line is a field, or goes on with the last one; then it is taken."""
    found = _LABEL.match(text) or (_BARE_LABEL.fullmatch(text) if fields.labels else None)
    if found and (found.end() < len(text) or _label(found[1]) in LABELS):
        fields.add(_label(found[1]), text[found.end() :])
    elif not fields.values:
        return False
    elif not fields.values[-1].strip():
        fields.values[-1] = text  # tables of old programs become one cell a line
    elif _FOLDED.match(text) or _UNFINISHED.search(fields.values[-1]):
        fields.values[-1] += f" {text}"
    else:
        return False
    return True


def _is_even(fields: Fields, lines: Sequence[Line]) -> bool:
    """Whether an empty line stands below each field alike, this one and the next included."""
    spaced = fields.end + 2 >= len(lines) or not lines[fields.end + 2].words
    return spaced and fields.last_is_known and fields.gaps == len(fields.labels)


def _is_known(lines: Sequence[Line], at: int) -> bool:
    """Whether a programs' label opens the line."""
    if at >= len(lines) or lines[at].origin != OWN:
        return False
    found = _LABEL.match(visible(lines[at].text[:LONGEST_LINE]))
    return found is not None and _label(found[1]) in LABELS


def _label(text: str) -> str:
    return " ".join(text.casefold().split())
