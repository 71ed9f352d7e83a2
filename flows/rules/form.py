"""What somebody sent from a page: the fields of a form in, answers to the questions of one mail out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flows.rules.answering import answer_to, entry_for
from flows.rules.answers import Entry
from flows.rules.post import Sending
from flows.rules.questions import TEXT, Question, as_asked

LONGEST = 5000  # characters in one answer: some eight hundred words

_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent: the words given to each question by its number from 1, and which are too long to keep."""

    words: Mapping[int, str]
    too_long: frozenset[int] = frozenset()


def field_of(number: int) -> str:
    """The name of a question's field on the page."""
    return f"q{number}"


def read_form(questions: Sequence[Question], fields: Mapping[str, str]) -> Filled:
    """What the fields say to each question. A choice that was never offered and an empty text say nothing."""
    said = {n: _said(question, fields.get(field_of(n), "")) for n, question in enumerate(questions, 1)}
    words = {number: text for number, text in said.items() if text}
    return Filled(words, frozenset(number for number, text in words.items() if len(text) > LONGEST))


def preselected(questions: Sequence[Question], query: Mapping[str, str]) -> dict[int, str]:
    """The choices that a link in a mail selects: `?2=1` is the first choice of the second question."""
    chosen = {n: _choice(question, query.get(str(n), "")) for n, question in enumerate(questions, 1)}
    return {number: text for number, text in chosen.items() if text}


def entry_of(sending: Sending, filled: Filled, load: str, now: datetime) -> Entry:
    """The answering. The same words from the same loading of the page are the same answering, however often sent."""
    questions = as_asked(sending.questions)
    answers = [answer_to(questions[n - 1], questions[n - 1].filed(text)) for n, text in sorted(filled.words.items())]
    said = json.dumps([sending.key, load, *([a.question, a.text] for a in answers)])
    ref = f"p-{sha256(said.encode()).hexdigest()[:16]}"
    words = "\n".join(answer.text for answer in answers)
    return entry_for(sending, answers, ref=ref, words=words, received_at=now, by="page")


def _said(question: Question, value: str) -> str:
    if question.kind != TEXT and question.choices:
        return _choice(question, value)
    return _CONTROL.sub("", _BREAK.sub("\n", value)).strip()


def _choice(question: Question, value: str) -> str:
    """The choice with this number, counted from 1."""
    number = int(value) if value.isascii() and value.isdecimal() and len(value) <= 3 else 0
    return question.choices[number - 1] if 1 <= number <= len(question.choices) else ""
