"""The roster: one row per person, read with every doubt reported and every healthy row kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from difflib import SequenceMatcher
from functools import partial
from typing import Any

from flows.rules.dates import Calendar, Leave, NotADate, read_moment
from flows.rules.grid import ERROR_VALUE, Cell, Grid, Row, Table, read_table, squash, text_of
from flows.rules.policy import Policy
from flows.rules.problems import Problem
from flows.rules.tabs import Column, Tab
from flows.rules.values import Wrong, read_country, read_email, read_emails, read_language, read_zone

ACTIVE, PAUSED, LEFT = "Active", "Paused", "Left"
STATES = (ACTIVE, PAUSED, LEFT)
YEARS = range(1950, 2101)

ROSTER = Tab(
    "Roster",
    (
        Column("Name", "As mails should greet the person.", 24, required=True),
        Column("Email", "Where the person's mails go. It also identifies the person.", 30, required=True),
        Column("Manager email", "Who has the 1:1s with this person. Empty: no mails as a report.", 30),
        Column("Start date", "The first day with this manager.", 13, kind="date"),
        Column("First 1:1", "Date, or date and time on the person's own clock.", 18, kind="moment"),
        Column("Growth skill", "What the weekly check-in asks about. Empty: it asks to choose a skill.", 26),
        Column("Time zone", "Like Europe/Berlin. Empty: as in Settings.", 18),
        Column("Country", "Whose holidays count: DE, or DE-BY for a part. Empty: as in Settings.", 10),
        Column("Language", "en, de, fr or es: of mails, pages and questions. Empty: as in Settings.", 10),
        Column("Away from", "First day of a leave. No mail from then on.", 13, kind="date"),
        Column("Away until", "Last day of the leave.", 13, kind="date"),
        Column("Status", "Paused and Left stop all mail at once. Empty: Active.", 10, choices=STATES),
        Column("Also answers as", "Other addresses whose replies are this person's: an alias, an assistant.", 26),
    ),
    "one row per person; yours alone, Onward only reads it",
    alike={
        "Name": "Full name/Employee/Person",
        "Email": "Email address/Mail/Work email/Mail address",
        "Manager email": "Manager/Line manager/Reports to/Manager address",
        "Start date": "Start/Started/Joined/First day/Hire date/Starts on",
        "First 1:1": "First one-on-one/First 1-on-1/1:1/One-on-one/First meeting",
        "Growth skill": "Skill/Growth area",
        "Time zone": "Zone/TZ",
        "Away from": "Away since/Leave from/On leave from/Leave start",
        "Away until": "Away to/Away till/Leave until/Leave end/Back on",
        "Status": "State/Employment status/Active",
        "Also answers as": "Aliases/Alias/Other addresses/Also replies as/Answers as/Assistant",
    },
)


@dataclass(frozen=True, slots=True)
class Person:
    """One healthy row."""

    row: int
    name: str
    email: str  # lower case; identifies the person
    manager_email: str  # lower case; empty: gets no mail as a report
    start: date | None  # None: long ago
    first_1_1: date | None
    first_1_1_time: time | None  # on the person's own clock; None: some time that day
    growth_skill: str
    calendar: Calendar
    language: str
    status: str
    also: tuple[str, ...] = ()  # other addresses whose replies are this person's, in lower case


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of the healthy rows, the addresses of the others, and the problems that set them aside."""

    people: tuple[Person, ...]
    set_aside: Mapping[str, int]  # mail address → row, where the row could not be used
    problems: tuple[Problem, ...]


