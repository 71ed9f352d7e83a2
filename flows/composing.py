"""Composing: from what is due to the mail and its claim, with what it quotes of earlier answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache

from flows.claimant import this_process
from flows.mail.tokens import identity
from flows.office import Office
from flows.planning import Plan
from flows.render import Envelope
from flows.rules.answers import Entry
from flows.rules.company import Company
from flows.rules.due import Due
from flows.rules.email import Address, Email
from flows.rules.letters import Letter, Memory, latest_answers
from flows.rules.links import Links
from flows.rules.messages import BRIEF, SUCCESS_QUESTION
from flows.rules.messages import CHECK_IN as CHECK_IN_MAIL
from flows.rules.policy import Policy
from flows.rules.post import Claim
from flows.rules.questions import CHECK_IN, FIRST_SKILL, NEXT_TIME, REFLECTION, Question
from flows.rules.skills import Skill, skill_of

FRESH = timedelta(days=14)  # what somebody meant to do next is quoted back no longer than this


def compose(office: Office, policy: Policy, words: Letter, now: datetime) -> Email:
    """The mail for one due message, rendered. Raises RenderError."""
    due, tokens = words.due, office.tokens
    links = Links(office.web, tokens.page(due.key))
    envelope = Envelope(
        key=due.key,
        sender=Address(policy.sender_address, policy.sender_name),
        to=Address(due.to.email, due.to.name if due.to.name != due.to.email else ""),
        reply_to=Address(tokens.address(due.key), policy.sender_name),
        message_id=tokens.message_id(due.key),
        thread=tokens.thread(due.occasion.key),
        stop=tokens.address(due.key),
        date=now,
        language=due.to.language,
        stop_page=links.stop,
        answers=words.answers,
    )
    return office.renderer.email(due.message.name, envelope, {**words.facts, "links": links})


def claim_of(words: Letter, carrier: str) -> Claim:
    """The sending as it is written down before it leaves."""
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
        carrier=carrier,
    )


@lru_cache(maxsize=64)
def _as_json(questions: tuple[Question, ...]) -> str:
    return json.dumps([asdict(question) for question in questions])


def skills(office: Office, company: Company, people: Iterable[str]) -> dict[str, Skill]:
    """The growth skill of each of these people who is in the roster, by address."""
    known = [email for email in people if email in company.by_email]
    chosen, check_ins = (office.ledger.entries_of(known, form) for form in (FIRST_SKILL, CHECK_IN))
    return {
        email: skill_of(company.by_email[email], company, chosen.get(email, ()), check_ins.get(email, ()))
        for email in known
    }


def remember(office: Office, plan: Plan, going: Sequence[Due]) -> Memory:
    """What these mails quote of earlier answers."""
    people = {due.occasion.person.email for due in going if due.message.flow == CHECK_IN_MAIL.flow}
    recent = {
        person: [entry for entry in entries if plan.at - entry.received_at < FRESH]
        for person, entries in office.ledger.entries_of(people, CHECK_IN).items()
    }
    intentions = latest_answers(recent, NEXT_TIME)
    return Memory(
        skills=skills(office, plan.company, people),
        intention={person: answer.text for person, answer in intentions.items()},
        shared=_shared(office, going),
        kept=plan.kept,
        proposed=plan.proposed,
    )


def _shared(office: Office, going: Sequence[Due]) -> dict[str, list[Entry]]:
    """What these managers may read of the reflection forms, by occasion: what was written for them, not for another."""
    told = [due for due in going if due.message in (BRIEF, SUCCESS_QUESTION)]
    forms = office.ledger.entries_of({due.occasion.person.email for due in told}, REFLECTION)
    return {
        due.occasion.key: [
            entry for entry in forms.get(due.occasion.person.email, ())
            if (entry.ask == due.occasion.key if due.message is BRIEF else entry.manager == due.to.email)
        ]
        for due in told
    }  # fmt: skip
