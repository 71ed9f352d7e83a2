"""Which of a person's words answer which question, by the "[n]" before each. Knows nothing of mail programs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flows.mail.lines import OWN, QUOTED, TYPED, Line
from flows.mail.numbers import by_number
from flows.mail.shown import squashed

LONGEST_QUESTION = 1000

_ASKED = re.compile(r"\[(\d{1,3})\]")
_TYPED = re.compile(r"\s*(?:[-*•]\s+)?\[\s?(\d{1,3})\s?\](?:[:.)]|\s+[-–—](?=\s))?\s*(.*)", re.S)

Words = dict[int | None, list[str]]


def sort_answers(lines: Sequence[Line], asked: Mapping[int, str] | None = None) -> tuple[dict[int, str], str]:
    """The words by the number of their question, and the words that stand under no number.

    `asked` are the questions' squashed wordings, for quotes that lost their markers.
    """
    words = _by_marker(_without_last_marker(lines), asked or {})
    for number, texts in by_number(words.pop(None, []), len(asked or {})).items():
        words[number] = texts + words.get(number, [])
    rest = tidy(words.pop(None, []))
    answers = {number: tidy(texts) for number, texts in words.items() if number is not None}
    return {number: text for number, text in sorted(answers.items()) if text}, rest


def tidy(texts: Sequence[str]) -> str:
    """The lines as one text, with at most one empty line between paragraphs."""
    text = "\n".join(line.rstrip().removeprefix(TYPED) for line in texts)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _by_marker(lines: Sequence[Line], wordings: Mapping[int, str]) -> Words:
    words: Words = {}
    number: int | None = None
    quoted = ""
    for line in lines:
        quoted = (quoted + squashed(line.text))[-LONGEST_QUESTION:] if line.origin == QUOTED else ""
        if line.origin == QUOTED and (asked := _ASKED.findall(line.text)):
            number = int(asked[-1])
        elif quoted and (known := [n for n, wording in wordings.items() if wording and wording in quoted]):
            number = max(known, key=lambda n: quoted.rindex(wordings[n]))
        elif line.origin == OWN:
            typed = _TYPED.match(line.text)
            number = int(typed[1]) if typed else number
            words.setdefault(number, []).append(typed[2] if typed else line.text)
    return words


def _without_last_marker(lines: Sequence[Line]) -> Sequence[Line]:
    """The typed lines alone, when they all stand below a quote that went on after its last question."""
    asked = [at for at, line in enumerate(lines) if line.origin == QUOTED and _ASKED.search(line.text)]
    typed = [at for at, line in enumerate(lines) if line.origin == OWN and line.words]
    below = [at for at in typed if asked and at > asked[0]]
    if len(asked) < 2 or not below or below[0] < asked[-1] or not _goes_on(lines[asked[-1] : below[0]]):
        return lines
    return [line for line in lines if line.origin == OWN]


def _goes_on(quote: Sequence[Line]) -> bool:
    """Whether another paragraph is quoted after the first."""
    texts = [line.words for line in quote if line.origin == QUOTED]
    empty = texts.index("") if "" in texts else len(texts)
    return any(texts[empty:])
