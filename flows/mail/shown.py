"""All that a mail of ours shows, to compare replies with: programs quote its HTML, and its text is not all of that.

The HTML has a heading and buttons of its own, and a line for each question, each choice, and who reads the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape

MOST_SENT = 100_000
APART = "\f"  # between a mail's text and the lines of its HTML

_UNSEEN = re.compile(r"<style.*?</style>|<!--.*?-->|<[^>]*>", re.S)
_LINK = re.compile(r"<?https?://\S*|\[cid:[^\]\n]*\]")
_MARKED = re.compile(r"\s*\[(\d{1,3})\]\s+(.+)")
_ENDED = re.compile(r"[.!?。？]$")


def as_shown(text: str, html: str) -> str:
    """The text, and behind APART the lines of the HTML; `Shown.read` reads it."""
    lines = (" ".join(line.split()) for line in unescape(_UNSEEN.sub("\n", html)).split("\n"))
    return text + APART + "\n".join(filter(None, lines))


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its wording, what there is to choose from, and the sentence on who reads the answer."""

    number: int
    wording: str
    choices: tuple[str, ...] = ()
    readers: str = ""


@dataclass(frozen=True)
class Shown:
    """A mail's text, and the lines of its HTML where they are known."""

    text: str
    lines: Sequence[str]

    @classmethod
    def read(cls, shown: str) -> Shown:
        """What `as_shown` made, or a plain text alone."""
        text, _, page = shown[:MOST_SENT].partition(APART)
        return cls(text, [line for line in page.split("\n") if line])

    @cached_property
    def squashed(self) -> str:
        """The text's letters and digits."""
        return squashed(self.text)

    @cached_property
    def only_on_page(self) -> frozenset[str]:
        """The lines that only the HTML shows, squashed."""
        return frozenset(bare for line in self.lines if (bare := squashed(line)) and bare not in self.squashed)

    @cached_property
    def whole(self) -> frozenset[str]:
        """The lines of the text and of the HTML, squashed."""
        return frozenset(map(squashed, [*self.text.split("\n"), *self.lines]))

    @cached_property
    def questions(self) -> list[Asked]:
        """What the mail asks, in its order."""
        return list(_questions(self.lines) if any(map(_MARKED.match, self.lines)) else _plain_questions(self.text))


def squashed(text: str) -> str:
    """Only the text's letters and digits, in small letters, without its links."""
    return "".join(character for character in _LINK.sub("", text).casefold() if character.isalnum())


def _questions(lines: Sequence[str]) -> Iterator[Asked]:
    """Behind the wording stands a line for each choice, and then a whole sentence."""
    for at, line in enumerate(lines):
        if marked := _MARKED.match(line):
            readers = next((n for n in range(at + 1, len(lines)) if _ENDED.search(lines[n])), len(lines))
            yield Asked(
                int(marked[1]), marked[2], tuple(lines[at + 1 : readers]), "".join(lines[readers : readers + 1])
            )


def _plain_questions(text: str) -> Iterator[Asked]:
    """Each wording goes on to the first line that ends like a sentence."""
    lines = [line.strip() for line in text.split("\n")]
    for at, line in enumerate(lines):
        if marked := _MARKED.match(line):
            end = next((n for n in range(at, len(lines)) if not lines[n] or _ENDED.search(lines[n])), at)
            yield Asked(int(marked[1]), " ".join([marked[2], *lines[at + 1 : end + 1]]))
