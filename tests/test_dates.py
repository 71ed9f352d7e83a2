"""Dates as people type them, and when one person works."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.rules.dates import Calendar, Leave, NotADate, add_months, monday_of, read_moment, short_day, week_name
from flows.rules.grid import Cell

FIRST = date(2026, 9, 1)  # a Tuesday
MON_FRI, SUN_THU = frozenset(range(5)), frozenset({6, 0, 1, 2, 3})
BERLIN = Calendar("Europe/Berlin", MON_FRI, time(9), time(17))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# -- reading ---------------------------------------------------------------------------------------

SAME_DAY: dict[str, Cell] = {
    "a real date": FIRST,
    "a real date and time at midnight": datetime(2026, 9, 1),  # noqa: DTZ001 - cells know no zone
    "a serial number": 46266,
    "a serial number with a fraction": 46266.0,
    "ISO": "2026-09-01",
    "ISO without zeros": "2026-9-1",
    "year first, slashes": "2026/09/01",
    "year first, dots": "2026.09.01",
    "German": "1.9.2026",
    "German with zeros": "01.09.2026",
    "German with blanks": "1. 9. 2026",
    "German, in words": "1. September 2026",
    "British, short": "1 Sep 2026",
    "British, four letters": "1 Sept 2026",
    "British, long": "1st September 2026",
    "with the weekday": "Tue 1 Sep 2026",
    "with the long weekday": "Tuesday, 1 September 2026",
    "dashes and letters, as Excel shows it": "1-Sep-2026",
    "American": "September 1, 2026",
    "American, short": "Sep. 1, 2026",
    "American with weekday": "Tuesday, September 1st, 2026",
    "shouted": "1 SEP 2026",
    "blanks around it": "  2026-09-01 ",
    "a no-break space": "1\u00a0Sep\u00a02026",
    "a zero-width space from pasting": "\u200b2026-09-01",
}


@pytest.mark.parametrize("cell", SAME_DAY.values(), ids=SAME_DAY)
def test_every_common_way_to_write_a_date_is_understood(cell: Cell) -> None:
    assert read_moment(cell) == (FIRST, None)


SAME_TIME: dict[str, Cell] = {
    "a real date and time": datetime(2026, 9, 1, 14, 30),  # noqa: DTZ001
    "a serial number": 46266 + 14.5 / 24,
    "ISO": "2026-09-01T14:30",
    "ISO with seconds": "2026-09-01 14:30:00",
    "ISO with fractions of a second": "2026-09-01T14:30:00.000",
    "German": "1.9.2026 14:30",
    "German with a dot": "1.9.2026, 14.30",
    "in words": "1 Sep 2026 14:30",
    "in words with a comma": "Tue 1 Sep 2026, 14:30",
    "American": "September 1, 2026 at 2:30 pm",
    "American, shouted": "Sep 1, 2026 2:30 PM",
    "American, dotted": "Sep 1, 2026 2:30 p.m.",
}


@pytest.mark.parametrize("cell", SAME_TIME.values(), ids=SAME_TIME)
def test_a_time_beside_the_date_is_understood(cell: Cell) -> None:
    assert read_moment(cell) == (FIRST, time(14, 30))


@pytest.mark.parametrize(
    ("clock", "hour"), [("12:00 am", 0), ("12:30 am", 0), ("1:00 am", 1), ("12:00 pm", 12), ("11:00 pm", 23)]
)
def test_noon_and_midnight_of_the_twelve_hour_clock_are_not_mixed_up(clock: str, hour: int) -> None:
    moment = read_moment(f"2026-09-01 {clock}")[1]
    assert moment is not None
    assert moment.hour == hour


CLEAR = {"25/12/2026": (12, 25), "12/25/2026": (12, 25), "5/5/2026": (5, 5), "13-1-2026": (1, 13), "3.4.2026": (4, 3)}


@pytest.mark.parametrize(("text", "month_day"), CLEAR.items(), ids=CLEAR)
def test_a_numeric_date_that_leaves_no_choice_is_taken(text: str, month_day: tuple[int, int]) -> None:
    assert read_moment(text)[0] == date(2026, *month_day)


DOUBTFUL = {
    "01/09/2026": "day first or month first",
    "9/1/2026": "day first or month first",
    "1-9-2026 14:30": "day first or month first",
    "12/11/2026": "day first or month first",
    "1/9/26": "four digits",
    "01.09.26": "four digits",
    "31.02.2026": "no such day",
    "2026-02-29": "no such day",
    "2026-13-01": "no such day",
    "12.31.2026": "no such day",
    "32 Jan 2026": "no such day",
    "1 Mai 2026": "month was not understood",
    "2026-09-01 25:00": "no such time",
    "2026-09-01 12:60": "no such time",
    "2026-09-01 25:30 pm": "no such time",
    "2026-09-01 14:30 am": "no such time",
    "next Tuesday": "not a date",
    "1 Sep": "not a date",
    "46266": "not a date",
    "2026-09-01 or later": "not a date",
}


@pytest.mark.parametrize(("text", "advice"), DOUBTFUL.items(), ids=DOUBTFUL)
def test_a_doubtful_date_is_reported_and_never_guessed(text: str, advice: str) -> None:
    with pytest.raises(NotADate, match=advice):
        read_moment(text)


@pytest.mark.parametrize("cell", [0, 1, 3.5, 19_999, 80_000, 20260901, -1, True, False, time(9), None, ""])
def test_a_number_that_cannot_be_meant_as_a_date_is_reported(cell: Cell) -> None:
    with pytest.raises(NotADate):
        read_moment(cell)


@given(st.dates(date(1960, 1, 1), date(2110, 1, 1)), st.times().map(lambda t: t.replace(second=0, microsecond=0)))
@settings(max_examples=50, deadline=None)
def test_serial_numbers_and_iso_text_mean_the_same_minute(day: date, clock: time) -> None:
    naive = datetime.combine(day, clock)
    serial = (naive - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
    iso = f"{naive:%Y-%m-%d}T{naive:%H:%M}"
    assert read_moment(serial) == read_moment(naive) == (day, clock if clock != time(0) else None)
    assert read_moment(iso) == (day, clock)


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.times()))
@settings(max_examples=100, deadline=None)
def test_whatever_stands_in_a_cell_is_a_date_or_not_one_and_nothing_crashes(cell: Cell) -> None:
    with suppress(NotADate):
        assert type(read_moment(cell)[0]) is date


# -- working days ----------------------------------------------------------------------------------

EPIPHANY, ALL_SAINTS, UNITY = date(2026, 1, 6), date(2027, 11, 1), date(2025, 10, 3)  # Tuesday, Monday, Friday
HOLIDAYS = [
    pytest.param("DE-BY", EPIPHANY, False, id="Bavaria rests at Epiphany"),
    pytest.param("DE-BE", EPIPHANY, True, id="Berlin works at Epiphany"),
    pytest.param("DE", EPIPHANY, True, id="Germany as a whole works at Epiphany"),
    pytest.param("DE-BY", ALL_SAINTS, False, id="Bavaria rests on All Saints"),
    pytest.param("DE-BE", ALL_SAINTS, True, id="Berlin works on All Saints"),
    pytest.param("DE-BY", UNITY, False, id="Bavaria rests on Unity Day"),
    pytest.param("DE-BE", UNITY, False, id="Berlin rests on Unity Day"),
    pytest.param("", UNITY, True, id="no country has no holidays"),
    pytest.param("US", date(2026, 7, 3), False, id="Independence Day on a Saturday is observed on Friday"),
    pytest.param("GB-SCT", date(2026, 11, 30), False, id="Scotland rests on St Andrew's Day"),
    pytest.param("GB-ENG", date(2026, 11, 30), True, id="England works on St Andrew's Day"),
]


@pytest.mark.parametrize(("country", "day", "works"), HOLIDAYS)
def test_holidays_are_those_of_the_country_and_its_part(country: str, day: date, works: bool) -> None:
    assert replace(BERLIN, country=country).is_working(day) is works


def test_a_sunday_to_thursday_week_rests_on_friday_and_saturday() -> None:
    dubai = replace(BERLIN, weekdays=SUN_THU)
    week = [date(2026, 9, 6) + timedelta(days=n) for n in range(7)]  # from Sunday
    assert [dubai.is_working(day) for day in week] == [True] * 5 + [False] * 2


LEAVES = [
    pytest.param(Leave(FIRST, date(2026, 9, 3)), [0, 1, 2], id="both ends count"),
    pytest.param(Leave(FIRST, FIRST), [0], id="one day"),
    pytest.param(Leave(date(2026, 9, 3), None), [2, 3], id="open end"),
    pytest.param(Leave(None, date(2026, 9, 2)), [0, 1], id="open beginning"),
]


@pytest.mark.parametrize(("leave", "away"), LEAVES)
def test_nobody_works_on_leave(leave: Leave, away: list[int]) -> None:
    calendar = replace(BERLIN, leave=(leave,))
    week = [FIRST + timedelta(days=n) for n in range(4)]  # Tuesday to Friday
    assert [n for n, day in enumerate(week) if not calendar.is_working(day)] == away


ADDED = [
    pytest.param(FIRST, 1, date(2026, 9, 2), id="the next day"),
    pytest.param(date(2026, 9, 4), 1, date(2026, 9, 7), id="over a weekend"),
    pytest.param(date(2026, 9, 5), 1, date(2026, 9, 7), id="from a Saturday"),
    pytest.param(date(2026, 9, 7), -1, date(2026, 9, 4), id="back over a weekend"),
    pytest.param(date(2026, 9, 6), -1, date(2026, 9, 4), id="back from a Sunday"),
    pytest.param(date(2026, 9, 10), -2, date(2026, 9, 8), id="two back"),
    pytest.param(FIRST, 5, date(2026, 9, 8), id="a working week"),
    pytest.param(FIRST, 0, FIRST, id="none, from a working day"),
    pytest.param(date(2026, 9, 5), 0, date(2026, 9, 7), id="none, from a Saturday"),
    pytest.param(date(2026, 12, 23), 2, date(2026, 12, 28), id="over Christmas"),
]


@pytest.mark.parametrize(("day", "count", "expected"), ADDED)
def test_adding_counts_working_days_only(day: date, count: int, expected: date) -> None:
    assert replace(BERLIN, country="DE").add(day, count) == expected


def test_somebody_away_for_good_has_no_next_working_day() -> None:
    gone = replace(BERLIN, leave=(Leave(FIRST, None),))
    assert gone.add(FIRST, 1) is gone.on_or_after(FIRST) is gone.next_open(utc("2026-09-01 12:00")) is None
    assert gone.on_or_before(FIRST) == date(2026, 8, 31)


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.integers(-30, 30).filter(bool))
@settings(max_examples=100, deadline=None)
def test_adding_lands_on_a_working_day_with_as_many_between(day: date, count: int) -> None:
    calendar = replace(BERLIN, weekdays=SUN_THU, country="DE-BY")
    found = calendar.add(day, count)
    assert found is not None
    step = 1 if count > 0 else -1
    walked = [day + timedelta(days=n) for n in range(step, (found - day).days + step, step)]
    assert sum(calendar.is_working(d) for d in walked) == abs(count)
    assert calendar.is_working(found)


# -- hours -----------------------------------------------------------------------------------------

OPENINGS = [
    pytest.param("Europe/London", "2026-03-27 09:00", "2026-03-27 09:00", id="London in winter"),
    pytest.param("Europe/London", "2026-03-27 17:00", "2026-03-30 08:00", id="London over the spring change"),
    pytest.param("Europe/London", "2026-10-23 16:00", "2026-10-26 09:00", id="London over the autumn change"),
    pytest.param("America/New_York", "2026-03-06 22:00", "2026-03-09 13:00", id="New York over the spring change"),
    pytest.param("America/New_York", "2026-10-30 21:00", "2026-11-02 14:00", id="New York over the autumn change"),
    pytest.param("Asia/Kolkata", "2026-09-01 03:29", "2026-09-01 03:30", id="Kolkata's half hour"),
    pytest.param("Asia/Kathmandu", "2026-09-01 03:14", "2026-09-01 03:15", id="Kathmandu's quarter"),
    pytest.param("Pacific/Auckland", "2026-09-01 05:00", "2026-09-01 21:00", id="Auckland opens a day ahead"),
    pytest.param("Pacific/Auckland", "2026-09-25 05:00", "2026-09-27 20:00", id="Auckland over its spring change"),
    pytest.param("America/Los_Angeles", "2026-09-05 00:30", "2026-09-07 16:00", id="Friday evening waits for Monday"),
    pytest.param("UTC", "2026-09-01 16:59", "2026-09-01 16:59", id="the last minute"),
    pytest.param("UTC", "2026-09-01 17:00", "2026-09-02 09:00", id="closing time is too late"),
    pytest.param("UTC", "2026-09-01 08:59", "2026-09-01 09:00", id="a minute early"),
]


@pytest.mark.parametrize(("zone", "moment", "expected"), OPENINGS)
def test_mail_waits_for_the_next_working_hour_on_the_persons_clock(zone: str, moment: str, expected: str) -> None:
    assert replace(BERLIN, zone=zone).next_open(utc(moment)) == utc(expected)


def test_a_send_time_that_the_clock_change_skips_is_still_kept_that_day() -> None:
    night = Calendar("America/New_York", frozenset(range(7)), time(2, 30), time(17))
    opening = night.next_open(utc("2026-03-08 06:00"))  # 01:00, an hour before 2:00 becomes 3:00
    assert opening is not None
    assert night.local(opening).date() == date(2026, 3, 8)
    assert night.local(opening).hour == 3


def test_a_send_time_that_the_clock_change_repeats_comes_once() -> None:
    night = Calendar("America/New_York", frozenset(range(7)), time(1, 30), time(17))
    assert night.next_open(utc("2026-11-01 04:00")) == utc("2026-11-01 05:30")
    assert night.at(date(2026, 11, 1)) == utc("2026-11-01 05:30")


ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns", "Africa/Cairo"]


@given(st.sampled_from(ZONES), st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001
@settings(max_examples=100, deadline=None)
def test_the_next_opening_is_open_not_past_and_nothing_before_it_is(zone: str, naive: datetime) -> None:
    calendar, now = replace(BERLIN, zone=zone, country="GB"), naive.replace(tzinfo=UTC)
    opening = calendar.next_open(now)
    assert opening is not None
    assert opening >= now
    assert calendar.is_open(opening)
    hours = range(1, int((opening - now) / timedelta(hours=1)))
    assert not any(calendar.is_open(now + timedelta(hours=hour)) for hour in hours)


# -- months and weeks ------------------------------------------------------------------------------

MONTH_LATER = [
    ("2026-01-31", 1, "2026-02-28"),
    ("2028-01-31", 1, "2028-02-29"),
    ("2026-01-30", 1, "2026-02-28"),
    ("2026-01-28", 1, "2026-02-28"),
    ("2026-03-31", 1, "2026-04-30"),
    ("2026-09-01", 1, "2026-10-01"),
    ("2026-12-31", 1, "2027-01-31"),
    ("2026-11-30", 3, "2027-02-28"),
    ("2028-02-29", 12, "2029-02-28"),
    ("2026-09-15", 0, "2026-09-15"),
    ("2026-10-31", 25, "2028-11-30"),
]


@pytest.mark.parametrize(("day", "months", "expected"), MONTH_LATER)
def test_a_calendar_month_later_is_the_same_day_or_the_months_last(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


WEEKS = [
    ("2026-09-07", "2026-W37"),
    ("2026-01-01", "2026-W01"),
    ("2027-01-01", "2026-W53"),
    ("2027-01-04", "2027-W01"),
    ("2024-12-30", "2025-W01"),
    ("2023-01-01", "2022-W52"),
]


@pytest.mark.parametrize(("day", "name"), WEEKS)
def test_weeks_are_named_by_the_iso_year_they_belong_to(day: str, name: str) -> None:
    assert week_name(date.fromisoformat(day)) == name


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
@settings(max_examples=50, deadline=None)
def test_every_day_of_a_week_has_its_mondays_name(day: date) -> None:
    monday = monday_of(day)
    assert monday.weekday() == 0
    assert timedelta() <= day - monday < timedelta(days=7)
    assert week_name(day) == week_name(monday)


def test_a_day_in_a_mail_reads_the_same_in_every_language_of_the_machine() -> None:
    assert short_day(FIRST) == "Tue 1 Sep 2026"
