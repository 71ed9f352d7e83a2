"""The roster: every doubt is reported, every healthy row is read."""

from __future__ import annotations

import time as stopwatch
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.rules.company import read_company
from flows.rules.dates import Leave
from flows.rules.grid import Cell, Grid
from flows.rules.occasions import Timetable
from flows.rules.policy import DEFAULT_POLICY, SETTINGS_TAB
from flows.rules.problems import Problem
from flows.rules.questions_tab import QUESTIONS
from flows.rules.roster import ACTIVE, LEFT, PAUSED, ROSTER, Person, Roster, read_roster

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
Cells = dict[str, Cell]


def row(name: str = "Ana", **others: Cell) -> Cells:
    """A healthy row of that name; other cells by their header in lower case, blanks as underscores."""
    headers = {header.lower().replace(" ", "_").replace(":", "_"): header for header in ROSTER.headers}
    cells: Cells = {"Name": name, "Email": f"{name.lower()}@example.com"}
    return cells | {headers[key]: cell for key, cell in others.items()}


def roster(*rows: Cells, merged: frozenset[int] = frozenset()) -> Roster:
    cells = [tuple(cells.get(header) for header in ROSTER.headers) for cells in rows]
    return read_roster(Grid((ROSTER.headers, *cells), merged), DEFAULT_POLICY)


def only(*rows: Cells) -> Person:
    """The one person of these rows, in which nothing is wrong."""
    found = roster(*rows)
    assert not found.problems
    return found.people[0]


def emails(found: Roster) -> list[str]:
    return [person.email for person in found.people]


# -- healthy rows ----------------------------------------------------------------------------------


def test_a_row_with_a_name_and_an_address_is_enough() -> None:
    ana = only(row())
    assert (ana.name, ana.email, ana.manager_email, ana.status) == ("Ana", "ana@example.com", "", ACTIVE)
    assert (ana.start, ana.first_1_1, ana.calendar) == (None, None, DEFAULT_POLICY.calendar)


def test_a_full_row_is_read_to_its_last_cell() -> None:
    ana = only(
        row(manager_email="mia@example.com", start_date=date(2026, 9, 1), first_1_1=datetime(2026, 9, 3, 14))  # noqa: DTZ001
        | row(growth_skill="Public speaking", time_zone="Asia/Kolkata", country="IN", status="paused")
    )
    assert (ana.manager_email, ana.start, ana.growth_skill) == ("mia@example.com", date(2026, 9, 1), "Public speaking")
    assert (ana.first_1_1, ana.first_1_1_time) == (date(2026, 9, 3), time(14))
    assert (ana.calendar.zone, ana.calendar.country, ana.status) == ("Asia/Kolkata", "IN", PAUSED)


STARTS: dict[str, Cell] = {
    "a date": date(2026, 9, 1),
    "a moment": datetime(2026, 9, 1, 9),  # noqa: DTZ001
    "text": "1.9.2026",
    "a number": 46266,
    "a number with a fraction": 46266.375,
}


@pytest.mark.parametrize("cell", STARTS.values(), ids=STARTS)
def test_a_start_date_may_be_a_date_a_text_or_a_number(cell: Cell) -> None:
    assert only(row(start_date=cell)).start == date(2026, 9, 1)


ADDRESSES = {
    "plain": "ana@example.com",
    "capitals": "Ana@Example.COM",
    "with a name": "Ana Silva <ana@example.com>",
    "with a name in quotes": '"Silva, Ana" <Ana@example.com>',
    "brackets alone": "<ana@example.com>",
    "copied from a browser": "mailto:ana@example.com",
    "blanks of all kinds": "\u00a0ana@example.com\u200b ",
}


