"""From a reply to answers: which of the person's words answer which question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.rules.choices import chosen
from flows.rules.grid import squash
from flows.rules.questions import CHOICE, SCALE, TEXT, Question

STOP_WORDS = {"stop", "unsubscribe", "stopp", "abmelden", "désabonner", "baja"}
START_WORDS = {"start", "resume"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said to one question, with the audience that was promised when it was asked."""

    question: str  # the question's name
    wording: str
    audience: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One answering of one form: what the record shows as one row."""

    ref: str
    form: str
    ask: str  # the key of the occasion
    person: str  # mail address
    manager: str
    label: str
    skill: str  # the growth skill that was asked about, as far as people ops may know it
    words: str  # all of the person's own words
    received_at: datetime
    by: str  # mail or page
    answers: tuple[Answer, ...]
    filed_at: datetime | None = None
    message_id: str = ""  # of the reply, with its angle brackets


def assign(questions: Sequence[Question], marked: Mapping[int, str], rest: str) -> dict[int, str]:
    """Give every word to a question, by the question's number in the mail, counted from 1.

    What stands under a `[n]` marker goes to that question. Of the rest, bare choices go to the first choice or scale
    that offers them, and all else to the first free question that has no words yet, else it is added to the last
    question; of questions with different readers, only those with the fewest count.
    Words under a number that was never asked count as rest. No word is lost.
    """
    found = {number: text for number, text in marked.items() if 1 <= number <= len(questions) and text}
    strays = [text for number, text in marked.items() if number not in found and text]
    words = _peeled(questions, found, "\n".join([part for part in (rest, *strays) if part]))
    if words and questions:
        number = _place(questions, found)
        found[number] = "\n".join(part for part in (found.get(number, ""), words) if part)
    return {number: _tidy(questions[number - 1], text) for number, text in sorted(found.items())}


def says_the_same(entry: Entry, before: Sequence[Entry]) -> bool:
    """Whether an answering only repeats the one that counts so far: pressed twice, or sent again by a mail server.

    `before` are the answerings of the occasion, oldest first.
    """
    earlier = [other for other in before if other.person == entry.person and other.received_at <= entry.received_at]
    return bool(earlier) and (earlier[-1].answers, earlier[-1].words) == (entry.answers, entry.words)


def wants_to_stop(text: str) -> bool:
    """Whether the whole reply is the word that stops the mails."""
    return squash(text) in STOP_WORDS


def wants_to_start(text: str) -> bool:
    """Whether the whole reply is the word that starts them again."""
    return squash(text) in START_WORDS


def _place(questions: Sequence[Question], taken: Mapping[int, str]) -> int:
    open_ones = [number for number in range(1, len(questions) + 1) if number not in taken]
    # Whoever writes freely has not looked at who reads which question, so the fewest readers get it.
    narrow = [n for n, question in enumerate(questions, 1) if not question.readable_by_people_ops]
    private = narrow or list(range(1, len(questions) + 1))
    free = [number for number in private if number in open_ones and questions[number - 1].kind == TEXT]
    return free[0] if free else private[-1]


def _peeled(questions: Sequence[Question], found: dict[int, str], words: str) -> str:
    """What remains of free words once the bare choices at their beginning went to the questions that offer them.

    A person answers "yes", then "4", then writes. A whole paragraph of bare choices, or none of it.
    """
    paragraph, gap, rest = words.partition("\n\n")
    taken: dict[int, str] = {}
    for line in filter(str.strip, paragraph.split("\n")):
        open_ones = (n for n in range(1, len(questions) + 1) if n not in found and n not in taken)
        number = next((n for n in open_ones if _choice(questions[n - 1], line)), None)
        if number is None:
            return words
        taken[number] = line
    found.update(taken)
    return _peeled(questions, found, rest) if taken and gap else rest


def _choice(question: Question, words: str) -> str:
    if question.kind not in (CHOICE, SCALE):
        return ""
    # The person's own language first: whoever answers in the sheet's own words means the same.
    return question.filed(chosen(question.choices, words) or chosen(question.filed_as, words))


def _tidy(question: Question, text: str) -> str:
    return _choice(question, text) or text
