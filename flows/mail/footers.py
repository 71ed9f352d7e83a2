"""What stands under a person's words without being theirs: signatures, footers of phones, disclaimers.

Knows nothing of questions. A footer is one paragraph that says both what sent the mail and that it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from flows.mail.phrases import DEVICE, DISCLAIMER, SENT
from flows.mail.lines import MACHINE, OWN, Line

LONGEST_FOOTER, SHORTEST_DISCLAIMER, LONGEST_SIGNATURE = 160, 100, 6

_LINK = re.compile(r"[<(]?https?://\S*")


def without_footers(lines: Sequence[Line]) -> list[Line]:
    """The same lines, with what mail programs put under the person's words marked as theirs."""
    marked: list[Line] = []
    for origin, group in groupby(lines, key=lambda line: line.origin):
        run = list(group)
        marked += _marked(run) if origin == OWN else run
    return marked


def _marked(run: list[Line]) -> list[Line]:
    words = run[: _signature(run)]
    marked = [_machine(line) for line in run]
    marked[: len(words)] = words
    for start, end in _paragraphs(words):
        text = " ".join(line.words for line in words[start:end])
        if _is_footer(text) or _is_disclaimer(text):
            marked[start:end] = map(_machine, words[start:end])
        elif end - start > 1 and not any(line.words for line in words[end:]) and _is_footer(words[end - 1].words):
            marked[end - 1] = _machine(words[end - 1])
    return marked


def _signature(run: list[Line]) -> int:
    """Where the signature begins. Dashes that lost their blank must stand right above the last few lines to be one."""
    for at, line in enumerate(run):
        if line.text == "-- ":
            return at
        if line.text.rstrip() == "--" and at + 1 < len(run) and run[at + 1].words and _few_left(run[at + 1 :]):
            return at
    return len(run)


def _few_left(lines: list[Line]) -> bool:
    worded = islice((line for line in lines if line.words), LONGEST_SIGNATURE + 1)
    return sum(1 for _ in worded) <= LONGEST_SIGNATURE


def _paragraphs(lines: list[Line]) -> Iterator[tuple[int, int]]:
    start = 0
    for worded, paragraph in groupby(lines, key=lambda line: bool(line.words)):
        end = start + sum(1 for _ in paragraph)
        if worded:
            yield start, end
        start = end


def _is_footer(text: str) -> bool:
    text = _LINK.sub("", text[: LONGEST_FOOTER * 4]).strip()
    return len(text) <= LONGEST_FOOTER and bool(SENT.fullmatch(text) and DEVICE.search(text))


def _is_disclaimer(text: str) -> bool:
    return len(text) >= SHORTEST_DISCLAIMER and all(sign.search(text) for sign in DISCLAIMER)


def _machine(line: Line) -> Line:
    return Line(line.text, MACHINE)
