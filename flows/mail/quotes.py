"""Which lines of a mail the person typed, and which are the mail they answer. Knows nothing of questions.

When unsure, a line is the person's: words that are lost here are lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import islice

from flows.mail.attributions import attribution_start, split_off
from flows.mail.evidence import DATE, VERB, evidence
from flows.mail.fields import opens_field
from flows.mail.headings import bare_subject, block_end, is_title, rule_start
from flows.mail.initials import without_initials
from flows.mail.lines import MACHINE, OWN, QUOTED, Line, from_origin, quote_follows, quote_precedes
from flows.mail.marked import by_mark
from flows.mail.shown import squashed

# Nobody types more lines above a quote than are looked at.
LONGEST_LINE, MOST_LOOKED_AT, MOST_CITED, MOST_TOLD, MOST_QUOTES = 1000, 1000, 100, 3, 20

FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|i|vs|doorst|pd|転送|转发)\s?[:：]", re.I)


def label(texts: Sequence[str], subject: str = "", names: Collection[str] = ()) -> tuple[list[Line], int]:
    """Every line with its origin, and from where on nothing but the line above says that it is a quote.

    `subject` and `names` are the mail's own, which what stands above a quote repeats.
    """
    texts = without_initials(texts, names)
    lines = [by_mark(texts, at) for at in range(len(texts))]
    ours = _Ours(lines, bare_subject(subject), names)
    at = looked_at = 0
    seen = False
    while at < len(lines) and looked_at < MOST_LOOKED_AT:
        looked_at += lines[at].origin == OWN
        at, span = at + 1, ours.heading(at)
        if span is None:
            continue
        start, end = span
        shown = quote_follows(lines, end) or ours.is_parted(start, end)
        if (not shown and ours.is_not(start, end)) or ours.is_answer(start, end):
            at = max(at, end)
            continue
        typed = split_off(lines[start].text)
        lines[start:end] = [*([Line(typed, OWN)] if typed else []), *from_origin(lines[start:end], MACHINE)]
        at = end + bool(typed)
        if not (shown or quote_follows(lines, at) or _answers(lines, start, at, subject)):
            # No marks below: people who answer above the quote leave all of it as it was.
            return lines[:at] + from_origin(lines[at:], QUOTED), at
        if not seen:
            lines[:start] = _cited(texts, lines, start, at)
        seen = True
    return lines, len(lines)


class _Ours:
    """The headings of these lines: what programs put above a quote, and whether it is the mail that is answered.

    That one was sent by whom this mail goes to, under its subject; a person may tell of another one as well.
    """

    def __init__(self, lines: list[Line], subject: str, names: Collection[str]) -> None:
        self._lines, self._subject, self._names = lines, subject, names
        self._next: int | None = None

    def heading(self, at: int) -> tuple[int, int] | None:
        """The lines around this one that a mail program put above a quote."""
        return _machinery(self._lines, at, self._subject, self._names)

    def is_not(self, start: int, end: int) -> bool:
        """Whether a person may have written these lines of somebody else: programs mostly put an address there.

        Then nothing of the person's stands above, which would be all cut away, or the mail answered stands below; where
        an address is in them, below and marked.
        """
        if self._is_ours(start, end):
            return False
        if self._has_address(start, end):
            return self._is_marked_below(end)
        if not _is_below_words(self._lines, start):
            return True
        if self._next is None:
            self._next = self._first_below(end)
        return self._next >= end

    def _is_marked_below(self, end: int) -> bool:
        """Whether a marked quote under the heading of the mail answered stands further below."""
        lines = self._lines
        starts = (n for n in range(end, len(lines)) if lines[n].origin == QUOTED and lines[n - 1].origin != QUOTED)
        for start in islice(starts, MOST_QUOTES):
            above = _worded_above(lines, start, end)
            span = self.heading(above) if above is not None else None
            if span and self._is_ours(*span):
                return True
        return False

    def is_answer(self, start: int, end: int) -> bool:
        """Whether the lines stand between quotes, and are labels as people write them, with nothing of a mail's."""
        told = VERB in evidence(self._lines[end - 1].words[:LONGEST_LINE]) or is_title(self._lines[start].text)
        if told or self._is_ours(start, end):
            return False
        near = quote_precedes(self._lines, start) and not self._has_address(start, end)
        return near or (_has_quote(self._lines[:start]) and _has_quote(self._lines[end : end + MOST_LOOKED_AT]))

    def is_parted(self, start: int, end: int) -> bool:
        """Whether the person's words stand between an attribution and its quote, which nothing else announces."""
        lines = self._lines
        told = end - start <= MOST_TOLD and evidence(lines[end - 1].words[:LONGEST_LINE]) >= {VERB, DATE}
        shown = self._has_address(start, end) or self._is_ours(start, end)
        if not (told and shown) or _is_below_words(lines, start):
            return False
        quote = next((n for n in range(end, min(len(lines), end + MOST_LOOKED_AT)) if lines[n].origin == QUOTED), None)
        return quote is not None and not _is_announced(lines, quote)

    def _has_address(self, start: int, end: int) -> bool:
        return any("@" in line.text for line in self._lines[start:end])

    def _is_ours(self, start: int, end: int) -> bool:
        text = " ".join(line.text for line in self._lines[start:end]).casefold()
        return any(name in text for name in self._names) or (bool(self._subject) and self._subject in text)

    def _first_below(self, at: int) -> int:
        found = ((n, self.heading(n)) for n in range(at, min(len(self._lines), at + MOST_LOOKED_AT)))
        return next((n for n, span in found if span and self._is_ours(*span)), -1)