@pytest.mark.parametrize("cell", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_is_understood_as_pasting_brings_it(cell: str) -> None:
    assert only(row() | {"Email": cell}).email == "ana@example.com"
    assert only(row("Bo", manager_email=cell)).manager_email == "ana@example.com"


LEAVES = [
    pytest.param(date(2026, 9, 1), date(2026, 9, 14), (Leave(date(2026, 9, 1), date(2026, 9, 14)),), id="both ends"),
    pytest.param(date(2026, 9, 1), None, (Leave(date(2026, 9, 1), None),), id="no end yet"),
    pytest.param(None, "14.9.2026", (Leave(None, date(2026, 9, 14)),), id="only the last day"),
    pytest.param("2026-09-01", "2026-09-01", (Leave(date(2026, 9, 1), date(2026, 9, 1)),), id="one day"),
    pytest.param(None, " ", (), id="none"),
]


@pytest.mark.parametrize(("since", "until", "leave"), LEAVES)
def test_a_leave_may_have_open_ends(since: Cell, until: Cell, leave: tuple[Leave, ...]) -> None:
    assert only(row(away_from=since, away_until=until)).calendar.leave == leave


@pytest.mark.parametrize(("cell", "status"), [("", ACTIVE), ("active", ACTIVE), ("PAUSED ", PAUSED), ("left.", LEFT)])
def test_a_status_is_understood_in_any_case(cell: str, status: str) -> None:
    assert only(row(status=cell)).status == status


ZONES = [("europe/berlin", "Europe/Berlin"), ("America/New York", "America/New_York"), ("utc", "UTC")]


@pytest.mark.parametrize(("cell", "zone"), ZONES)
def test_a_zone_is_understood_in_any_spelling(cell: str, zone: str) -> None:
    assert only(row(time_zone=cell)).calendar.zone == zone


@pytest.mark.parametrize(
    ("cell", "country"), [("de", "DE"), ("de-by", "DE-BY"), ("DE_BY", "DE-BY"), ("UK", "GB"), ("uk-sct", "GB-SCT")]
)
def test_a_country_is_understood_in_any_spelling(cell: str, country: str) -> None:
    ours = only(row(country=cell)).calendar
    theirs = replace(ours, country=country)
    year = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(365)]
    assert [ours.is_working(day) for day in year] == [theirs.is_working(day) for day in year]


# -- rows that are wrong ---------------------------------------------------------------------------

START: Cells = {"Start date": date(2026, 9, 1)}
BAD_ROWS: dict[str, tuple[Cells, str, str]] = {
    "no address": (row() | {"Email": ""}, "Email", "this cell is empty"),
    "no name": (row() | {"Name": " "}, "Name", "this cell is empty"),
    "no address at all": (row() | {"Email": "ask Jo"}, "Email", "not a mail address"),
    "two addresses": (row() | {"Email": "a@example.com, b@example.com"}, "Email", "not a mail address"),
    "an address without a dot": (row() | {"Email": "ana@localhost"}, "Email", "not a mail address"),
    "the manager's name": (row(manager_email="Mia Patel"), "Manager email", "not a mail address"),
    "a doubtful start": (row(start_date="01/09/2026"), "Start date", "day first or month first"),
    "a start in words": (row(start_date="soon"), "Start date", "not a date"),
    "a start that is yes or no": (row(start_date=True), "Start date", "not a date"),
    "an impossible start": (row(start_date="31.02.2026"), "Start date", "no such day"),
    "a 1:1 in words": (row(first_1_1="Tuesday at 3"), "First 1:1", "not a date"),
    "a 1:1 at an impossible hour": (row(first_1_1="2026-09-01 25:00"), "First 1:1", "no such time"),
    "a 1:1 before the start": (START | row(first_1_1=date(2026, 8, 31)), "First 1:1", "before the start date"),
    "an unknown zone": (row(time_zone="Berlin"), "Time zone", "Europe/Berlin"),
    "an unknown country": (row(country="Germany"), "Country", "DE-BY"),
    "an unknown part of a country": (row(country="DE-XX"), "Country", "DE-BY"),
    "a country that is a word of the holiday library": (row(country="Public"), "Country", "DE-BY"),
    "a country that is a weekday": (row(country="Sun"), "Country", "DE-BY"),
    "an unknown language": (row(language="Klingon"), "Language", "such as en or de"),
    "a leave that ends before it begins": (
        row(away_from=date(2026, 9, 2), away_until=date(2026, 9, 1)),
        "Away until",
        "ends before it begins",
    ),
    "a leave in words": (row(away_from="August"), "Away from", "not a date"),
    "an unknown status": (row(status="On leave"), "Status", "write Active, Paused or Left"),
    "their own manager": (row(manager_email="ANA@example.com"), "Manager email", "own manager"),
    "a formula that fails": (row(start_date="#N/A"), "Start date", "formula in this cell fails"),
    "a name that fails": (row() | {"Name": "#REF!"}, "Name", "formula in this cell fails"),
    "a skill that fails": (row(growth_skill="#VALUE!"), "Growth skill", "formula in this cell fails"),
    "a status that fails": (row(status="#NAME?"), "Status", "formula in this cell fails"),
}


