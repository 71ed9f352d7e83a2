"""Where a person's signature begins under their words. Knows nothing of quotes.

Dashes say so by standard; without them it takes the sender's own name, or a name's shape, above ways to reach them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from flows.mail.lines import Line

LONGEST_SIGNATURE, LONGEST_ROW = 8, 70

_DELIMITER = re.compile(r"(?:--|__)\s*|_{20,}\s*")
_REACHED = re.compile(r"https?://|www\.|[^\s@]+@[^\s@]+\.\w|(?<!\w)\+?\d[\d\s()./-]{6,}\d")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,4}")


def signature_start(run: Sequence[Line], sender: str = "") -> int:
    """Where the signature begins in the last lines that may be the person's; the end, when there is none."""
    for at, line in enumerate(run):
        if line.text == "-- ":
            return at
        text = line.text.rstrip()
        if _DELIMITER.fullmatch(text) and at + 1 < len(run) and _few_left(run[at + 1 :]):
            if text == "--" and run[at + 1].words:
                return at
            if text.startswith("__") and any(_REACHED.search(below.words) for below in run[at + 1 :]):
                return at  # a mailing list's footer
    return _card_start(run, sender)


def _few_left(lines: Sequence[Line]) -> bool:
    worded = list(islice((line for line in lines if line.words), LONGEST_SIGNATURE + 1))
    return 0 < len(worded) <= LONGEST_SIGNATURE and all(len(line.words) <= LONGEST_ROW for line in worded)


def _card_start(run: Sequence[Line], sender: str) -> int:
    """Where the sender's name stands above ways to reach them, in the last lines of all."""
    end = next((at + 1 for at in range(len(run) - 1, -1, -1) if run[at].words), 0)
    start = max((at + 1 for at in range(end) if not run[at].words), default=0)
    if (
        not start > 0
        or end - start > LONGEST_SIGNATURE
        or any(len(line.words) > LONGEST_ROW for line in run[start:end])
    ):
        return len(run)
    for at in range(start, end):
        reached = sum(bool(_REACHED.search(line.words)) for line in run[at + 1 : end])
        name = run[at].words.strip(" ,*_|").casefold()
        named = bool(sender) and (name == sender or (len(name) > 3 and name in sender.split()))
        if (named and reached) or (at == start and reached > 1 and _like_a_name(run[at].words)):
            return at
    return len(run)


def _like_a_name(text: str) -> bool:
    found = _NAME.fullmatch(text.strip(" ,*_"))
    return found is not None and all(word[0].isupper() for word in text.strip(" ,*_").split())
