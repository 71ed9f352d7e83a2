"""The numbers that people type before their answers: "1) yes", "Q2: no", "zu 3.", "#4". Knows nothing of mails.

A number alone may be an answer, a date or a part of a list; so it takes a word or a sign, and mostly more than one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from flows.mail.vocabulary import lines as whole_lines

_CALLED = whole_lines("numbered")
_DIGITS = {"①": 1, "②": 2, "③": 3, "④": 4, "⑤": 5, "⑥": 6, "⑦": 7, "⑧": 8, "⑨": 9}
_NUMBER = r"(\d{1,2})(?:️?⃣)?"
# "1) yes", "1. yes", "1: yes", "1 - yes", "1/ yes", a tab; but not "1.5 hours", "9:30" and no date.
_BEHIND = r"(?:[번問问题題][.:)]?|[)\]]|[.:/](?!\d)[):]?|[：、．）]|\s?[-–—=>→]{1,2}(?=\s)|\t|️?⃣)"
_NUMBERED = re.compile(rf"\s*[(（]?{_NUMBER}\s?{_BEHIND}[ \t]*[-–—]?\s*(.*)", re.S)
_PREFIXED = re.compile(
    rf"\s*[*_]?([^\W\d_]{{1,14}}\.?|#|№|n[°º]|[^\W\d_]{{1,8}} [^\W\d_]{{1,10}}\.?)\s?{_NUMBER}[*_]?(.*)", re.I | re.S
)
_CIRCLED = re.compile(rf"\s*([{''.join(_DIGITS)}])\s*(.*)", re.S)
_SEPARATOR = re.compile(r"\s*(?:[.:)\]/：、．）]+[.:)]?|[-–—=>→]{1,2}(?=\s))?\s*")
_BARE = re.compile(r"\s*(\d{1,2})\s+(\S.*)", re.S)
_NEXT = re.compile(r"(?<=\s)(?=[(（]?\d{1,2}[)）.:](?:\s|$))")
_NEXT_BARE = re.compile(r"(?<=\s)(?=\d{1,2}\s)")

Words = dict[int | None, list[str]]


class Marker(NamedTuple):
    """A number before an answer, the words behind it, and whether it can be nothing else."""

    number: int
    text: str
    sure: bool


def by_number(texts: Sequence[str], asked: int) -> Words:
    """Free words under the numbers typed before them; `asked` is how many questions there were, 0 when unknown.

    One bare number is no numbering, and numbers that do not rise are the person's own.
    """
    pieces = [piece for text in texts for piece in _apart(text, asked)]
    bare = _bare_numbers(pieces, asked) or _called_numbers(pieces, asked)
    words: Words = {}
    number: int | None = None
    sure = False
    above = ""
    for at, text in enumerate(pieces):
        found = bare.get(at) or _marker(text, asked)
        if found and _is_next(found, number, words, asked, above):
            number, text, sure = found.number, found.text, sure or found.sure
        words.setdefault(number, []).append(text)
        above = text
    return words if sure or len(words.keys() - {None}) > 1 else {None: list(texts)}


def _is_next(found: Marker, number: int | None, words: Words, asked: int, above: str) -> bool:
    """Whether the marker may follow: it rises, or is another question's and begins no list inside an answer."""
    if asked and not 0 < found.number <= asked:
        return False
    if found.number > (number or 0):
        return True
    known = 0 < found.number <= asked and found.number not in words
    return known and (found.sure or not above.rstrip().endswith((":", "：")))


def _called(text: str) -> re.Match[str] | None:
    """A word that people put before a question's number, and the number."""
    named = _PREFIXED.match(text)
    return named if named and _CALLED.fullmatch(named[1].casefold().strip()) else None


def _rises(numbers: Sequence[int], asked: int) -> bool:
    """Whether each number is greater than the one before, and all of them were asked."""
    return all(above < below for above, below in pairwise(numbers)) and numbers[-1] <= asked


def _marker(text: str, asked: int) -> Marker | None:
    """The marker that the text begins with; None when there is none."""
    if circled := _CIRCLED.match(text):
        return Marker(_DIGITS[circled[1]], circled[2], sure=False)
    named = _called(text)
    if named and (not asked or int(named[2]) <= asked):
        behind = _SEPARATOR.match(named[3])
        rest = named[3][behind.end() if behind else 0 :]
        separated = bool(behind and behind[0].strip()) or not rest
        if separated or (named[3][:1].isspace() and named[1].rstrip(".") in "#№Qq"):
            return Marker(int(named[2]), rest, sure=True)
    plain = _NUMBERED.match(text)
    if not plain:
        return None
    # No list begins with two; "4: a good week" may be a four on a scale, and so is "4:)".
    alone = 1 < int(plain[1]) <= asked and text.startswith(")", plain.end(1)) and any(map(str.isalpha, plain[2]))
    return Marker(int(plain[1]), plain[2], alone)


def _called_numbers(texts: Sequence[str], asked: int) -> dict[int, Marker]:
    """Markers with a word and no sign, "ad 1 yes", where there are several and none has one: else it is a phrase."""
    called = {at: named for at, text in enumerate(texts) if (named := _called(text))}
    numbers = [int(named[2]) for named in called.values()]
    if len(numbers) < 2 or max(numbers) > asked or not all(named[3][:1].isspace() for named in called.values()):
        return {}
    return {at: Marker(int(named[2]), named[3].strip(), sure=True) for at, named in called.items()}


def _bare_numbers(texts: Sequence[str], asked: int) -> dict[int, Marker]:
    """Markers without a sign in neighbouring lines: three that rise, or two that leave one out, and no list."""
    worded = [at for at, text in enumerate(texts) if text.strip()]
    found = {at: match for at in worded if (match := _BARE.match(texts[at]))}
    numbers = [int(match[1]) for match in found.values()]
    if not numbers or not _rises(numbers, asked):
        return {}
    first, last = worded.index(min(found)), worded.index(max(found))
    neighbours = last - first + 1 == len(found)
    listed = first > 0 and texts[worded[first - 1]].rstrip().endswith((":", "："))
    few = len(numbers) == len(worded) == 2 and numbers[1] - numbers[0] > 1
    if listed or not neighbours or not (len(numbers) > 2 or few):
        return {}
    return {at: Marker(int(match[1]), match[2], sure=False) for at, match in found.items()}


def _apart(text: str, asked: int) -> Iterator[str]:
    """The line, or its parts where several markers of one kind rise in it: "(1) yes (2) 3"."""
    parts = _NEXT.split(text)
    markers = [_NUMBERED.match(part) for part in parts]
    numbers = [int(marker[1]) for marker in markers if marker]
    several = len(numbers) == len(parts) > 1 and _rises(numbers, asked)
    yield from parts if several else _apart_bare(text, asked)


def _apart_bare(text: str, asked: int) -> list[str]:
    """The parts of a line in which bare numbers rise from 1, three at least: "1 yes 2 three 4 on Friday"."""
    parts = _NEXT_BARE.split(text)
    numbers = [int(found[1]) if (found := _BARE.match(part)) else 0 for part in parts]
    several = len(parts) > 2 and numbers[0] == 1 and _rises(numbers, asked)
    return parts if several else [text]
