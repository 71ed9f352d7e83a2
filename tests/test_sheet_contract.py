"""What every sheet promises, whatever it is kept in: each sentence is proved for each backend."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Protocol

import openpyxl
import pytest

from flows.addresses import Spreadsheet as SpreadsheetAt
from flows.rules.grid import Cell, Grid, Snapshot, text_of
from flows.rules.layout import PEOPLE_TABS
from flows.rules.policy import DEFAULT_POLICY, read_policy
from flows.rules.problems import OnwardError
from flows.rules.questions_tab import read_questions
from flows.rules.roster import read_roster
from flows.rules.tabs import Column, Content, Tab, Value
from flows.sheet.door import Sheet
from flows.sheet.google import GoogleSheet
from flows.sheet.workbook import Workbook
from tests.standins.google import GoogleStandIn
from tests.standins.google_cells import Spreadsheet

CHECK_INS = Tab(
    "Check-ins",
    (Column("Name"), Column("When", kind="moment"), Column("Energy", kind="number"), Column("Ref")),
    "the record",
)
OVERVIEW = Tab("Overview", (Column("Week"), Column("Sent", kind="number")), "week by week")
NINE = datetime.fromisoformat("2026-09-01 09:05")
ANA, BO = ("Ana", NINE, 4, "a1"), ("Bo", NINE, 2, "b1")


class Rig(Protocol):
    """What a backend brings along to be tested."""

    sheet: Sheet

    def type(self, tab: str, rows: Sequence[Sequence[Cell]]) -> None:
        """Be a person who types these rows under the headers of their tab."""

    def published(self) -> Snapshot:
        """What a person sees in Onward's own tabs."""


class WorkbookRig:
    """Two workbooks in a folder."""

    def __init__(self, folder: Path) -> None:
        self._roster, self._answers = folder / "roster.xlsx", folder / "answers.xlsx"
        self.sheet: Sheet = Workbook(self._roster, self._answers)

    def type(self, tab: str, rows: Sequence[Sequence[Cell]]) -> None:
        book = openpyxl.load_workbook(self._roster)
        for number, row in enumerate(rows, 2):
            for column, value in enumerate(row, 1):
                book[tab].cell(number, column).value = value
        book.save(self._roster)

    def published(self) -> Snapshot:
        return Workbook(self._answers, self._answers).read()


class GoogleRig:
    """A spreadsheet that is shared with Onward, in the stand-in for Google."""

    def __init__(self, service: GoogleStandIn, folder: Path) -> None:
        self.service, self.book, self._folder = service, service.add(Spreadsheet("contract")), folder
        self.sheet: Sheet = self._opened()

    def _opened(self) -> GoogleSheet:
        at = SpreadsheetAt(self.book.id)
        return GoogleSheet(at, at, self.service.key(self._folder), self.service.url, Lock, self.service.tick)

    def type(self, tab: str, rows: Sequence[Sequence[Cell]]) -> None:
        for number, row in enumerate(rows, 1):
            self.book.tab(tab).type(number, 0, *row)
        self.sheet = self._opened()  # the next run

    def published(self) -> Snapshot:
        with self.service.lock:
            return {tab.title: Grid(tuple(map(tuple, tab.table()))) for tab in self.book.tabs}


def workbook_rig(folder: Path) -> Iterator[Rig]:
    yield WorkbookRig(folder)


def google_rig(folder: Path) -> Iterator[Rig]:
    with GoogleStandIn() as service:
        yield GoogleRig(service, folder)


RIGS: dict[str, Callable[[Path], Iterator[Rig]]] = {"workbook": workbook_rig, "google": google_rig}


@pytest.fixture(params=RIGS.values(), ids=list(RIGS))
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    yield from request.param(tmp_path)


def record(*rows: tuple[Value, ...]) -> Content:
    return Content(CHECK_INS, rows, appended=True, new=frozenset(str(row[-1]) for row in rows))


def shown(rig: Rig, tab: str) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in rig.published()[tab].rows]


def test_what_is_published_is_there(rig: Rig) -> None:
    assert rig.sheet.publish([record(ANA, BO), Content(OVERVIEW, [("2026-W36", 2)])])
    assert shown(rig, "Check-ins") == [
        ["Name", "When", "Energy", "Ref"],
        ["Ana", "2026-09-01 09:05", "4", "a1"],
        ["Bo", "2026-09-01 09:05", "2", "b1"],
    ]
    assert shown(rig, "Overview")[1] == ["2026-W36", "2"]


def test_publishing_the_same_twice_writes_once(rig: Rig) -> None:
    assert rig.sheet.publish([record(ANA)])
    assert not rig.sheet.publish([record(ANA)])


