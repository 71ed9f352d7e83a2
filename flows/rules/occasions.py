"""Occasions: the one time that a message is for (this start date, this ISO week), and between when it may go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from flows.rules.company import Company
from flows.rules.dates import DAY, Calendar, monday_of, short_day, week_name
from flows.rules.messages import CHECK_IN, REFLECTION_FORM, SUCCESS_QUESTION, Message
from flows.rules.policy import Policy
from flows.rules.roster import Person

WEEK = timedelta(days=7)
LONG = timedelta(days=60)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One asking of one person (or of the manager about one person).

    `opens` and `closes` are UTC; the asking may go out from the one until the other, within working hours.
    When it cannot happen at all, `never` says why.
    """

    message: Message  # the one that asks
    person: Person  # whom it is about
    manager: Person | None
    label: str  # such as 2026-09-01 or 2026-W37
    opens: datetime
    closes: datetime
    key: str
    talk: datetime | None = None  # when the first 1:1 is; the end of the working day when no time is given
    never: str = ""


def key_of(message: str, label: str, person: str, manager: str) -> str:
    """The ledger's key of a sending: the same on every run, and opaque, since it is shown in logs (design §6, §8)."""
    digest = sha256("\n".join((message, label, person, manager)).encode()).hexdigest()
    return f"{message}/{label}/{digest[:20]}"


class Timetable:
    """Every occasion of everybody in one company. What was worked out for a week is kept: runs come every hour."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self._once = [
            occasion for person in company.roster.people for occasion in _once_in_a_relationship(company, person)
        ]
        self._weeks: dict[date, list[Occasion]] = {}

    def between(self, since: datetime, until: datetime) -> Iterator[Occasion]:
        """The occasions of each relationship, and those of every week that the time touches on people's own clocks."""
        yield from self._once
        monday = monday_of((since - DAY).date())
        while monday <= (until + DAY).date():
            yield from (o for o in self._week(monday) if monday + WEEK > o.person.calendar.local(since).date())
            monday += WEEK

    def _week(self, monday: date) -> list[Occasion]:
        if monday not in self._weeks:
            everybody = self.company.roster.people
            self._weeks[monday] = [o for person in everybody for o in _check_in(self.company, person, monday)]
        return self._weeks[monday]


def _once_in_a_relationship(company: Company, person: Person) -> Iterator[Occasion]:
    manager = company.manager_of(person)
    if person.start or person.first_1_1:
        yield _reflection(company.policy, person, manager)
    if person.start and manager:
        yield _success_question(company.policy, person, manager, person.start)


def _occasion(
    message: Message, person: Person, manager: Person | None, label: str, window: tuple[datetime, datetime] | str
) -> Occasion:
    # A check-in belongs to the week alone; the other two belong to one manager, so a new one starts anew.
    about = person.manager_email if message is not CHECK_IN else ""
    opens, closes = (EARLIEST, EARLIEST) if isinstance(window, str) else window
    never = window if isinstance(window, str) else ""
    talk = _talk(person) if message is REFLECTION_FORM else None
    key = key_of(message.name, label, person.email, about)
    return Occasion(message, person, manager, label, opens, closes, key, talk, never)


def _talk(person: Person) -> datetime | None:
    if not person.first_1_1:
        return None
    if person.first_1_1_time:
        return person.calendar.at(person.first_1_1, person.first_1_1_time)
    return person.calendar.end_of(person.first_1_1)


def _window(calendar: Calendar, day: date | None, grace: int) -> tuple[datetime, datetime] | str:
    return (calendar.at(day), end_of_grace(calendar, day, grace)) if day else "no working day within a year"


def end_of_grace(calendar: Calendar, day: date, grace: int) -> datetime:
    """Until when (UTC) a mail that is due on a day may go out, being late."""
    last = calendar.add(day, grace)
    # A leave without an end may begin before the grace is over; no mail goes out then, however long this is.
    return calendar.end_of(last or day + LONG)


def _reflection(policy: Policy, person: Person, manager: Person | None) -> Occasion:
    calendar = person.calendar
    if person.first_1_1:
        day = _working_days_before(calendar, person.first_1_1, policy.reflection_lead)
    else:
        day = calendar.add(person.start, policy.reflection_delay) if person.start else None
    if day and person.start:
        day = calendar.on_or_after(max(day, person.start))
    window = _window(calendar, day, policy.grace)
    talk = _talk(person)
    if talk and not isinstance(window, str):
        # However late it is, a first 1:1 that lies ahead is worth preparing (design §4).
        window = window[0], max(window[1], talk)
    label = person.start.isoformat() if person.start else "undated"
    return _occasion(REFLECTION_FORM, person, manager, label, window)


def _working_days_before(calendar: Calendar, talk: date, lead: int) -> date | None:
    """So many working days before the talk, or as many as there are: a leave may have no beginning."""
    return next((day for count in range(lead, -1, -1) if (day := calendar.add(talk, -count))), None)


def _success_question(policy: Policy, person: Person, manager: Person, start: date) -> Occasion:
    day = manager.calendar.on_or_after(policy.success_question_after.after(start))
    for leave in person.calendar.leave:
        # Nobody can be asked while they are away; the question waits, unless it was due long before.
        if day and day in leave and (leave.since or (leave.until and leave.until - day < LONG)):
            day = manager.calendar.on_or_after(leave.until + DAY) if leave.until else None
    window = _window(manager.calendar, day, policy.grace)
    return _occasion(SUCCESS_QUESTION, person, manager, start.isoformat(), window)


def _check_in(company: Company, person: Person, monday: date) -> Iterator[Occasion]:
    if person.start and monday <= person.start:  # from the first full week after the start
        return
    calendar = person.calendar
    sunday = monday + WEEK - DAY
    day = calendar.on_or_after(monday + company.policy.check_in_day * DAY)
    last = calendar.on_or_before(sunday)
    window: tuple[datetime, datetime] | str
    if day is None or last is None or day > sunday:
        away = any(sunday - 2 * DAY in leave for leave in calendar.leave)
        window = f"no working day left in the week of {short_day(monday)}{' (away)' if away else ''}"
    else:
        window = calendar.at(day), calendar.end_of(last)
    yield _occasion(CHECK_IN, person, company.manager_of(person), week_name(monday), window)
