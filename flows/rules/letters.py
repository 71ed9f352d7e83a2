"""What a mail is told: the facts that its template may use, and the questions that it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flows.rules.answers import Answer, Entry
from flows.rules.company import Company
from flows.rules.due import Due
from flows.rules.messages import (
    BRIEF,
    CHECK_IN,
    CHECK_IN_REMINDER,
    REFLECTION_FORM,
    REFLECTION_REMINDER,
    SKILL_PROPOSAL,
    SUCCESS_QUESTION,
)
from flows.rules.policy import Policy
from flows.rules.questions import CHECK_IN as CHECK_IN_FORM
from flows.rules.questions import FIRST_SKILL, LOOKING_BACK, PEOPLE_OPS, REFLECTION, SCALE, Question
from flows.rules.receipts import Kept
from flows.rules.skills import Skill
from flows.rules.talks import OUTCOMES

# In a choice that ships, or in somebody's own words.
NO_GOAL = re.compile(
    r"\b(opportunit|gelegenheit|occasions? qui|oportunidad)|"
    r"\b(no|kein|keinen|pas d.|pas de|aucun|sin|ning[uú]n[ao]?) ?(\w+ )?(goal|plan|ziel|objectif|meta|objetivo)\b",
    re.IGNORECASE,
)
SHORT, FEW = 3, 7  # choices of so many characters and so many of them stand side by side, on a telephone too


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a mail shows it: with its number, and whether people ops reads the answer as well."""

    number: int
    wording: str
    kind: str
    choices: tuple[str, ...]
    people_ops: bool

    @property
    def in_a_row(self) -> bool:
        """Whether the choices stand side by side."""
        return self.kind == SCALE and len(self.choices) <= FEW and max(map(len, self.choices)) <= SHORT


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as a receipt shows it: under its question's number, if that is one of the mail that it answers."""

    number: int
    wording: str
    text: str
    people_ops: bool


@dataclass(frozen=True, slots=True)
class Memory:
    """What people said before, as far as the mails at hand quote it."""

    skills: Mapping[str, Skill] = field(default_factory=dict)  # by person's address
    intention: Mapping[str, str] = field(default_factory=dict)  # by person's address: when they will practise next
    shared: Mapping[str, Sequence[Entry]] = field(default_factory=dict)  # by the occasion's key
    kept: Mapping[str, Kept] = field(default_factory=dict)  # by a receipt's key
    proposed: Mapping[str, Skill] = field(default_factory=dict)  # by a skill proposal's key


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that makes one due message this person's own."""

    due: Due
    form: str  # empty: it asks nothing that is filed
    questions: tuple[Question, ...]
    skill: str  # the growth skill that it is about, as far as people ops may know it
    facts: Mapping[str, object]
    answers: str = ""  # the id of the mail that it answers


def letter(due: Due, company: Company, memory: Memory, now: datetime) -> Letter:
    """What the message's template is told. `now` is when it goes out (UTC)."""
    person, manager = due.occasion.person, due.occasion.manager or due.occasion.person
    kept = memory.kept.get(due.key)
    skill = memory.skills.get(person.email) or Skill(person.growth_skill)
    form = kept.form if kept else form_of(due, skill.name)
    questions = kept.questions if kept else questions_of(form, skill, company, due.to.language)
    policy = company.policy
    facts: dict[str, object] = {
        "to_name": due.to.name,
        "to_manager": due.message.to_manager,
        "person": person.name,
        "manager": manager.name,
        "sender_name": policy.sender_name,
        "people_ops": policy.people_ops_address or policy.sender_address,
        "questions": tuple(asked(number, question) for number, question in enumerate(questions, 1)),
        "first_1_1": _talk(due, now),
    }
    if due.message in (BRIEF, SUCCESS_QUESTION):
        facts |= _shared(memory.shared.get(due.occasion.key, ()), company, due.to.language)
        facts["outcomes"] = OUTCOMES
    if due.message in (CHECK_IN, CHECK_IN_REMINDER):
        last_time = memory.intention.get(person.email, "") if skill.name else ""
        facts |= {"skill": skill.name, "week": due.occasion.label, "last_time": last_time, "rounds": skill.rounds}
    if due.message is SKILL_PROPOSAL:
        facts |= _proposal(memory.proposed[due.key], due, policy)
    if kept:
        facts["kept"] = tuple(stored(kept))
    if person.start:
        days = (due.to.calendar.local(now).date() - person.start).days
        facts |= {"start": person.start, "weeks": max(0, round(days / 7))}
    return Letter(due, form, questions, kept.skill if kept else skill.known, facts, kept.answers if kept else "")


