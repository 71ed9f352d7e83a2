"""Receipts: whoever answered is told what was kept, who reads it, and how to change it."""

from __future__ import annotations

from datetime import datetime

from flows.mail.tokens import identity
from flows.office import Office
from flows.planning import Plan
from flows.rules.answers import Entry
from flows.rules.due import Verdict
from flows.rules.messages import RECEIPT
from flows.rules.questions import as_asked
from flows.rules.receipts import FRESH, Kept, receipts_due, unacknowledged
from flows.rules.values import OFF
from flows.sending import Sent, send


def send_receipts(office: Office, now: datetime) -> Sent:
    """Send everybody who answered a receipt, unless they had one today. Safe to repeat."""
    plan = plan_receipts(office, now)
    return send(office, plan, plan.going) if plan.going else Sent()


def plan_receipts(office: Office, now: datetime) -> Plan:
    """Whose receipts go out now (UTC), and why others do not. Raises SheetError, LedgerError."""
    company = office.timetable().company
    entries = office.ledger.entries_since(now - FRESH) if company.policy.sending != OFF else []
    if not entries:
        return Plan(now, company, (), (), now)
    last = office.ledger.last_of(RECEIPT.name, now - 2 * FRESH)
    answered = unacknowledged(entries, last, now)
    history = office.ledger.history({entry.ask for theirs in answered.values() for entry in theirs})
    found = list(receipts_due(answered, last, company, history, now))
    kept = {verdict.due.key: _kept(office, theirs) for verdict, theirs in found if verdict.now}
    going = tuple(verdict.due for verdict, _ in found if verdict.now)
    return Plan(now, company, going, tuple(verdict for verdict, _ in found if verdict.skipped), now, kept)


def foreseen(office: Office, now: datetime) -> list[Verdict]:
    """The receipts that go out with the next filing, for a look ahead."""
    plan = plan_receipts(office, now)
    return [*(Verdict(due, now, now=True) for due in plan.going), *plan.skipped]


def _kept(office: Office, entries: tuple[Entry, ...]) -> Kept:
    asked = office.ledger.sending(identity(entries[-1].ask))
    return Kept(entries, as_asked(asked.questions) if asked else ())