def test_a_record_grows(rig: Rig) -> None:
    rig.sheet.publish([record(ANA)])
    assert rig.sheet.publish([Content(CHECK_INS, (ANA, BO), appended=True, new=frozenset(["b1"]))])
    assert [row[0] for row in shown(rig, "Check-ins")] == ["Name", "Ana", "Bo"]


def test_an_erased_row_is_gone_and_the_others_stay(rig: Rig) -> None:
    rig.sheet.publish([record(ANA, BO)])
    assert rig.sheet.erase(["a1"]).gone == {"a1"}
    rig.sheet.publish([Content(CHECK_INS, (BO,), appended=True, new=frozenset())])
    assert [row[0] for row in shown(rig, "Check-ins")] == ["Name", "Bo"]
    assert set(rig.published()) - {"Sheet1"} == {"Check-ins"}


def test_a_row_that_was_never_there_counts_as_erased_and_so_it_does_again(rig: Rig) -> None:
    rig.sheet.publish([record(BO)])
    for _ in range(2):
        assert rig.sheet.erase(["a1"]).gone == {"a1"}
    assert [row[0] for row in shown(rig, "Check-ins")] == ["Name", "Bo"]


def test_a_picture_is_replaced_whole(rig: Rig) -> None:
    rig.sheet.publish([Content(OVERVIEW, [("2026-W36", 2), ("2026-W37", 3)])])
    assert rig.sheet.publish([Content(OVERVIEW, [("2026-W38", 1)])])
    assert shown(rig, "Overview") == [["Week", "Sent"], ["2026-W38", "1"]]


@pytest.mark.parametrize(
    "text",
    ["=1+1", '=HYPERLINK("https://example.com","x")', "{=A1}", "+49 170", "@home", "007", "9:30", "TRUE", "'quoted",
     "https://example.com", "_x0041_", "<b>&amp;", "naïve 😀 日本", "two\nlines", " spaces around "],
)  # fmt: skip
def test_what_people_wrote_stays_text(rig: Rig, text: str) -> None:
    rig.sheet.publish([record((text, NINE, 1, "a1"))])
    assert rig.published()["Check-ins"].rows[1][0] == text


def test_a_reader_sees_the_old_or_the_new_never_half(rig: Rig) -> None:
    versions = [[record(*[("Ana", NINE, version, "a1")] * 50)] for version in range(15)]
    rig.sheet.publish(versions[0])
    writer = threading.Thread(target=lambda: [rig.sheet.publish(version) for version in versions])
    writer.start()
    while writer.is_alive():
        rows = shown(rig, "Check-ins")[1:]
        assert len(rows) == 50
        assert len({row[2] for row in rows}) == 1
    writer.join()


def test_publishing_is_allowed_while_holding_the_turn(rig: Rig) -> None:
    with rig.sheet.publishing():
        assert rig.sheet.publish([record(ANA)])


def test_a_new_sheet_reads_as_the_defaults_with_nobody_in_it(rig: Rig) -> None:
    assert rig.sheet.prepare(PEOPLE_TABS).changed
    snapshot = rig.sheet.read()
    policy, problems = read_policy(snapshot["Settings"])
    roster, (_, wrong) = read_roster(snapshot["Roster"], policy), read_questions(snapshot["Questions"])
    assert (policy, problems, roster.people, roster.problems, wrong) == (DEFAULT_POLICY, [], (), (), [])


def test_what_people_type_is_read(rig: Rig) -> None:
    rig.sheet.prepare(PEOPLE_TABS)
    rig.type("Roster", [("Ana Lima", "ana@example.com", "bo@example.com", date(2026, 9, 1))])
    roster = read_roster(rig.sheet.read()["Roster"], DEFAULT_POLICY)
    assert [(person.name, person.row, str(person.start)) for person in roster.people] == [("Ana Lima", 2, "2026-09-01")]


def test_preparing_again_changes_nothing(rig: Rig) -> None:
    rig.sheet.prepare(PEOPLE_TABS)
    rig.type("Roster", [("Ana Lima", "ana@example.com")])
    rig.type("Settings", [("Sending", "On")])
    before = rig.sheet.read()
    assert not rig.sheet.prepare(PEOPLE_TABS).changed
    assert rig.sheet.read() == before


def test_publishing_leaves_peoples_tabs_as_they_are(rig: Rig) -> None:
    rig.sheet.prepare(PEOPLE_TABS)
    before = dict(rig.sheet.read())
    rig.sheet.publish([record(ANA)])
    assert {name: grid for name, grid in rig.sheet.read().items() if name in before} == before


def test_reading_where_no_sheet_is_says_how_to_make_one(rig: Rig) -> None:
    with pytest.raises(OnwardError, match="onward init"):
        rig.sheet.read()
