"""Dates as people type them, and the working calendar of one person: zone, working days, holidays, leave."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

import holidays

from flows.rules.grid import Cell, text_of

DAY = timedelta(days=1)
SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of a sheet's calendar, which knows no zone
SERIALS = range(20_000, 80_000)  # 1954 to 2119: a number that can only be meant as a date
LONGEST_SEARCH = 400  # days; nobody's next working day is further away than that
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

TIME = (
    r"(?:(?:[T,]|\s+at\b)?\s*(?P<hour>\d{1,2})"
    r"(?:[:.](?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?|\s*(?P<only>[ap]\.?m\.?)))?"
)
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
NUMERIC = re.compile(
    rf"{WEEKDAY}(?P<a>\d{{1,4}})(?P<sep>[-/.])\s?(?P<b>\d{{1,2}})(?P=sep)\s?(?P<c>\d{{1,4}}){TIME}", re.I
)
DAY_MONTH = re.compile(
    rf"{WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-](?:of\s)?(?P<month>[a-z]{{3,9}})\.?,?[\s-](?P<year>\d{{4}}){TIME}",
    re.I,
)
MONTH_DAY = re.compile(
    rf"{WEEKDAY}(?P<month>[a-z]{{3,9}})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}}){TIME}",
    re.I,
)


class NotADate(ValueError):
    """The cell holds no date that could be understood; the message says what to type instead."""


def read_moment(cell: Cell) -> tuple[date, time | None]:
    """The date, and the time of day if there is one, that a cell means.

    Takes real dates, a sheet's serial numbers and text. Raises NotADate rather than guess between day-first and
    month-first: only a date whose parts leave no choice is taken, and dots, which are day-first wherever
    they are used.
    """
    if isinstance(cell, datetime):
        return cell.date(), cell.time() if cell.time() != time(0) else None
    if isinstance(cell, date):
        return cell, None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and isfinite(cell) and int(cell) in SERIALS:
        return read_moment(SERIAL_ZERO + timedelta(minutes=round(cell * 24 * 60)))
    text = text_of(cell)
    for pattern, parts in ((NUMERIC, _numeric), (DAY_MONTH, _named), (MONTH_DAY, _named)):
        if match := pattern.fullmatch(text):
            return _checked(*parts(match)), _time(match)
    raise NotADate("this is not a date; type it as 2026-09-01, or as 1 Sep 2026")


def _checked(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADate("there is no such day; type the date as 2026-09-01") from None


def _numeric(match: re.Match[str]) -> tuple[int, int, int]:
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return a, b, c
    if len(match["c"]) != 4:
        raise NotADate("the year needs four digits; type the date as 2026-09-01")
    if match["sep"] == "." or a > 12 or a == b:
        return c, b, a
    if b > 12:
        return c, a, b
    raise NotADate("day first or month first? Type the date as 2026-09-01")


def _named(match: re.Match[str]) -> tuple[int, int, int]:
    month = match["month"].lower()[:3]
    if month not in MONTHS:
        raise NotADate("the month was not understood; type the date as 2026-09-01")
    return int(match["year"]), MONTHS.index(month) + 1, int(match["day"])


def _time(match: re.Match[str]) -> time | None:
    if match["hour"] is None:
        return None
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), (match["half"] or match["only"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    elif half:
        hour = 24  # there is no 14 am
    try:
        return time(hour, minute)
    except ValueError:
        raise NotADate("there is no such time of day; type it as 14:30") from None


@lru_cache(maxsize=4096)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """The public holidays of an ISO 3166 country (`DE`) or subdivision (`DE-BY`) in a year; none for no country."""
    if not country:
        return frozenset()
    code, _, subdivision = country.partition("-")
    return frozenset(holidays.country_holidays(code, subdiv=subdivision or None, years=year))


def known_country(country: str) -> bool:
    """Whether the holidays of this country or subdivision are known."""
    code, _, subdivision = country.partition("-")
    return not country or (code in _countries() and (not subdivision or subdivision in _countries()[code]))


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, Sequence[str]]:
    # Asking for a name that is no country would get whatever else the library calls so, such as a weekday.
    return holidays.list_supported_countries(include_aliases=False)


@dataclass(frozen=True, slots=True)
class Leave:
    """Days off, both ends included; an open end is None."""

    since: date | None
    until: date | None

    def __contains__(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When one person may get mail: their zone, their working days, their country's holidays, their leave.

    Every moment that comes out is in UTC. (Python compares two times of one zone by their wall clocks, which goes
    wrong in the hour that a clock change repeats.)
    """

    zone: str
    weekdays: frozenset[int]  # Monday is 0
    opens: time
    closes: time
    country: str = ""
    leave: tuple[Leave, ...] = ()

    def local(self, moment: datetime) -> datetime:
        """The moment on the person's own clock."""
        return moment.astimezone(_zone(self.zone))

    def at(self, day: date, clock: time | None = None) -> datetime:
        """The moment (UTC) of a time of day, by default when mail starts to go out that day."""
        return datetime.combine(day, clock or self.opens, _zone(self.zone)).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """The moment (UTC) after which no mail goes out on that day."""
        return self.at(day, self.closes)

    def is_working(self, day: date) -> bool:
        """Whether the person works on that day."""
        if day.weekday() not in self.weekdays or day in holidays_of(self.country, day.year):
            return False
        return not any(day in leave for leave in self.leave)

    def on_or_after(self, day: date) -> date | None:
        """The first working day from that day on; None when there is none within a year."""
        return self._search(day, DAY)

    def on_or_before(self, day: date) -> date | None:
        """The last working day up to that day; None when there is none within a year."""
        return self._search(day, -DAY)

    def add(self, day: date, count: int) -> date | None:
        """The day `count` working days later, or earlier when negative; 0 is the next working day from `day` on."""
        found = self.on_or_after(day) if count == 0 else day
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            found = self._search(found + step, step) if found else None
        return found

    def is_open(self, moment: datetime) -> bool:
        """Whether mail may reach the person at this moment."""
        today = self.local(moment).date()
        return self.is_working(today) and self.at(today) <= moment < self.end_of(today)

    def next_open(self, moment: datetime) -> datetime | None:
        """The moment itself if mail may reach the person then, else when it next may; None if not within a year."""
        if self.is_open(moment):
            return moment
        today = self.local(moment).date()
        if moment < self.at(today) and self.is_working(today):
            return self.at(today)
        day = self.on_or_after(today + DAY)
        return self.at(day) if day else None

    def _search(self, day: date, step: timedelta) -> date | None:
        for _ in range(LONGEST_SEARCH):
            if self.is_working(day):
                return day
            day += step
        return None


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later; a day that the month lacks becomes its last one (design §4)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - DAY).day))


def monday_of(day: date) -> date:
    """The Monday of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def week_name(day: date) -> str:
    """The day's ISO 8601 week, such as 2026-W37."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def short_day(day: date) -> str:
    """A date as mails and reasons write it: Tue 1 Sep 2026."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"
