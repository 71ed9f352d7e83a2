"""The settings: understood as people type them, and nothing is sent on a wrong one."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.rules.grid import Cell, Grid
from flows.rules.policy import DEFAULT_POLICY, SETTINGS, SETTINGS_TAB, Policy, read_policy
from flows.rules.problems import Problem
from flows.rules.values import OFF, ON, PREVIEW, Span

NAMES = [setting.name for setting in SETTINGS]


def read(**values: Cell) -> tuple[Policy, list[Problem]]:
    """The settings of a sheet that says On and these; a setting by its field's name."""
    names = {setting.field: setting.name for setting in SETTINGS}
    cells = {"sending": "On", **values}
    return rows(*((names[field], value) for field, value in cells.items()))


def rows(*cells: tuple[Cell, ...]) -> tuple[Policy, list[Problem]]:
    return read_policy(Grid((("Setting", "Value"), *cells)))


MON_FRI = frozenset(range(5))
DEFAULTS = {
    "sending": PREVIEW,
    "time_zone": "UTC",
    "working_days": MON_FRI,
    "send_time": time(9),
    "reflection_lead": 2,
    "reflection_delay": 1,
    "success_question_after": Span(1, "month"),
    "check_in_day": 1,
    "reminder_after": 2,
    "reminders": 1,
    "grace": 5,
    "language": "en",
}


@pytest.mark.parametrize(("field", "value"), DEFAULTS.items(), ids=DEFAULTS)
def test_a_new_sheet_has_the_promised_defaults(field: str, value: object) -> None:
    sheet = Grid((SETTINGS_TAB.headers, *SETTINGS_TAB.rows))
    assert read_policy(sheet) == (DEFAULT_POLICY, [])
    assert getattr(DEFAULT_POLICY, field) == value


@pytest.mark.parametrize("grid", [None, Grid((("Setting", "Value"),)), Grid((("Setting", "Value"), ("Sending", "")))])
def test_what_is_not_said_is_the_default_and_sends_nothing(grid: Grid | None) -> None:
    assert read_policy(grid) == (DEFAULT_POLICY, [])


UNDERSTOOD = [
    ("sending", "on", ON),
    ("sending", "ON ", ON),
    ("sending", True, ON),
    ("sending", False, OFF),
    ("sending", "preview", PREVIEW),
    ("sender_address", "People <People@Example.com>", "people@example.com"),
    ("people_ops_address", "mailto:ops@example.com", "ops@example.com"),
    ("time_zone", "europe/berlin", "Europe/Berlin"),
    ("country", "de-by", "DE-BY"),
    ("country", "UK", "GB"),
    ("working_days", "Mon-Fri", MON_FRI),
    ("working_days", "Monday to Friday", MON_FRI),
    ("working_days", "mon – fri", MON_FRI),
    ("working_days", "Sun–Thu", frozenset({6, 0, 1, 2, 3})),
    ("working_days", "Mon, Tue, Thu", frozenset({0, 1, 3})),
    ("working_days", "Mon, Wed and Fri", frozenset({0, 2, 4})),
    ("working_days", "Mon, Wed, and Fri", frozenset({0, 2, 4})),
    ("working_days", "Mon-Wed; Sat", frozenset({0, 1, 2, 5})),
    ("working_days", "Tuesday", frozenset({1})),
    ("send_time", "9:00", time(9)),
    ("send_time", "09.30", time(9, 30)),
    ("send_time", "09:30:00", time(9, 30)),
    ("send_time", time(9, 30), time(9, 30)),
    ("send_time", 0.375, time(9)),
    ("send_until", 0.75, time(18)),
    ("send_until", "18h00", time(18)),
    ("reflection_lead", 3, 3),
    ("reflection_lead", 3.0, 3),
    ("reflection_lead", "3", 3),
    ("reflection_lead", "3 working days", 3),
    ("reflection_delay", "1 day", 1),
    ("success_question_after", "1 month", Span(1, "month")),
    ("success_question_after", "6 Weeks", Span(6, "week")),
    ("success_question_after", "30days", Span(30, "day")),
    ("check_in_day", "wednesday", 2),
    ("check_in_day", "Wed", 2),
    ("check_in_day", "TUES", 1),
    ("reminders", 0, 0),
    ("reminders", "2 reminders", 2),
    ("grace", "5 days", 5),
    ("language", "EN", "en"),
    ("language", "en-GB", "en"),
    ("language", "de", "de"),
    ("language", "Deutsch", "de"),
]