def read_roster(grid: Grid | None, policy: Policy) -> Roster:
    """Read every row on its own: one that is wrong is reported and set aside, the others go on (design §3)."""
    table = read_table(ROSTER, grid)
    people: dict[str, Person] = {}
    set_aside: dict[str, int] = {}
    problems = list(table.problems)
    for row in table.rows:
        person, wrong = _read_row(row, table, policy)
        if person and person.email in people:
            wrong = [_problem(table, row, "Email", _doubled(person, people, set_aside))]
        elif person:
            people[person.email] = person
        elif wrong and (email := _email_of(row)):
            set_aside.setdefault(email, row.number)
        problems += wrong
    for problem, email in list(_circles(people, table)):
        problems.append(problem)
        set_aside[email] = people.pop(email).row
    problems += _mistyped_managers(people, table)
    return Roster(tuple(people.values()), set_aside, tuple(sorted(problems, key=lambda p: p.row)))


def _problem(table: Table, row: Row, header: str, advice: str) -> Problem:
    value = row.clashes.get(header) or row.text(header)
    return Problem(ROSTER.name, row.number, table.headers.get(header, header), value, advice)


def _read_row(row: Row, table: Table, policy: Policy) -> tuple[Person | None, list[Problem]]:
    """The person of one row, or the problems that keep it from being used; neither for a note between the rows."""
    if _is_note(row):
        return None, []
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in ROSTER.columns:
        try:
            values[column.header] = _value(row, column.header)
        except (Wrong, NotADate) as wrong:
            problems.append(_problem(table, row, column.header, str(wrong)))
    problems += [_problem(table, row, header, advice) for header, advice in _contradictions(values)]
    return (None, problems) if problems else (_person(row, values, policy), [])


def _doubled(person: Person, people: dict[str, Person], set_aside: dict[str, int]) -> str:
    """What to say of a second row with the same address. Should only one of them stop mail, both are set aside."""
    first = people[person.email]
    if first.status == person.status:
        return f"row {first.row} has the same address; only that row counts, delete one"
    set_aside[person.email] = people.pop(person.email).row
    return f"row {first.row} has the same address and another status; neither row counts, delete one"


def _email_of(row: Row) -> str:
    try:
        return read_email(row.cells.get("Email"))
    except Wrong:
        return ""


def _is_note(row: Row) -> bool:
    """Whether the row is a note across merged cells, or a header line that was repeated further down."""
    repeated = all(squash(row.text(header)) == squash(header) for header in ("Name", "Email"))
    return repeated or (row.merged and "@" not in row.text("Email"))


def _value(row: Row, header: str) -> Any:
    if header in row.clashes:
        raise Wrong(f"two columns are headed “{header}” and say different things in this row; keep one")
    if ERROR_VALUE.fullmatch(row.text(header)):
        raise Wrong("a formula in this cell fails; mend it or type the value")
    return READERS[header](row.cells.get(header))


def _required(read: Callable[[Cell], str], cell: Cell) -> str:
    if not text_of(cell):
        raise Wrong("this cell is empty; every person needs a name and a mail address")
    return read(cell)


def _if_given(read: Callable[[Cell], Any], cell: Cell) -> Any:
    return read(cell) if text_of(cell) else None


def _moment(cell: Cell) -> tuple[date, time | None]:
    day, clock = read_moment(cell)
    if day.year not in YEARS:
        raise NotADate(f"the year {day.year} cannot be meant; type the date as 2026-09-01")
    return day, clock


def _day(cell: Cell) -> date:
    return _moment(cell)[0]


def _last_day(cell: Cell) -> date | None:
    """The end of a leave; a year such as 9999 is how some systems say that it is open."""
    day = read_moment(cell)[0]
    return _day(cell) if day.year < YEARS.stop else date(YEARS.stop - 1, 12, 31)


def _status(cell: Cell) -> str:
    found = next((state for state in STATES if squash(state) == squash(text_of(cell))), None)
    if found is None:
        raise Wrong(f"write {', '.join(STATES[:-1])} or {STATES[-1]}, or leave it empty")
    return found


