"""The demo: six weeks of a sample team, through the same flows that production runs, then where to look."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from rich.console import RenderableType
from rich.progress import BarColumn, Progress, TextColumn

from flows import tables
from flows.demo.replies import reply_to
from flows.demo.team import FIRST_DAY, SETTINGS, TEAM, WEEKS, Habit
from flows.filing import ledger_problems
from flows.mail.outbox import written
from flows.office import Office
from flows.planning import look_ahead
from flows.report import Report
from flows.rules.layout import PEOPLE_TABS
from flows.rules.messages import (
    BRIEF,
    CATALOGUE,
    CHECK_IN,
    CHECK_IN_REMINDER,
    RECEIPT,
    REFLECTION_FORM,
    REFLECTION_REMINDER,
    SUCCESS_QUESTION,
)
from flows.rules.policy import SETTINGS_TAB
from flows.rules.post import Sending
from flows.rules.problems import OnwardError
from flows.rules.roster import ROSTER
from flows.rules.tabs import Tab
from flows.services import open_office
from flows.settings import Settings, data_folder, keep_secret, quiet_prefect, read_settings, stay_in

MARK = ".onward-demo"
START = datetime.combine(FIRST_DAY, time(0), UTC) - timedelta(hours=12)
END = START + timedelta(weeks=WEEKS)
HABITS = {member.email: member.habit for member in TEAM if member.habit}
COLUMNS = {
    "Forms": (REFLECTION_FORM.name,),
    "Briefs": (BRIEF.name,),
    "Success": (SUCCESS_QUESTION.name,),
    "Check-ins": (CHECK_IN.name,),
    "Receipts": (RECEIPT.name,),
    "Reminders": (REFLECTION_REMINDER.name, CHECK_IN_REMINDER.name),
}
FILED_EVERY = timedelta(hours=6)


@dataclass(frozen=True)
class Waiting:
    """A reply that somebody will have written by then."""

    at: datetime
    raw: bytes


@dataclass
class Story:
    """What has happened so far, and the replies that people are about to write."""

    reports: list[Report] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    turns: Counter[tuple[str, str]] = field(default_factory=Counter)  # how often somebody answered a form
    handed_in: int = 0


def play() -> None:
    """Play the six weeks and print what happened. Starts afresh each time, in a folder of its own."""
    home = _fresh_home(data_folder() / "demo")
    stay_in(home, os.environ)
    quiet_prefect(os.environ)
    settings = read_settings()
    keep_secret(home, settings.secret)
    with open_office(settings) as office:
        furnish(office)
        tables.say(f"Six weeks of a sample team in {home}", "Starting Prefect in this process takes a few seconds …")
        story = live(office, settings)
        tables.say(*_summary(office, story, settings))


def _fresh_home(home: Path) -> Path:
    """The demo's own folder, emptied; never a folder that holds anything but an earlier demo."""
    mark = home / MARK
    if home.exists() and any(home.iterdir()) and not mark.exists():
        raise OnwardError(f"{home}: this folder holds something that is not a demo; move it, or set ONWARD_DATA.")
    home.mkdir(parents=True, exist_ok=True)
    mark.touch()
    for path in home.iterdir():
        if path.name not in (MARK, "prefect"):  # Prefect's own database takes long to make and knows no sample people
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return home


def furnish(office: Office) -> None:
    """Make the sample team's sheet."""
    office.sheet.prepare([_filled(tab) for tab in PEOPLE_TABS])


def _filled(tab: Tab) -> Tab:
    """People's tab with the sample team's rows and settings in it."""
    if tab.name == ROSTER.name:
        return replace(tab, rows=tuple(member.row for member in TEAM))
    if tab.name == SETTINGS_TAB.name:
        rows = tuple((name, SETTINGS.get(str(name), value), about) for name, value, about in tab.rows)
        return replace(tab, rows=rows)
    return tab


