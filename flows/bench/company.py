"""A company of any size, in a folder, all of whose people are due their check-in at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from flows.rules.layout import PEOPLE_TABS
from flows.rules.policy import SETTINGS_TAB
from flows.rules.roster import ROSTER
from flows.rules.tabs import Tab, Value
from flows.sheet.workbook import Workbook

TUESDAY = datetime(2026, 9, 8, 9, 30, tzinfo=UTC)  # the default check-in day, within working hours
LONG_AGO = date(2025, 1, 6)
TEAM = 8  # reports of one manager
SKILLS = ("Clear writing", "Saying no", "Public speaking", "Statistics")


def make_company(folder: Path, people: int) -> None:
    """Write `roster.xlsx` with so many reports, Sending On."""
    workbook = Workbook(folder / "roster.xlsx", folder / "answers.xlsx")
    workbook.prepare([_filled(tab, people) for tab in PEOPLE_TABS])


def _filled(tab: Tab, people: int) -> Tab:
    if tab.name == ROSTER.name:
        return replace(tab, rows=tuple(_rows(tab, people)))
    if tab.name == SETTINGS_TAB.name:
        return replace(tab, rows=tuple((name, "On" if name == "Sending" else v, about) for name, v, about in tab.rows))
    return tab


def _rows(tab: Tab, people: int) -> Iterator[tuple[Value, ...]]:
    for number in range(people):
        row: dict[str, Value] = {
            "Name": f"Person {number} Jørgensen",
            "Email": f"person{number}@example.com",
            "Manager email": f"manager{number // TEAM}@example.com",
            "Start date": LONG_AGO,
            "Growth skill": SKILLS[number % len(SKILLS)],
        }
        yield tuple(row.get(header) for header in tab.headers)
