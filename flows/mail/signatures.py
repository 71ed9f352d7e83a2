"""Where a person's signature begins under their words. Knows nothing of quotes.

Dashes say so by standard; without them it takes the sender's own name, or a name's shape, above ways to reach them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from flows.mail.lines import Line

LONGEST_SIGNATURE, LONGEST_CARD, LONGEST_ROW = 8, 12, 70

_DELIMITER = re.compile(r"(?:--|__)\s*|_{20,}\s*")
_RULE = re.compile(r"[-–—_]{20,}\s*")
_SENTENCE = re.compile(r"[.!?。:]$")
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
        if _RULE.fullmatch(text) and at and not run[at - 1].words and _is_card(run[at + 1 :]):
            return at
    return _card_start(run, sender)


def _few_left(lines: Sequence[Line]) -> bool:
    worded = list(islice((line for line in lines if line.words), LONGEST_SIGNATURE + 1))
    return 0 < len(worded) <= LONGEST_SIGNATURE and all(len(line.words) <= LONGEST_ROW for line in worded)


def _is_card(lines: Sequence[Line]) -> bool:
    """Whether there are but a few short lines, and no sentence among them."""
    worded = [line.words for line in islice((line for line in lines if line.words), LONGEST_SIGNATURE + 1)]
    return 0 < len(worded) <= 4 and not any(len(text) > 40 or _SENTENCE.search(text) for text in worded)


def _card_start(run: Sequence[Line], sender: str) -> int:
    """Where the sender's name stands above ways to reach them, in the last lines of all."""
    if (named := _named_start(run, sender)) is not None:
        return named
    end = next((at + 1 for at in range(len(run) - 1, -1, -1) if run[at].words), 0)
    start = max((at + 1 for at in range(end) if not run[at].words), default=0)
    if (
        not start > 0
        or end - start > LONGEST_SIGNATURE
        or any(len(line.words) > LONGEST_ROW for line in run[start:end])
    ):
        return len(run)
    reached = sum(bool(_REACHED.search(line.words)) for line in run[start + 1 : end])
    return start if reached > 1 and _like_a_name(run[start].words) else len(run)


def _named_start(run: Sequence[Line], sender: str) -> int | None:
    """Where the sender's own name stands above ways to reach them, maybe with empty lines between."""
    reached = False
    worded = [at for at in range(len(run) - 1, -1, -1) if run[at].words][: LONGEST_CARD + 1]
    for at in worded:
        text = run[at].words
        if len(text) > LONGEST_ROW or (_SENTENCE.search(text) and len(text) > 30):
            return None
        name = text.strip(" ,*_|").casefold()
        if reached and sender and (name == sender or (len(name) > 3 and name in sender.split())):
            return at if at > 0 else None
        reached = reached or _REACHED.search(text) is not None
    return None


def _like_a_name(text: str) -> bool:
    found = _NAME.fullmatch(text.strip(" ,*_"))
    return found is not None and all(word[0].isupper() for word in text.strip(" ,*_").split())
