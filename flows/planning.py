"""Planning: what goes out now, and what will in the coming days, by the sheet and the ledger. Sends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.office import Office
from flows.rules.company import Company
from flows.rules.due import Due, Verdict, dues, foresee, judge
from flows.rules.messages import Message
from flows.rules.occasions import Occasion
from flows.rules.receipts import Kept
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


def _asked_by(messages: Sequence[Message], occasions: Iterable[Occasion]) -> list[Occasion]:
    flows = {message.flow for message in messages}
    return [occasion for occasion in occasions if occasion.message.flow in flows]
