"""The block above a quote, "From: … Sent: … To: … Subject: …", or "--- Original message ---", in every language.

Each label that programs use, each day and address behind one, a rule above and the mail's own subject weigh something.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from flows.mail.evidence import DATE, HOUR, moment
from flows.mail.lines import OWN, Line, quote_follows, visible
from flows.mail.vocabulary import lines as whole_lines
from flows.mail.vocabulary import stems, words

LONGEST_LINE, LONGEST_BLOCK, LONGEST_TITLE, MOST_TITLE_WORDS, ENOUGH = 1000, 8, 80, 6, 4

MESSAGE, HANDED_ON, LABELS, ABOVE = stems("message"), stems("handed on"), words("labels"), whole_lines("reply above")

_LABEL = re.compile(r"[*_\s|]{0,12}([^\W\d_][^\n:：<>@]{0,24}?)[*_\s]{0,3}[:：]")
_BARE_LABEL = re.compile(r"[*_\s|]{0,12}([^\W\d_]{2,20})[*_\s]{0,3}")
_INLINE = re.compile(r"(?<!\S)([^\W\d_]{2,12}): ")
_RULE = re.compile(r"[\s>]*[-_=*–—―]{5,}\s*")
_TITLED = re.compile(r"\s*\*?[-_=–—]{2,}\s*([^\W\d_][^\n]{2,60}?)\s*[-_=–—]{2,}:?\*?\s*")
_IS_ADDRESS = re.compile(r"\s*[^\s@<>]{1,100}@[^\s@<>]{1,200}\s*")
_DASHES = re.compile(r"[-_=–—]{4,}")
_FOLDED = re.compile(r"[ \t]|[^\n]*<[^<>\s]+@[^<>\s]+>")
_UNFINISHED = re.compile(r"[;,]\s*$|<[^<>]*$")
_PAUSE = re.compile(r"[.!?…]\s*$|,\s")
_PREFIX = re.compile(r"(?:[^\W\d_]{1,5}(?:\[\d+\])?\s?[:：]\s*)+")


def block_end(lines: Sequence[Line], at: int, subject: str, names: Collection[str] = ()) -> int | None:
    """Where a block of header lines that begins here ends, in whatever language it is."""
    if _is_block(lines[at].text):
        return at + 1
    ruled = rule_start(lines, at) < at
    labels, values, end = _labelled(lines, at, loose=ruled)
    if len(values) == 2 and set(labels) <= LABELS and all(_IS_ADDRESS.fullmatch(v) for v in values):
        told = any(name in value.casefold() for value in values for name in names)
        return end if told or quote_follows(lines, end) else None  # from whom and to whom, and no more
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


def _is_block(text: str) -> bool:
    """Whether one line holds what a block does: three labels, the first of which opens it, a day and an address."""
    found = _INLINE.findall(visible(text[:LONGEST_LINE]))
    known = [label for label in found if _label(label) in LABELS]
    return len(known) > 2 and _LABEL.match(text) is not None and "@" in text and DATE in moment(text)


def is_title(text: str) -> bool:
    """Whether the line says that another mail follows: dashes around it, or the words for handing on a mail."""
    text = visible(text[: LONGEST_TITLE * 2]).strip()
    if not 0 < len(text) <= LONGEST_TITLE or "PGP" in text:
        return False
    if ABOVE.fullmatch(text.strip("#-=*_<>| .:")):
        return True
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
    """The labels, their values and where they end. Some programs leave an empty line between them."""
    labels: list[str] = []
    values: list[str] = []
    gaps, apart = 0, at == 0 or not lines[at - 1].words
    while at < len(lines) and len(values) < LONGEST_BLOCK and lines[at].origin == OWN:
        text = visible(lines[at].text[:LONGEST_LINE])
        found = _LABEL.match(text) or (_BARE_LABEL.fullmatch(text) if labels else None)
        if found and (found.end() < len(text) or _label(found[1]) in LABELS):
            labels.append(_label(found[1]))
            values.append(text[found.end() :])
        elif values and not values[-1].strip() and text.strip():
            values[-1] = text  # tables of old programs become one cell a line
        elif not text.strip():
            gaps += 1
            goes_on = bool(labels) and (loose or (apart and _is_even(lines, at, labels, gaps)))
            if not (goes_on and at + 1 < len(lines) and _is_known(lines[at + 1])):
                break
        elif values and (_FOLDED.match(text) or _UNFINISHED.search(values[-1])):
            values[-1] += f" {text}"
        elif not (values and labels[-1] in LABELS and at + 1 < len(lines) and _is_known(lines[at + 1])):
            break
        at += 1
    return labels, values, at


def _is_even(lines: Sequence[Line], gap: int, labels: list[str], gaps: int) -> bool:
    """Whether an empty line stands below each line of a block alike, this one and the next included."""
    spaced = gap + 2 >= len(lines) or not lines[gap + 2].words
    return spaced and labels[-1] in LABELS and gaps == len(labels)


def _is_known(line: Line) -> bool:
    found = _LABEL.match(visible(line.text[:LONGEST_LINE])) if line.origin == OWN else None
    return found is not None and _label(found[1]) in LABELS


def _label(text: str) -> str:
    return " ".join(text.casefold().split())
