"""Lines of a quote by their mark, "> text", and what only looks like one, or lost it on the way. Knows no languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.mail.evidence import DATE, HOUR, VERB, evidence
from flows.mail.lines import OWN, QUOTED, Line, compares

LONGEST_LINE, FULL_LINE = 1000, 60  # letters; a full line is as wide as programs fold

_OPEN_LINK = re.compile(r"[<(\[]https?://[^\s<>()\[\]]*$")
_ONLY_LINK = re.compile(r"\s*[<(\[]?https?://[^\s<>()\[\]]*[>)\]]?\s*>?\s*")
_MARK = re.compile(r"\s{0,3}+((?:>\s?)++)(.*)", re.S)


def by_mark(texts: Sequence[str], at: int) -> Line:
    """The line, as its mark shows it: quoted, or the person's own; the mark itself is no part of it."""
    mark = _MARK.match(texts[at])
    if mark and mark[1].strip() == ">" and at and _OPEN_LINK.search(texts[at - 1]):  # it closes "<https://…"
        return Line(texts[at], OWN if not _MARK.match(texts[at - 1]) else QUOTED)
    alone = mark and not any(map(_MARK.match, [*texts[max(at - 1, 0) : at], *texts[at + 1 : at + 2]]))
    if alone and texts[at].startswith(">From "):
        return Line(texts[at][1:], OWN)  # mailboxes of old put the sign before a line that begins so
    if alone and compares(texts[at]):  # "> 5 years": a quote only among quotes
        mark = None
    if mark and mark[1].count(">") > 2 and "<<" in mark[2]:  # ">>> look here <<<"
        mark = None
    if mark and mark[1].strip() == ">>>" and _is_groupwise(texts, at, mark[2]):
        return Line(mark[2], OWN)
    return (
        Line(mark[2], QUOTED, mark[1].count(">")) if mark else Line(texts[at], QUOTED if _goes_on(texts, at) else OWN)
    )


def _is_groupwise(texts: Sequence[str], at: int, text: str) -> bool:
    """Whether it is what GroupWise writes above a quote: three marks, when and from whom, maybe three marks again."""
    if "@" in text and text.endswith(">>>"):
        return True
    below = "".join(texts[at + 1 : at + 2])
    if any(map(_MARK.match, [*texts[max(at - 1, 0) : at], below])):
        return False
    found = evidence(text[:LONGEST_LINE])
    return found >= {DATE, HOUR} and (VERB in found or "@" in text or "@" in below)  # folded before the address


def _goes_on(texts: Sequence[str], at: int) -> bool:
    """Whether a program broke the quoted line above and forgot the mark: nobody answers in the middle of a sentence."""
    if not 0 < at < len(texts) - 1 or not texts[at + 1].startswith(">"):
        return False
    above = texts[at - 1].rstrip()
    if above.startswith(">") and (_OPEN_LINK.search(above) or _ONLY_LINK.fullmatch(texts[at])):
        return True
    if not texts[at][:1].islower() and texts[at][:1] != "(":
        return False
    return above.startswith(">") and len(above) >= FULL_LINE and (above[-1].isalnum() or above[-1] in ",;")