def _cited(texts: Sequence[str], lines: list[Line], end: int, quote: int) -> list[Line]:
    """The lines above the first attribution; marked ones are no quote where the one below holds nothing of them.

    So people paste code, or what somebody else said.
    """
    below = "".join(squashed(line.text) for line in lines[quote:] if line.origin == QUOTED)
    marked = [squashed(line.text) for line in lines[:end] if line.origin == QUOTED]
    if not below or len(marked) > MOST_CITED or any(text in below for text in marked if text):
        return lines[:end]
    return [Line(texts[at], OWN) if line.origin == QUOTED else line for at, line in enumerate(lines[:end])]


def _machinery(lines: list[Line], at: int, subject: str, names: Collection[str]) -> tuple[int, int] | None:
    """The lines around this one that a mail program put above a quote."""
    if lines[at].origin != OWN or not lines[at].text.strip() or len(lines[at].text) > LONGEST_LINE:
        return None
    if end := block_end(lines, at, subject, names):
        return rule_start(lines, at), end
    if (start := attribution_start(lines, at, names)) is not None:
        return rule_start(lines, start), at + 1
    if is_title(lines[at].text) and _opens(lines, at):
        below = next((n for n in range(at + 1, min(at + 4, len(lines))) if lines[n].words), at)
        return rule_start(lines, at), block_end(lines, below, subject) or at + 1
    return None


def _answers(lines: list[Line], start: int, end: int, subject: str) -> bool:
    """Whether words, and a quote under its own attribution, follow on what some print above all: a mail's headers.

    A forwarded mail has such headers, too.
    """
    forwarded = FORWARDED.match(subject) or is_title(lines[start].text)
    if forwarded or end - start < 3 or _is_below_words(lines, start):
        return False
    ends = (n + 1 for n in range(end, min(len(lines), end + MOST_LOOKED_AT)) if quote_follows(lines, n + 1))
    quote = next((n for n in ends if lines[n - 1].origin == OWN and lines[n - 1].words), None)
    return quote is not None and _is_announced(lines, quote)


def _has_quote(lines: Sequence[Line]) -> bool:
    return any(line.origin == QUOTED and line.words for line in lines)


def _is_below_words(lines: list[Line], start: int) -> bool:
    return any(line.origin == OWN and line.words for line in lines[:start])


def _is_announced(lines: list[Line], quote: int) -> bool:
    """Whether an attribution stands right above the quote."""
    above = _worded_above(lines, quote)
    return above is not None and attribution_start(lines, above, ()) is not None


def _worded_above(lines: Sequence[Line], at: int, first: int = 0) -> int | None:
    """The last of the few lines above in which there is something to see, from `first` on."""
    return next((n for n in range(at - 1, max(at - 4, first - 1), -1) if lines[n].words), None)


def _opens(lines: list[Line], at: int) -> bool:
    """Whether a title has dashes, or a quote or a header right below; else it may be a sentence of the person's."""
    bare = lines[at].words.endswith((":", "："))
    return not bare or quote_follows(lines, at + 1) or opens_field(lines, at + 1)
