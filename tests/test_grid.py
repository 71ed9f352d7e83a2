"""Finding the columns of a tab, however people arranged it."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.rules.grid import HEADER_ROWS, Cell, Grid, Table, column_letter, read_table, squash, text_of
from flows.rules.roster import ROSTER
from flows.rules.tabs import Column, Tab

PETS = Tab("Pets", (Column("Name", required=True), Column("Kind of pet", required=True), Column("Born on")), "pets")


def pets(*rows: tuple[Cell, ...], merged: frozenset[int] = frozenset()) -> Table:
    return read_table(PETS, Grid(rows, merged))


def names(table: Table) -> list[str]:
    return [row.text("Name") for row in table.rows]


HEADERS: dict[str, tuple[Cell, ...]] = {
    "as written": ("Name", "Kind of pet", "Born on"),
    "another order": ("Born on", "Kind of pet", "Name"),
    "shouted": ("NAME", "KIND OF PET", "BORN ON"),
    "other blanks": (" Name ", "Kind  of\npet", "Born\u00a0on"),
    "punctuation": ("Name:", "Kind-of-pet?", "Born_on*"),
    "strangers between": ("Photo", "Name", "", "Kind of pet", None, "Owner", "Born on"),
    "invisible characters": ("\ufeffName", "Kind of\u200b pet", "Born on"),
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_columns_are_found_however_their_headers_are_written(headers: tuple[Cell, ...]) -> None:
    cells = {"name": "Rex", "kindofpet": "Dog", "bornon": "2020"}
    table = pets(headers, tuple(cells.get(squash(text_of(header)), "?") for header in headers))
    assert not table.problems
    assert [dict(row.cells) for row in table.rows] == [{"Name": "Rex", "Kind of pet": "Dog", "Born on": "2020"}]


@given(st.permutations(ROSTER.headers), st.data())
@settings(max_examples=50, deadline=None)
def test_every_order_and_case_of_the_roster_is_understood(headers: list[str], data: st.DataObject) -> None:
    styles = [data.draw(st.sampled_from([str.upper, str.lower, str.title])) for _ in headers]
    written = tuple(style(header) for style, header in zip(styles, headers, strict=True))
    table = read_table(ROSTER, Grid((written, tuple(f"value of {header}" for header in headers))))
    assert not table.problems
    assert all(table.rows[0].text(header) == f"value of {header}" for header in headers)


ABOVE: dict[str, tuple[tuple[Cell, ...], ...]] = {
    "a title": (("Our pets",),),
    "a title and a blank row": (("Our pets",), ()),
    "a note that names one header": (("Write the Name of each pet",), ("Name", "is the first column")),
    "a page of notes": tuple((f"note {n}",) for n in range(HEADER_ROWS - 1)),
}


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
def test_a_title_and_notes_may_stand_above_the_headers(above: tuple[tuple[Cell, ...], ...]) -> None:
    table = pets(*above, ("Name", "Kind of pet"), ("Rex", "Dog"))
    assert names(table) == ["Rex"]
    assert table.rows[0].number == len(above) + 2


def test_rows_are_numbered_as_the_sheet_shows_them() -> None:
    table = pets(("Name", "Kind of pet"), ("Rex", "Dog"), (), ("", " "), ("Tom", "Cat"))
    assert [(row.number, row.text("Name")) for row in table.rows] == [(2, "Rex"), (5, "Tom")]


def test_a_row_that_only_holds_something_elsewhere_counts_as_blank() -> None:
    assert names(pets(("Name", "Kind of pet", "Todo"), (None, None, "ask Jo"), ("Rex", "Dog", None))) == ["Rex"]


def test_a_row_shorter_than_the_headers_is_empty_at_its_end() -> None:
    assert pets(("Name", "Kind of pet", "Born on"), ("Rex",)).rows[0].text("Born on") == ""


def test_rows_in_which_cells_are_merged_are_known() -> None:
    table = pets(("Name", "Kind of pet"), ("The dogs",), ("Rex", "Dog"), merged=frozenset({2}))
    assert [row.merged for row in table.rows] == [True, False]


WRONG_HEADERS = [
    pytest.param(
        ("Name", "Kind of pets", "Born on"), "Kind of pets", "did you mean “Kind of pet”?", id="one letter too many"
    ),
    pytest.param(("Name", "Kindof pet"), None, "", id="a blank too few is no mistake"),
    pytest.param(("Nmae", "Kind of pet", "Born on", "x"), "Name", "missing; add it", id="too short to guess"),
    pytest.param(("Name", "Born on"), "Kind of pet", "missing; add it", id="missing"),
    pytest.param(("Name", "Kind of pet", "Born one"), "Born one", "did you mean “Born on”?", id="optional, mistyped"),
    pytest.param(("Name", "Kind of pet"), None, "", id="optional, left out"),
    pytest.param(("Name", "Kind of pet", "Name"), "Name", "columns A and C", id="doubled"),
    pytest.param(("Name", "Kind of pet", "NAME:"), "Name", "columns A and C", id="doubled, written otherwise"),
    pytest.param(("Name", "Kind of pet", "Owner"), None, "", id="a stranger is left alone"),
]


@pytest.mark.parametrize(("headers", "column", "advice"), WRONG_HEADERS)
def test_wrong_headers_are_reported_with_what_to_do(headers: tuple[Cell, ...], column: str | None, advice: str) -> None:
    problems = pets(("Our pets",), headers, ("Rex", "Dog")).problems
    assert [problem.column for problem in problems] == ([column] if column else [])
    assert all(advice in problem.advice and problem.row == 2 for problem in problems)


RENAMED = [
    ("Start", "Start date"),
    ("Manager", "Manager email"),
    ("State", "Status"),
    ("E-mail address", "Email"),
    ("Stauts", "Status"),
    ("Start dat", "Start date"),
    ("Away untill", "Away until"),
    ("Timezones", "Time zone"),
]


@pytest.mark.parametrize(("written", "meant"), RENAMED)
def test_a_renamed_roster_column_is_never_ignored_in_silence(written: str, meant: str) -> None:
    headers = tuple(written if header == meant else header for header in ROSTER.headers)
    problems = read_table(ROSTER, Grid((headers, ("Ana", "ana@example.com")))).problems
    assert any(f"“{meant}”" in problem.advice or problem.column == meant for problem in problems)


def test_without_a_required_column_no_row_is_used() -> None:
    table = pets(("Name", "Born on"), ("Rex", "2020"))
    assert not table.rows
    assert not table.usable


def test_doubled_columns_that_agree_or_fill_each_other_are_read_as_one() -> None:
    table = pets(("Name", "Kind of pet", "Name"), ("Rex", "Dog", "Rex"), ("", "Cat", "Tom"), ("Ada", "Cow", " Ada "))
    assert names(table) == ["Rex", "Tom", "Ada"]
    assert not any(row.clashes for row in table.rows)


def test_doubled_columns_that_contradict_each_other_say_so() -> None:
    table = pets(("Name", "Kind of pet", "Name"), ("Rex", "Dog", "Tom"))
    assert table.rows[0].clashes == {"Name": "Rex / Tom"}


def test_a_tab_without_headers_says_which_it_needs() -> None:
    table = pets(("Rex", "Dog"), ("Tom", "Cat"))
    assert not table.usable
    assert [problem.advice for problem in table.problems] == [
        "no header row was found; one row must hold the headers Name, Kind of pet"
    ]


@pytest.mark.parametrize("rows", [(), ((),), (("",), (None,))], ids=["no rows", "an empty row", "blanks"])
def test_an_empty_tab_is_a_problem_and_no_crash(rows: tuple[tuple[Cell, ...], ...]) -> None:
    assert "no header row" in pets(*rows).problems[0].advice


TEXTS = [
    pytest.param(None, "", id="empty"),
    pytest.param(3.0, "3", id="a whole number"),
    pytest.param(3.5, "3.5", id="a number"),
    pytest.param(" a\u00a0 b\n", "a b", id="blanks of all kinds"),
    pytest.param("so\u00adft\u200b", "soft", id="invisible characters"),
    pytest.param("e\u0301", "é", id="a letter in two parts"),
    pytest.param(datetime(2026, 9, 1, 9, 30), "2026-09-01 09:30", id="a moment"),  # noqa: DTZ001
]


@pytest.mark.parametrize(("cell", "text"), TEXTS)
def test_the_text_of_a_cell_is_what_a_person_sees(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_sheets_letter_them(index: int, letter: str) -> None:
    assert column_letter(index) == letter


CELLS = st.one_of(st.none(), st.text(max_size=8), st.floats(), st.sampled_from(["Name", "kind of pet", "Name", "x"]))


@given(st.lists(st.lists(CELLS, max_size=5).map(tuple), max_size=6))
@settings(max_examples=150, deadline=None)
def test_no_grid_at_all_makes_reading_crash(rows: list[tuple[Cell, ...]]) -> None:
    table = pets(*rows)
    assert table.usable or table.problems
    assert all(not row.blank for row in table.rows)
