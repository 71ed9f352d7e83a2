"""The block above a quote, "From: … Sent: … To: … Subject: …", or "--- Original message ---", in every language.

Each label that programs use, each day and address behind one, a rule above and the mail's own subject weigh something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.mail.evidence import DATE, HOUR, moment
from flows.mail.lines import OWN, Line, visible
from flows.mail.vocabulary import stems, words

LONGEST_LINE, LONGEST_BLOCK, LONGEST_TITLE, MOST_TITLE_WORDS, ENOUGH = 1000, 8, 80, 6, 4

MESSAGE, HANDED_ON, LABELS = stems("message"), stems("handed on"), words("labels")

_LABEL = re.compile(r"[*_\s|]{0,4}([^\W\d_][^\n:：<>@]{0,24}?)[*_\s]{0,3}[:：]")
_RULE = re.compile(r"[\s>]*[-_=*–—―]{5,}\s*")
_TITLED = re.compile(r"\s*\*?[-_=–—]{2,}\s*([^\W\d_][^\n]{2,60}?)\s*[-_=–—]{2,}:?\*?\s*")
_DASHES = re.compile(r"[-_=–—]{4,}")
_FOLDED = re.compile(r"[ \t]|[^\n]*<[^<>\s]+@[^<>\s]+>")
_PAUSE = re.compile(r"[.!?…]\s*$|,\s")
_PREFIX = re.compile(r"(?:[^\W\d_]{1,5}(?:\[\d+\])?\s?[:：]\s*)+")


def block_end(lines: Sequence[Line], at: int, subject: str) -> int | None:
    """Where a block of header lines that begins here ends, in whatever language it is."""
    ruled = rule_start(lines, at) < at
    labels, values, end = _labelled(lines, at, loose=ruled)
    if len(values) < 3 and not ruled and not any(DATE in moment(value) for value in values):
        return None  # every program says who or when
    if len(values) < 2 and not (values and ruled and "@" in values[0]):
        return None
    known = sum(label in LABELS for label in labels)
    found = [moment(value) for value in values]
    addressed = ["@" in value for value in values]
    dated = [DATE in kinds and HOUR in kinds for kinds in found]
    if _is_typed(labels, values, dated, addressed):
        return None
    paired = [*addressed[:1], *dated[1:2]] == [True, True] or [*dated[:1], *addressed[1:2]] == [True, True]
    same = bool(subject) and any(bare_subject(value) == subject for value in values)
    total = min(known, 3) + any(dated) + any(addressed) + 2 * paired * (len(values) > 2) + 2 * ruled + 2 * same
    return end if total >= ENOUGH else None


def is_title(text: str) -> bool:
    """Whether the line says that another mail follows: dashes around it, or the words for handing on a mail."""
    text = visible(text[: LONGEST_TITLE * 2]).strip()
    if not 0 < len(text) <= LONGEST_TITLE:
        return False
    titled = _TITLED.fullmatch(text) is not None
    announced = text.endswith((":", "：")) and len(text.split()) <= MOST_TITLE_WORDS
    if not (titled or announced) or not MESSAGE.search(text):
        return False
    return (titled and _DASHES.search(text) is not None) or HANDED_ON.search(text) is not None


def is_rule(text: str) -> bool:
    """Whether the line is nothing but dashes."""
    return bool(_RULE.fullmatch(visible(text[:200])))


def rule_start(lines: Sequence[Line], start: int) -> int:
    """The start, or the line of dashes or the title above it."""
    at = start - 1
    while at > 0 and start - at < 4 and lines[at].origin == OWN and not lines[at].words:
        at -= 1
    if at < 0 or lines[at].origin != OWN or len(lines[at].text) > 200:
        return start
    text = lines[at].words
    return at if is_rule(text) or is_title(text) or _TITLED.fullmatch(text) else start


def bare_subject(subject: str) -> str:
    """The subject without "Re:" and the like."""
    return " ".join(_PREFIX.sub("", subject.strip(" *"), count=1).lower().split())


def _is_typed(labels: list[str], values: list[str], dated: list[bool], addressed: list[bool]) -> bool:
    """Whether the first line is one of the person's that happens to stand above the block."""
    if dated[0] or addressed[0]:
        return False
    twice = labels[0] in labels[1:]
    begins_below = (addressed[1:2] or dated[1:2]) == [True] and len(labels) > 3 and _PAUSE.search(values[0]) is not None
    return labels[0] not in LABELS or twice or begins_below


def _labelled(lines: Sequence[Line], at: int, *, loose: bool) -> tuple[list[str], list[str], int]:
    """The labels, their values and where they end. Below a rule some programs leave an empty line between them."""
    labels: list[str] = []
    values: list[str] = []
    while at < len(lines) and len(values) < LONGEST_BLOCK and lines[at].origin == OWN:
        text = visible(lines[at].text[:LONGEST_LINE])
        found = _LABEL.match(text)
        if found:
            labels.append(_label(found[1]))
            values.append(text[found.end() :])
        elif not text.strip():
            if not (loose and labels and at + 1 < len(lines) and _is_known(lines[at + 1])):
                break
        elif values and (_FOLDED.match(text) or values[-1].rstrip().endswith((";", ","))):
            values[-1] += f" {text}"
        elif not (values and labels[-1] in LABELS and at + 1 < len(lines) and _is_known(lines[at + 1])):
            break
        at += 1
    return labels, values, at


def _is_known(line: Line) -> bool:
    found = _LABEL.match(visible(line.text[:LONGEST_LINE])) if line.origin == OWN else None
    return found is not None and _label(found[1]) in LABELS


def _label(text: str) -> str:
    return " ".join(text.casefold().split())
