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
ENOUGH = 0.6

_LINK = re.compile(r"<?https?://\S*|\[cid:[^\]\n]*\]")
_ASKED = re.compile(r"^\s*\[(\d{1,3})\]\s+(.+(?:\n(?!\s*\n|\s*\[\d|    [^\n]* · |    Read by).+)*)", re.M)


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
        return {int(number): squashed(wording) for number, wording in _ASKED.findall(self._text)}

    def sorted_out(self, lines: Sequence[Line], marks: int) -> list[Line]:
        """The same lines: what is ours is quoted, also where nothing marks it, and what is typed between it is not.

        From the line `marks` on all was taken for a quote, only because nobody could say where it ends.
        """
        return self._unquoted(lines[:marks]) + self._unmarked(lines[marks:])

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
        """Whether most of our mail is among these lines."""
        found = sum(len(text) for text, our in zip(texts, ours, strict=True) if our)
        return found > 0 and found >= ENOUGH * len(self._squashed)

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
            if text or _is_picture(line.text):
                typing = begun and not our
            elif line.words in signs - {""}:
                typing = False  # our rule of stars
            yield Line(line.text, OWN) if typing and line.origin != MACHINE else line

    def _ours(self, texts: Sequence[str]) -> list[bool]:
        """Which of these squashed lines are ours: long ones anywhere, short ones only where they follow."""
        ours, at = [False] * len(texts), 0
        for index, text in enumerate(texts):
            if not text:
                continue
            if text in self._only_in_html:
                ours[index] = True
                continue
            place = self._squashed.find(text, at) if len(text) >= LONG else -1
            if place < 0 and len(text) >= LONG:
                place = self._squashed.find(text)
            if place < 0 and self._squashed.startswith(text, at) and self._goes_on(texts, index, at + len(text)):
                place = at
            if place >= 0:
                ours[index], at = True, place + len(text)
        return ours

    def _goes_on(self, texts: Sequence[str], index: int, at: int) -> bool:
        """Whether the next line is what stands there in our mail: else "yes" may be an answer, no choice of ours."""
        following = next((text for text in texts[index + 1 : index + 6] if text), "")
        return self._squashed.startswith(following, at)


def squashed(text: str) -> str:
    """Only the text's letters and digits, in small letters, without its links."""
    return "".join(character for character in _LINK.sub("", text).casefold() if character.isalnum())


def _is_picture(text: str) -> bool:
    return any(ord(character) > 0x2600 and not character.isspace() for character in text)