def live(office: Office, settings: Settings, until: datetime = END) -> Story:
    """Go from one moment at which something happens to the next, until the six weeks, or fewer, are over."""
    from flows.running import run_flows

    story, now = Story(), START
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, console=tables.err, transient=True, disable=not tables.err.is_terminal) as progress:
        bar = progress.add_task("", total=(until - START).total_seconds())
        while (moment := _next_moment(office, story, now)) and moment < until:
            now = moment
            progress.update(bar, completed=(now - START).total_seconds(), description=f"{now:%a %d %b}")
            flows = _hand_in(story, settings.inbox, now) or _flows_due(office, now)
            for report in run_flows(flows, now, now):
                story.reports.append(report)
                _let_people_write(office, story, settings.data / "outbox", report, now)
        story.reports += run_flows(["refresh-sheet"], until, until)
    return story


def _next_moment(office: Office, story: Story, now: datetime) -> datetime | None:
    coming = [v.at for v in look_ahead(office, CATALOGUE, now, now + timedelta(days=10)) if v.at and not v.skipped]
    return min([*coming, *(reply.at for reply in story.waiting)], default=None)


def _flows_due(office: Office, now: datetime) -> list[str]:
    return list(dict.fromkeys(v.due.message.flow for v in look_ahead(office, CATALOGUE, now, now) if v.now))


def _hand_in(story: Story, inbox: Path, now: datetime) -> list[str]:
    """Put the replies of the next hours into the inbox once the first of them is there; which flow files them."""
    if not any(reply.at <= now for reply in story.waiting):
        return []
    inbox.mkdir(exist_ok=True)
    for reply in [reply for reply in story.waiting if reply.at <= now + FILED_EVERY]:
        story.handed_in += 1
        (inbox / f"reply-{story.handed_in:03d}.eml").write_bytes(reply.raw)
        story.waiting.remove(reply)
    return ["file-answers"]


def _let_people_write(office: Office, story: Story, outbox: Path, report: Report, now: datetime) -> None:
    """Whoever was just asked writes a reply, in their own time, words and mail program."""
    sent = {outcome.key: outcome for outcome in report.outcomes if outcome.to in HABITS and outcome.status == "sent"}
    for sending in office.ledger.sendings(now) if sent else ():
        if sending.key in sent and sending.form and sending.key == sending.ask:
            mail = BytesParser(policy=default).parsebytes(written(outbox, sending.key).read_bytes())
            story.waiting += _replies(story, HABITS[sending.recipient], sending, mail, now)


def _replies(story: Story, habit: Habit, sending: Sending, mail: EmailMessage, now: datetime) -> Iterator[Waiting]:
    words = habit.words.get(sending.form, ())
    if not words or sending.label in habit.silent:
        return
    turn = story.turns[sending.recipient, sending.form]
    story.turns[sending.recipient, sending.form] += 1
    at = now + timedelta(hours=habit.hours)
    yield Waiting(at, reply_to(mail, habit.client, words[turn % len(words)], at))


def _summary(office: Office, story: Story, settings: Settings) -> Iterator[RenderableType]:
    company = office.timetable().company
    entries = office.ledger.entries()
    sent = Counter((o.message, o.to) for report in story.reports for o in report.outcomes if o.status == "sent")
    answered = Counter(entry.person for entry in entries)
    rows = [
        (
            member.name,
            *(sum(sent[name, member.email] for name in names) or "" for names in COLUMNS.values()),
            answered[member.email] or "",
        )
        for member in TEAM
    ]
    headers = ("To", *COLUMNS, "Answers")
    yield ""
    yield tables.table(f"Six weeks: {sent.total()} mails sent, {len(entries)} answers filed", headers, rows)
    yield ""
    yield tables.problems_table([*company.problems, *ledger_problems(office, company, START)])
    yield ""
    yield tables.table("Where to look", ("What", "Where"), _places(settings))
    yield ""
    onward = os.path.relpath(sys.argv[0])
    yield f"Your own sheet: `{onward} init` makes it, `{onward} check` and `{onward} preview` say what is next."


def _places(settings: Settings) -> list[tuple[str, str]]:
    onward = os.path.relpath(sys.argv[0])
    return [
        ("The sheet that people ops keeps", str(settings.roster)),
        ("The answers, and where everybody stands", str(settings.answers)),
        ("Every mail; any mail program opens them", str(settings.data / "outbox")),
        ("All of it in a browser, to answer as they would", f"ONWARD_DATA={settings.data.parent} {onward} up --demo"),
        ("The same people, on from there", f"ONWARD_DATA={settings.data} {onward} preview --at {END:%Y-%m-%d}"),
    ]
