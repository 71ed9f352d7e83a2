"""Onward's own tabs: pictures of the present (Status, Upcoming, Problems, Overview), rewritten whole each time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.rules.company import Company
from flows.rules.dates import short_day
from flows.rules.delivery import FAILURES
from flows.rules.due import History, Verdict
from flows.rules.email import SENT
from flows.rules.messages import CATALOGUE, CHECK_IN, title_of
from flows.rules.post import Sending
from flows.rules.problems import Problem
from flows.rules.roster import ACTIVE, ROSTER, Person
from flows.rules.skills import Skill
from flows.rules.tabs import Column, Content, Tab, Value
from flows.rules.talks import said_of
from flows.rules.values import ON

STATUS = Tab(
    "Status",
    (
        Column("Name", "", 24),
        Column("Email", "", 30),
        Column("Now", "What Onward does for this person, or what keeps it from doing so.", 60),
        Column("Growth skill", "As in the roster, or as the person named it in a reply.", 30),
        Column("Last mail", "The last mail about this person.", 40),
        Column("Sent", "When it went out, in the time zone of the settings.", 17, kind="moment"),
        Column("Check-ins asked", "", 10, kind="number"),
        Column("Check-ins answered", "", 10, kind="number"),
        Column("Last answer", "", 17, kind="moment"),
        Column("Manager says", "What the manager pressed in a mail about this person's talk.", 44),
    ),
    "where everybody stands; Onward writes it anew each time",
)
UPCOMING = Tab(
    "Upcoming",
    (
        Column("When", "In the time zone of the settings.", 17, kind="moment"),
        Column("Their clock", "The same moment where the recipient is.", 20),
        Column("Mail", "", 22),
        Column("To", "", 30),
        Column("About", "", 24),
        Column("Remark", "", 60),
    ),
    "what goes out in the next 14 days if nobody answers, and what does not and why",
)
PROBLEMS = Tab(
    "Problems",
    (
        Column("Tab", "", 14),
        Column("Row", "As it was when the sheet was last read.", 6, kind="number"),
        Column("Column", "", 22),
        Column("Value", "", 30),
        Column("What to do", "", 90),
    ),
    "what people ops should mend; empty is good",
)
OVERVIEW = Tab(
    "Overview",
    (
        Column("Week", "", 10),
        Column("Check-ins sent", "", 14, kind="number"),
        Column("Answered", "", 12, kind="number"),
        Column("Answered, %", "Of those that were sent; weeks away are not counted.", 12, kind="number"),
        Column("Other mails sent", "", 16, kind="number"),
    ),
    "week by week: what was sent and answered",
)
UPCOMING_DAYS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Present:
    """What the pictures are made from."""

    at: datetime  # UTC
    company: Company
    sendings: Sequence[Sending]
    past: History
    upcoming: Sequence[Verdict]
    problems: Sequence[Problem]
    skills: Mapping[str, Skill] = field(default_factory=dict)  # by address


def pictures(present: Present) -> list[Content]:
    """The four tabs. The same present gives the same rows, so that nothing new means nothing is written."""
    return [
        Content(STATUS, _status(present)),
        Content(UPCOMING, _upcoming(present)),
        Content(PROBLEMS, [(p.tab, p.row or None, p.column, p.value, p.advice) for p in present.problems]),
        Content(OVERVIEW, _overview(present)),
    ]


def _status(present: Present) -> list[tuple[Value, ...]]:
    about: dict[str, list[Sending]] = defaultdict(list)
    for sending in present.sendings:
        about[sending.person].append(sending)
    coming = {v.due.to.email: v for v in reversed(present.upcoming) if v.at}  # the first one of each remains
    people = present.company.roster.people
    rows = [_person_row(person, about[person.email], coming.get(person.email), present) for person in people]
    set_aside = present.company.roster.set_aside.items()
    return [*rows, *(_row_set_aside(email, row, present.problems) for email, row in set_aside)]


def _person_row(
    person: Person, sendings: Sequence[Sending], coming: Verdict | None, present: Present
) -> tuple[Value, ...]:
    local = present.company.policy.calendar.local
    asked = [s for s in sendings if s.message == CHECK_IN.name and s.status == SENT]
    answers = [present.past.answered[s.key] for s in sendings if s.key in present.past.answered]
    last = sendings[-1] if sendings else None
    return (
        person.name,
        person.email,
        _now(person, coming, present),
        _skill(person, present.skills.get(person.email)),
        _in_words(last) if last else "",
        local(last.at).replace(tzinfo=None) if last else None,
        len(asked),
        sum(s.key in present.past.answered for s in asked),
        local(max(answers)).replace(tzinfo=None) if answers else None,
        said_of(sendings, present.past.talks, present.company.policy.calendar),
    )


def _now(person: Person, coming: Verdict | None, present: Present) -> str:
    if person.status != ACTIVE:
        return f"{person.status}: gets no mail"
    if person.email in present.past.stopped:
        asked = person.calendar.local(present.past.stopped[person.email])
        return f"Asked on {short_day(asked.date())} for no more mail"
    rest = present.past.breaks.get(person.email)
    if rest and present.at < rest.until:
        since, back = (short_day(person.calendar.local(moment).date()) for moment in (rest.at, rest.until))
        return f"Asked on {since} for no mail until {back}"
    if pause := present.past.paused.get(person.email):
        since = short_day(person.calendar.local(pause.at).date())
        return f"Mail is paused since {since} ({pause}); see the tab Problems"
    if not person.manager_email:
        return "No manager in the roster: gets no mail as a report"
    if present.company.policy.sending != ON:
        return f"Sending is {present.company.policy.sending}: nothing leaves"
    if coming and coming.at:
        return f"Next: {coming.due.message.title}, {short_day(person.calendar.local(coming.at).date())}"
    return "Nothing in the next 14 days"


def _skill(person: Person, skill: Skill | None) -> str:
    """The roster's, or what the person said since: an answer decides, and people ops is told to write it down."""
    if skill and skill.proposed:
        now = person.growth_skill or skill.known or "none yet"
        return f"{now}; proposed in a reply: {skill.proposed} (once agreed, write it into the Roster)"
    if skill is None or skill.name == person.growth_skill:
        return person.growth_skill
    named = f"{skill.known} (named in a reply; write it into the Roster)" if skill.known else ""
    return named or (f"none: done with “{person.growth_skill}”; empty the Roster" if person.growth_skill else "")