READERS: Mapping[str, Callable[[Cell], Any]] = {
    "Name": partial(_required, text_of),
    "Email": partial(_required, read_email),
    "Manager email": partial(_if_given, read_email),
    "Start date": partial(_if_given, _day),
    "First 1:1": partial(_if_given, _moment),
    "Growth skill": text_of,
    "Time zone": partial(_if_given, read_zone),
    "Country": partial(_if_given, read_country),
    "Language": partial(_if_given, read_language),
    "Away from": partial(_if_given, _day),
    "Away until": partial(_if_given, _last_day),
    "Status": partial(_if_given, _status),
    "Also answers as": partial(_if_given, read_emails),
}


def _contradictions(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Cells that are each fine and together are not; a cell that could not be read is not here and says nothing."""
    if values.get("Manager email") and values["Manager email"] == values.get("Email"):
        yield "Manager email", "nobody is their own manager; write the manager's address, or leave it empty"
    since, until = values.get("Away from"), values.get("Away until")
    if since and until and until < since:
        yield "Away until", f"the leave ends before it begins ({since}); mend one of the two dates"
    start, talk = values.get("Start date"), values.get("First 1:1")
    if start and talk and talk[0] < start:
        yield "First 1:1", f"this is before the start date ({start}); mend one of the two dates"


def _person(row: Row, values: Mapping[str, Any], policy: Policy) -> Person:
    talk = values["First 1:1"] or (None, None)
    since, until = values["Away from"], values["Away until"]
    base = policy.calendar
    calendar = replace(
        base,
        zone=values["Time zone"] or base.zone,
        country=base.country if values["Country"] is None else values["Country"],
        leave=(Leave(since, until),) if since or until else (),
    )
    return Person(
        row=row.number,
        name=values["Name"],
        email=values["Email"],
        manager_email=values["Manager email"] or "",
        start=values["Start date"],
        first_1_1=talk[0],
        first_1_1_time=talk[1],
        growth_skill=values["Growth skill"],
        calendar=calendar,
        language=values["Language"] or policy.language,
        status=values["Status"] or ACTIVE,
        also=values["Also answers as"] or (),
    )


def _circles(people: Mapping[str, Person], table: Table) -> Iterator[tuple[Problem, str]]:
    """People who, going up from manager to manager, come back to themselves."""
    for person in people.values():
        chain = _chain_above(person, people)
        if chain and chain[-1] == person.email:
            names = " → ".join(people[email].name for email in chain)
            advice = f"the managers form a circle ({person.name} → {names}); mend one of these rows"
            header = table.headers.get("Manager email", "Manager email")
            yield Problem(ROSTER.name, person.row, header, person.manager_email, advice), person.email


def _chain_above(person: Person, people: Mapping[str, Person]) -> Sequence[str]:
    chain: list[str] = []
    above = person.manager_email
    while above in people and above not in chain:
        chain.append(above)
        above = people[above].manager_email if above != person.email else ""
    return chain


def _mistyped_managers(people: Mapping[str, Person], table: Table) -> Iterator[Problem]:
    """Managers whom nobody else has and nobody is, and whose address is all but another manager's. Their mail goes."""
    teams = Counter(person.manager_email for person in people.values() if person.manager_email)
    managers = [email for email, reports in teams.items() if reports > 1 or email in people]
    for person in people.values():
        typed = person.manager_email
        if teams[typed] == 1 and typed not in people and (near := next((m for m in managers if _alike(typed, m)), "")):
            advice = f"did you mean {near}? Should this be somebody else, give them a row of their own"
            yield Problem(ROSTER.name, person.row, table.headers["Manager email"], typed, advice)


def _alike(one: str, other: str) -> bool:
    """Whether one address may be the other one mistyped: the same letters in another order, or nearly the same."""
    (name, _, host), (name_2, _, host_2) = one.rpartition("@"), other.rpartition("@")
    if host != host_2 or abs(len(name) - len(name_2)) > 1:
        return False
    return sorted(name) == sorted(name_2) or SequenceMatcher(None, name, name_2).ratio() >= 0.88
