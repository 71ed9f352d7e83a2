"""Quotes with their writer's initials before each line, "JD> text", as The Bat! and Gnus write them.

Such marks count only below an attribution, or for whom the mail goes to: "SQL> select" is what people paste.

Knows nothing of mails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from flows.mail.evidence import DATE, VERB, evidence

LONGEST_ATTRIBUTION, MOST_NAMED = 200, 1000

_MARK = re.compile(r"\s{0,3}([^\W\d_]{1,12})(>{1,9})(?=\s|$)")

_SUPERCITE = re.compile(r'[\s>]{0,9}"([^\W\d_]{1,12})" == ')  # '>>>>> "jd" == Jane Doe writes:'


def without_initials(texts: Sequence[str], names: Collection[str] = ()) -> list[str]:
    """The same lines, with the bare mark of a quote where initials, or a name, stand before it.

    `names` are those that the mail is addressed to; whom somebody answers is mostly one of them.
    """
    found = [_MARK.match(text) for text in texts]
    counted = Counter(mark[1] for mark in found if mark)
    called = _callings(names) if counted else frozenset()
    known = {who for who, times in counted.items() if times > 1 and who.casefold() in called}
    known |= {named[1] for text in texts[:MOST_NAMED] if (named := _SUPERCITE.match(text))}
    known |= {mark[1] for at, mark in enumerate(found) if mark and _is_announced(texts, at)}
    bare = (mark if mark and mark[1] in known else None for mark in found)
    return [f"{mark[2]}{text[mark.end() :]}" if mark else text for text, mark in zip(texts, bare, strict=True)]


def _callings(names: Collection[str]) -> frozenset[str]:
    """How a quote's mark may call these: by their initials, or by one of their names."""
    split = [name.split() for name in names if "@" not in name]
    return frozenset(word for words in split for word in [*words, "".join(word[0] for word in words)])


def _is_announced(texts: Sequence[str], at: int) -> bool:
    """Whether a line with a day, or of somebody who writes, and a colon stands right above, as programs put it."""
    above = next((text.strip() for text in reversed(texts[max(at - 3, 0) : at]) if text.strip()), "")
    if not above.endswith((":", "：")) or len(above) > LONGEST_ATTRIBUTION:
        return False
    return not evidence(above).isdisjoint({DATE, VERB})
