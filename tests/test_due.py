"""Who is due what, when: design §4 sentence by sentence, then random companies stepped through time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.rules.answers import Answer, Entry
from flows.rules.company import Company, read_company
from flows.rules.due import Due, History, Sent, dues, foresee, judge
from flows.rules.email import LATER, REFUSED, SENT, UNKNOWN
from flows.rules.grid import Cell, Grid
from flows.rules.letters import Memory, letter
from flows.rules.messages import (
    BRIEF,
    CHECK_IN,
    CHECK_IN_REMINDER,
    REFLECTION_FORM,
    REFLECTION_REMINDER,
    SKILL_PROPOSAL,
    SUCCESS_QUESTION,
    Message,
)
from flows.rules.occasions import Occasion, Timetable
from flows.rules.proposal_mails import proposal_mail
from flows.rules.proposals import PROPOSED
from flows.rules.questions import CHECK_IN as CHECK_IN_FORM
from flows.rules.questions import FIRST_SKILL, MANAGER, PEOPLE_OPS
from flows.rules.questions_tab import QUESTIONS
from flows.rules.roster import ROSTER
from flows.rules.skills import Skill, skill_of

ANA, MIA, NEO = "ana@example.com", "mia@example.com", "neo@example.com"
HALF_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)
CELL_OF = {header.lower().replace(" ", "_").replace(":", "_"): header for header in ROSTER.headers}
Row = dict[str, Cell]


# -- a small company, and runs through time --------------------------------------------------------


def somebody(name: str, **cells: Cell) -> Row:
    """A row of the roster; its cells by their headers in lower case."""
    return {"Name": name, "Email": f"{name.lower()}@example.com"} | {CELL_OF[key]: cell for key, cell in cells.items()}


def ana(*, start: Cell = "2026-09-01", first: Cell = None, manager: str = MIA, **cells: Cell) -> Row:
    """Ana, who reports to Mia since Tuesday, 1 September 2026."""
    return somebody("Ana", manager_email=manager, start_date=start, first_1_1=first, **cells)


def mia(**cells: Cell) -> Row:
    """Mia, a manager who has a row."""
    return somebody("Mia", **cells)


EMPTY = Grid((QUESTIONS.headers,))


def company(*rows: Row, **values: Cell) -> Company:
    """A company of these rows; settings by their names in lower case."""
    cells = [tuple(row.get(header) for header in ROSTER.headers) for row in rows]
    lines = [(name.replace("_", " "), value) for name, value in ({"sending": "On"} | values).items()]
    settings = Grid((("Setting", "Value"), *lines))
    return read_company({"Roster": Grid((ROSTER.headers, *cells)), "Settings": settings, "Questions": EMPTY})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class World:
    """A company, its ledger, and the runs that happen to it: deciding and recording as flows/sending.py does."""

    company: Company
    sends: dict[str, Sent] = field(default_factory=dict)
    answered: dict[str, datetime] = field(default_factory=dict)
    stopped: dict[str, datetime] = field(default_factory=dict)
    check_ins: dict[str, list[Entry]] = field(default_factory=dict)  # by person: answers that propose a skill
    reasons: dict[tuple[Message, str], str] = field(default_factory=dict)  # of what was skipped, about whom

    def __post_init__(self) -> None:
        self.timetable = Timetable(self.company)

    @property
    def history(self) -> History:
        return History(dict(self.sends), dict(self.answered), dict(self.stopped))

    def move(self, company: Company) -> None:
        """The sheet changes; the ledger stays."""
        self.company, self.timetable = company, Timetable(company)

    def occasions(self, now: datetime, until: datetime) -> Iterator[Occasion]:
        """What the calendar brings, and what people propose."""
        yield from self.timetable.between(now, until)
        for email, entries in self.check_ins.items():
            person = self.company.by_email[email]
            skill = skill_of(person, self.company, (), entries)
            if occasion := proposal_mail(person, skill, entries, self.company, self.sends, now):
                yield occasion

    def run(self, now: datetime, outcome: str = SENT) -> list[Due]:
        """One run: all that goes out, recorded as sent (or with another outcome)."""
        past = self.history
        occasions = list(self.occasions(now, now))
        verdicts = [judge(due, self.company, past, now) for o in occasions for due in dues(o, self.company, past)]
        for verdict in verdicts:
            if verdict and verdict.skipped:
                self.reasons[verdict.due.message, verdict.due.occasion.person.email] = verdict.reason
        going = [verdict.due for verdict in verdicts if verdict and verdict.now]
        if outcome != LATER:
            self.sends |= {due.key: Sent(outcome, now) for due in going}
        return going

    def runs(self, since: datetime, until: datetime, answers: Mapping[str, str]) -> Iterator[tuple[datetime, Due]]:
        """Half-hourly runs; `answers` says at what time the asking of a message is answered."""
        now = since
        while now < until:
            for name, text in answers.items():
                asked = [key for key in self.sends if key.startswith(f"{name}/") and utc(text) <= now]
                self.answered |= {key: utc(text) for key in asked if key not in self.answered}
            yield from ((now, due) for due in self.run(now))
            now += HALF_HOUR


def mails(
    world: World | Company, message: Message, since: str, until: str, answers: Mapping[str, str] | None = None
) -> list[str]:
    """When (on the recipient's clock) and to whom this message went out."""
    world = World(world) if isinstance(world, Company) else world
    sent = [(at, due) for at, due in world.runs(utc(since), utc(until), answers or {}) if due.message is message]
    return [f"{due.to.calendar.local(at):%a %d %b %H:%M} {due.to.email.partition('@')[0]}" for at, due in sent]


# -- reflection form -------------------------------------------------------------------------------

THU, THU_2PM = "2026-09-10", "2026-09-10 14:00"
ZONE: Row = {"Time zone": "Asia/Kolkata"}
REFLECTIONS = {
    "two working days before the first 1:1": ((ana(first=THU_2PM),), "Tue 08 Sep 09:00"),
    "a first 1:1 without a time": ((ana(first=THU),), "Tue 08 Sep 09:00"),
    "over a weekend": ((ana(first="2026-09-08"),), "Fri 04 Sep 09:00"),
    "a first 1:1 on a Sunday": ((ana(first="2026-09-13"),), "Thu 10 Sep 09:00"),
    "over a leave": ((ana(first=THU, away_from="2026-09-08", away_until="2026-09-09"),), "Fri 04 Sep 09:00"),
    "never before the start": ((ana(start="2026-09-09", first=THU_2PM),), "Wed 09 Sep 09:00"),
    "on the very day when both are one": ((ana(start=THU, first=THU_2PM),), "Thu 10 Sep 09:00"),
    "without a first 1:1, a working day after the start": ((ana(),), "Wed 02 Sep 09:00"),
    "after a start on a Friday": ((ana(start="2026-09-04"),), "Mon 07 Sep 09:00"),
    "after a start on a Saturday": ((ana(start="2026-09-05"),), "Mon 07 Sep 09:00"),
    "after a leave": ((ana(away_from="2026-09-01", away_until="2026-09-15"),), "Wed 16 Sep 09:00"),
    "for a first 1:1 ahead, however old the start": ((ana(start="2019-04-01", first=THU_2PM),), "Tue 08 Sep 09:00"),
    "for a first 1:1 ahead without a start": ((ana(start=None, first=THU_2PM),), "Tue 08 Sep 09:00"),
    "on the person's own clock": ((ana(first=THU_2PM) | ZONE,), "Tue 08 Sep 09:00"),
    "never without a date": ((ana(start=None),), None),
    "never for a start of last year": ((ana(start="2025-09-01"),), None),
    "never for a first 1:1 of last year": ((ana(start="2025-09-01", first="2025-09-10"),), None),
}


@pytest.mark.parametrize(("rows", "expected"), REFLECTIONS.values(), ids=REFLECTIONS)
def test_the_reflection_form_goes_to_the_report(rows: tuple[Row, ...], expected: str | None) -> None:
    sent = mails(company(*rows, mia()), REFLECTION_FORM, "2026-08-31", "2026-09-20")
    assert sent == ([f"{expected} ana"] if expected else [])


def test_holidays_of_the_persons_country_do_not_count_as_working_days() -> None:
    christmas = company(ana(start="2026-12-01", first="2026-12-29", country="DE"))
    assert mails(christmas, REFLECTION_FORM, "2026-12-14", "2026-12-30") == ["Thu 24 Dec 09:00 ana"]


LEADS = [
    ({"reflection_lead": 1}, "Wed 09 Sep 09:00"),
    ({"reflection_lead": 5}, "Thu 03 Sep 09:00"),
    ({"send_time": "11:30"}, "Tue 08 Sep 11:30"),
    ({"working_days": "Sun–Thu"}, "Tue 08 Sep 09:00"),
    ({"working_days": "Mon, Thu"}, "Thu 03 Sep 09:00"),
]


@pytest.mark.parametrize(("values", "expected"), LEADS, ids=[str(values) for values, _ in LEADS])
def test_the_settings_say_how_early_it_goes(values: dict[str, Cell], expected: str) -> None:
    sent = mails(company(ana(first=THU_2PM), **values), REFLECTION_FORM, "2026-08-31", "2026-09-20")
    assert sent == [f"{expected} ana"]


@pytest.mark.parametrize("lead", [2, 20], ids=["a day late", "weeks late"])
def test_a_first_1_1_that_is_entered_late_is_asked_about_at_once(lead: int) -> None:
    late = company(ana(start="2019-04-01", first=THU_2PM), reflection_lead=lead)
    assert mails(late, REFLECTION_FORM, "2026-09-10 11:00", "2026-09-20") == ["Thu 10 Sep 11:00 ana"]


GRACE = [
    pytest.param("2026-09-09 10:00", ["Wed 09 Sep 10:00 ana"], id="five working days late still goes"),
    pytest.param("2026-09-09 16:30", ["Wed 09 Sep 16:30 ana"], id="until the end of that day"),
    pytest.param("2026-09-09 17:00", [], id="after that day it does not"),
    pytest.param("2026-09-10 09:00", [], id="six working days late does not"),
]


@pytest.mark.parametrize(("installed", "expected"), GRACE)
def test_what_is_older_than_the_grace_is_skipped_and_says_so(installed: str, expected: list[str]) -> None:
    world = World(company(ana()))
    assert mails(world, REFLECTION_FORM, installed, "2026-09-20") == expected
    assert world.reasons.get((REFLECTION_FORM, ANA)) == (
        None if expected else "was due on Wed 2 Sep 2026, more than 5 working days ago"
    )


# -- its reminder ----------------------------------------------------------------------------------

NEVER: Mapping[str, str] = {}
REMINDERS = [
    pytest.param(ana(), {}, NEVER, ["Fri 04 Sep 09:00"], id="two working days later"),
    pytest.param(ana(), {}, {"reflection-form": "2026-09-03 10:00"}, [], id="not when answered"),
    pytest.param(ana(), {}, {"reflection-form": "2026-09-04 08:59"}, [], id="not when answered just before"),
    pytest.param(ana(), {"reminder_after": 3}, NEVER, ["Mon 07 Sep 09:00"], id="over a weekend"),
    pytest.param(ana(), {"reminders": 0}, NEVER, [], id="not when none are wanted"),
    pytest.param(ana(), {"reminders": 2}, NEVER, ["Fri 04 Sep 09:00", "Tue 08 Sep 09:00"], id="each after the last"),
    pytest.param(ana(first=THU_2PM), {}, NEVER, ["Thu 10 Sep 09:00"], id="before the 1:1, if only by hours"),
    pytest.param(ana(first=THU), {}, NEVER, ["Thu 10 Sep 09:00"], id="on the day of a 1:1 without a time"),
    pytest.param(ana(first="2026-09-10 08:30"), {}, NEVER, [], id="not after the 1:1"),
    pytest.param(ana(start=THU, first="2026-09-10 08:30"), {}, NEVER, [], id="not after a 1:1 that was over at once"),
    pytest.param(
        ana(away_from="2026-09-03", away_until="2026-09-07"),
        {},
        NEVER,
        ["Wed 09 Sep 09:00"],
        id="days away do not count",
    ),
]


@pytest.mark.parametrize(("row", "values", "answers", "expected"), REMINDERS)
def test_the_form_is_reminded_of(
    row: Row, values: dict[str, Cell], answers: Mapping[str, str], expected: list[str]
) -> None:
    sent = mails(company(row, **values), REFLECTION_REMINDER, "2026-08-31", "2026-09-30", answers)
    assert sent == [f"{when} ana" for when in expected]


# -- 1:1 brief -------------------------------------------------------------------------------------

EARLY = {"reflection-form": "2026-09-08 10:00"}
BRIEFS = [
    pytest.param(ana(first=THU_2PM), EARLY, ["Wed 09 Sep 09:00"], id="the working day before"),
    pytest.param(ana(first="2026-09-14 14:00"), NEVER, ["Fri 11 Sep 09:00"], id="the Friday before a Monday"),
    pytest.param(ana(first=THU_2PM), NEVER, ["Wed 09 Sep 09:00"], id="without blame when no answer came"),
    pytest.param(
        ana(first=THU_2PM),
        {"reflection-form": "2026-09-09 15:00"},
        ["Wed 09 Sep 09:00", "Wed 09 Sep 15:00"],
        id="a second one when the answers came after it",
    ),
    pytest.param(
        ana(first=THU_2PM),
        {"reflection-form": "2026-09-09 21:00"},
        ["Wed 09 Sep 09:00", "Thu 10 Sep 09:00"],
        id="the second one waits for the manager's morning",
    ),
    pytest.param(
        ana(first=THU_2PM),
        {"reflection-form": "2026-09-11 10:00"},
        ["Wed 09 Sep 09:00", "Fri 11 Sep 10:00"],
        id="a second one even after the 1:1",
    ),
    pytest.param(ana(), {"reflection-form": "2026-09-03 10:10"}, ["Thu 03 Sep 10:30"], id="as soon as answered"),
    pytest.param(ana(), {"reflection-form": "2026-09-04 18:00"}, ["Mon 07 Sep 09:00"], id="on the next working day"),
    pytest.param(ana(), NEVER, [], id="none without a date and an answer"),
]


@pytest.mark.parametrize(("row", "answers", "expected"), BRIEFS)
def test_the_brief_goes_to_the_manager(row: Row, answers: Mapping[str, str], expected: list[str]) -> None:
    sent = mails(company(row, mia()), BRIEF, "2026-08-31", "2026-09-20", answers)
    assert sent == [f"{when} mia" for when in expected]


def test_the_day_before_is_the_managers_own_working_day() -> None:
    rows = ana(first=THU_2PM), mia(away_from="2026-09-09", away_until="2026-09-09")
    assert mails(company(*rows, reflection_lead=3), BRIEF, "2026-08-31", "2026-09-20") == ["Tue 08 Sep 09:00 mia"]


def test_a_form_that_went_out_late_leaves_the_day_before_the_manager_is_told_that_nothing_came() -> None:
    late = company(ana(first=THU_2PM), mia())
    assert mails(late, BRIEF, "2026-09-09 12:00", "2026-09-20") == ["Thu 10 Sep 09:00 mia"]


def test_no_brief_goes_out_after_a_1_1_that_nobody_prepared() -> None:
    assert mails(company(ana(first="2026-09-10 09:30"), mia()), BRIEF, "2026-09-10 09:00", "2026-09-20") == []


# -- success question ------------------------------------------------------------------------------

SUCCESSES = [
    pytest.param(ana(), mia(), "Thu 01 Oct 09:00", id="one calendar month after the start"),
    pytest.param(ana(start="2026-09-03"), mia(), "Mon 05 Oct 09:00", id="moved from a Saturday to Monday"),
    pytest.param(ana(start="2028-01-31"), mia(), "Tue 29 Feb 09:00", id="31 January, leap year"),
    pytest.param(ana(start="2029-01-31"), mia(), "Wed 28 Feb 09:00", id="31 January"),
    pytest.param(ana(start="2025-09-03"), mia(country="DE"), "Mon 06 Oct 09:00", id="moved by the manager's holiday"),
    pytest.param(ana(start="2025-09-03", country="DE"), mia(), "Fri 03 Oct 09:00", id="not by the report's"),
    pytest.param(ana(), mia() | ZONE, "Thu 01 Oct 09:00", id="on the manager's clock"),
    pytest.param(
        ana(), mia(away_from="2026-09-28", away_until="2026-10-06"), "Wed 07 Oct 09:00", id="moved by a leave"
    ),
]


@pytest.mark.parametrize(("report", "manager", "expected"), SUCCESSES)
def test_the_success_question_goes_to_the_manager(report: Row, manager: Row, expected: str) -> None:
    start = date.fromisoformat(str(report["Start date"]))
    since, until = start + 25 * DAY, start + 40 * DAY
    sent = mails(company(report, manager), SUCCESS_QUESTION, str(since), str(until))
    assert sent == [f"{expected} mia"]


def test_without_a_start_there_is_no_success_question() -> None:
    world = World(company(ana(start=None, first=THU_2PM), mia()))
    assert mails(world, SUCCESS_QUESTION, "2026-09-28", "2026-10-20") == []


# -- growth check-in -------------------------------------------------------------------------------

TWO_WEEKS = ["Tue 08 Sep 09:00", "Tue 15 Sep 09:00"]
CHECK_INS = [
    pytest.param(ana(), {}, TWO_WEEKS, id="every Tuesday"),
    pytest.param(ana(start=None), {}, TWO_WEEKS, id="without a start date, too"),
    pytest.param(ana(), {"check_in_day": "Monday"}, ["Mon 07 Sep 09:00", "Mon 14 Sep 09:00"], id="on another day"),
    pytest.param(ana() | ZONE, {}, TWO_WEEKS, id="on the person's own clock"),
    pytest.param(
        ana(away_from="2026-09-08", away_until="2026-09-09"),
        {},
        ["Thu 10 Sep 09:00", "Tue 15 Sep 09:00"],
        id="moved to the next working day",
    ),
    pytest.param(ana(away_from="2026-09-08", away_until="2026-09-11"), {}, TWO_WEEKS[1:], id="not beyond the week"),
    pytest.param(
        ana(away_from="2026-09-11", away_until="2026-09-11"),
        {"check_in_day": "Friday"},
        ["Fri 18 Sep 09:00"],
        id="not to Monday",
    ),
    pytest.param(ana(start="2026-09-06"), {}, TWO_WEEKS, id="from the first full week: start on Sunday"),
    pytest.param(ana(start="2026-09-07"), {}, TWO_WEEKS[1:], id="from the first full week: start on Monday"),
    pytest.param(ana(start="2026-09-08"), {}, TWO_WEEKS[1:], id="from the first full week: start on Tuesday"),
    pytest.param(ana(start="2026-09-18"), {}, [], id="never before the start"),
    pytest.param(
        ana(),
        {"working_days": "Sun–Thu", "check_in_day": "Friday"},
        ["Sun 13 Sep 09:00", "Sun 20 Sep 09:00"],
        id="the Sunday of a Sunday-to-Thursday week",
    ),
]


@pytest.mark.parametrize(("row", "values", "expected"), CHECK_INS)
def test_the_check_in_comes_once_a_week(row: Row, values: dict[str, Cell], expected: list[str]) -> None:
    sent = mails(company(row, mia(), **values), CHECK_IN, "2026-09-06 20:00", "2026-09-20 20:00")
    assert sent == [f"{when} ana" for when in expected]


def test_it_stays_at_nine_when_the_clocks_change() -> None:
    london = company(ana(time_zone="Europe/London"))
    assert mails(london, CHECK_IN, "2026-10-19", "2026-11-01") == ["Tue 20 Oct 09:00 ana", "Tue 27 Oct 09:00 ana"]


MISSED = [
    pytest.param("2026-09-10 12:00", ["Thu 10 Sep 12:00", "Tue 15 Sep 09:00"], id="back on Thursday"),
    pytest.param("2026-09-11 18:00", ["Tue 15 Sep 09:00"], id="back on Friday evening"),
    pytest.param("2026-09-14 12:00", ["Tue 15 Sep 09:00"], id="back on Monday"),
]


@pytest.mark.parametrize(("back", "expected"), MISSED)
def test_a_missed_week_is_not_made_up_for(back: str, expected: list[str]) -> None:
    world = World(company(ana()))
    world.run(utc("2026-09-01 12:00"))
    assert mails(world, CHECK_IN, back, "2026-09-20") == [f"{when} ana" for when in expected]


WEEKS_AT = [
    pytest.param("UTC", "2026-09-09 12:00", ["2026-W37"], id="in the middle of a week"),
    pytest.param("UTC", "2026-09-14 00:30", ["2026-W38"], id="on Monday"),
    pytest.param("America/Los_Angeles", "2026-09-14 00:30", ["2026-W37", "2026-W38"], id="still Sunday in the west"),
    pytest.param("Pacific/Auckland", "2026-09-13 12:30", ["2026-W38"], id="already Monday in the east"),
]


@pytest.mark.parametrize(("zone", "now", "weeks"), WEEKS_AT)
def test_a_run_speaks_of_the_persons_own_week_and_of_no_earlier_one(zone: str, now: str, weeks: list[str]) -> None:
    occasions = Timetable(company(ana(time_zone=zone))).between(utc(now), utc(now))
    assert [occasion.label for occasion in occasions if occasion.message is CHECK_IN] == weeks


OVER = [
    pytest.param(ana(), "2026-09-11 18:00", "was due on Tue 8 Sep 2026; the week's working hours are over", id="late"),
    pytest.param(
        ana(away_from="2026-09-08", away_until="2026-09-11"),
        "2026-09-08 10:00",
        "no working day left in the week of Mon 7 Sep 2026 (away)",
        id="away",
    ),
]


@pytest.mark.parametrize(("row", "now", "reason"), OVER)
def test_a_week_without_a_check_in_says_why_while_it_lasts(row: Row, now: str, reason: str) -> None:
    world = World(company(row))
    world.run(utc(now))
    assert world.reasons[CHECK_IN, ANA] == reason


CHECK_IN_REMINDERS = [
    pytest.param({}, NEVER, ["Thu 10 Sep 09:00"], id="two working days later"),
    pytest.param({}, {"growth-check-in": "2026-09-09 10:00"}, [], id="not when answered"),
    pytest.param({"check_in_day": "Thursday"}, NEVER, [], id="not in the week after"),
    pytest.param({"check_in_day": "Wednesday"}, NEVER, ["Fri 11 Sep 09:00"], id="on the week's last day"),
    pytest.param({"reminders": 3}, NEVER, ["Thu 10 Sep 09:00"], id="no second one in the week after"),
    pytest.param({"reminders": 3, "reminder_after": 1}, NEVER, ["Wed 09", "Thu 10", "Fri 11"], id="three, if wanted"),
]


@pytest.mark.parametrize(("values", "answers", "expected"), CHECK_IN_REMINDERS)
def test_the_check_in_is_reminded_of_within_the_week(
    values: dict[str, Cell], answers: Mapping[str, str], expected: list[str]
) -> None:
    sent = mails(company(ana(), **values), CHECK_IN_REMINDER, "2026-09-07", "2026-09-14 23:30", answers)
    assert [when[: len(wanted)] for when, wanted in zip(sent, expected, strict=True)] == expected


SKILLS = [
    pytest.param("", None, FIRST_SKILL, "", "", id="none yet: it asks to choose one"),
    pytest.param("Speaking", None, CHECK_IN_FORM, "Speaking", "Speaking", id="the roster's"),
    pytest.param("", PEOPLE_OPS, CHECK_IN_FORM, "Listening", "Listening", id="the one named by reply"),
    pytest.param("", MANAGER, CHECK_IN_FORM, "Listening", "", id="named for the manager alone, people ops see none"),
]


@pytest.mark.parametrize(("roster", "audience", "form", "about", "known"), SKILLS)
def test_the_check_in_asks_about_one_skill(
    roster: str, audience: str | None, form: str, about: str, known: str
) -> None:
    ours, now = company(ana(start=None, growth_skill=roster)), utc("2026-09-08 10:00")
    (due,) = World(ours).run(now)
    named = Skill("Listening", public=audience == PEOPLE_OPS)
    memory = Memory(skills={ANA: named} if audience and not roster else {})
    words = letter(due, ours, memory, now)
    assert (words.form, words.facts["skill"], words.skill) == (form, about, known)
    assert words.questions == ours.forms[form]


# -- who gets no mail ------------------------------------------------------------------------------

ASKING = (REFLECTION_FORM, CHECK_IN, SUCCESS_QUESTION)
NO_MAIL = [
    pytest.param((ana(status="Paused"), mia()), ASKING, "paused in the roster", id="paused"),
    pytest.param((ana(status="Left"), mia()), ASKING, "has left", id="left"),
    pytest.param((ana(manager=""),), (REFLECTION_FORM, CHECK_IN), "no manager in the roster", id="no manager"),
    pytest.param(
        (ana(), mia(status="Left")), (REFLECTION_FORM, SUCCESS_QUESTION), "the manager has left", id="left boss"
    ),
    pytest.param((ana(), mia(status="Paused")), (SUCCESS_QUESTION,), "the manager is paused", id="paused manager"),
    pytest.param((ana(), mia(time_zone="Mars")), (SUCCESS_QUESTION,), "row 3 needs mending", id="manager set aside"),
    pytest.param(
        (ana(), mia(time_zone="Mars") | {"Email": "Mia <mia@example.com>"}),
        (SUCCESS_QUESTION,),
        "row 3 needs mending",
        id="manager set aside, address pasted with a name",
    ),
]


@pytest.mark.parametrize(("rows", "messages", "reason"), NO_MAIL)
def test_nothing_goes_out_and_the_reason_is_given(
    rows: tuple[Row, ...], messages: tuple[Message, ...], reason: str
) -> None:
    world = World(company(*rows))
    sent = [due.message for _, due in world.runs(utc("2026-08-31"), utc("2026-10-05"), {})]
    assert not set(messages) & set(sent)
    assert all(reason in world.reasons[message, ANA] for message in messages)


def test_nobody_on_leave_gets_mail() -> None:
    away = company(ana(away_from="2026-09-01"), mia(away_from="2026-09-01"))
    assert not list(World(away).runs(utc("2026-08-31"), utc("2026-10-20"), {}))


STOPS: dict[str, Row] = {
    "Paused": {"Status": "Paused"},
    "Left": {"Status": "Left"},
    "Away": {"Away from": "2026-09-02"},
}


@pytest.mark.parametrize("cells", STOPS.values(), ids=STOPS)
def test_mail_stops_from_that_minute(cells: Row) -> None:
    world = World(company(ana(), mia()))
    assert [due.message for due in world.run(utc("2026-09-02 10:00"))] == [REFLECTION_FORM]
    world.move(company(ana() | cells, mia()))
    assert mails(world, REFLECTION_REMINDER, "2026-09-02 10:30", "2026-09-20") == []
    assert mails(World(company(ana(), mia())), REFLECTION_REMINDER, "2026-09-02 10:00", "2026-09-20")


def test_who_asked_for_no_more_mail_gets_none_and_it_says_so() -> None:
    world = World(company(ana(), mia()), stopped={ANA: utc("2026-09-01 10:00")})
    sent = [due.to.email for _, due in world.runs(utc("2026-08-31"), utc("2026-10-05"), {})]
    assert set(sent) == {MIA}
    assert world.reasons[CHECK_IN, ANA] == "asked on Tue 1 Sep 2026 for no more mail"


def test_a_manager_without_a_row_goes_by_the_settings() -> None:
    abroad = company(ana(time_zone="America/New_York"), time_zone="Asia/Kolkata", send_time="10:00")
    assert mails(abroad, SUCCESS_QUESTION, "2026-09-30", "2026-10-03") == ["Thu 01 Oct 10:00 mia"]
    assert World(abroad).run(utc("2026-10-01 04:29")) == []


DOUBTS = [(UNKNOWN, "unknown outcome"), (REFUSED, "was refused")]


@pytest.mark.parametrize(("outcome", "reason"), DOUBTS)
def test_a_sending_in_doubt_is_never_repeated_and_nothing_follows_it(outcome: str, reason: str) -> None:
    world = World(company(ana(first=THU_2PM), mia()))
    (form,) = [due for due in world.run(utc("2026-09-08 09:00"), outcome) if due.message is REFLECTION_FORM]
    later = [due for _, due in world.runs(utc("2026-09-08 09:30"), utc("2026-09-14"), {})]
    assert not [due for due in later if due.occasion.key == form.key]
    assert reason in world.reasons[REFLECTION_FORM, ANA]


# -- a new relationship ----------------------------------------------------------------------------


def test_a_new_manager_is_a_new_relationship() -> None:
    world = World(company(ana(first=THU_2PM), mia()))
    mails(world, REFLECTION_FORM, "2026-09-07", "2026-09-10", EARLY)
    world.move(company(ana(first="2026-09-17 14:00", manager=NEO), somebody("Neo")))
    assert mails(world, BRIEF, "2026-09-11", "2026-09-18") == ["Wed 16 Sep 09:00 neo"]
    assert len([key for key in world.sends if key.startswith("reflection-form/")]) == 2
    assert len(world.answered) == 1  # what Mia was told is not told to Neo


@pytest.mark.parametrize("row", [ana(manager=NEO), ana(start="2026-09-03")], ids=["new manager", "new start date"])
def test_a_new_manager_or_start_date_asks_anew(row: Row) -> None:
    world = World(company(ana(), mia()))
    assert mails(world, REFLECTION_FORM, "2026-09-02", "2026-09-03") == ["Wed 02 Sep 09:00 ana"]
    world.move(company(row))
    assert len(mails(world, REFLECTION_FORM, "2026-09-03", "2026-09-20")) == 1


def test_a_new_manager_does_not_double_the_weeks_check_in() -> None:
    world = World(company(ana(start=None), mia()))
    world.run(utc("2026-09-08 09:00"))
    world.move(company(ana(start=None, manager=NEO), mia()))
    assert mails(world, CHECK_IN, "2026-09-08 09:00", "2026-09-13") == []


# -- random companies ------------------------------------------------------------------------------

ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Los_Angeles"]
COUNTRIES = ["", "DE", "DE-BY", "US", "GB", "NZ", "IN"]
WEEKS = {"Mon–Fri": {0, 1, 2, 3, 4}, "Sun–Thu": {6, 0, 1, 2, 3}, "Mon, Wed, Thu": {0, 2, 3}, "Mon–Sun": set(range(7))}
PROPOSALS = ["Saying no", "Estimating", "Writing", "SAYING NO"]
BASE = date(2026, 9, 28)  # both hemispheres' clock changes lie within the weeks around it


# Companies are made by dice from a seed: Hypothesis's own draws are too much alike to bring about many mails.
CHANCES = st.randoms(use_true_random=True)


def near(chance: Random, before: int, after: int) -> date:
    return BASE + chance.randint(-before, after) * DAY


def some_settings(chance: Random) -> dict[str, Any]:
    """Settings as a sheet holds them."""
    opens, closes = chance.choice([(9, 17), (9, 17), (7, 10), (0, 23), (14, 22), (1, 4)])
    return {
        "sending": "On",
        "time_zone": chance.choice(ZONES),
        "country": chance.choice(COUNTRIES),
        "working_days": chance.choice(list(WEEKS)),
        "send_time": f"{opens}:00",
        "send_until": f"{closes}:00",
        "reflection_lead": chance.randint(0, 4),
        "reflection_delay": chance.randint(0, 4),
        "success_question_after": chance.choice(["1 month", "3 weeks", "10 days"]),
        "check_in_day": chance.choice(["Monday", "Tuesday", "Tuesday", "Thursday", "Friday", "Sunday"]),
        "reminder_after": chance.randint(1, 3),
        "reminders": chance.randint(0, 3),
        "grace": chance.randint(0, 6),
    }


def some_row(chance: Random, name: str) -> Row:
    """Somebody's row, healthy and else of any kind."""
    start = chance.choice([near(chance, 35, 20), near(chance, 3, 14), None])
    first = chance.choice([near(chance, 5, 30), None])
    first = max(start, first) if start and first else first
    clock = chance.choice([None, time(chance.randint(7, 19), 30)])
    since = chance.choice([None, None, None, near(chance, 10, 25)])
    until = since and chance.choice([None, *(since + n * DAY for n in (0, 1, 4, 11))])
    return somebody(
        name,
        manager_email=chance.choice([MIA, MIA, MIA, NEO, ""]) if name != "Mia" else "",
        start_date=start,
        first_1_1=datetime.combine(first, clock) if first and clock else first,
        time_zone=chance.choice(["", *ZONES]),
        country=chance.choice(COUNTRIES),
        away_from=since,
        away_until=until,
        growth_skill=chance.choice(["", *PROPOSALS]),
        status=chance.choice([*[""] * 9, "Active", "Paused", "Left"]),
    )


def some_staff(chance: Random) -> list[Row]:
    """Mia, who manages most, and three others; Neo has no row."""
    return [some_row(chance, name) for name in ("Mia", "Ana", "Bo", "Cy")]


@dataclass(frozen=True)
class Said:
    """A skill that somebody proposed: which, in answer to the check-in of which week, under which manager, when."""

    skill: str
    week: str
    manager: str
    at: datetime


@dataclass
class Mail:
    """A mail that went out, and what the sheet and the ledger said at that moment."""

    at: datetime
    due: Due
    row: Row  # of the person it is about
    to: Row  # of who got it
    values: Mapping[str, Any]
    asked: datetime  # when the asking that it follows went out
    answered: datetime | None
    stopped: frozenset[str]  # who had asked for no more mail
    said: tuple[Said, ...]  # what the person had proposed

    @property
    def occasion(self) -> tuple[object, ...]:
        """What may be asked once: kind, person, manager (a check-in has none), start date or week."""
        about = self.due.occasion
        manager = "" if about.message in (CHECK_IN, SKILL_PROPOSAL) else self.row["Manager email"]
        return self.due.message.name, about.person.email, manager, about.label


def answering(email: str, said: Said, ask: str = "", number: int = 0) -> Entry:
    """The answer to a check-in in which it was said."""
    answer, who = Answer(PROPOSED, "skill: …", PEOPLE_OPS, said.skill), (email, said.manager)
    return Entry(f"{number}", CHECK_IN_FORM, ask, *who, said.week, "", "", said.at, "mail", (answer,))


class Story:
    """A company that people edit while runs happen."""

    def __init__(self, staff: Iterable[Row], values: Mapping[str, Any]) -> None:
        self.staff = {str(row["Email"]): row for row in staff}
        self.values, self.mails = values, list[Mail]()
        self.said: dict[str, list[Said]] = defaultdict(list)
        self.world = World(company(*self.staff.values(), **values))
        assert self.world.company.policy.sending == "On"

    def edit(self, email: str, cells: Row) -> None:
        self.staff[email] = self.staff[email] | cells
        self.world.move(company(*self.staff.values(), **self.values))

    def answer(self, email: str, now: datetime, chance: Random) -> None:
        """The person answers one of the askings that went out about them."""
        keys = sorted({mail.due.occasion.key for mail in self.mails if mail.due.occasion.person.email == email})
        if keys:
            self.world.answered.setdefault(chance.choice(keys), now)

    def propose(self, email: str, now: datetime, chance: Random) -> None:
        """The person proposes a skill in answer to one of their check-ins."""
        asked = [mail for mail in self.mails if mail.due.message is CHECK_IN and mail.due.to.email == email]
        if asked:
            mail, skill = chance.choice(asked[-2:]), chance.choice(PROPOSALS)
            said = Said(skill, mail.due.occasion.label, str(mail.row["Manager email"]), now)
            self.said[email].append(said)
            entry = answering(email, said, mail.due.key, len(self.said[email]))
            self.world.check_ins.setdefault(email, []).append(entry)

    def run(self, now: datetime, outcome: str = SENT) -> None:
        for due in self.world.run(now, outcome):
            if outcome != LATER:
                asked = self.world.sends[due.occasion.key].at
                row, to = self.staff[due.occasion.person.email], self.staff.get(due.to.email, somebody("Neo"))
                answered = self.world.answered.get(due.occasion.key)
                stopped = frozenset(self.world.stopped)
                said = tuple(self.said[due.occasion.person.email])
                self.mails.append(Mail(now, due, row, to, self.values, asked, answered, stopped, said))


# Minutes between runs: doubled ones, some right after each other, most within hours, now and then a machine was off.
GAPS = [*[0, 1, 7, 30, 53, 60, 60, 60, 120, 120, 180, 180, 240, 360] * 2, 480, 1440, 3000, 9000]
WHATS = [*["run"] * 100, *["answer"] * 20, *["propose"] * 12, *["edit"] * 4, UNKNOWN, REFUSED, LATER, "stop", "start"]
REPORTS = ["ana@example.com", "bo@example.com", "cy@example.com"]


def some_edit(chance: Random) -> Row:
    """What people ops may write into a row."""
    day = BASE + timedelta(days=chance.randint(0, 25))
    edits: list[Row] = [
        {"Status": chance.choice(["Paused", "Left", "Active", "Active", "Active"])},
        {"Time zone": chance.choice(ZONES)},
        {"Manager email": chance.choice([MIA, NEO])},
        {"First 1:1": day, "Start date": None},
        {"Start date": day - 10 * DAY, "First 1:1": None},
        {"Away from": day, "Away until": day + 3 * DAY},
        {"Growth skill": chance.choice(PROPOSALS)},
    ]
    return chance.choice(edits)


def tell(story: Story, steps: int, chance: Random) -> Story:
    """Let runs, answers, edits and failures happen."""
    now = datetime.combine(BASE - 2 * DAY, time(5), UTC)
    for _ in range(steps):
        now += timedelta(minutes=chance.choice(GAPS))
        what, who = chance.choice(WHATS), chance.choice(REPORTS)
        if what == "edit":
            story.edit(who, some_edit(chance))
        elif what == "answer":
            story.answer(who, now, chance)
        elif what == "propose":
            story.propose(who, now, chance)
        elif what == "stop":
            story.world.stopped.setdefault(who, now)
        elif what == "start":
            story.world.stopped.pop(who, None)
        story.run(now, what if what in (UNKNOWN, REFUSED, LATER) else SENT)
    return story


@cache
def days_off(country: str) -> Any:
    code, _, part = country.partition("-")
    return holidays.country_holidays(code, subdiv=part or None) if country else {}


def zone_of(row: Row, values: Mapping[str, Any]) -> ZoneInfo:
    return ZoneInfo(str(row.get("Time zone") or values["time_zone"]))


def works(row: Row, values: Mapping[str, Any], day: date) -> bool:
    """Worked out from the cells, not by Calendar."""
    since, until = row.get("Away from"), row.get("Away until")
    if isinstance(since, date) and since <= day and (not isinstance(until, date) or day <= until):
        return False
    return day.weekday() in WEEKS[values["working_days"]] and day not in days_off(
        str(row.get("Country") or values["country"])
    )


def working_days_between(row: Row, values: Mapping[str, Any], after: date, until: date) -> int:
    return sum(works(row, values, after + n * DAY) for n in range(1, (until - after).days + 1))


def talk_of(row: Row, values: Mapping[str, Any]) -> datetime | None:
    first = row.get("First 1:1")
    if isinstance(first, datetime):
        return first.replace(tzinfo=zone_of(row, values))
    ends = time(int(values["send_until"].partition(":")[0]))
    return datetime.combine(first, ends, zone_of(row, values)) if isinstance(first, date) else None


@given(CHANCES)
@settings(max_examples=150, deadline=None)
def test_in_every_story_the_promises_are_kept(chance: Random) -> None:
    story = tell(Story(some_staff(chance), some_settings(chance)), 150, chance)
    for mail in story.mails:
        _reached_somebody_at_work(mail)
        _came_in_its_time(mail)
        assert mail.due.to.email not in mail.stopped
        if mail.due.message is SKILL_PROPOSAL:
            _told_what_is_proposed(mail)
    _was_sent_once(story.mails, story.values)


def _reached_somebody_at_work(mail: Mail) -> None:
    local = mail.at.astimezone(zone_of(mail.to, mail.values))
    opens, closes = (int(mail.values[name].partition(":")[0]) for name in ("send_time", "send_until"))
    assert works(mail.to, mail.values, local.date())
    assert opens <= local.hour < closes
    assert mail.row["Status"] in ("", "Active")
    assert mail.to.get("Status") in (None, "", "Active")
    assert mail.row["Manager email"]


def _came_in_its_time(mail: Mail) -> None:
    here = mail.at.astimezone(zone_of(mail.row, mail.values)).date()
    start, talk, message = mail.row["Start date"], talk_of(mail.row, mail.values), mail.due.message
    # What somebody proposed to this manager is passed on, even if their start is entered anew meanwhile.
    assert message is SKILL_PROPOSAL or not isinstance(start, date) or here >= start
    if message in (CHECK_IN, CHECK_IN_REMINDER):
        assert mail.due.occasion.label == "{}-W{:02}".format(*here.isocalendar()[:2])
        assert not isinstance(start, date) or here - here.weekday() * DAY > start
    if message in (REFLECTION_REMINDER, CHECK_IN_REMINDER):
        asked = mail.asked.astimezone(zone_of(mail.row, mail.values)).date()
        assert mail.answered is None
        assert working_days_between(mail.row, mail.values, asked, here) >= mail.values["reminder_after"]
    if message is REFLECTION_REMINDER and talk and talk > mail.asked:
        assert mail.at < talk
    if message is BRIEF and not mail.answered:
        assert talk
        assert mail.at < talk


def _told_what_is_proposed(mail: Mail) -> None:
    last, row, grace = mail.said[-1], mail.row, mail.values["grace"]
    assert last.skill.casefold() != str(row["Growth skill"]).casefold()
    assert last.manager == row["Manager email"] == mail.due.to.email
    assert last.week == mail.due.occasion.label
    said, here = (at.astimezone(zone_of(mail.to, mail.values)) for at in (last.at, mail.at))
    in_time = works(mail.to, mail.values, said.date()) and said.hour < int(mail.values["send_until"].partition(":")[0])
    # Said in the evening or on a day off, it is due on the working day that follows.
    assert working_days_between(mail.to, mail.values, said.date(), here.date()) <= grace + (not in_time)


def _was_sent_once(sent: Iterable[Mail], values: Mapping[str, Any]) -> None:
    times: dict[tuple[object, ...], list[Mail]] = defaultdict(list)
    for mail in sent:
        times[mail.occasion].append(mail)
    for mails_of_it in times.values():
        message = mails_of_it[0].due.message
        if message in (REFLECTION_REMINDER, CHECK_IN_REMINDER):
            assert len(mails_of_it) <= values["reminders"]
        elif message is BRIEF and len(mails_of_it) > 1:
            first, second = mails_of_it  # never a third
            assert second.answered
            assert first.at < second.answered <= second.at
        elif message is SKILL_PROPOSAL:
            told = [mail.said[-1].skill.casefold() for mail in mails_of_it]
            assert len(set(told)) == len(told) <= 2
        else:
            assert len(mails_of_it) == 1


@given(CHANCES)
@settings(max_examples=40, deadline=None)
def test_what_is_foreseen_is_what_half_hourly_runs_send_when_nobody_answers(chance: Random) -> None:
    staff, values = some_staff(chance), some_settings(chance)
    now = datetime.combine(near(chance, 20, 20), time(chance.randint(0, 23)), UTC)
    until = now + 12 * DAY
    world = World(company(*staff, **values))
    said = [Said(skill, "2026-W39", MIA, now - chance.randint(0, 99) * HALF_HOUR) for skill in PROPOSALS[:3]]
    world.check_ins = {email: [answering(email, one)] for email, one in zip(REPORTS, said, strict=True)}
    occasions = list(world.occasions(now, until))
    verdicts = [v for o in occasions for v in foresee(o, world.company, world.history, now, until)]
    foreseen = {v.due.key: v.at for v in verdicts if v.now and v.at}
    moments = [now + n * HALF_HOUR for n in range(12 * 48 + 1)]
    sent = {due.key: moment for moment in moments for due in world.run(moment)}
    assert sent == foreseen


@given(CHANCES)
@settings(max_examples=100, deadline=None)
def test_everybody_at_work_is_asked_every_full_week_at_the_first_moment_that_fits(chance: Random) -> None:
    row, values = some_row(chance, "Ana") | {"Manager email": MIA, "Status": ""}, some_settings(chance)
    monday = BASE + chance.randint(-3, 3) * 7 * DAY
    world, now = World(company(row, **values)), datetime.combine(monday - 2 * DAY, time(0), UTC)
    until, week = now + 10 * DAY, f"{monday:%G-W%V}"
    occasions = [o for o in world.timetable.between(now, until) if (o.message, o.label) == (CHECK_IN, week)]
    seen = [v for o in occasions for v in foresee(o, world.company, History(), now, until)]
    asked = [v.at for v in seen if v.now and v.at and v.due.message is CHECK_IN]
    wanted = _first_fitting_day(row, values, monday)
    assert [at.astimezone(zone_of(row, values)).date() for at in asked] == ([wanted] if wanted else [])


def _first_fitting_day(row: Row, values: Mapping[str, Any], monday: date) -> date | None:
    start = row["Start date"]
    if isinstance(start, date) and monday <= start:
        return None
    first = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].index(values["check_in_day"])
    return next((monday + n * DAY for n in range(first, 7) if works(row, values, monday + n * DAY)), None)


def test_the_first_month_of_a_new_report_brings_every_kind_of_mail() -> None:
    world = World(company(ana(first=THU_2PM), mia()))
    kinds = Counter(due.message.name for _, due in world.runs(utc("2026-09-07"), utc("2026-10-05"), {}))
    assert kinds[CHECK_IN.name] == 4
    assert set(kinds) == {m.name for m in (*ASKING, REFLECTION_REMINDER, BRIEF, CHECK_IN_REMINDER)}
