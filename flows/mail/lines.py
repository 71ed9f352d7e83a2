"""One line of a mail and who it is from. Knows nothing of how that is found out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

OWN, QUOTED, MACHINE = "own", "quoted", "machine"

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]")

_COMPARISON = re.compile(r"\s*>\s?(?:\d|=|[:;]-?[()DPO|/]|_<)")
TYPED = "\u2060"  # stands unseen before a sign that was typed and would read as a quote's mark


@dataclass(frozen=True, slots=True)
class Line:
    """One line and who it is from: the person, the mail they answer, or a mail program."""

    text: str
    origin: str
    depth: int = 0  # how many marks of quotes stood before it

    @property
    def words(self) -> str:
        """What there is to see in the line."""
        return visible(self.text).strip()


def joined(lines: Sequence[Line]) -> str:
    """The lines as one."""
    return " ".join(line.words for line in lines)


def compares(text: str) -> bool:
    """Whether the line's first sign is no mark of a quote but a comparison or a face: "> 5 years"."""
    return _COMPARISON.match(text) is not None


def visible(text: str) -> str:
    """The text without the marks that only say in which direction it runs."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def from_origin(lines: Iterable[Line], origin: str) -> list[Line]:
    """The same lines, all from there."""
    return [Line(line.text, origin, line.depth) for line in lines]


def quote_follows(lines: Sequence[Line], at: int) -> bool:
    """Whether the next words from here on are quoted."""
    following = next((line for line in lines[at : at + 4] if line.origin != OWN or line.words), None)
    return following is not None and following.origin == QUOTED


def quote_precedes(lines: Sequence[Line], at: int) -> bool:
    """Whether the last words above this line are quoted."""
    above = next((line for line in reversed(lines[max(at - 4, 0) : at]) if line.origin != OWN or line.words), None)
    return above is not None and above.origin == QUOTED
