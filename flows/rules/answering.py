"""One answering of a mail's questions, by reply or on the page, in the one shape in which both are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flows.rules.answers import Answer, Entry
from flows.rules.post import Sending
from flows.rules.questions import Question


def answer_to(question: Question, text: str) -> Answer:
    """The words to a question, under the wording and the audience that it was asked with."""
    return Answer(question.name, question.wording, question.audience, text)


def entry_for(
    sending: Sending,
    answers: Iterable[Answer],
    *,
    ref: str,
    words: str,
    received_at: datetime,
    by: str,
    message_id: str = "",
) -> Entry:
    """What somebody answered to a mail. `received_at` is UTC, `by` is mail or page."""
    return Entry(
        ref=ref,
        form=sending.form,
        ask=sending.ask,
        person=sending.person,
        manager=sending.manager,
        label=sending.label,
        skill=sending.skill,
        words=words,
        received_at=received_at,
        by=by,
        answers=tuple(answers),
        message_id=message_id,
    )
