"""What people see on a terminal: tables of what was sent, skipped, planned and what needs mending."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.report import Outlook, Report, Skipped
from flows.rules.due import Verdict
from flows.rules.findings import FINE, MISSING, UNSEEN, Finding
from flows.rules.messages import title_of
from flows.rules.problems import Problem
from flows.rules.values import ON
from flows.sending import Outcome

LONG = 20  # rows; longer lists of skipped mails are counted by reason instead
COLOURS = {"sent": "green", "preview": "cyan", "unknown": "yellow", "refused": "red", "failed": "red"}

STATES = {FINE: "green", MISSING: "red", UNSEEN: "yellow"}

WIDE = 200  # columns in a pipe, where no screen sets the width and whoever searches wants whole lines

out = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
err = Console(highlight=False, stderr=True, width=None if sys.stderr.isatty() else WIDE)


def say(*parts: RenderableType) -> None:
    """Print for people; plain text in a pipe."""
    out.print(Group(*parts))


def table(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table in the house style. Cells are shown as they are: markup in a person's name is text."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=None, pad_edge=False)
    for header in headers:
        made.add_column(header, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return made


def problems_table(problems: Sequence[Problem]) -> Table:
    """What people ops should mend, where, and how."""
    rows = [(p.tab, p.row or "", p.column, p.value, p.advice) for p in problems]
    return table(f"To mend ({len(rows)})", ("Tab", "Row", "Column", "Value", "What to do"), rows)


def findings_table(findings: Sequence[Finding]) -> Table:
    """What a look at the connections found."""
    rows = [(f.what, Text(f.state, style=STATES.get(f.state, "")), f.said) for f in findings]
    return table("Connections", ("What", "Is", ""), rows)


def report_tables(report: Report) -> list[RenderableType]:
    """One run: what went out, what did not and why, what needs mending."""
    parts: list[RenderableType] = [Text(f"{report.flow}: {report}", style="bold")]
    if report.outcomes:
        parts += ["", _outcomes(report.outcomes)]
    if report.skipped:
        parts += ["", skipped_table(report.skipped)]
    if report.problems:
        parts += ["", problems_table(report.problems)]
    return parts


def _outcomes(outcomes: Sequence[Outcome]) -> Table:
    rows = [
        (
            title_of(o.message),
            o.to,
            Text(o.status, style=COLOURS.get(o.status, "")),
            o.detail.splitlines()[0] if o.detail else "",
        )
        for o in outcomes
    ]
    return table("Mails", ("Mail", "To", "Outcome", ""), rows)


def skipped_table(skipped: Sequence[Skipped]) -> Table:
    """What does not go out and why: each person, or a count for each reason when they are many."""
    if len(skipped) <= LONG:
        return table("Skipped", ("Mail", "About", "Why"), [(title_of(s.message), s.person, s.reason) for s in skipped])
    counts = Counter((title_of(s.message), _kind_of(s.reason)) for s in skipped)
    rows = [(title, count, reason) for (title, reason), count in counts.most_common()]
    return table(f"Skipped ({len(skipped)})", ("Mail", "How many", "Why"), rows)


def _kind_of(reason: str) -> str:
    """The reason without its date, so that a thousand of them make one line."""
    before, comma, after = reason.partition(", ")
    return after if comma and before.startswith("was due on") else reason


def outlook_tables(outlook: Outlook) -> list[RenderableType]:
    """What the coming days bring, on each recipient's own clock, and what they do not bring."""
    rows = [
        (_clock(v, v.at), v.due.message.title, v.due.to.email, v.due.occasion.person.name,
         "unless answered before" if v.due.stops_when_answered else "")
        for v in outlook.planned if v.at
    ]  # fmt: skip
    title = f"The next {outlook.days} days ({len(rows)} mails)"
    parts: list[RenderableType] = [table(title, ("When, for them", "Mail", "To", "About", ""), rows)]
    parts += ["", skipped_table(outlook.skipped)] if outlook.skipped else []
    parts += ["", problems_table(outlook.problems)] if outlook.problems else []
    if outlook.sending != ON:
        parts += ["", f"Sending is {outlook.sending} in Settings: nothing leaves until it is On."]
    return parts


def _clock(verdict: Verdict, at: datetime) -> str:
    calendar = verdict.due.to.calendar
    return f"{calendar.local(at):%a %d %b %H:%M} {calendar.zone}"


def rehearsal_tables(reports: Sequence[Report]) -> list[RenderableType]:
    """A rehearsal day by day: how many mails of each kind, and what was skipped and why."""
    kinds = list(dict.fromkeys(o.message for report in reports for o in report.outcomes))
    days: dict[str, Counter[str]] = {}
    for report in reports:
        day = days.setdefault(f"{report.at:%a %d %b %Y}", Counter())
        day.update(outcome.message for outcome in report.outcomes)
        day["filed"] += report.filed
    rows = [(day, *(c[kind] or "" for kind in kinds), c["filed"] or "") for day, c in days.items() if c.total()]
    total = sum((c for c in days.values()), Counter[str]())
    rows.append(("in all", *(total[kind] for kind in kinds), total["filed"]))
    skipped = [s for report in reports for s in report.skipped]
    headers = ("Day", *(title_of(kind) for kind in kinds), "Filed")
    parts: list[RenderableType] = [table("Mails", headers, rows), ""]
    return [*parts, skipped_table(skipped), ""] if skipped else parts
