"""Values on their way into Google's cells and back."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules.dates import read_moment
from flows.rules.grid import Cell
from flows.rules.values import read_time
from flows.sheet.google_values import LONGEST, cell_data, serial_of

DAYS = st.dates(date(1955, 1, 1), date(2118, 12, 31))
MINUTES = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(DAYS)
def test_a_date_comes_back_as_it_went(day: date) -> None:
    assert read_moment(serial_of(day)) == (day, None)


@given(DAYS, MINUTES.filter(lambda t: t != time(0)))
def test_a_moment_comes_back_as_it_went(day: date, clock: time) -> None:
    assert read_moment(serial_of(datetime.combine(day, clock))) == (day, clock)


@given(MINUTES)
def test_a_time_of_day_comes_back_as_it_went(clock: time) -> None:
    assert read_time(serial_of(clock)) == clock


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (date(1899, 12, 31), 1),
        (date(1900, 3, 1), 61),
        (date(2026, 9, 1), 46266),
        (datetime.fromisoformat("2026-09-01 12:00"), 46266.5),
        (time(6), 0.25),
    ],
)
def test_days_are_counted_from_the_end_of_1899(value: date | time, number: float) -> None:
    assert serial_of(value) == number


@given(st.text())
def test_text_is_never_a_formula(text: str) -> None:
    assert set(cell_data(text).get("userEnteredValue", {"stringValue": ""})) == {"stringValue"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (True, {"boolValue": True}),
        (4, {"numberValue": 4}),
        (0.5, {"numberValue": 0.5}),
        (date(202, 1, 1), {"stringValue": "0202-01-01"}),
    ],
)
def test_each_kind_of_value_has_its_own_field(cell: Cell, value: dict[str, object]) -> None:
    assert cell_data(cell)["userEnteredValue"] == value


@pytest.mark.parametrize("cell", [None, ""])
def test_nothing_is_written_as_nothing(cell: Cell) -> None:
    assert cell_data(cell) == {}


def test_text_is_cut_where_a_cell_ends() -> None:
    assert len(cell_data("x" * 60_000)["userEnteredValue"]["stringValue"]) == LONGEST
    assert cell_data("x" * LONGEST)["userEnteredValue"]["stringValue"] == "x" * LONGEST
