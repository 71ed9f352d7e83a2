"""The block above a quote, "From: … Sent: … To: … Subject: …", or "--- Original message ---", in every language.

Each label that programs use, each day and address behind one, a rule above and the mail's own subject weigh something.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from flows.mail.evidence import BRACKETS, DATE, HOUR, VERB, evidence, moment
from flows.mail.fields import LABELS, LONGEST_LINE, Fields, labels_within, notes_end, read_fields
from flows.mail.lines import OWN, Line, quote_follows, quote_precedes, visible
from flows.mail.vocabulary import lines as whole_lines
from flows.mail.vocabulary import stems

LONGEST_TITLE, MOST_TITLE_WORDS, ENOUGH = 80, 6, 4

MESSAGE, HANDED_ON, ABOVE = stems("message"), stems("handed on"), whole_lines("reply above")

_RULE = re.compile(r"[\s>]*[-_=*–—―]{5,}\s*")
_TITLED = re.compile(r"\s*\*?[-_=–—]{2,}\s*([^\W\d_][^\n]{2,60}?)\s*[-_=–—]{2,}:?\*?\s*")
_IS_ADDRESS = re.compile(r"\s*[^\s@<>]{1,100}@[^\s@<>]{1,200}\s*")
_DASHES = re.compile(r"[-_=–—]{4,}")
_PAUSE = re.compile(r"\w[.!?…]\s*$|,\s")
# The subject of a mail that answers another one, or hands it on.
_ANSWERS = re.compile(r"\s?(?:re|aw|fwd?|wg|sv|vs|tr|rv|enc|odp|res|rif|ynt|vb|回复|答复|转发)\s?[:：]\s?\S", re.I)
_PREFIX = re.compile(r"(?:[^\W\d_]{1,5}(?:\[\d+\])?\s?[:：]\s*)+")


def block_end(lines: Sequence[Line], at: int, subject: str, names: Collection[str] = ()) -> int | None:
    """Where a block of header lines that begins here ends, in whatever language it is."""
    if _is_block(lines[at].text):
        return at + 1
    if end := notes_end(lines, at):
        return end
    ruled = rule_start(lines, at) < at
    fields = read_fields(lines, at, spaced=ruled)
    if _is_who(fields) and quote_follows(lines, fields.end):
        return fields.end
    if _is_from_and_to(fields):
        told = any(name in value.casefold() for value in fields.values for name in names)
        announces = quote_follows(lines, fields.end) and not quote_precedes(lines, at)
        return fields.end if told or announces else None
    return fields.end if _weight(fields, subject, ruled=ruled) >= ENOUGH else None


def _is_block(text: str) -> bool:
    """Whether one line holds what a block does: three labels, the first of which opens it, a day and an address."""
    labels = len(labels_within(text))
    return (labels > 3 or (labels > 2 and "@" in text)) and DATE in moment(text[:LONGEST_LINE])


def _is_who(fields: Fields) -> bool:
    """Whether it is "From: …" with an address in brackets and nothing else, as old programs announce a quote."""
    return len(fields.values) == fields.known == 1 and evidence(fields.values[0]) >= {BRACKETS}


def _is_from_and_to(fields: Fields) -> bool:
    """Whether it says from whom and to whom, and no more, which people write as well."""
    return len(fields.values) == fields.known == 2 and all(map(_IS_ADDRESS.fullmatch, fields.values))


def _weight(fields: Fields, subject: str, *, ruled: bool) -> int:
    """How much speaks for a program as its writer; nothing, when something speaks against it."""
    moments = [moment(value) for value in fields.values]
    addressed = ["@" in value for value in fields.values]
    dated = [kinds >= {DATE, HOUR} for kinds in moments]
    if not (len(moments) > 1 or (moments and ruled and addressed[0])):
        return 0
    answers = any(map(_ANSWERS.match, fields.values))
    if not (len(moments) > 2 or ruled or answers or any(DATE in kinds for kinds in moments)):
        return 0  # every program says who or when
    if _is_typed(fields, dated, addressed):
        return 0
    paired = len(moments) > 2 and ((addressed[0] and dated[1]) or (dated[0] and addressed[1]))
    same = answers or (bool(subject) and any(bare_subject(value) == subject for value in fields.values))
    return min(fields.known, 3) + any(dated) + any(addressed) + 2 * paired + 2 * ruled + 2 * same


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
    """The start, or the line of dashes, the title or the attribution above it."""
    at = start - 1
    while at > 0 and start - at < 4 and lines[at].origin == OWN and not lines[at].words:
        at -= 1
    if at < 0 or lines[at].origin != OWN or len(lines[at].text) > 200:
        return start
    text = lines[at].words
    opens = is_rule(text) or is_title(text) or _TITLED.fullmatch(text) or evidence(text) >= {DATE, HOUR, VERB}
    return at if opens else start


def bare_subject(subject: str) -> str:
    """The subject without "Re:" and the like."""
    return " ".join(_PREFIX.sub("", subject.strip(" *"), count=1).lower().split())


def _is_typed(fields: Fields, dated: list[bool], addressed: list[bool]) -> bool:
    """Whether the first line is one of the person's that happens to stand above the block."""
    if dated[0] or addressed[0]:
        return False
    label, below = fields.labels[0], fields.labels[1:]
    pauses = len(below) > 2 and _PAUSE.search(fields.values[0]) is not None
    return label not in LABELS or label in below or (pauses and addressed[1])
