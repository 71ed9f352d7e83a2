"""The mail that is answered, where its text is known: what of a reply comes from there. Knows nothing of mail programs.

Compared without blanks, signs and capitals, since programs fold, indent and decorate what they quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from flows.mail.lines import MACHINE, OWN, QUOTED, Line

# How much of a line must be ours before it counts, in letters: a person may say "my goal" as well.
LONG, TYPED_LONG, MOST_SENT = 12, 24, 100_000
ENOUGH, LEAST = 0.6, 60
LONGEST_ASKED, FARTHEST = 1000, 3  # letters of a line with a question, and in front of one: its number

_LINK = re.compile(r"<?https?://\S*|\[cid:[^\]\n]*\]")
_SIGNS = re.compile(r"[^\w\s]*")
_ASKED = re.compile(r"^\s*\[(\d{1,3})\]\s+(.+(?:\n(?!\s*\n|\s*\[\d).+)*)", re.M)
_CHOICES, _SENTENCE = " · ", re.compile(r"(?<=[.!。])\s+")


APART = "\f"  # between a mail's text and the lines that only its HTML shows


class Sent:
    """The mail that is answered, as `as_shown` puts it, or its plain text."""

    def __init__(self, shown: str) -> None:
        text, _, more = shown[:MOST_SENT].partition(APART)
        self._text = text
        self._only_in_html = {squashed(line) for line in more.split("\n")} - {""}

    @cached_property
    def asked(self) -> Mapping[int, str]:
        """The questions' wordings by their numbers, squashed."""
        return {int(number): squashed(_wording(block)) for number, block in _ASKED.findall(self._text)}

    def sorted_out(self, lines: Sequence[Line], marks: int) -> list[Line]:
        """The same lines: what is ours is quoted, also where nothing marks it, and what is typed between it is not.

        From the line `marks` on all was taken for a quote, only because nobody could say where it ends.
        """
        above, below = self._parted(lines[:marks]), self._parted(lines[marks:])
        return self._marked(self._unquoted(above)) + self._unmarked(below)

    def _parted(self, lines: Sequence[Line]) -> list[Line]:
        """The lines, those parted in which an answer was typed right behind a question."""
        done: list[Line] = []
        for at, line in enumerate(lines):
            cut = self._question_end(line.text, squashed(lines[at + 1].text) if at + 1 < len(lines) else "")
            if cut and line.origin != MACHINE:
                done += [Line(line.text[:cut], QUOTED, line.depth), Line(line.text[cut:].strip(), OWN)]
            else:
                done.append(line)
        return done

    def _question_end(self, text: str, below: str) -> int:
        """Where a question of ours ends in the line, and something that is not ours begins; 0, when nowhere."""
        if len(text) > LONGEST_ASKED or not any(sign in text for sign in "?？.:"):
            return 0
        bare = squashed(text)
        if bare in self._squashed:
            return 0
        for wording in self.asked.values():
            end = _end_of(wording, bare)
            if 0 < end < len(bare) and not self._continues(wording, bare[end:], below):
                return _place(text, end)
        return 0

    def _continues(self, wording: str, text: str, below: str) -> bool:
        """Whether the text is what stands below that question in our mail: a choice alone may be an answer."""
        at = self._squashed.find(wording) + len(wording)
        return self._squashed.startswith(text, at) and bool(below) and self._squashed.startswith(below, at + len(text))

    def _marked(self, lines: Sequence[Line]) -> list[Line]:
        """The lines, with those typed inside a marked quote of ours: in a table of its, where no mark breaks."""
        texts = [squashed(line.text) if line.origin == QUOTED else "" for line in lines]
        ours = self._ours(texts)
        if not self._is_there(texts, ours):
            return list(lines)
        at = [n for n, our in enumerate(ours) if our]
        depth = min(lines[n].depth for n in at)
        return [
            Line(line.text, OWN)
            if line.origin == QUOTED
            and line.depth == depth
            and at[0] < n < at[-1]
            and not ours[n]
            and _says(line, texts[n])
            else line
            for n, line in enumerate(lines)
        ]

    @cached_property
    def _squashed(self) -> str:
        return squashed(self._text)

    def _unquoted(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that passed for typed, with what is ours quoted: short lines only where most of our mail is."""
        texts = [squashed(line.text) if line.origin == OWN else "" for line in lines]
        ours = self._ours(texts)
        if not self._is_there(texts, ours):
            ours = [len(text) >= TYPED_LONG and text in self._squashed for text in texts]
        return [Line(line.text, QUOTED) if our else line for line, our in zip(lines, ours, strict=True)]

    def _is_there(self, texts: Sequence[str], ours: Sequence[bool]) -> bool:
        """Whether most of our mail is among these lines, or they are mostly of it."""
        found = sum(len(text) for text, our in zip(texts, ours, strict=True) if our)
        return found > LEAST and found >= ENOUGH * min(len(self._squashed), sum(map(len, texts)))

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
        signs = {line.strip() for line in self._text.split("\n")}
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
        for index, text in enumerate(texts):
            if not text or ours[index]:
                continue
            if text in self._only_in_html:
                ours[index] = True
                continue
            if (below := self._next(texts, index)) and text + below in self._only_in_html:
                ours[index] = ours[texts.index(below, index + 1)] = True  # a label that was folded
                continue
            if text in self._choices and 0 <= self._squashed.find(text) < at and self._squashed.find(text, at) < 0:
                continue  # typed again below the choices
            place = self._squashed.find(text, at) if len(text) >= LONG else -1
            if place < 0 and len(text) >= LONG:
                place = self._squashed.find(text)
            if place < 0 and self._squashed.startswith(text, at):
                place = at if among or self._goes_on(texts, index, at + len(text)) else -1
            among = place >= 0 and len(text) < LONG  # the last of several choices
            if place >= 0:
                ours[index], at = True, place + len(text)
        return ours

    @cached_property
    def _choices(self) -> frozenset[str]:
        """What there is to choose from, squashed."""
        lines = (line for line in self._text.split("\n") if _CHOICES in line)
        return frozenset(squashed(choice) for line in lines for choice in line.split(_CHOICES))

    @staticmethod
    def _next(texts: Sequence[str], index: int) -> str:
        return next(filter(None, texts[index + 1 : index + 6]), "")

    def _goes_on(self, texts: Sequence[str], index: int, at: int) -> bool:
        """Whether the next line is what stands there in our mail: else "yes" may be an answer, no choice of ours."""
        return self._squashed.startswith(self._next(texts, index), at)


def squashed(text: str) -> str:
    """Only the text's letters and digits, in small letters, without its links."""
    return "".join(character for character in _LINK.sub("", text).casefold() if character.isalnum())


def _wording(block: str) -> str:
    """The question without its choices, and without the last sentence of all, which says who reads the answer."""
    lines = block.split("\n")
    end = next((at for at, line in enumerate(lines) if _CHOICES in line), len(lines))
    text = " ".join(line.strip() for line in lines[:end])
    if end < len(lines):
        return text
    asked = max(text.rfind("?"), text.rfind("？")) + 1
    return text[:asked] or " ".join(_SENTENCE.split(text)[:-1]) or text


def _says(line: Line, text: str) -> bool:
    """Whether the line, and this text of it, has more than links: letters, or a picture that says something."""
    return bool(text) or any(ord(character) > 0x2600 and not character.isspace() for character in line.text)


def _end_of(wording: str, text: str) -> int:
    """Where the wording ends in the text, which may begin with its number, or in its midst; 0, when it is not there."""
    at = text.find(wording, 0, len(wording) + FARTHEST)
    if at >= 0:
        return at + len(wording)
    longest = min(len(wording), len(text))
    return next((n for n in range(longest, LONG - 1, -1) if wording.endswith(text[:n])), 0)


def _place(text: str, letters: int) -> int:
    """The place behind so many letters and digits, and the signs that follow them."""
    at = 0
    while letters:
        letters -= text[at].isalnum()
        at += 1
    signs = _SIGNS.match(text, at)
    return signs.end() if signs else at
