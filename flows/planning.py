"""Planning: what goes out now, and what will in the coming days, by the sheet and the ledger. Sends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.office import Office
from flows.proposing import proposals
from flows.rules.company import Company
from flows.rules.due import Due, Verdict, dues, foresee, judge
from flows.rules.messages import SKILL_PROPOSAL, Message
from flows.rules.occasions import Occasion
from flows.rules.receipts import Kept
from flows.rules.skills import Skill
from flows.rules.values import OFF

LONGEST_HOLD = timedelta(hours=12)  # new weeks come into view a day before they begin


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do, decided before it does anything. `at` is UTC."""

    at: datetime
    company: Company
    going: tuple[Due, ...]
    skipped: tuple[Verdict, ...]
    holds_until: datetime  # while sheet and ledger stay as they are, nothing new is due before
    kept: Mapping[str, Kept] = field(default_factory=dict)  # by a receipt's key: what it is about
    proposed: Mapping[str, Skill] = field(default_factory=dict)  # by the key of a skill proposal: what it tells


def make_plan(office: Office, messages: Sequence[Message], now: datetime) -> Plan:
    """Decide what goes out now (UTC), by the sheet and the ledger. Raises SheetError, LedgerError."""
    timetable = office.timetable()
    company = timetable.company
    if company.policy.sending == OFF:
        return Plan(now, company, (), (), now + LONGEST_HOLD)
    proposed = _proposed(office, messages, company, now)
    occasions = [*_asked_by(messages, timetable.between(now, now)), *(occasion for occasion, _ in proposed)]
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
    told = {occasion.key: skill for occasion, skill in proposed}
    return Plan(now, company, going, skipped, min([*waits, now + LONGEST_HOLD]), proposed=told)


def look_ahead(office: Office, messages: Sequence[Message], now: datetime, until: datetime) -> list[Verdict]:
    """What runs from `now` to `until` (UTC) will send and skip, in the order of time; nothing is sent."""
    timetable = office.timetable()
    proposed = _proposed(office, messages, timetable.company, now)
    occasions = [*_asked_by(messages, timetable.between(now, until)), *(occasion for occasion, _ in proposed)]
    past = office.ledger.history(o.key for o in occasions)
    seen = [v for o in occasions for v in foresee(o, timetable.company, past, now, until) if v.due.message in messages]
    return sorted(seen, key=lambda v: (v.at or now, v.due.message.name, v.due.to.email))


def _asked_by(messages: Sequence[Message], occasions: Iterable[Occasion]) -> list[Occasion]:
    flows = {message.flow for message in messages}
    return [occasion for occasion in occasions if occasion.message.flow in flows]


def _proposed(
    office: Office, messages: Sequence[Message], company: Company, now: datetime
) -> list[tuple[Occasion, Skill]]:
    """The proposals of skills: they come from people, whenever they write, and not from the calendar."""
    return proposals(office, company, now) if SKILL_PROPOSAL in messages else []
