"""Which lines of a reply are those of the mail that it answers. Compared squashed; knows nothing of lines' origins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, islice

from flows.mail.shown import Shown, squashed

# How much of a line must be ours before it counts, in letters: a person may say "my goal" as well.
LONG, TYPED_LONG = 12, 24
ENOUGH, MOSTLY, LEAST = 0.6, 0.4, 60
LONGEST_ASKED, FARTHEST, MOST_ROWS = 1000, 3, 20  # letters of a line, in front of a question; rows of choices

_SIGNS = re.compile(r"[^\w\s]*")


class Ours:
    """What a mail of ours shows, to find again."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._squashed = shown.squashed

    def surely(self, text: str) -> bool:
        """Whether the text is from there wherever it stands: a long one, and no choice, which people repeat."""
        return len(text) >= TYPED_LONG and text in self._squashed and text not in self.choices

    @cached_property
    def choices(self) -> frozenset[str]:
        """All that there is to choose from, squashed."""
        return frozenset(squashed(choice) for question in self._shown.questions for choice in question.choices)

    @cached_property
    def _units(self) -> dict[str, int]:
        """Questions and who reads their answers, squashed, and where each stands: behind either people type."""
        units = (unit for question in self._shown.questions for unit in (question.wording, question.readers))
        return {unit: self._squashed.find(unit) for unit in map(squashed, units) if len(unit) >= LONG}

    def among(self, texts: Sequence[str]) -> list[bool]:
        """Which of these squashed lines are ours: long ones anywhere, short ones only where they follow."""
        ours, at, in_row = [False] * len(texts), 0, False
        chosen = self._chosen(texts)
        for index, text in enumerate(texts):
            if not text or ours[index]:
                continue
            if text in self._shown.only_on_page or chosen.get(index):
                ours[index], in_row = True, False
                at = max(at, self._squashed.find(text, at) + len(text)) if index in chosen else at
                continue
            if (below := _next(texts, index)) and text + below in self._shown.only_on_page:
                ours[index] = ours[texts.index(below, index + 1)] = True  # a label that was folded
                continue
            if index in chosen and not (self._squashed.startswith(text, at) and self._is_inside(at)):
                continue
            place = self._place(text, below, at)
            if place < 0 and self._squashed.startswith(text, at):
                goes_on = in_row or self._squashed.startswith(below, at + len(text)) or self._is_inside(at)
                place = at if goes_on else -1
            in_row = place >= 0 and len(text) < LONG  # the last of several choices
            if place >= 0:
                ours[index], at = True, place + len(text)
        return ours

    def are_most(self, texts: Sequence[str], ours: Sequence[bool]) -> bool:
        """Whether most of our mail is among these lines, or they are mostly of it."""
        like = (len(text) >= LONG and text in self._squashed for text in texts)
        found = sum(len(text) for text, our, alike in zip(texts, ours, like, strict=True) if our or alike)
        return found >= ENOUGH * len(self._squashed) > 0 or (found > LEAST and found >= MOSTLY * sum(map(len, texts)))

    def sentence_end(self, text: str, bare: Sequence[str], at: int) -> int:
        """Where a sentence of ours ends in the line, and something that is not ours begins; 0, when nowhere.

        `bare` are the squashed lines, among which this one stands at `at`.
        """
        if not bare[at] or len(text) > LONGEST_ASKED:
            return 0
        whole = bare[at] in self._squashed
        above, below = next(filter(None, reversed(bare[max(at - 2, 0) : at])), ""), _next(bare, at)
        for unit in self._units:
            end = _end_of(unit, bare[at], above)
            more = bare[at][end:] if end else ""
            if more and (not whole or more in self.choices) and not self._continues(unit, more, below):
                return _index(text, end)
        return 0

    def _continues(self, unit: str, text: str, below: str) -> bool:
        """Whether the text is what stands below that sentence in our mail: a choice alone may be an answer."""
        at = self._units[unit] + len(unit)
        return self._squashed.startswith(text, at) and bool(below) and self._squashed.startswith(below, at + len(text))

    def _place(self, text: str, below: str, at: int) -> int:
        """Where a long text stands in our mail, best from `at` on; one that is not very long with what follows it."""
        places = (self._squashed.find(text, at), self._squashed.find(text)) if len(text) >= LONG else ()
        for place in places:
            follows = bool(below) and self._squashed.startswith(below, place + len(text))
            sure = len(text) >= TYPED_LONG or text in self._shown.whole
            if place >= 0 and (sure or place == at or follows):
                return place
        return -1

    def _is_inside(self, at: int) -> bool:
        """Whether the place is in the midst of a question's wording."""
        return any(start < at < start + len(unit) for unit, start in self._units.items())

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


def _index(text: str, letters: int) -> int:
    """The place behind so many letters and digits, and the signs that follow them."""
    at = 0
    while letters:
        letters -= text[at].isalnum()
        at += 1
    signs = _SIGNS.match(text, at)
    return signs.end() if signs else at
