"""Colours in HTML mails: whether one was chosen to stand out, as people do who answer inside the mail they answer,
and whether they say so. Knows nothing of quotes.
"""

from __future__ import annotations

import re

from flows.mail.vocabulary import stems

_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!\"']{1,40})", re.I)
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.I)
_PARTS = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})")
_NAMED = {"red", "blue", "green", "darkred", "darkblue", "darkgreen", "crimson", "orange", "purple", "magenta", "teal"}
# Outlook's own: what it writes replies, links and visited links in.
_OUTLOOKS = {(31, 73, 125), (5, 99, 193), (149, 79, 114), (47, 84, 150), (31, 56, 100), (31, 78, 121), (0, 120, 212)}
LONGEST_SAYING, MOST_WORDS = 200, 14
_COLOURED, _ANSWERS = stems("coloured"), stems("answers")
STRONG = 100  # how far apart the strongest and the weakest part of a colour are that stands out, of 255


def says_coloured(text: str) -> bool:
    """Whether a short line says that answers stand in another colour below: "See my answers in red"."""
    text = text[:LONGEST_SAYING]
    short = len(text.split()) <= MOST_WORDS
    return short and _COLOURED.search(text) is not None and _ANSWERS.search(text) is not None


def stands_out(style: str, attribute: str = "") -> bool | None:
    """Whether a style or a font's colour does; None when it names no colour."""
    found = _COLOUR.search(style)
    name = (found[1] if found else attribute).strip().lower()
    if not name or name == "inherit":
        return None
    if name in _NAMED:
        return True
    parts = _parts(name)
    return len(parts) == 3 and parts not in _OUTLOOKS and max(parts) - min(parts) >= STRONG


def _parts(name: str) -> tuple[int, ...]:
    if digits := _HEX.fullmatch(name):
        text = digits[1] if len(digits[1]) == 6 else "".join(digit * 2 for digit in digits[1])
        return tuple(int(text[at : at + 2], 16) for at in (0, 2, 4))
    numbers = _PARTS.match(name)
    return tuple(int(number) for number in numbers.groups()) if numbers else ()
