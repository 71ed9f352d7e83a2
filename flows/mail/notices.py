"""What lawyers, the law and mailing lists put under mails: disclaimers, imprints, how to leave a list.

Each is known by how many of its own words a paragraph has, in every language; none of them speaks of itself.
"""

from __future__ import annotations

import re

from flows.mail.lines import Line, joined
from flows.mail.vocabulary import stems

LONGEST_NOTICE, ENOUGH_SIGNS, SHORTEST_DISCLAIMER, LONGEST_DISCLAIMER = 700, 3, 80, 4000
SHORTEST_FOLDED, WIDEST_FOLDED = 55, 100  # how wide a line is that a program broke

IMPRINT, LISTED = stems("imprint"), stems("listed")
# A disclaimer says most of these.
DISCLAIMER = [stems(part) for part in ("secret", "meant for", "message", "mistake", "destroy")]

LINK = re.compile(r"[<(\[]{0,2}https?://[^\s>)\]]*[>)\]]{0,2}")
MYSELF = re.compile(r"\bI\b|\b[Ii]ch\b")
ROUND = " \t<>()[]*_|\"'“”„«»·•"
_TERSE = re.compile("[\u2e80-\ud7ff]")  # scripts that say as much with a third of the signs


def disclaimer_start(paragraph: list[Line]) -> int:
    """From which line on a paragraph is a disclaimer: the person's words may stand right above, on a line not full."""
    first = paragraph[0].words
    if _says(first) > 1 and not MYSELF.search(first):
        return 0
    at = next((at for at in reversed(range(len(paragraph))) if _is_disclaimer(joined(paragraph[at:]))), None)
    if at is None:
        return len(paragraph)
    widths = [len(line.words) for line in paragraph]
    while at and max(widths[at:]) <= WIDEST_FOLDED and widths[at - 1] >= SHORTEST_FOLDED:
        at -= 1
    return at


def is_imprint(text: str) -> bool:
    """Whether it is what the law makes companies write: several of its words, and nobody speaks."""
    short = len(text) <= LONGEST_NOTICE and not MYSELF.search(text)
    return short and len({found.casefold() for found in IMPRINT.findall(text)}) >= ENOUGH_SIGNS


def is_listed(text: str) -> bool:
    """Whether it is what mailing lists write under each mail."""
    if len(text) > LONGEST_NOTICE or not LISTED.search(text):
        return False
    begins = LISTED.match(text.lstrip(ROUND)) is not None and LINK.search(text) is not None
    return begins or len(LISTED.findall(text)) > 1


def has_signs(text: str) -> bool:
    """Whether the text says most of what a disclaimer does, and is as long as one."""
    said = len(text) + 2 * len(_TERSE.findall(text[:LONGEST_DISCLAIMER]))
    fits = said >= SHORTEST_DISCLAIMER and len(text) <= LONGEST_DISCLAIMER
    return fits and _says(text) >= ENOUGH_SIGNS


def _is_disclaimer(text: str) -> bool:
    return has_signs(text) and not MYSELF.search(text)  # lawyers never speak of themselves


def _says(text: str) -> int:
    """How many of the signs of a disclaimer the text has."""
    return sum(sign.search(text) is not None for sign in DISCLAIMER)
