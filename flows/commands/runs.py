"""Commands that run flows: for real, through time, on sample people. Prefect is started by these, and by no other."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from flows import tables
from flows.commands.shared import AS_JSON, AT, leave, print_json, progress
from flows.rehearsal import moments, rehearse
from flows.report import Report
from flows.rules.messages import SENDING_FLOWS
from flows.services import open_office
from flows.settings import quiet_prefect, read_settings
from flows.words import Moment, Pace

# Evidence first, and answers: whoever answered is not reminded.
ALL = ("settle-sends", "file-answers", *SENDING_FLOWS, "refresh-sheet", "erase-mail")
FLOWS = (*SENDING_FLOWS, "file-answers", "refresh-sheet", "settle-sends", "erase-mail")


@click.command()
@click.argument("flow", type=click.Choice([*FLOWS, "all"]), metavar="FLOW")
@AT
@AS_JSON
def run(flow: str, at: datetime | None, as_json: bool) -> None:
    """Run one flow now, in this process, under Prefect.

    FLOW is reflection-form, success-question, growth-check-in, file-answers, refresh-sheet, settle-sends, erase-mail,
    or all.
    """
    settings = read_settings()
    if isinstance(settings.roster, Path):  # reading a Google sheet twice would cost two of its sixty reads a minute
        with open_office(settings) as office:
            office.timetable()  # what is wrong with the sheet is said here, before Prefect takes its seconds to start
    quiet_prefect(os.environ)
    from flows.running import run_flows

    reports = run_flows(ALL if flow == "all" else [flow], at, datetime.now(UTC))
    report = Report(flow, reports[0].at)
    for part in reports:
        report.add(part)
    if as_json:
        print_json(report.as_json())
    else:
        tables.say(*tables.report_tables(report))
    leave(report.failed or bool(report.problems))


@click.command(name="rehearse")
@click.option("--from", "since", type=Moment(), required=True, metavar="T", help="When the rehearsal begins.")
@click.option("--days", type=click.IntRange(1, 366), required=True, help="How many days it goes on.")
@click.option("--every", type=Pace(), default="1h", show_default=True, help="How often everything is run.")
@AS_JSON
def rehearse_command(since: datetime, days: int, every: timedelta, as_json: bool) -> None:
    """Step through time as the schedules would, without waiting: what a quarter would look like, in seconds.

    It fills the configured ledger and outbox, so give it a folder of its own with a copy of the roster in it:
    ONWARD_DATA=/tmp/rehearsal.
    """
    with open_office() as office:
        start = office.moment(since)
        with progress("Rehearsing", sum(1 for _ in moments(start, days, every))) as done:
            reports = rehearse(office, start, days, every, done)
    problems = [problem for report in reports for problem in report.problems]
    if as_json:
        steps = [report.as_json() for report in reports]
        print_json(
            {"from": start.isoformat(), "days": days, "steps": steps, "problems": [p.as_json() for p in problems]}
        )
    else:
        tables.say(*tables.rehearsal_tables(reports), *([tables.problems_table(problems)] if problems else []))
    leave(bool(problems) or any(report.failed for report in reports))


@click.command()
def demo() -> None:
    """See the whole circle on sample people: six weeks in a minute or two, then where to look."""
    from flows.demo.play import play

    play()
