"""Quotes with their writer's initials before each line, "JD> text", as The Bat! and Gnus write them.

Such marks count only below an attribution: "SQL> select" is what people paste. Knows nothing of mails.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.mail.evidence import DATE, moment

LONGEST_ATTRIBUTION = 200

_MARK = re.compile(r"\s{0,3}([^\W\d_]{1,4})(>{1,9})(?=\s|$)")


def without_initials(texts: Sequence[str]) -> list[str]:
    """The same lines, with the bare mark of a quote where initials stand before it."""
    found = [_MARK.match(text) for text in texts]
    known = {mark[1] for at, mark in enumerate(found) if mark and _is_announced(texts, at)}
    bare = (mark if mark and mark[1] in known else None for mark in found)
    return [f"{mark[2]}{text[mark.end() :]}" if mark else text for text, mark in zip(texts, bare, strict=True)]


def _is_announced(texts: Sequence[str], at: int) -> bool:
    """Whether a line with a day and a colon stands right above, as programs write it."""
    above = next((text.strip() for text in reversed(texts[max(at - 3, 0) : at]) if text.strip()), "")
    return above.endswith((":", "：")) and len(above) <= LONGEST_ATTRIBUTION and DATE in moment(above)
