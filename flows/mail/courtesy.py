"""What people say around their answers, "Hi Sam," and "Best, Jane": it answers no question. Knows nothing of mails."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flows.mail.endings import Ending
from flows.mail.lines import OWN, Line
from flows.mail.rows import bare, is_farewell, is_first_name, is_name, is_thankful
from flows.mail.vocabulary import lines as whole_lines
from flows.mail.vocabulary import stems

LONGEST_LINE, LONGEST_CLOSING, MOST_NAMES = 60, 3, 5  # letters, rows, words

_COMMENT = re.compile(r"\s*\[([^\W\d_][^\[\]\n]{1,40})\][:\s]\s*(.+)", re.S)
GREETING, EVERYBODY, POINTING = stems("greeting"), whole_lines("everybody"), whole_lines("pointing")


def without_courtesy(answers: Mapping[int, str], rest: str, sender: Sequence[str]) -> tuple[dict[int, str], str]:
    """The answers and the other words, without closings below them and where they are more than courtesy.

    A mail that answers no question by its number is left as it is: all of it may be the answer.
    """
    if not answers:
        return {}, rest
    known = Ending.of((), sender)
    # A formula alone may be an answer: "Grüße", to what one writes below a mail.
    closed = {number: text if is_farewell(text) else _unclosed(text, known) for number, text in answers.items()}
    closed = {number: text for number, text in closed.items() if text}
    said = [line for line in _unclosed(_ungreeted(rest), known).split("\n") if line.strip() and not _points(line)]
    return closed or dict(answers), rest if said else ""


def only_closes(rows: Sequence[str], sender: Sequence[str]) -> bool:
    """Whether these rows are a formula of closing and the sender's name, as programs put them under an empty reply."""
    if not 0 < len(rows) <= LONGEST_CLOSING:
        return False
    formula, names = _formula_and_names(rows[0], rows[1:])
    return is_farewell(formula) and bool(names) and all(map(Ending.of((), sender).names_sender, names))


def _formula_and_names(text: str, below: Sequence[str]) -> tuple[str, list[str]]:
    """What stands before a comma, and the rows behind and below it."""
    formula, _, name = text.partition(",")
    return formula, [*([name] if bare(name) else []), *below]


def _points(line: str) -> bool:
    """Whether the line only says where the answers are: "see below"."""
    return len(line) <= LONGEST_LINE and POINTING.fullmatch(line.strip(" ,.!:;-–")) is not None


def without_comment_marks(lines: Sequence[Line], sender: Sequence[str]) -> list[Line]:
    """The lines without "[Jane Doe]" before those of the sender, as Outlook marks comments between a quote's lines."""
    known = Ending.of((), sender)
    marks = (_COMMENT.match(line.text) if line.origin == OWN else None for line in lines)
    return [
        replace(line, text=mark[2]) if mark and known.names_sender(mark[1]) else line
        for line, mark in zip(lines, marks, strict=True)
    ]


def _ungreeted(text: str) -> str:
    first, _, below = text.partition("\n")
    return below if len(first) <= LONGEST_LINE and _greets(first.strip()) else text


def _greets(line: str) -> bool:
    """Whether the line greets, and goes on with nothing but a name, or with everybody."""
    greeting = GREETING.match(line)
    if not greeting:
        return False
    named = line[greeting.end() :].strip(" ,.!:，！：、")
    words = named.split()
    capital = all(word[:1].isupper() or word.lower() == word.upper() for word in words)
    return EVERYBODY.fullmatch(named) is not None or (capital and len(words) <= MOST_NAMES)


def _unclosed(text: str, sender: Ending) -> str:
    """The text without the formula of closing at its end and the sender's name, or that name in a paragraph alone."""
    lines = text.rstrip().split("\n")
    worded = [at for at, line in enumerate(lines) if line.strip()]
    if not worded or len(lines[worded[-1]]) > LONGEST_LINE:
        return text.rstrip()
    for at in worded[-LONGEST_CLOSING:]:
        formula, names = _formula_and_names(lines[at][:LONGEST_LINE], list(filter(bare, lines[at + 1 :])))
        hearty = is_farewell(formula) and all(is_name(row) or is_first_name(row) for row in names)
        thankful = is_thankful(formula) and bool(names) and all(map(sender.names_sender, names))
        if hearty or thankful or _closes_in_one(lines[at], sender, last=at == worded[-1]):
            return "\n".join(lines[:at]).rstrip()
    last = worded[-1]
    alone = sender.names_sender(lines[last]) and (last == 0 or not lines[last - 1].strip())
    return "\n".join(lines[:last]).rstrip() if alone else text.rstrip()


def _closes_in_one(line: str, sender: Ending, *, last: bool) -> bool:
    """Whether it is a formula and the sender's name in one line, "LG Tom"."""
    formula, _, name = line.strip().rpartition(" ")
    return last and sender.names_sender(name) and (is_farewell(formula) or is_thankful(formula))
