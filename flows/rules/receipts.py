"""Receipts: who is told today what was kept of their answers. At most one a day, and none for what is long past."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.rules.answers import Entry
from flows.rules.company import Company
from flows.rules.due import Due, History, Verdict, obstacle
from flows.rules.messages import RECEIPT
from flows.rules.occasions import Occasion, key_of
from flows.rules.questions import Question
from flows.rules.roster import Person

MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
FRESH = timedelta(days=3)  # an answer that could not be acknowledged for so long is not any more


@dataclass(frozen=True, slots=True)
class Kept:
    """What a receipt is about: the answerings since the last one, and the questions of the newest as asked."""

    entries: tuple[Entry, ...]
    questions: tuple[Question, ...] = ()

    @property
    def newest(self) -> Entry:
        """The last answering."""
        return self.entries[-1]

    @property
    def answers(self) -> str:
        """The id of the reply; nothing when it came from a page, or with an id that no header can repeat."""
        return self.newest.message_id if MESSAGE_ID.fullmatch(self.newest.message_id) else ""

    @property
    def ask(self) -> str:
        """The key of the mail that it answers."""
        return self.newest.ask

    @property
    def form(self) -> str:
        """Its form: an answer to the receipt is one more answer to it."""
        return self.newest.form

    @property
    def skill(self) -> str:
        """The growth skill that it is about, as far as people ops may know it."""
        return self.newest.skill


def unacknowledged(
    entries: Sequence[Entry], receipts: Mapping[str, datetime], now: datetime
) -> dict[str, tuple[Entry, ...]]:
    """By person, the answerings since their last receipt, oldest first. `receipts` says when each last got one."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        last = receipts.get(entry.person)
        if now - FRESH < entry.received_at <= now and (last is None or last < entry.received_at):
            found.setdefault(entry.person, []).append(entry)
    return {person: tuple(theirs) for person, theirs in found.items()}


def receipts_due(
    answered: Mapping[str, tuple[Entry, ...]],
    receipts: Mapping[str, datetime],
    company: Company,
    history: History,
    now: datetime,
) -> Iterator[tuple[Verdict, tuple[Entry, ...]]]:
    """What becomes of each person's receipt now; whoever had one today gets the next one tomorrow.

    It answers what they have just done, so it waits for no working hour.
    """
    for email, entries in answered.items():
        person = company.by_email.get(email)
        if person is None:
            continue
        today, last = person.calendar.local(now).date(), receipts.get(email)
        if last is None or person.calendar.local(last).date() < today:
            due = _receipt(person, company.manager_of(person), entries[-1], today)
            reason = obstacle(due, company, history) or _pause(person, history, now)
            yield Verdict(due, None if reason else now, reason, now=not reason), entries


def _receipt(person: Person, manager: Person | None, newest: Entry, today: date) -> Due:
    opens, closes = newest.received_at, newest.received_at + FRESH
    occasion = Occasion(RECEIPT, person, manager, newest.label, opens, closes, newest.ask)
    return Due(RECEIPT, occasion, opens, closes, key_of(RECEIPT.name, today.isoformat(), person.email, ""))


def _pause(person: Person, history: History, now: datetime) -> str:
    rest = history.breaks.get(person.email)
    if rest and now < rest.until:
        return "asked for no mail for a while"
    today = person.calendar.local(now).date()
    return "away" if any(today in leave for leave in person.calendar.leave) else ""
