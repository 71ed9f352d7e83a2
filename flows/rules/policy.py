"""The settings of the sheet: every one described once, read into one frozen object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from difflib import get_close_matches
from typing import Any, NamedTuple

from flows.rules.dates import Calendar
from flows.rules.grid import ERROR_VALUE, Cell, Grid, Row, read_table, squash, text_of
from flows.rules.problems import Problem
from flows.rules.tabs import Column, Tab
from flows.rules.values import (
    OFF,
    PREVIEW,
    Span,
    Wrong,
    read_count,
    read_country,
    read_email,
    read_keeping,
    read_language,
    read_optional_email,
    read_positive,
    read_reminders,
    read_sending,
    read_span,
    read_time,
    read_weekday,
    read_weekdays,
    read_zone,
)


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
    keep_mail_for: Span
    language: str

    @property
    def calendar(self) -> Calendar:
        """The calendar of somebody whose row says nothing else."""
        return Calendar(self.time_zone, self.working_days, self.send_time, self.send_until, self.country)


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
        "Off: no mail is planned or sent. Preview: all is planned and shown, nothing leaves. On: mails go out.",
        read_sending,
    ),
    Setting("Sender name", "People team", "The name that mails come from.", text_of),
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
        read_optional_email,
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
    Setting("Working days", "Mon–Fri", "Mail goes out on these days only.", read_weekdays),
    Setting("Send time", "09:00", "From when on mail goes out, on each person's own clock.", read_time),
    Setting("Send until", "17:00", "No mail goes out later than this; it waits for the next working day.", read_time),
    Setting(
        "Reflection lead",
        "2",
        "So many working days before the first 1:1 the reflection form goes out.",
        read_count,
    ),
    Setting(
        "Reflection delay",
        "1",
        "So many working days after the start it goes out when no first 1:1 is given.",
        read_count,
    ),
    Setting(
        "Success question after",
        "1 month",
        "After so much time the manager is asked to ask how the person knows that they do well.",
        read_span,
    ),
    Setting(
        "Check-in day",
        "Tuesday",
        "The day of the weekly check-in. When it is no working day, the next one of the week.",
        read_weekday,
    ),
    Setting("Reminder after", "2", "So many working days without an answer, then a reminder goes out.", read_positive),
    Setting("Reminders", "1", "How many reminders at most. 0: none.", read_reminders),
    Setting("Grace", "5", "What is more working days late than this is not sent any more.", read_count),
    Setting(
        "Keep mail for",
        "12 months",
        "So long the mails that came in are kept as they came, and are erased then. Answers stay.",
        read_keeping,
    ),
    Setting(
        "Language",
        "en",
        "Of everybody whose row names none: en, de, fr or es. Another language gets English.",
        read_language,
    ),
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


def _setting(row: Row, values: Mapping[str, Any]) -> Setting | None:
    """The setting that the row is about, None for a row of people's own. Raises Wrong when it cannot be trusted."""
    known = {squash(setting.name): setting for setting in SETTINGS}
    name = squash(row.text("Setting"))
    near = get_close_matches(name, known, n=1, cutoff=0.85)
    if name not in known:
        if near and row.text("Value"):
            raise Wrong(f"there is no such setting; did you mean “{known[near[0]].name}”?")
        return None
    if "Value" in row.clashes:
        raise Wrong("two columns are headed “Value” and say different things; keep one")
    if known[name].field in values and row.text("Value"):
        raise Wrong("this setting stands in an earlier row as well; keep one")
    if ERROR_VALUE.fullmatch(row.text("Value")):
        raise Wrong("a formula in this cell fails; mend it or type the value")
    return known[name]


def read_policy(grid: Grid | None) -> tuple[Policy, list[Problem]]:
    """The settings of the sheet, the default for each one that is missing or empty, and what is wrong.

    A setting that was not understood stops all sending: guessing could mail a whole company at the wrong time.
    """
    table = read_table(SETTINGS_TAB, grid)
    problems = list(table.problems)
    values: dict[str, Any] = {}
    for row in table.rows:
        try:
            setting = _setting(row, values)
            if setting and row.text("Value"):
                values[setting.field] = setting.read(row.cells["Value"])
        except Wrong as wrong:
            value = row.clashes.get("Value") or row.text("Value")
            advice = f"{wrong}. Until then nothing is sent"
            problems.append(Problem(SETTINGS_TAB.name, row.number, row.text("Setting"), value, advice))
    policy = replace(DEFAULT_POLICY, **values)
    if policy.send_until <= policy.send_time:
        advice = "must be later than Send time. Until then nothing is sent"
        problems.append(Problem(SETTINGS_TAB.name, 0, "Send until", f"{policy.send_until:%H:%M}", advice))
    if problems:
        policy = replace(policy, sending=OFF if policy.sending == OFF else PREVIEW)
    return policy, problems


assert {setting.field for setting in SETTINGS} == {field.name for field in fields(Policy)}  # noqa: S101
