"""The settings of the sheet: every one described once, read into one frozen object."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, time
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from flows.rules.dates import WEEKDAYS, Calendar, add_months, known_country
from flows.rules.grid import Cell, Grid, read_table, squash, text_of
from flows.rules.problems import Problem
from flows.rules.tabs import Column, Tab

OFF, PREVIEW, ON = "Off", "Preview", "On"
LANGUAGES = ("en",)


class Wrong(ValueError):
    """A value that was not understood; the message says what may stand there."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of calendar time, as in “1 month” or “6 weeks”."""

    count: int
    unit: str

    def after(self, day: date) -> date:
        """The day that lies this stretch later."""
        if self.unit == "month":
            return add_months(day, self.count)
        return date.fromordinal(day.toordinal() + self.count * {"day": 1, "week": 7}[self.unit])


@dataclass(frozen=True, slots=True)
class Policy:
    """What people ops decided, one field for each setting (design §3, Settings)."""

    sending: str
    sender_name: str
    sender_address: str
    people_ops_address: str
    time_zone: str
    country: str
    working_days: frozenset[int]
    send_time: time
    send_until: time
    reflection_lead: int
    reflection_delay: int
    success_question_after: Span
    check_in_day: int
    reminder_after: int
    reminders: int
    grace: int
    language: str

    @property
    def calendar(self) -> Calendar:
        """The calendar of somebody whose row says nothing else."""
        return Calendar(self.time_zone, self.working_days, self.send_time, self.send_until, self.country)


def read_zone(cell: Cell) -> str:
    """An IANA time zone, in its own spelling."""
    name = text_of(cell).replace(" ", "_").casefold()
    if name not in _zones():
        raise Wrong("this is not a time zone; write it like Europe/Berlin or America/New_York")
    return _zones()[name]


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    return {zone.casefold(): zone for zone in available_timezones()}


def read_country(cell: Cell) -> str:
    """An ISO 3166 country or subdivision with known holidays, or nothing."""
    code = text_of(cell).upper().replace("_", "-").replace(" ", "")
    if code == "UK":
        code = "GB"
    if not known_country(code):
        raise Wrong("this is not a country code; write DE, or DE-BY for a part of the country")
    return code


def read_language(cell: Cell) -> str:
    """A language that the mails are written in."""
    code = text_of(cell).lower().replace("_", "-").split("-")[0]
    if code not in LANGUAGES:
        raise Wrong(f"mails can be written in: {', '.join(LANGUAGES)}")
    return code


def read_email(cell: Cell) -> str:
    """A mail address in lower case; a name and brackets around it, as pasting brings along, are taken off."""
    text = text_of(cell).removeprefix("mailto:")
    if bracketed := re.fullmatch(r"[^<>]*<([^<>]+)>", text):
        text = bracketed[1]
    try:
        return str(validate_email(text, check_deliverability=False, test_environment=True).normalized).lower()
    except EmailNotValidError:
        raise Wrong("this is not a mail address; write it like ana@example.com") from None


def _optional_email(cell: Cell) -> str:
    return read_email(cell) if text_of(cell) else ""


def _text(cell: Cell) -> str:
    return text_of(cell)


def _count(cell: Cell) -> int:
    match = re.fullmatch(r"(\d{1,3})(\s*(working )?(days?|reminders?))?", text_of(cell).lower())
    if not match:
        raise Wrong("write a whole number, such as 2")
    return int(match[1])


def _reminders(cell: Cell) -> int:
    if (count := _count(cell)) > 3:
        raise Wrong("more than 3 reminders are not sent; write 0, 1, 2 or 3")
    return count


def _span(cell: Cell) -> Span:
    match = re.fullmatch(r"(\d{1,3})\s*(day|week|month)s?", text_of(cell).lower())
    if not match:
        raise Wrong("write a number of days, weeks or months, such as 1 month")
    return Span(int(match[1]), match[2])


