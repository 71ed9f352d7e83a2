"""The mail that is answered, where it is known: what of a reply comes from there. Knows nothing of mail programs.

Compared without blanks, signs and capitals, since programs fold, indent and decorate what they quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, islice

from flows.mail.lines import MACHINE, OWN, QUOTED, Line
from flows.mail.shown import Shown, squashed

# How much of a line must be ours before it counts, in letters: a person may say "my goal" as well.
LONG, TYPED_LONG = 12, 24
ENOUGH, MOSTLY, LEAST = 0.6, 0.4, 60
LONGEST_ASKED, FARTHEST, MOST_PARTED, MOST_ROWS = 1000, 3, 500, 20  # letters of a line, in front of a question; lines

_SIGNS = re.compile(r"[^\w\s]*")
_LED = re.compile(r"\s*<?https?://\S*>?")


class Sent:
    """The mail that is answered, as `as_shown` puts it, or its plain text."""

    def __init__(self, shown: str) -> None:
        self._shown = Shown.read(shown)
        self._squashed = self._shown.squashed

    @property
    def asked(self) -> Mapping[int, str]:
        """The questions' wordings by their numbers, squashed."""
        return {question.number: squashed(question.wording) for question in self._shown.questions}

    @cached_property
    def _units(self) -> list[str]:
        """Questions and who reads their answers, squashed: behind either people type."""
        units = (unit for question in self._shown.questions for unit in (question.wording, question.readers))
        return [unit for unit in dict.fromkeys(map(squashed, units)) if len(unit) >= LONG]

    @cached_property
    def _choices(self) -> frozenset[str]:
        return frozenset(squashed(choice) for question in self._shown.questions for choice in question.choices)

    def sorted_out(self, lines: Sequence[Line], marks: int) -> list[Line]:
        """The same lines: what is ours is quoted, also where nothing marks it, and what is typed between it is not.

        From the line `marks` on all was taken for a quote, only because nobody could say where it ends.
        """
        above, below = self._parted(lines[:marks]), self._parted(lines[marks:])
        return self._marked(self._unquoted(above)) + self._unmarked(below)

    def _parted(self, lines: Sequence[Line]) -> list[Line]:
        """The lines, those parted in which an answer was typed right behind a question, or behind who reads it."""
        bare = [squashed(line.text) for line in lines[:MOST_PARTED]]
        done: list[Line] = []
        for at, line in enumerate(lines):
            cut = self._unit_end(line.text, bare, at) if at < len(bare) and line.origin != MACHINE else 0
            typed = _LED.sub("", line.text[cut:], count=1).strip() if cut else ""
            done += [Line(line.text[:cut], QUOTED, line.depth), Line(typed, OWN)] if typed else [line]
        return done

    def _unit_end(self, text: str, bare: Sequence[str], at: int) -> int:
        """Where a sentence of ours ends in the line, and something that is not ours begins; 0, when nowhere."""
        if not bare[at] or len(text) > LONGEST_ASKED:
            return 0
        whole = bare[at] in self._squashed
        above, below = next(filter(None, reversed(bare[max(at - 2, 0) : at])), ""), _next(bare, at)
        for unit in self._units:
            end = _end_of(unit, bare[at], above)
            more = bare[at][end:] if end else ""
            if more and (not whole or more in self._choices) and not self._continues(unit, more, below):
                return _place(text, end)
        return 0

    def _continues(self, unit: str, text: str, below: str) -> bool:
        """Whether the text is what stands below that sentence in our mail: a choice alone may be an answer."""
        at = self._squashed.find(unit) + len(unit)
        return self._squashed.startswith(text, at) and bool(below) and self._squashed.startswith(below, at + len(text))

    def _marked(self, lines: Sequence[Line]) -> list[Line]:
        """The lines, with those typed inside a marked quote of ours: in a table of its, where no mark breaks."""
        texts = [squashed(line.text) if line.origin == QUOTED else "" for line in lines]
        ours = self._ours(texts)
        at = [n for n, our in enumerate(ours) if our]
        if not at or not self._is_there(texts, ours):
            return list(lines)
        depth = min(lines[n].depth for n in at)
        return [
            replace(line, origin=OWN)
            if at[0] < n < at[-1] and not ours[n] and self._is_typed(lines, n, depth)
            else line
            for n, line in enumerate(lines)
        ]

    @staticmethod
    def _is_typed(lines: Sequence[Line], at: int, depth: int) -> bool:
        """Whether the line says something in the quote itself, and is no heading of one inside it."""
        line, below = lines[at], lines[at + 1 : at + 3]
        heading = line.words.endswith(":") and any(each.depth > depth for each in below)
        return line.origin == QUOTED and line.depth == depth and not heading and _says(line, squashed(line.text))

    def _unquoted(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that passed for typed, with what is ours quoted: short lines only where most of our mail is."""
        texts = [squashed(line.text) if line.origin == OWN else "" for line in lines]
        ours = self._ours(texts)
        if not self._is_there(texts, ours):
            ours = [len(text) >= TYPED_LONG and text in self._squashed and text not in self._choices for text in texts]
        return [replace(line, origin=QUOTED) if our else line for line, our in zip(lines, ours, strict=True)]

    def _is_there(self, texts: Sequence[str], ours: Sequence[bool]) -> bool:
        """Whether most of our mail is among these lines, or they are mostly of it."""
        like = (len(text) >= LONG and text in self._squashed for text in texts)
        found = sum(len(text) for text, our, alike in zip(texts, ours, like, strict=True) if our or alike)
        return found >= ENOUGH * len(self._squashed) > 0 or (found > LEAST and found >= MOSTLY * sum(map(len, texts)))

    def _unmarked(self, lines: Sequence[Line]) -> list[Line]:
        texts = [squashed(line.text) if line.origin == QUOTED else "" for line in lines]
        ours = self._ours(texts)
        if not self._is_there(texts, ours):
            return list(lines)  # another mail, or one that the person changed beyond knowing
        return list(self._turned(lines, texts, ours))

    def _turned(self, lines: Sequence[Line], texts: Sequence[str], ours: Sequence[bool]) -> Iterator[Line]:
        """The lines, with those that are not ours typed, and the empty ones among them.

        Above the first that is ours nobody types: there stand the headers, and what a gateway put on top.
        """
        signs = {line.strip() for line in self._shown.text.split("\n")}
        typing = begun = False
        for line, text, our in zip(lines, texts, ours, strict=True):
            begun = begun or our
            if _says(line, text):
                typing = begun and not our
            elif line.words in signs - {""}:
                typing = False  # our rule of stars
            yield Line(line.text, OWN) if typing and line.origin != MACHINE else line

    def _ours(self, texts: Sequence[str]) -> list[bool]:
        """Which of these squashed lines are ours: long ones anywhere, short ones only where they follow."""
        ours, at, among = [False] * len(texts), 0, False
        chosen = self._chosen(texts)
        for index, text in enumerate(texts):
            if not text or ours[index]:
                continue
            if text in self._shown.only_on_page or chosen.get(index):
                ours[index], among = True, False
                at = max(at, self._squashed.find(text, at) + len(text)) if index in chosen else at
                continue
            if (below := _next(texts, index)) and text + below in self._shown.only_on_page:
                ours[index] = ours[texts.index(below, index + 1)] = True  # a label that was folded
                continue
            if index in chosen and not (self._squashed.startswith(text, at) and self._is_inside(at)):
                continue
            place = self._place(text, below, at)
            if place < 0 and self._squashed.startswith(text, at):
                goes_on = among or self._squashed.startswith(below, at + len(text)) or self._is_inside(at)
                place = at if goes_on else -1
            among = place >= 0 and len(text) < LONG  # the last of several choices
            if place >= 0:
                ours[index], at = True, place + len(text)
        return ours

    def _is_inside(self, at: int) -> bool:
        """Whether the place is in the midst of a question's wording."""
        starts = ((self._squashed.find(unit), len(unit)) for unit in self._units)
        return any(start < at < start + length for start, length in starts)

    def _place(self, text: str, below: str, at: int) -> int:
        """Where a long text stands in our mail, best from `at` on; one that is not very long with what follows it."""
        places = (self._squashed.find(text, at), self._squashed.find(text)) if len(text) >= LONG else ()
        for place in places:
            follows = bool(below) and self._squashed.startswith(below, place + len(text))
            sure = len(text) >= TYPED_LONG or text in self._shown.whole
            if place >= 0 and (sure or place == at or follows):
                return place
        return -1

    def _chosen(self, texts: Sequence[str]) -> dict[int, bool]:
        """Which lines that read like a choice are one: those in a row with all of them; one more was typed."""
        known: dict[int, bool] = {}
        worded = [at for at, text in enumerate(texts) if text]
        joined = "".join(texts)
        starts = dict(zip(worded, accumulate((len(texts[at]) for at in worded), initial=0), strict=False))
        for choices in ([*map(squashed, question.choices)] for question in self._shown.questions if question.choices):
            whole = "".join(choices)
            rows = [found.span() for found in islice(re.finditer(re.escape(whole), joined), MOST_ROWS)]
            spans = ((at, starts[at], starts[at] + len(texts[at])) for at in worded)
            inside = {at for at, start, end in spans for row in rows if row[0] <= start and end <= row[1]}
            like = {at for at in worded if texts[at] in choices} if rows else set()
            known |= {at: known.get(at, False) or at in inside for at in inside | like}
        return known


def _next(texts: Sequence[str], index: int) -> str:
    """The next of the texts that is not empty, among a few."""
    return next(filter(None, texts[index + 1 : index + 6]), "")


def _says(line: Line, text: str) -> bool:
    """Whether the line, and this text of it, has more than links: letters, or a picture that says something."""
    return bool(text) or any(ord(character) > 0x2600 and not character.isspace() for character in line.text)


def _end_of(unit: str, text: str, above: str) -> int:
    """Where the unit ends in the text, which may begin with its number, or in its midst; 0, when it is not there."""
    at = text.find(unit, 0, len(unit) + FARTHEST)
    if at >= 0:
        return at + len(unit)
    for end in range(min(len(unit) - 1, len(text)), 3, -1):
        folded = end >= LONG or (len(above) >= LONG and unit[:-end].endswith(above[-LONG:]))
        if folded and unit.endswith(text[:end]):
            return end
    return 0


def _place(text: str, letters: int) -> int:
    """The place behind so many letters and digits, and the signs that follow them."""
    at = 0
    while letters:
        letters -= text[at].isalnum()
        at += 1
    signs = _SIGNS.match(text, at)
    return signs.end() if signs else at
