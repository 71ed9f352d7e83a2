"""Two versions of one mail, plain and HTML, made to agree: what HTML marks as a quote is one in the plain text, too.

Some programs leave plain quotes without a mark. Knows nothing of mail programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from flows.mail.lines import OWN, QUOTED, Line
from flows.mail.ours import LONG
from flows.mail.shown import squashed

MOST_COMPARED = 20_000_000  # letters; lines that stand there whole cost nothing


def marked_alike(texts: Sequence[str], rich: Sequence[Line]) -> list[str]:
    """The plain lines, with a mark before those that are quoted in the HTML, and before the short ones among them."""
    typed = {squashed(line.text) for line in rich if line.origin == OWN}
    bare = [squashed(text) for text in texts]
    quotes = [quoted and text not in typed for text, quoted in zip(bare, _quoted(bare, rich), strict=True)]
    known = [at for at, text in enumerate(bare) if len(text) >= LONG and quotes[at]]
    marked = set(known)
    for above, below in pairwise(known):
        between = range(above + 1, below)
        if all(quotes[at] or not bare[at] for at in between):
            marked.update(between)
    return [f"> {text}" if at in marked else text for at, text in enumerate(texts)]


def _quoted(bare: Sequence[str], rich: Sequence[Line]) -> Iterator[bool]:
    """Whether each of the squashed lines stands in the quote."""
    lines = [squashed(line.text) for line in rich if line.origin == QUOTED]
    whole, joined, left = set(lines), "".join(lines), MOST_COMPARED
    for text in bare:
        if text in whole:
            yield True
        else:
            yield left > 0 and text in joined
            left -= len(joined)
