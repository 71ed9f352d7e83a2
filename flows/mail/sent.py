"""The mail that is answered, where it is known: what of a reply comes from there. Knows nothing of mail programs.

Compared without blanks, signs and capitals, since programs fold, indent and decorate what they quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flows.mail.lines import MACHINE, OWN, QUOTED, Line
from flows.mail.ours import Ours
from flows.mail.shown import Shown, squashed

MOST_PARTED = 500  # lines

_LED = re.compile(r"\s*<?https?://\S*>?")


class Sent:
    """The mail that is answered, as `as_shown` puts it, or its plain text."""

    def __init__(self, shown: str) -> None:
        self._shown = Shown.read(shown)
        self._ours = Ours(self._shown)

    @property
    def asked(self) -> Mapping[int, str]:
        """The questions' wordings by their numbers, squashed."""
        return {question.number: squashed(question.wording) for question in self._shown.questions}

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
            cut = self._ours.sentence_end(line.text, bare, at) if at < len(bare) and line.origin != MACHINE else 0
            typed = _LED.sub("", line.text[cut:], count=1).strip() if cut else ""
            done += [Line(line.text[:cut], QUOTED, line.depth), Line(typed, OWN)] if typed else [line]
        return done

    def _marked(self, lines: Sequence[Line]) -> list[Line]:
        """The lines, with those typed inside a marked quote of ours: in a table of its, where no mark breaks."""
        texts = _texts(lines, QUOTED)
        ours = self._ours.among(texts)
        at = [n for n, our in enumerate(ours) if our]
        if not at or not self._ours.are_most(texts, ours):
            return list(lines)
        depth = min(lines[n].depth for n in at)
        return [
            replace(line, origin=OWN)
            if at[0] < n < at[-1] and not ours[n] and _is_typed(lines, n, texts[n], depth)
            else line
            for n, line in enumerate(lines)
        ]

    def _unquoted(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that passed for typed, with what is ours quoted: short lines only where most of our mail is."""
        texts = _texts(lines, OWN)
        ours = self._ours.among(texts)
        if not self._ours.are_most(texts, ours):
            ours = [self._ours.surely(text) for text in texts]
        return [replace(line, origin=QUOTED) if our else line for line, our in zip(lines, ours, strict=True)]

    def _unmarked(self, lines: Sequence[Line]) -> list[Line]:
        texts = _texts(lines, QUOTED)
        ours = self._ours.among(texts)
        if not self._ours.are_most(texts, ours):
            return list(lines)  # another mail, or one that the person changed beyond knowing
        return list(self._turned(lines, texts, ours))

    def _turned(self, lines: Sequence[Line], texts: Sequence[str], ours: Sequence[bool]) -> Iterator[Line]:
        """The lines, with those that are not ours typed, and the empty ones among them.

        Above the first that is ours nobody types: there stand the headers, and what a gateway put on top.
        """
        signs = {line.strip() for line in self._shown.text.split("\n")} - {""}
        typing = begun = False
        for line, text, our in zip(lines, texts, ours, strict=True):
            begun = begun or our
            if _says(line, text):
                typing = begun and not our
            elif line.words in signs:
                typing = False  # our rule of stars
            yield Line(line.text, OWN) if typing and line.origin != MACHINE else line


def _texts(lines: Sequence[Line], origin: str) -> list[str]:
    """The lines of this origin, squashed; the others are empty."""
    return [squashed(line.text) if line.origin == origin else "" for line in lines]


def _is_typed(lines: Sequence[Line], at: int, text: str, depth: int) -> bool:
    """Whether the line says something in the quote itself, and is no heading of one inside it."""
    line, below = lines[at], lines[at + 1 : at + 3]
    heading = line.words.endswith(":") and any(each.depth > depth for each in below)
    return line.origin == QUOTED and line.depth == depth and not heading and _says(line, text)


def _says(line: Line, text: str) -> bool:
    """Whether the line, and this text of it, has more than links: letters, or a picture that says something."""
    return bool(text) or any(ord(character) > 0x2600 and not character.isspace() for character in line.text)
