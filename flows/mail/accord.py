"""Two versions of one mail, plain and HTML, made to agree: what HTML marks as a quote is one in the plain text, too.

Some programs leave plain quotes without a mark. Knows nothing of mail programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from flows.mail.lines import OWN, QUOTED, Line
from flows.mail.sent import LONG, squashed


def marked_alike(texts: Sequence[str], rich: Sequence[Line]) -> list[str]:
    """The plain lines, with a mark before those that are quoted in the HTML, and before the short ones among them."""
    quoted = "".join(squashed(line.text) for line in rich if line.origin == QUOTED)
    typed = {squashed(line.text) for line in rich if line.origin == OWN}
    bare = [squashed(text) for text in texts]
    quotes = [text in quoted and text not in typed for text in bare]
    known = [at for at, text in enumerate(bare) if len(text) >= LONG and quotes[at]]
    marked = set(known)
    for above, below in pairwise(known):
        between = range(above + 1, below)
        if all(quotes[at] or not bare[at] for at in between):
            marked.update(between)
    return [f"> {text}" if at in marked else text for at, text in enumerate(texts)]
