"""Which lines of a mail the person typed, and which a mail program put there. Knows nothing of questions.

The line above a quote is known by what it holds in every language: a day, an hour, an address, a colon, and a quote
right after it. When unsure, a line is the person's: words that are lost here are lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

OWN, QUOTED, MACHINE = "own", "quoted", "machine"

_MARK = re.compile(r"\s{0,3}+((?:>\s?)++)(.*)", re.S)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]")
_DAY = re.compile(r"(?<!\d)\d{4}(?!\d)|(?<!\d)\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}(?!\d)")
_HOUR = re.compile(r"(?<!\d)\d{1,2}\s?[:.h]\s?\d{2}(?!\d)")
_BRACKETED = re.compile(r"<\s?[^<>\s]+@[^<>\s]+>")
_LABEL = re.compile(r"[*\s]{0,3}[^\W\d_][^\n:：<>@]{0,24}[:：]")
_RULE = re.compile(r"\s*(?:[-_=*–—]{5,}|-{2,}\s*[^\W\d_][^\n]{2,60}?-{2,}:?)\s*")
_PREFIX = re.compile(r"(?:[^\W\d_]{1,5}(?:\[\d+\])?\s?[:：]\s*)+")
_COMPARISON = re.compile(r"\s*>\s?(?:\d|=)")
_SENTENCE_END = re.compile(r"[!?]$|[^m\W]\.$")
_FOLDED = re.compile(r"[ \t]|[^\n]*<[^<>\s]+@[^<>\s]+>")
_WHOLE = {"day", "hour", "address"}
LONGEST_ATTRIBUTION, LONGEST_LINE, LONGEST_BLOCK = 4, 1000, 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line and who it is from: the person, the mail they answer, or a mail program."""

    text: str
    origin: str

    @property
    def words(self) -> str:
        """What there is to see in the line."""
        return _INVISIBLE.sub("", self.text).strip()


def label(texts: Sequence[str], subject: str = "") -> list[Line]:
    """Every line with its origin; `subject` is the mail's own, which an unmarked quote repeats."""
    lines = [_by_mark(texts, at) for at in range(len(texts))]
    at = 0
    while at < len(lines):
        span = _machinery(lines, at, _bare(subject))
        at += 1
        if span is None:
            continue
        start, at = span
        lines[start:at] = [Line(line.text, MACHINE) for line in lines[start:at]]
        if not _quote_follows(lines, at):
            # No marks below: people who answer above the quote leave all of it as it was.
            return lines[:at] + [Line(line.text, QUOTED) for line in lines[at:]]
    return lines


def _by_mark(texts: Sequence[str], at: int) -> Line:
    mark = _MARK.match(texts[at])
    if mark and _COMPARISON.match(texts[at]):  # "> 5 years": a quote only among quotes
        mark = mark if any(map(_MARK.match, [*texts[at - 1 : at], *texts[at + 1 : at + 2]])) else None
    return Line(mark[2], QUOTED) if mark else Line(texts[at], OWN)


def _machinery(lines: list[Line], at: int, subject: str) -> tuple[int, int] | None:
    """The lines around this one that a mail program put above a quote: "From: … Sent: …" or "On … wrote:"."""
    if lines[at].origin != OWN or not lines[at].text.strip() or len(lines[at].text) > LONGEST_LINE:
        return None
    if _LABEL.match(lines[at].text) and (end := _block_end(lines, at, subject)):
        return _with_rule(lines, at), end
    if lines[at].words.endswith((":", "：")) and (start := _attribution_start(lines, at)) is not None:
        return _with_rule(lines, start), at + 1
    return None


def _attribution_start(lines: list[Line], end: int) -> int | None:
    """Where the attribution that ends in this line begins: Gmail folds it between day, name and address."""
    text, start, known = "", None, set[str]()
    for at in range(end, max(end - LONGEST_ATTRIBUTION, -1), -1):
        line = lines[at].words
        if lines[at].origin != OWN or not line or (at < end and _SENTENCE_END.search(line)) or len(line) > LONGEST_LINE:
            break
        text = f"{line} {text}"
        evidence = _evidence(text)
        if start is not None and evidence <= known:
            break
        known = evidence
        if len(evidence & _WHOLE) == len(_WHOLE) or (len(evidence) > 1 and _quote_follows(lines, end + 1)):
            start = at
    return start


def _evidence(text: str) -> set[str]:
    day = _DAY.search(text)
    rest = _DAY.sub(" ", text)
    found = {"day"} if day else set()
    found |= {"hour"} if _HOUR.search(rest) else set()
    found |= {"address"} if "@" in text else set()
    # An address in angle brackets is not how people type; before a quote it is enough.
    return found | ({"brackets"} if _BRACKETED.search(text) else set())


def _block_end(lines: list[Line], at: int, subject: str) -> int | None:
    """Where a block of "From: … Sent: … Subject: …" that begins here ends, in whatever language it is."""
    values, end = _labelled(lines, at)
    if len(values) < 3:
        return None
    dated = ["day" in found and "hour" in found for found in map(_evidence, values[:3])]
    addressed = ["@" in value for value in values[:3]]
    if not (dated[0] or addressed[0] or at == 0 or not lines[at - 1].words or _RULE.fullmatch(lines[at - 1].words)):
        return None  # a person's line that happens to stand above the block
    if (addressed[0] and dated[1]) or (dated[0] and addressed[1]):
        return end
    known = _with_rule(lines, at) < at or (subject and subject in map(_bare, values))
    return end if known and any(dated + addressed) else None


def _labelled(lines: list[Line], at: int) -> tuple[list[str], int]:
    values: list[str] = []
    while at < len(lines) and len(values) < LONGEST_BLOCK and lines[at].origin == OWN and lines[at].words:
        text = lines[at].text[:LONGEST_LINE]
        found = _LABEL.match(text)
        if found:
            values.append(text[found.end() :])
        elif values and (_FOLDED.match(text) or values[-1].rstrip().endswith((";", ","))):
            values[-1] += f" {text}"
        else:
            break
        at += 1
    return values, at


def _with_rule(lines: list[Line], start: int) -> int:
    """The start, or the line of dashes or "--- Original message ---" above it."""
    at = start - 1
    while at > 0 and start - at < 4 and lines[at].origin == OWN and not lines[at].words:
        at -= 1
    ruled = at >= 0 and lines[at].origin == OWN and len(lines[at].text) < 200 and _RULE.fullmatch(lines[at].words)
    return at if ruled else start


def _quote_follows(lines: list[Line], at: int) -> bool:
    following = next((line for line in lines[at : at + 4] if line.origin != OWN or line.words), None)
    return following is not None and following.origin == QUOTED


def _bare(subject: str) -> str:
    return " ".join(_PREFIX.sub("", subject.strip(" *"), count=1).lower().split())
