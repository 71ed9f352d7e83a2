"""Breaks: a time without mail that somebody asked for on their own page, with an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flows.rules.dates import Calendar, monday_of

WEEK = timedelta(days=7)
WEEKS = (0, 2, 4, 8)  # that may be chosen, after the present one; 0 skips no more than this week


@dataclass(frozen=True, slots=True)
class Break:
    """No mail to one person between two moments (UTC)."""

    at: datetime
    until: datetime


def end_of_break(calendar: Calendar, now: datetime, weeks: int) -> datetime:
    """The Monday, on the person's own calendar, that ends a break of the rest of this week and so many more."""
    monday = monday_of(calendar.local(now).date()) + (1 + weeks) * WEEK
    return calendar.at(monday, time(0))