@pytest.mark.parametrize(("field", "value", "meant"), UNDERSTOOD, ids=[f"{f} {v!r}" for f, v, _ in UNDERSTOOD])
def test_a_setting_is_understood_as_people_type_it(field: str, value: Cell, meant: object) -> None:
    policy, problems = read(**{field: value})
    assert not problems
    assert getattr(policy, field) == meant


WRONG = [
    ("sending", "yes"),
    ("sending", "On from Monday"),
    ("sender_address", "People team"),
    ("sender_name", "#REF!"),
    ("people_ops_address", "#N/A"),
    ("time_zone", "Berlin"),
    ("country", "Germany"),
    ("country", "Public"),
    ("working_days", "weekdays"),
    ("working_days", "Mon–Fry"),
    ("working_days", "M"),
    ("send_time", "morning"),
    ("send_time", "25:00"),
    ("send_time", 9),
    ("send_until", "08:00"),
    ("reflection_lead", "-1"),
    ("reflection_lead", 2.5),
    ("reflection_lead", "two"),
    ("success_question_after", "1"),
    ("success_question_after", "a while"),
    ("check_in_day", "T"),
    ("check_in_day", "day 2"),
    ("reminders", "4"),
    ("grace", "long"),
    ("language", "Klingon"),
]


@pytest.mark.parametrize(("field", "value"), WRONG, ids=[f"{f} {v!r}" for f, v in WRONG])
def test_a_wrong_setting_is_reported_and_nothing_is_sent(field: str, value: Cell) -> None:
    policy, problems = read(**{field: value})
    assert policy.sending == PREVIEW
    assert len(problems) == 1
    assert "nothing is sent" in problems[0].advice


def test_a_wrong_setting_leaves_its_default_and_keeps_the_others() -> None:
    policy, problems = read(check_in_day="someday", grace=7)
    assert (policy.check_in_day, policy.grace) == (DEFAULT_POLICY.check_in_day, 7)
    assert [(problem.row, problem.column, problem.value) for problem in problems] == [(3, "Check-in day", "someday")]


def test_a_wrong_setting_does_not_wake_what_is_off() -> None:
    assert rows(("Sending", "Off"), ("Grace", "long"))[0].sending == OFF


def test_the_last_second_of_the_day_is_a_time_and_no_crash() -> None:
    policy, problems = read(send_until=0.99998843)  # what a sheet keeps of 23:59:59
    assert problems or policy.send_until >= time(23, 59)


@pytest.mark.parametrize(("first", "second"), [("On", "Off"), ("On", "Preview"), ("Off", "On"), ("Preview", "On")])
def test_a_setting_that_stands_twice_and_contradicts_itself_sends_nothing(first: str, second: str) -> None:
    assert rows(("Sending", first), ("Sending", second))[0].sending != ON


def test_settings_are_found_in_any_case_and_order_and_notes_are_left_alone() -> None:
    policy, problems = rows(("Our own note", "ask Jo"), ("grace", 7), (None, "?"), ("SEND-TIME", "08:00"))
    assert not problems
    assert (policy.grace, policy.send_time) == (7, time(8))


HEADERS: dict[str, tuple[Cell, ...]] = {
    "value twice": ("Setting", "Value", "Value"),
    "value missing": ("Setting", "What it does"),
    "value mistyped": ("Setting", "Valeu", "What it does"),
    "no headers": ("Sending", "On"),
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_settings_tab_with_wrong_headers_sends_nothing(headers: tuple[Cell, ...]) -> None:
    policy, problems = read_policy(Grid((headers, ("Sending", "On", "On"))))
    assert policy.sending != ON
    assert problems


SPANS = [
    ("1 month", "2026-01-31", "2026-02-28"),
    ("1 month", "2028-01-31", "2028-02-29"),
    ("4 weeks", "2026-01-31", "2026-02-28"),
    ("30 days", "2026-01-31", "2026-03-02"),
    ("0 days", "2026-01-31", "2026-01-31"),
]


@pytest.mark.parametrize(("text", "day", "later"), SPANS)
def test_a_span_is_counted_on_the_calendar(text: str, day: str, later: str) -> None:
    span = read(success_question_after=text)[0].success_question_after
    assert span.after(date.fromisoformat(day)) == date.fromisoformat(later)


VALUES: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.floats(allow_nan=False),
    st.integers(),
    st.booleans(),
    st.times(),
    st.dates(),
    st.sampled_from(["On", "Mon-Fri", "9:00", "DE", "UTC", "Tue", "1 month", "#N/A", "23:59"]),
)


@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_the_settings_nothing_crashes_and_no_doubt_sends(cells: list[tuple[Cell, Cell]]) -> None:
    policy, problems = rows(*cells)
    assert policy.send_time < policy.send_until or problems
    assert policy.sending != ON or not problems
