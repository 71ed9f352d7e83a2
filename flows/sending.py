"""Sending: decide what is due, then claim, send and record each mail. Flows and command line share these steps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from flows.claimant import may_be_sending, this_process
from flows.mail.door import StopSending
from flows.mail.tokens import identity
from flows.office import Office
from flows.render import Envelope, RenderError
from flows.rules.answers import Answer
from flows.rules.company import Company
from flows.rules.due import Due, Verdict, dues, foresee, judge
from flows.rules.email import LATER, Address, Email
from flows.rules.letters import Letter, Memory, latest_answers, letter
from flows.rules.messages import BRIEF, Message
from flows.rules.occasions import Occasion
from flows.rules.policy import Policy
from flows.rules.post import Claim
from flows.rules.problems import Problem
from flows.rules.questions import CHECK_IN, FIRST_SKILL, NEXT_TIME, Question
from flows.rules.values import OFF, ON

FAILED, PREVIEWED = "failed", "preview"
LONGEST_HOLD = timedelta(hours=12)  # new weeks come into view a day before they begin
FRESH = timedelta(days=14)  # what somebody meant to do next is quoted back no longer than this


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do, decided before it does anything. `at` is UTC."""

    at: datetime
    company: Company
    going: tuple[Due, ...]
    skipped: tuple[Verdict, ...]
    holds_until: datetime  # while sheet and ledger stay as they are, nothing new is due before


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail in this run: a status of rules.email, FAILED or PREVIEWED."""

    key: str
    message: str
    to: str
    status: str
    detail: str = ""


@dataclass(slots=True)
class Sent:
    """What a run, or a part of one, did."""

    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    stopped: str = ""  # why the whole batch ended early


def make_plan(office: Office, messages: Sequence[Message], now: datetime) -> Plan:
    """Decide what goes out now (UTC), by the sheet and the ledger. Raises SheetError, LedgerError."""
    timetable = office.timetable()
    company = timetable.company
    if company.policy.sending == OFF:
        return Plan(now, company, (), (), now + LONGEST_HOLD)
    occasions = _asked_by(messages, timetable.between(now, now))
    past = office.ledger.history(o.key for o in occasions)
    verdicts = [
        verdict
        for occasion in occasions
        for due in dues(occasion, company, past)
        if due.message in messages and (verdict := judge(due, company, past, now))
    ]
    going = tuple(verdict.due for verdict in verdicts if verdict.now)
    skipped = tuple(verdict for verdict in verdicts if verdict.skipped)
    waits = [verdict.at for verdict in verdicts if verdict.at and not verdict.now]
    return Plan(now, company, going, skipped, min([*waits, now + LONGEST_HOLD]))


def look_ahead(office: Office, messages: Sequence[Message], now: datetime, until: datetime) -> list[Verdict]:
    """What runs from `now` to `until` (UTC) will send and skip, in the order of time; nothing is sent."""
    timetable = office.timetable()
    occasions = _asked_by(messages, timetable.between(now, until))
    past = office.ledger.history(o.key for o in occasions)
    seen = [v for o in occasions for v in foresee(o, timetable.company, past, now, until) if v.due.message in messages]
    return sorted(seen, key=lambda v: (v.at or now, v.due.message.name, v.due.to.email))


def send(office: Office, plan: Plan, going: Sequence[Due], sent: Sent | None = None) -> Sent:
    """Send these mails of the plan, each one claimed first, and add to `sent` what became of each.

    A mail that cannot be made or is refused stops only itself. Repeating the call sends nothing twice.
    """
    sent = Sent() if sent is None else sent
    memory = _remember(office, plan, going)
    for due in going:
        try:
            outcome = _send_one(office, plan, letter(due, plan.company, memory, plan.at))
        except RenderError as error:
            sent.problems.append(Problem("Templates", 0, due.message.name, due.to.email, str(error)))
            outcome = Outcome(due.key, due.message.name, due.to.email, FAILED, str(error))
        except StopSending as stop:
            sent.problems.append(Problem("Mail", 0, "", office.mailer.where, str(stop)))
            sent.stopped = str(stop)
            return sent
        if outcome:
            sent.outcomes.append(outcome)
    return sent


def _send_one(office: Office, plan: Plan, words: Letter) -> Outcome | None:
    """Render, claim, send, record. None when another run has the mail already."""
    due = words.due
    email = compose(office, plan.company.policy, words, plan.at)
    if plan.company.policy.sending != ON:
        return Outcome(due.key, due.message.name, due.to.email, PREVIEWED)
    if not office.ledger.claim(_claim(words), plan.at):
        return None
    try:
        delivery = office.mailer.send(email)
    except StopSending:
        office.ledger.release(due.key)
        raise
    if delivery.status == LATER:
        office.ledger.release(due.key)
    else:
        office.ledger.settle(due.key, delivery)
    return Outcome(due.key, due.message.name, due.to.email, delivery.status, delivery.detail)


def compose(office: Office, policy: Policy, words: Letter, now: datetime) -> Email:
    """The mail for one due message, rendered. Raises RenderError."""
    due, tokens = words.due, office.tokens
    envelope = Envelope(
        key=due.key,
        sender=Address(policy.sender_address, policy.sender_name),
        to=Address(due.to.email, due.to.name if due.to.name != due.to.email else ""),
        reply_to=Address(tokens.address(due.key), policy.sender_name),
        message_id=tokens.message_id(due.key),
        thread=tokens.thread(due.occasion.key),
        stop=tokens.address(due.key),
        date=now,
    )
    return office.renderer.email(due.message.name, envelope, words.facts)


def settle_unknown(office: Office, now: datetime) -> list[Outcome]:
    """Settle sendings of unknown outcome by what the mailer has evidence of; the others stay as they are.

    What another process may be sending at this moment (`now`, by the clock) is left to it.
    """
    outcomes = []
    for sending in office.ledger.unknown():
        busy = may_be_sending(sending.claimant, sending.at, now)
        evidence = None if busy else office.mailer.evidence(sending.key)
        if evidence and evidence.status == LATER:
            office.ledger.release(sending.key)
        elif evidence:
            office.ledger.settle(sending.key, evidence)
        status = evidence.status if evidence else sending.status
        outcomes.append(Outcome(sending.key, sending.message, sending.recipient, status))
    return outcomes


def _asked_by(messages: Sequence[Message], occasions: Iterable[Occasion]) -> list[Occasion]:
    flows = {message.flow for message in messages}
    return [occasion for occasion in occasions if occasion.message.flow in flows]


def _claim(words: Letter) -> Claim:
    due = words.due
    return Claim(
        key=due.key,
        ask=due.occasion.key,
        identity=identity(due.key),
        message=due.message.name,
        person=due.occasion.person.email,
        manager=due.occasion.person.manager_email,
        recipient=due.to.email,
        label=due.occasion.label,
        form=words.form,
        questions=_as_json(words.questions),
        skill=words.skill,
        claimant=this_process(),
    )


@lru_cache(maxsize=64)
def _as_json(questions: tuple[Question, ...]) -> str:
    return json.dumps([asdict(question) for question in questions])


def chosen_skills(office: Office, company: Company, people: Iterable[str]) -> dict[str, Answer]:
    """The growth skill that each person named, by address."""
    return latest_answers(office.ledger.entries_of(people, FIRST_SKILL), company.skill_question)


def _remember(office: Office, plan: Plan, going: Sequence[Due]) -> Memory:
    """What these mails quote of earlier answers."""
    people = {due.occasion.person.email for due in going}
    recent = {
        person: [entry for entry in entries if plan.at - entry.received_at < FRESH]
        for person, entries in office.ledger.entries_of(people, CHECK_IN).items()
    }
    intentions = latest_answers(recent, NEXT_TIME)
    return Memory(
        chosen=chosen_skills(office, plan.company, people),
        intention={person: answer.text for person, answer in intentions.items()},
        shared={due.occasion.key: office.ledger.entries(due.occasion.key) for due in going if due.message is BRIEF},
    )