@pytest.mark.parametrize(("bad", "column", "advice"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_reported_by_its_cell_and_the_others_are_read(bad: Cells, column: str, advice: str) -> None:
    found = roster(row("Bo"), bad, row("Cy"))
    assert emails(found) == ["bo@example.com", "cy@example.com"]
    assert [(problem.tab, problem.row, problem.column) for problem in found.problems] == [("Roster", 3, column)]
    assert advice in found.problems[0].advice


def test_every_wrong_cell_of_a_row_is_reported_at_once() -> None:
    found = roster(row(start_date="soon", time_zone="Mars", status="Gone"))
    assert [problem.column for problem in found.problems] == ["Start date", "Time zone", "Status"]
    assert [problem.value for problem in found.problems] == ["soon", "Mars", "Gone"]


def test_a_problem_names_the_column_as_people_wrote_it() -> None:
    grid = Grid((("NAME", "e-mail", "start_date"), ("Ana", "ana@example.com", "soon")))
    assert read_roster(grid, DEFAULT_POLICY).problems == (
        Problem("Roster", 2, "start_date", "soon", "this is not a date; type it as 2026-09-01, or as 1 Sep 2026"),
    )


def test_of_two_rows_with_one_address_the_first_counts_and_the_second_is_reported() -> None:
    found = roster(row(growth_skill="Listening"), row("Bo"), row() | {"Email": "ANA@example.com"})
    assert [(person.row, person.growth_skill) for person in found.people] == [(2, "Listening"), (3, "")]
    assert [(problem.row, problem.column) for problem in found.problems] == [(4, "Email")]
    assert "row 2 has the same address" in found.problems[0].advice


def test_the_address_of_a_row_that_cannot_be_used_is_remembered() -> None:
    assert roster(row(time_zone="Mars")).set_aside == {"ana@example.com": 2}


@pytest.mark.parametrize("cell", ADDRESSES.values(), ids=ADDRESSES)
def test_it_is_remembered_however_the_address_was_pasted(cell: str) -> None:
    assert roster(row(time_zone="Mars") | {"Email": cell}).set_aside == {"ana@example.com": 2}


CIRCLES = {
    "two": ([("Ana", "bo"), ("Bo", "ana"), ("Cy", "")], {"ana", "bo"}),
    "three": ([("Ana", "bo"), ("Bo", "cy"), ("Cy", "ana")], {"ana", "bo", "cy"}),
    "two, and somebody below": ([("Ana", "bo"), ("Bo", "ana"), ("Cy", "bo")], {"ana", "bo"}),
    "none in a straight line": ([("Ana", "bo"), ("Bo", "cy"), ("Cy", "")], set[str]()),
    "none with a manager who has no row": ([("Ana", "bo"), ("Bo", "zoe")], set[str]()),
}


@pytest.mark.parametrize(("rows", "circle"), CIRCLES.values(), ids=CIRCLES)
def test_managers_in_a_circle_are_set_aside_and_nobody_else(rows: list[tuple[str, str]], circle: set[str]) -> None:
    found = roster(*(row(name, manager_email=f"{boss}@example.com" if boss else "") for name, boss in rows))
    assert {email.partition("@")[0] for email in found.set_aside} == circle
    assert len(found.people) == len(rows) - len(circle)
    assert all(problem.column == "Manager email" and "circle" in problem.advice for problem in found.problems)
    assert len(found.problems) == len(circle)


def test_notes_in_merged_cells_and_repeated_headers_are_no_people() -> None:
    headers: Cells = {header: header.upper() for header in ROSTER.headers}
    found = roster({"Name": "Team Lisbon"}, row(), {}, headers, row("Bo"), merged=frozenset({2}))
    assert emails(found) == ["ana@example.com", "bo@example.com"]
    assert not found.problems


def test_a_person_with_merged_cells_is_still_a_person() -> None:
    assert emails(roster(row(), merged=frozenset({2}))) == ["ana@example.com"]


def test_a_note_without_merged_cells_is_reported_like_a_person_without_address() -> None:
    assert [problem.column for problem in roster({"Name": "Team Lisbon"}, row()).problems] == ["Email"]


def test_two_columns_that_contradict_each_other_set_the_row_aside() -> None:
    grid = Grid((("Name", "Email", "Status", "Status"), ("Ana", "ana@example.com", "Active", "Left")))
    found = read_roster(grid, DEFAULT_POLICY)
    assert not found.people
    assert [(problem.row, problem.value) for problem in found.problems] == [(1, ""), (2, "Active / Left")]


# -- the whole company -----------------------------------------------------------------------------


def test_a_manager_who_left_is_reported_at_each_active_report() -> None:
    rows = [row(manager_email="mia@example.com"), row("Bo", manager_email="mia@example.com", status="Left")]
    cells = [tuple(r.get(h) for h in ROSTER.headers) for r in (*rows, row("Mia", status="Left"))]
    others = {"Settings": Grid((SETTINGS_TAB.headers,)), "Questions": Grid((QUESTIONS.headers,))}
    company = read_company({"Roster": Grid((ROSTER.headers, *cells)), **others})
    assert [(problem.row, problem.column) for problem in company.problems] == [(2, "Manager email")]


FAR_OFF: dict[str, Cells] = {
    "a leave until the end of time": row(start_date=date(2026, 9, 1), away_from="2026-09-01", away_until="9999-12-31"),
    "a start at the end of time": row(start_date="9999-12-31"),
    "a start in the last month of time": row(start_date="9999-12-01"),
    "a first 1:1 at the end of time": row(first_1_1="9999-12-31"),
    "a first 1:1 at the beginning of time": row(first_1_1="0001-01-01"),
    "a start in the year 26": row(start_date="0026-09-01", time_zone="Asia/Tokyo"),
}


@pytest.mark.parametrize("far", FAR_OFF.values(), ids=FAR_OFF)
def test_one_date_far_off_never_stops_the_others_mail(far: Cells) -> None:
    people = [far | {"Manager email": "mia@example.com"}, row("Bo", manager_email="mia@example.com")]
    cells = [tuple(cells.get(header) for header in ROSTER.headers) for cells in people]
    timetable = Timetable(read_company({"Roster": Grid((ROSTER.headers, *cells))}))
    assert "bo@example.com" in {occasion.person.email for occasion in timetable.between(NOON, NOON)}


def test_a_thousand_rows_are_read_in_a_moment() -> None:
    rows = [row(f"p{n}", manager_email=f"p{n // 8}@example.com", start_date=46000 + n % 200) for n in range(1, 1000)]
    zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata"]
    for n, cells in enumerate(rows):
        cells |= {"Time zone": zones[n % 3], "Country": "DE-BY", "First 1:1": "2027-01-05 14:30"}
    began = stopwatch.process_time()
    found = roster(row("p0"), *rows)
    assert (len(found.people), found.problems) == (1000, ())
    assert stopwatch.process_time() - began < 3


ANY_CELL: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.integers(-100_000, 100_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.sampled_from(["Ana", "ana@example.com", "bo@example.com", "Left", "DE", "UTC", "2026-09-01", "#N/A"]),
)


@given(st.lists(st.lists(ANY_CELL, min_size=12, max_size=12).map(tuple), max_size=5))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_the_roster_every_row_is_used_or_reported(rows: list[tuple[Cell, ...]]) -> None:
    healthy = tuple(row("Zoe").get(header) for header in ROSTER.headers)
    found = read_roster(Grid((ROSTER.headers, *rows, healthy)), DEFAULT_POLICY)
    assert "zoe@example.com" in emails(found)
    assert len(set(emails(found))) == len(found.people)
    assert {person.row for person in found.people}.isdisjoint(problem.row for problem in found.problems)
