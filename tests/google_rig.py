"""Builders for the tests of Google Sheets: a company in a spreadsheet, its office, and answers to file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock

from flows.addresses import Spreadsheet as SpreadsheetAt
from flows.ledger import Ledger
from flows.office import Office
from flows.rules.answers import Answer, Entry
from flows.rules.grid import squash
from flows.rules.layout import PEOPLE_TABS
from flows.rules.post import TAKEN
from flows.rules.tabs import Column, Content, Tab, Value
from flows.services import open_office
from flows.settings import Settings
from flows.sheet.google import GoogleSheet
from tests.sample import TEAM, TUESDAY, Row, settings_for
from tests.standins.google import GoogleStandIn
from tests.standins.google_cells import Spreadsheet
from tests.standins.google_cells import Tab as SeenTab

CHECK_INS = Tab(
    "Check-ins",
    (
        Column("Name"),
        Column("When", kind="moment"),
        Column("Energy", kind="number"),
        Column("Own words"),
        Column("Ref"),
    ),
    "the record",
)
OVERVIEW = Tab("Overview", (Column("Week"), Column("Sent", kind="number")), "week by week")
NINE = datetime.fromisoformat("2026-09-08 09:05")


@dataclass
class Rig:
    """A spreadsheet in the stand-in, and the sheet that Onward sees in it."""

    service: GoogleStandIn
    book: Spreadsheet
    key: Path
    answers: Spreadsheet | None = None

    def __post_init__(self) -> None:
        self.sheet = self.opened()

    def opened(self) -> GoogleSheet:
        """The sheet as another run opens it."""
        at = SpreadsheetAt(self.book.id)
        other = SpreadsheetAt(self.answers.id) if self.answers else at
        return GoogleSheet(at, other, self.key, self.service.url, RLock, self.service.tick)

    def again(self, contents: Sequence[Content]) -> bool:
        """Publish as the next run does."""
        return self.opened().publish(contents)

    def tab(self, title: str) -> SeenTab:
        """A tab of the spreadsheet that the answers are in."""
        return (self.answers or self.book).tab(title)

    def refs(self, title: str = "Check-ins") -> list[str]:
        """What stands in the tab's column of Refs, in the order of the rows."""
        return [str(ref) for ref in self.tab(title).column("Ref") if ref]

    def calls(self) -> tuple[int, int]:
        """Reads and writes since this was asked last."""
        found = self.service.calls["read"], self.service.calls["write"]
        self.service.calls.clear()
        return found


@contextmanager
def google(folder: Path, *, apart: bool = False) -> Iterator[Rig]:
    """An empty spreadsheet that is shared with Onward; the answers go into another one if they are kept apart."""
    with GoogleStandIn() as service:
        book = service.add(Spreadsheet("the-roster"))
        answers = service.add(Spreadsheet("the-answers")) if apart else None
        yield Rig(service, book, service.key(folder), answers)


def row(ref: str, name: str = "Ana", words: str = "fine") -> tuple[Value, ...]:
    """One row of the record."""
    return (name, NINE, 4, words, ref)


def record(*rows: tuple[Value, ...], new: Sequence[str] | None = None) -> Content:
    """The record; all of its rows were never filed unless something else is said."""
    refs = [str(cells[-1]) for cells in rows] if new is None else new
    return Content(CHECK_INS, rows, appended=True, new=frozenset(refs))


def overview(*rows: tuple[Value, ...]) -> Content:
    """A picture."""
    return Content(OVERVIEW, rows)


def fill(rig: Rig, people: Sequence[Row] = TEAM) -> None:
    """Make the tabs and be the person who writes the people in and turns Sending on."""
    rig.sheet.prepare(PEOPLE_TABS)
    headers = [squash(str(header)) for header in rig.book.tab("Roster").table()[0]]
    for number, person in enumerate(people, 1):
        for name, value in person.items():
            if value is not None:
                rig.book.tab("Roster").type(number, headers.index(squash(name)), value)
    sending, _ = rig.book.tab("Settings").find("Sending")
    rig.book.tab("Settings").type(sending, 1, "On")


def settings(rig: Rig, folder: Path) -> Settings:
    """Everything in this folder but the sheet."""
    at = SpreadsheetAt(rig.book.id)
    other = SpreadsheetAt(rig.answers.id) if rig.answers else at
    return replace(settings_for(folder), roster=at, answers=other, google=rig.service.url, credentials=rig.key)


@contextmanager
def office(rig: Rig, folder: Path) -> Iterator[Office]:
    """The office of one run."""
    with open_office(settings(rig, folder)) as opened:
        yield opened


def answered(ledger: Ledger, people: Sequence[str], words: str = "Wrote three release notes") -> None:
    """Have these people's answers to the check-in in the ledger, not yet filed."""
    for number, person in enumerate(people):
        ledger.keep(f"mail of {person}".encode(), f"{number}.eml", TUESDAY)
    for number, (reply, person) in enumerate(zip(ledger.replies("new"), people, strict=True)):
        ledger.take(reply, person, _entry(f"m-{number:016x}", person, words, TUESDAY + timedelta(seconds=number)))
    assert len(ledger.replies(TAKEN)) >= len(people)


def _entry(ref: str, person: str, words: str, at: datetime) -> Entry:
    answer = Answer("Progress", "What went well?", "manager and people ops", words)
    return Entry(
        ref=ref, form="Growth check-in", ask=f"growth-check-in/{person}/2026-W37", person=person,
        manager="mira@example.com", label="2026-W37", skill="Clear writing", words=words, received_at=at, by="mail",
        answers=(answer,),
    )  # fmt: skip
