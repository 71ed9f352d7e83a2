"""What a mail is told: the facts that its template may use, and the questions that it asks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.rules.answers import Answer, Entry
from flows.rules.company import Company
from flows.rules.dates import short_day
from flows.rules.due import Due
from flows.rules.messages import BRIEF, CHECK_IN, CHECK_IN_REMINDER, REFLECTION_FORM, REFLECTION_REMINDER
from flows.rules.questions import CHECK_IN as CHECK_IN_FORM
from flows.rules.questions import FIRST_SKILL, PEOPLE_OPS, REFLECTION, Question
from flows.rules.roster import Person

NO_GOAL = re.compile(r"\bopportunit|\bno (\w+ )?(goal|plan)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a mail shows it: with its number, and who reads the answer in words."""

    number: int
    wording: str
    kind: str
    choices: tuple[str, ...]
    readers: str


@dataclass(frozen=True, slots=True)
class Memory:
    """What people said before, as far as the mails at hand quote it."""

    chosen: Mapping[str, Answer] = field(default_factory=dict)  # by person's address: the growth skill they named
    intention: Mapping[str, str] = field(default_factory=dict)  # by person's address: when they will practise next
    shared: Mapping[str, Sequence[Entry]] = field(default_factory=dict)  # by the occasion's key


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that makes one due message this person's own."""

    due: Due
    form: str  # empty: it asks nothing that is filed
    questions: tuple[Question, ...]
    skill: str  # the growth skill that it is about, as far as people ops may know it
    facts: Mapping[str, object]


def letter(due: Due, company: Company, memory: Memory, now: datetime) -> Letter:
    """What the message's template is told. `now` is when it goes out (UTC)."""
    person, manager = due.occasion.person, due.occasion.manager or due.occasion.person
    chosen = memory.chosen.get(person.email)
    skill = person.growth_skill or (chosen.text if chosen else "")
    known = person.growth_skill or (chosen.text if chosen and chosen.audience == PEOPLE_OPS else "")
    form = form_of(due, skill)
    questions = company.forms[form] if form else ()
    policy = company.policy
    facts: dict[str, object] = {
        "to_name": due.to.name,
        "person": person.name,
        "manager": manager.name,
        "sender_name": policy.sender_name,
        "people_ops": policy.people_ops_address or policy.sender_address,
        "questions": tuple(asked(number, question, manager) for number, question in enumerate(questions, 1)),
        "first_1_1": _talk_in_words(due, now),
    }
    if due.message is BRIEF:
        facts |= _shared(memory.shared.get(due.occasion.key, ()))
    if due.message in (CHECK_IN, CHECK_IN_REMINDER):
        facts |= {
            "skill": skill,
            "week": due.occasion.label,
            "last_time": memory.intention.get(person.email, "") if skill else "",
        }
    if person.start:
        days = (due.to.calendar.local(now).date() - person.start).days
        facts |= {"start": short_day(person.start), "weeks": max(0, round(days / 7))}
    return Letter(due, form, questions, known, facts)


def form_of(due: Due, skill: str) -> str:
    """The form whose questions the message asks; empty when it asks none."""
    if due.message in (REFLECTION_FORM, REFLECTION_REMINDER):
        return REFLECTION
    if due.message in (CHECK_IN, CHECK_IN_REMINDER):
        return CHECK_IN_FORM if skill else FIRST_SKILL
    return ""


def asked(number: int, question: Question, manager: Person) -> Asked:
    """The question with its number and its readers in words (design §6)."""
    also = " and people ops" if question.readable_by_people_ops else " only"
    return Asked(number, question.wording, question.kind, question.choices, f"your manager {manager.name}{also}")


def latest_answers(entries: Mapping[str, Sequence[Entry]], question: str) -> dict[str, Answer]:
    """Each person's current answer to a question; `entries` are their answerings, oldest first."""
    return {
        person: answer for person, theirs in entries.items() for entry in theirs for answer in entry.answers
        if answer.question == question
    }  # fmt: skip


def latest_words(entries: Sequence[Entry]) -> dict[str, tuple[str, str]]:
    """The current answer to each question, as (wording, text) by the question's name: the last one counts."""
    return {answer.question: (answer.wording, answer.text) for entry in entries for answer in entry.answers}


def _shared(entries: Sequence[Entry]) -> dict[str, object]:
    answers = tuple(latest_words(entries).values())
    return {"answers": answers, "no_goal": any(NO_GOAL.search(text) for _, text in answers[:1])}


def _talk_in_words(due: Due, now: datetime) -> str:
    """When the first 1:1 is, on the recipient's clock; nothing when it is over or not known."""
    talk, person = due.occasion.talk, due.occasion.person
    if talk is None or person.first_1_1 is None or talk <= now:
        return ""
    if person.first_1_1_time is None:
        return short_day(person.first_1_1)
    here = due.to.calendar.local(talk)
    return f"{short_day(here.date())}, {here:%H:%M}"
