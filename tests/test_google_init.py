"""`onward init` in Google: the same tabs as in the workbook, made once, repaired, and nothing of people's touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.filing import refresh_sheet
from flows.rules.layout import PEOPLE_TABS, PICTURE_TABS, RECORD_TABS
from flows.rules.policy import SETTINGS_TAB
from flows.rules.roster import ROSTER
from tests.google_rig import Rig, fill, google, office, record, row
from tests.sample import TUESDAY
from tests.standins.google_cells import Tab

ALL = [*(tab.name for tab in PEOPLE_TABS), *(tab.name for tab in (*RECORD_TABS, *PICTURE_TABS))]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with google(tmp_path) as rig:
        yield rig


@pytest.fixture
def made(rig: Rig) -> Rig:
    """A spreadsheet that was set up."""
    assert rig.sheet.prepare(PEOPLE_TABS).changed
    return rig


def cell(tab: Tab, text: str, below: int = 0, right: int = 0) -> dict[str, Any]:
    """The cell of this text, or one beside it."""
    at_row, at_column = tab.find(text)
    return tab.rows.get(at_row + below, {}).get(at_column + right, {})


def test_an_empty_spreadsheet_gets_all_tabs_and_keeps_no_empty_one(made: Rig) -> None:
    assert made.book.titles == ALL
    assert made.calls() == (2, 1)


def test_the_tabs_hold_what_the_workbook_starts_with(made: Rig) -> None:
    for tab in PEOPLE_TABS:
        headers, *rows = made.book.tab(tab.name).table()
        assert headers[: len(tab.headers)] == list(tab.headers)
        assert [row[0] for row in rows] == [row[0] for row in tab.rows]


def test_headers_are_frozen_and_explained(made: Rig) -> None:
    for title in ALL:
        assert made.book.tab(title).properties["gridProperties"]["frozenRowCount"] == 1
        assert made.book.tab(title).bands
    assert "identifies the person" in cell(made.book.tab("Roster"), "Email")["note"]


def test_choices_are_offered_and_others_are_only_warned_of(made: Rig) -> None:
    rule = cell(made.book.tab("Roster"), "Status", below=500)["dataValidation"]
    assert [value["userEnteredValue"] for value in rule["condition"]["values"]] == ["Active", "Paused", "Left"]
    assert not rule["strict"]
    sending = cell(made.book.tab("Settings"), "Sending", right=1)["dataValidation"]
    assert {"userEnteredValue": "Preview"} in sending["condition"]["values"]


def test_dates_have_the_format_of_dates_before_anybody_types_one(made: Rig) -> None:
    below = cell(made.book.tab("Roster"), "Start date", below=300)
    assert below["userEnteredFormat"]["numberFormat"] == {"type": "DATE", "pattern": "yyyy-mm-dd"}
    assert below["dataValidation"]["condition"]["type"] == "DATE_IS_VALID"


def test_who_types_into_onwards_tabs_is_warned_and_not_hindered(made: Rig) -> None:
    for tab in (*RECORD_TABS, *PICTURE_TABS):
        (guard,) = made.book.tab(tab.name).protected
        assert guard["warningOnly"]
        assert ("startColumnIndex" in guard["range"]) == (tab in RECORD_TABS)


def test_overview_has_its_charts(made: Rig) -> None:
    titles = [chart["spec"]["title"] for chart in made.book.tab("Overview").charts]
    assert titles == ["Check-ins sent and answered", "Answered, %"]


def test_each_row_of_the_roster_says_its_own_state_by_one_formula(made: Rig) -> None:
    formula = cell(made.book.tab("Roster"), "Onward says")["userEnteredValue"]["formulaValue"]
    assert formula == (
        '=ARRAYFORMULA(IF(ROW(B1:B)=ROW(B1),"Onward says",'
        'IF(B1:B="","",IFERROR(VLOOKUP(TRIM(B1:B),\'Status\'!$B:$C,2,FALSE),""))))'
    )


def test_the_column_of_formulas_is_not_added_twice_even_if_it_fails(made: Rig) -> None:
    at_row, at_column = made.book.tab("Roster").find("Onward says")
    made.book.tab("Roster").rows[at_row][at_column]["userEnteredValue"] = {"stringValue": "#REF!"}
    assert not made.opened().prepare(PEOPLE_TABS).changed


def test_setting_up_again_changes_nothing_and_writes_nothing(made: Rig, tmp_path: Path) -> None:
    fill(made)
    with office(made, tmp_path) as opened:
        refresh_sheet(opened, TUESDAY)
    before = [tab.table() for tab in made.book.tabs]
    made.calls()
    prepared = made.opened().prepare(PEOPLE_TABS)
    assert (prepared.changed, made.calls()) == (False, (2, 0))
    assert "has all that Onward needs" in prepared.said[0]
    assert [tab.table() for tab in made.book.tabs] == before


def test_a_lost_answer_to_setting_up_is_looked_after(rig: Rig) -> None:
    rig.service.faults = lambda request: ""
    lost = ["closed after applying"]
    rig.service.faults = lambda request: lost.pop() if lost and ":batchUpdate" in request.path else ""
    rig.sheet.prepare(PEOPLE_TABS)
    assert rig.book.titles == ALL


def test_what_is_missing_is_added_and_what_people_wrote_stays(made: Rig) -> None:
    fill(made)
    roster, settings = made.book.tab("Roster"), made.book.tab("Settings")
    roster.delete_column(roster.find("Language")[1])
    roster.insert_rows(0)
    roster.type(0, 0, "Our people")
    settings.delete_rows(settings.find("Reminders")[0])
    made.book.tabs.remove(made.book.tab("Upcoming"))
    made.book.tab("Status").protected.clear()
    made.book.tab("Overview").charts.clear()
    before = roster.table()
    prepared = made.opened().prepare(PEOPLE_TABS)
    after = made.book.tab("Roster").table()
    assert [cells[: len(old)] for cells, old in zip(after, before, strict=True)] == before
    assert after[1][-1] == "Language"
    assert made.book.tab("Settings").table()[-1][0] == "Reminders"
    assert made.book.tab("Upcoming").table()
    assert made.book.tab("Status").protected
    assert len(made.book.tab("Overview").charts) == 2
    assert "The tab Roster lacks the column Language." in prepared.said
    assert any("nothing that people wrote was changed" in said for said in prepared.said)
    assert not made.opened().prepare(PEOPLE_TABS).changed


def test_a_tab_without_headers_is_left_alone_and_said(rig: Rig) -> None:
    rig.book.tabs[0].title = "Roster"
    rig.book.tabs[0].type(0, 0, "Ana", "ana@example.com")
    prepared = rig.sheet.prepare(PEOPLE_TABS)
    assert rig.book.tab("Roster").table() == [["Ana", "ana@example.com"]]
    assert any("no row with the headers" in said for said in prepared.said)


def test_a_tab_that_somebody_emptied_is_filled_again(made: Rig) -> None:
    made.book.tab("Settings").rows.clear()
    assert made.opened().prepare(PEOPLE_TABS).changed
    assert made.book.tab("Settings").table()[1][0] == "Sending"
    assert len(made.book.tab("Settings").bands) == 1


def test_tabs_of_other_people_stay(rig: Rig) -> None:
    rig.book.tabs[0].title = "Holidays"
    rig.book.tabs[0].type(0, 0, "2026")
    rig.sheet.prepare(PEOPLE_TABS)
    assert rig.book.titles == ["Holidays", *ALL]
    assert rig.book.tab("Holidays").table() == [["2026"]]


def test_somebody_who_inserts_a_column_at_the_last_moment_loses_no_header(made: Rig) -> None:
    roster = made.book.tab("Roster")
    roster.delete_column(roster.find("Language")[1])

    def before(request: object) -> None:
        if ":batchUpdate" in getattr(request, "path", ""):
            made.service.before = lambda request: None
            made.book.tab("Roster").insert_columns(0)
            made.book.tab("Roster").type(0, 0, "Team")

    made.service.before = before
    made.opened().prepare(PEOPLE_TABS)
    headers = made.book.tab("Roster").table()[0]
    assert set(headers) == {"Team", *ROSTER.headers, "Onward says"}


def test_answers_of_their_own_get_onwards_tabs_and_the_roster_no_formulas(tmp_path: Path) -> None:
    with google(tmp_path, apart=True) as rig:
        assert rig.answers
        rig.sheet.prepare(PEOPLE_TABS)
        assert rig.book.titles == [tab.name for tab in PEOPLE_TABS]
        assert set(rig.answers.titles) == {"Sheet1", *(tab.name for tab in (*RECORD_TABS, *PICTURE_TABS))}
        assert rig.book.tab("Roster").table()[0] == list(ROSTER.headers)
        assert not rig.opened().prepare(PEOPLE_TABS).changed


def test_the_first_run_after_setting_up_fills_the_pictures(made: Rig, tmp_path: Path) -> None:
    fill(made)
    for _ in range(2):
        with office(made, tmp_path) as opened:
            refresh_sheet(opened, TUESDAY)
        assert made.book.tab("Status").column("Name")[:4] == ["Mira Patel", "Ana Silva", "Ben Ode", "Cleo Brandt"]
        made.book.tabs.remove(made.book.tab("Status"))
        made.opened().prepare(PEOPLE_TABS)


def test_settings_that_were_added_are_read(made: Rig) -> None:
    settings = made.book.tab("Settings")
    assert [str(name) for name in settings.column("Setting") if name] == [str(row[0]) for row in SETTINGS_TAB.rows]


def test_rows_of_the_record_come_after_stray_notes_and_in_their_columns(made: Rig) -> None:
    made.book.tab("Check-ins").type(12, 30, "remember this")
    made.again([record(row("a1"))])
    assert made.refs() == ["a1"]
