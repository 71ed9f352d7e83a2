"""Lines that a client broke only for the way (RFC 3676, format=flowed), joined again. Knows nothing of answers."""

from __future__ import annotations

import re

from flows.mail.lines import TYPED

_QUOTE = re.compile(r">++")


def unfold(lines: list[str], *, delsp: bool) -> list[str]:
    """The lines as typed. A line that ends in a blank goes on in the next one of the same quote depth."""
    joined: list[tuple[int, list[str]]] = []
    open_end = False
    for line in lines:
        depth, text = _split(line)
        if open_end and joined[-1][0] == depth and text != "-- ":
            joined[-1][1].append(text)
        else:
            joined.append((depth, [text]))
        # The signature's delimiter ends in a blank and still stands alone.
        open_end = text.endswith(" ") and text != "-- "
        if open_end and delsp:
            joined[-1][1][-1] = text[:-1]
    return [_join(depth, pieces) for depth, pieces in joined]


def _split(line: str) -> tuple[int, str]:
    quote = _QUOTE.match(line)
    depth = len(quote[0]) if quote else 0
    text = line[depth:]
    stuffed = text.removeprefix(" ")
    # A mark that stands behind a blank was typed, and is no quote's (RFC 3676, 4.4).
    return depth, TYPED + stuffed if not depth and stuffed != text and stuffed.startswith(">") else stuffed


def _join(depth: int, pieces: list[str]) -> str:
    text = "".join(pieces)
    return f"{'>' * depth} {text}" if depth else text