def _time(cell: Cell) -> time:
    if isinstance(cell, time):
        return cell
    if isinstance(cell, float) and 0 <= cell < 1:  # a sheet keeps a time of day as a fraction of the day
        minutes = round(cell * 24 * 60)
        return time(minutes // 60, minutes % 60)
    match = re.fullmatch(r"(\d{1,2})[:.h](\d\d)(?::\d\d)?", text_of(cell))
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise Wrong("write a time of day, such as 09:00")
    return time(int(match[1]), int(match[2]))


def _weekday(cell: Cell) -> int:
    name = text_of(cell).lower()
    matches = [index for index, day in enumerate(WEEKDAYS) if len(name) >= 2 and day.lower().startswith(name)]
    if len(matches) != 1:
        raise Wrong("write a day of the week, such as Tuesday")
    return matches[0]


def _weekdays(cell: Cell) -> frozenset[int]:
    days: set[int] = set()
    for part in re.split(r"[,;]| and ", text_of(cell)):
        first, dash, last = re.sub(r"\s*(-|–|—| to )\s*", "–", part.strip()).partition("–")
        start = _weekday(first)
        length = (_weekday(last) - start) % 7 + 1 if dash else 1
        days |= {(start + offset) % 7 for offset in range(length)}
    return frozenset(days)


def _sending(cell: Cell) -> str:
    if isinstance(cell, bool):
        return ON if cell else OFF
    found = next((state for state in (OFF, PREVIEW, ON) if squash(state) == squash(text_of(cell))), None)
    if found is None:
        raise Wrong("write Off, Preview or On")
    return found


class Setting(NamedTuple):
    """One row of the Settings tab. Its field in Policy has the same name, in lower case."""

    name: str
    default: str
    about: str
    read: Callable[[Cell], Any]

    @property
    def field(self) -> str:
        """The setting's field in Policy."""
        return self.name.lower().replace(" ", "_").replace("-", "_")


SETTINGS = (
    Setting(
        "Sending",
        PREVIEW,
        "Off: nothing happens. Preview: all is planned and shown, nothing leaves. On: mails go out.",
        _sending,
    ),
    Setting("Sender name", "People team", "The name that mails come from.", _text),
    Setting(
        "Sender address",
        "people@example.com",
        "The address that mails come from; your mail provider must know it.",
        read_email,
    ),
    Setting(
        "People ops address",
        "",
        "Who is named in the mails for questions. Empty: the sender address.",
        _optional_email,
    ),
    Setting(
        "Time zone",
        "UTC",
        "For everybody whose row names none, and for the times in Onward's own tabs. Like Europe/Berlin.",
        read_zone,
    ),
    Setting(
        "Country",
        "",
        "Whose public holidays count for everybody whose row names no country. DE, or DE-BY for a part.",
        read_country,
    ),
    Setting("Working days", "Mon–Fri", "Mail goes out on these days only.", _weekdays),
    Setting("Send time", "09:00", "From when on mail goes out, on each person's own clock.", _time),
    Setting("Send until", "17:00", "No mail goes out later than this; it waits for the next working day.", _time),
    Setting(
        "Reflection lead",
        "2",
        "So many working days before the first 1:1 the reflection form goes out.",
        _count,
    ),
    Setting(
        "Reflection delay",
        "1",
        "So many working days after the start it goes out when no first 1:1 is given.",
        _count,
    ),
    Setting(
        "Success question after",
        "1 month",
        "After so much time the manager is asked to ask how the person knows that they do well.",
        _span,
    ),
    Setting(
        "Check-in day",
        "Tuesday",
        "The day of the weekly check-in. When it is no working day, the next one of the week.",
        _weekday,
    ),
    Setting("Reminder after", "2", "So many working days without an answer, then a reminder goes out.", _count),
    Setting("Reminders", "1", "How many reminders at most. 0: none.", _reminders),
    Setting("Grace", "5", "What is more working days late than this is not sent any more.", _count),
    Setting("Language", "en", "The language of the mails for everybody whose row names none.", read_language),
)

SETTINGS_TAB = Tab(
    "Settings",
    (
        Column("Setting", "Onward knows these names; other rows are left alone.", 24, required=True),
        Column("Value", "Yours to change. An empty value means the default.", 28, required=True),
        Column("What it does", "", 96),
    ),
    "how Onward behaves for everybody; only the column Value is meant to be changed",
    tuple((setting.name, setting.default, setting.about) for setting in SETTINGS),
    required=False,
)

DEFAULT_POLICY = Policy(**{setting.field: setting.read(setting.default) for setting in SETTINGS})


def read_policy(grid: Grid | None) -> tuple[Policy, list[Problem]]:
    """The settings of the sheet, the default for each one that is missing or empty, and what is wrong.

    A setting that was not understood stops all sending: guessing could mail a whole company at the wrong time.
    """
    table = read_table(SETTINGS_TAB, grid)
    problems = list(table.problems)
    known = {squash(setting.name): setting for setting in SETTINGS}
    values: dict[str, Any] = {}
    for row in table.rows:
        setting = known.get(squash(row.text("Setting")))
        if setting is None or not row.text("Value"):
            continue
        try:
            values[setting.field] = setting.read(row.cells["Value"])
        except Wrong as wrong:
            advice = f"{wrong}. Until then nothing is sent"
            problems.append(Problem(SETTINGS_TAB.name, row.number, setting.name, row.text("Value"), advice))
    policy = replace(DEFAULT_POLICY, **values)
    if policy.send_until <= policy.send_time:
        advice = "must be later than Send time. Until then nothing is sent"
        problems.append(Problem(SETTINGS_TAB.name, 0, "Send until", f"{policy.send_until:%H:%M}", advice))
    if problems:
        policy = replace(policy, sending=OFF if policy.sending == OFF else PREVIEW)
    return policy, problems


assert {setting.field for setting in SETTINGS} == {field.name for field in fields(Policy)}  # noqa: S101