def form_of(due: Due, skill: str) -> str:
    """The form whose questions the message asks; empty when it asks none."""
    if due.message in (REFLECTION_FORM, REFLECTION_REMINDER):
        return REFLECTION
    if due.message in (CHECK_IN, CHECK_IN_REMINDER):
        return CHECK_IN_FORM if skill else FIRST_SKILL
    return ""


def questions_of(form: str, skill: Skill, company: Company, language: str) -> tuple[Question, ...]:
    """The questions of a mail in a language; after so many weeks, whether to go on with the skill is one of them."""
    questions = company.questions(form, language) if form else ()
    if form == CHECK_IN_FORM and skill.rounds:
        questions += company.questions(LOOKING_BACK, language)
    return questions


def asked(number: int, question: Question) -> Asked:
    """The question with its number, and who reads the answer (design §6)."""
    return Asked(number, question.wording, question.kind, question.choices, question.readable_by_people_ops)


def stored(kept: Kept) -> Iterator[Stored]:
    """The answers that a receipt shows, in the words of the person's own language."""
    questions = {question.name: (number, question) for number, question in enumerate(kept.questions, 1)}
    current = {
        (entry.ask, answer.question): answer for entry in kept.entries for answer in entry.answers
    }  # fmt: skip
    for (ask, name), answer in current.items():
        public = answer.audience == PEOPLE_OPS
        if ask == kept.ask and name in questions:
            number, question = questions[name]
            yield Stored(number, question.wording, question.shown(answer.text), public)
        else:
            yield Stored(0, answer.wording, answer.text, public)


def latest_answers(entries: Mapping[str, Sequence[Entry]], question: str) -> dict[str, Answer]:
    """Each person's current answer to a question; `entries` are their answerings, oldest first."""
    return {
        person: answer for person, theirs in entries.items() for entry in theirs for answer in entry.answers
        if answer.question == question
    }  # fmt: skip


def _shared(entries: Sequence[Entry], company: Company, language: str) -> dict[str, object]:
    """The current answer to each question, in the reader's language as far as it was a question or choice of ours."""
    answers = {answer.question: answer for entry in entries for answer in entry.answers}
    wordings = {question.name: question for question in company.questions(REFLECTION, language)}
    first = next(iter(answers.values()), None)
    return {
        "answers": tuple(_worded(answer, wordings.get(name)) for name, answer in answers.items()),
        "no_goal": bool(first and NO_GOAL.search(first.text)),
    }


def _proposal(skill: Skill, due: Due, policy: Policy) -> dict[str, object]:
    """What is proposed, instead of what as far as this manager may know that, and whom to tell."""
    return {
        "proposed": skill.proposed,
        "skill": skill.known_to(due.to.email),
        "has_skill": bool(skill.name),
        "tell": policy.people_ops_address,
    }


def _worded(answer: Answer, question: Question | None) -> tuple[str, str]:
    return (question.wording, question.shown(answer.text)) if question else (answer.wording, answer.text)


def _talk(due: Due, now: datetime) -> date | datetime | None:
    """When the first 1:1 is, on the recipient's clock; nothing when it is over or not known."""
    talk, person = due.occasion.talk, due.occasion.person
    if talk is None or person.first_1_1 is None or talk <= now:
        return None
    return due.to.calendar.local(talk) if person.first_1_1_time else person.first_1_1
