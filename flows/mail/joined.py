"""Lines that a program ran together, taken apart: what stands above a quote, and the quote's first line.

Help desks and apps do so when they make text of HTML and forget its breaks. Knows nothing of whose lines they are.
"""

from __future__ import annotations

import re

from flows.mail.evidence import ADDRESS, DATE, HOUR, VERB, evidence
from flows.mail.headings import is_title

LONGEST_HEADING = 300

_MARKED = re.compile(r"[:：]\s{0,3}(>\s)")
_TITLED = re.compile(r"\s{0,9}([-_=]{4,}[^\n:：]{3,40}?[-_=]{4,})\s{0,9}(?=[^\W\d_])")


def apart(text: str) -> list[str]:
    """The line, or the two that it was: "… wrote:" and "> …", or "--- Original message ---" and "From: …"."""
    marked = _MARKED.search(text[:LONGEST_HEADING])
    if marked and _tells(evidence(text[: marked.start() + 1])):
        return [text[: marked.start() + 1], text[marked.start(1) :]]
    titled = _TITLED.match(text[:LONGEST_HEADING])
    if titled and is_title(titled[1]):
        return [titled[1], text[titled.end() :]]
    return [text]


def _tells(found: frozenset[str]) -> bool:
    """Whether somebody wrote at a day, and at an hour or from an address, as programs put it."""
    return found >= {DATE, VERB} and not found.isdisjoint({HOUR, ADDRESS})
