"""Times to put into a calendar: the talk that a mail is for, and an hour a week for the growth skill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flows.rules.dates import DAY, Calendar
from flows.rules.roster import Person

TEN = time(10)
TALK, HOUR = timedelta(minutes=30), timedelta(hours=1)
WEEKS = 12  # about a quarter; then the skill is worth another thought


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time on somebody's own clock, or a whole day when no time of day is known."""

    day: date
    start: time | None
    length: timedelta
    zone: str
    weeks: int = 1  # how many weeks in a row


def first_talk(person: Person, calendar: Calendar) -> Slot | None:
    """The person's first 1:1 as it stands in the roster, on the clock of whoever asks."""
    if person.first_1_1 is None:
        return None
    if person.first_1_1_time is None:
        return Slot(person.first_1_1, None, DAY, calendar.zone)
    here = calendar.local(person.calendar.at(person.first_1_1, person.first_1_1_time))
    return Slot(here.date(), here.time(), TALK, calendar.zone)


def next_talk(calendar: Calendar, asked: datetime) -> Slot:
    """A proposal: the first working day after the mail."""
    return Slot(_day_after(calendar, asked), TEN, TALK, calendar.zone)


def weekly_hour(calendar: Calendar, asked: datetime) -> Slot:
    """A proposal: the first working day after the mail, and the same day of every week that follows."""
    return Slot(_day_after(calendar, asked), TEN, HOUR, calendar.zone, WEEKS)


def _day_after(calendar: Calendar, asked: datetime) -> date:
    tomorrow = calendar.local(asked).date() + DAY
    return calendar.on_or_after(tomorrow) or tomorrow