def _in_words(sending: Sending) -> str:
    words = f"{title_of(sending.message)}, {sending.label}"
    if sending.status != SENT:
        return f"{words}: {sending.status}"
    if sending.delivery in FAILURES:
        return f"{words}: {sending.delivery}" + (f" ({sending.delivery_detail})" if sending.delivery_detail else "")
    return words


def _row_set_aside(email: str, row: int, problems: Iterable[Problem]) -> tuple[Value, ...]:
    said = next((str(problem) for problem in problems if problem.tab == ROSTER.name and problem.row == row), "")
    return ("", email, f"Set aside. {said}", "", "", None, None, None, None, "")


def _upcoming(present: Present) -> list[tuple[Value, ...]]:
    """What goes out, in the order of time; then what does not, each reason once, without what is long past."""
    planned = [v for v in present.upcoming if v.at and not v.skipped]
    skipped = {
        (v.due.message, v.due.to.email, v.due.occasion.person.email, v.reason): v
        for v in present.upcoming
        if v.skipped and (v.due.occasion.never or present.at - v.due.closes < UPCOMING_DAYS)
    }
    return [_upcoming_row(verdict, present.company) for verdict in (*planned, *skipped.values())]


def _upcoming_row(verdict: Verdict, company: Company) -> tuple[Value, ...]:
    due, at = verdict.due, verdict.at
    remark = f"Skipped: {verdict.reason}" if verdict.skipped else ""
    if at and due.stops_when_answered:
        remark = "Unless answered before"
    return (
        company.policy.calendar.local(at).replace(tzinfo=None) if at else None,
        f"{due.to.calendar.local(at):%a %d %b, %H:%M}" if at else "",
        due.message.title,
        due.to.email,
        due.occasion.person.name,
        remark,
    )


def _overview(present: Present) -> list[tuple[Value, ...]]:
    titles = {message.name for message in CATALOGUE}
    sent = [s for s in present.sendings if s.status == SENT and s.message in titles]
    local = present.company.policy.calendar.local
    asked = Counter(s.label for s in sent if s.message == CHECK_IN.name)
    answered = Counter(s.label for s in sent if s.message == CHECK_IN.name and s.key in present.past.answered)
    others = Counter(f"{local(s.at):%G-W%V}" for s in sent if s.message != CHECK_IN.name)
    return [
        (week, asked[week], answered[week], _percent(answered[week], asked[week]), others[week])
        for week in sorted(asked.keys() | others.keys(), reverse=True)
    ]


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
