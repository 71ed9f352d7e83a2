"""The command line: words in, words out. Prefect is started by the two commands that run flows, and by no other."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from flows import filing, planning, settling, tables
from flows.mail.reading import read_mail
from flows.mail.tokens import find_token
from flows.rehearsal import moments, rehearse
from flows.report import Outlook, Report
from flows.rules.layout import PEOPLE_TABS
from flows.rules.messages import CATALOGUE, SENDING_FLOWS, title_of
from flows.rules.problems import OnwardError
from flows.services import open_office
from flows.settings import quiet_prefect
from flows.words import Moment, Pace

FLOWS = (*SENDING_FLOWS, "file-answers", "refresh-sheet")
ALL = ("file-answers", *SENDING_FLOWS, "refresh-sheet")  # answers first: whoever answered is not reminded
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables.")


AT = click.option("--at", type=Moment(), metavar="T", help="Act as if it were this moment, like 2026-09-07T09:00.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def onward() -> None:
    """Career conversations that actually happen, by e-mail, out of a sheet.

    First `onward demo`, to see it work on sample people. Then `onward init` makes your own sheet; fill in the roster,
    look at `onward check` and `onward preview`, and set Sending to On when you like what you see.
    """


@onward.command()
def init() -> None:
    """Make the sheet, or say what is missing in it. What people wrote is never changed."""
    with open_office() as office:
        prepared = office.sheet.prepare(PEOPLE_TABS)
    tables.say(*prepared.said)


@onward.command()
@AS_JSON
def check(as_json: bool) -> None:
    """Read the sheet and list what is wrong with it, in plain words. Exit code 1 if anything is."""
    with open_office() as office:
        company = office.timetable().company
        problems = [*company.problems, *filing.ledger_problems(office, company, datetime.now(UTC))]
    if as_json:
        _print_json({"problems": [problem.as_json() for problem in problems]})
    elif problems:
        tables.say(tables.problems_table(problems))
    else:
        people = len(company.roster.people)
        tables.say(f"All is well: {people} people in the roster, Sending is {company.policy.sending}.")
    _leave(bool(problems))


@onward.command()
@AT
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How far to look ahead.")
@AS_JSON
def preview(at: datetime | None, days: int, as_json: bool) -> None:
    """Show what will be sent to whom and when, and what is skipped and why. Sends nothing."""
    with open_office() as office:
        now = office.moment(at or datetime.now(UTC))
        company = office.timetable().company
        seen = planning.look_ahead(office, CATALOGUE, now, now + timedelta(days=days))
    outlook = Outlook(now, company.policy.sending, days, tuple(seen), company.problems)
    if as_json:
        _print_json(outlook.as_json())
    else:
        tables.say(*tables.outlook_tables(outlook))
    _leave(bool(outlook.problems))


@onward.command()
@click.argument("flow", type=click.Choice([*FLOWS, "all"]), metavar="FLOW")
@AT
@AS_JSON
def run(flow: str, at: datetime | None, as_json: bool) -> None:
    """Run one flow now, in this process, under Prefect.

    FLOW is reflection-form, success-question, growth-check-in, file-answers, refresh-sheet, or all of them.
    """
    with open_office() as office:
        office.timetable()  # what is wrong with the sheet is said here, before Prefect takes its seconds to start
    quiet_prefect(os.environ)
    from flows.running import run_flows

    reports = run_flows(ALL if flow == "all" else [flow], at, datetime.now(UTC))
    report = Report(flow, reports[0].at)
    for part in reports:
        report.add(part)
    if as_json:
        _print_json(report.as_json())
    else:
        tables.say(*tables.report_tables(report))
    _leave(report.failed or bool(report.problems))


@onward.command(name="rehearse")
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
        with _progress("Rehearsing", sum(1 for _ in moments(start, days, every))) as done:
            reports = rehearse(office, start, days, every, done)
    problems = [problem for report in reports for problem in report.problems]
    if as_json:
        steps = [report.as_json() for report in reports]
        _print_json(
            {"from": start.isoformat(), "days": days, "steps": steps, "problems": [p.as_json() for p in problems]}
        )
    else:
        tables.say(*tables.rehearsal_tables(reports), *([tables.problems_table(problems)] if problems else []))
    _leave(bool(problems) or any(report.failed for report in reports))


@onward.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE.eml ...")
@AT
def receive(files: Sequence[Path], at: datetime | None) -> None:
    """Take raw mails as replies, and the mails that wait in the inbox folder.

    They are kept at once; `onward run file-answers` writes their answers to the sheet.
    """
    missing = [path for path in files if not path.is_file()]
    with open_office() as office:
        now = office.moment(at or datetime.now(UTC))
        new = sum(filing.receive(office, path, now) for path in files if path not in missing)
        new += filing.take_in(office, now)
        filing.understand(office)
        problems = filing.ledger_problems(office, office.timetable().company, now)
    tables.say(f"{new} new mails are kept; `onward run file-answers` files their answers.")
    if problems:
        tables.say("", tables.problems_table(problems))
    if missing:
        raise click.UsageError("no such file: " + ", ".join(str(path) for path in missing))
    _leave(bool(problems))


@onward.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.eml ...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each file.")
def read(files: Sequence[Path], as_json: bool) -> None:
    """Show what Onward understands of raw mails. Stores nothing."""
    for path in files:
        found = _understood(path)
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False).encode(errors="replace"))
        else:
            words = [
                Text(f"{path}: {found['kind']} from {found['sender'] or 'nobody'}", style="bold"),
                Text(found["text"]),
            ]
            tables.say(*words, *(Text(f"[{number}] {text}") for number, text in found["answers"].items()), "")


@onward.command()
def settle() -> None:
    """Settle mails of unknown outcome, by evidence alone: what certainly never left may go out again."""
    with open_office() as office:
        outcomes = settling.settle_unknown(office, datetime.now(UTC))
    said = {
        "sent": "it did leave",
        "later": "it never left; the next run may send it",
        "unknown": "still unknown, or being sent at this moment",
    }
    rows = [(title_of(o.message), o.to, said.get(o.status, o.status)) for o in outcomes]
    tables.say(tables.table("Settled", ("Mail", "To", "Found"), rows) if rows else "Every sending has a known outcome.")
    _leave(any(outcome.status == "unknown" for outcome in outcomes))


@onward.command()
def demo() -> None:
    """See the whole circle on sample people: six weeks in a minute or two, then where to look."""
    from flows.demo.play import play

    play()


def main() -> None:
    """The entry point: what a person can cause ends in a sentence and an exit code, never in a traceback."""
    try:
        sys.exit(onward(standalone_mode=False))  # without standalone mode, an exit code is returned
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        tables.err.print("Stopped. What was done is written down; running again goes on from there.")
        sys.exit(130)
    except OnwardError as error:
        tables.err.print(Text(str(error)))
        sys.exit(1 if error.passing else 2)
    except BrokenPipeError:
        sys.exit(0)


def _leave(with_problems: bool) -> None:
    if with_problems:
        raise click.exceptions.Exit(1)


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _understood(path: Path) -> dict[str, Any]:
    """What `read --json` says of a file; one that cannot be opened is still a line."""
    try:
        mail = read_mail(path.read_bytes())
    except OSError as error:
        tables.err.print(Text(f"{path}: cannot be read ({error.strerror})"))
        return {"file": str(path), "kind": "empty", "text": "", "answers": {}, "token": None, "sender": ""}
    answers = {str(number): text for number, text in mail.answers.items()}
    token = find_token([*mail.recipients, *mail.references])
    return {
        "file": str(path),
        "kind": mail.kind,
        "text": mail.text,
        "answers": answers,
        "token": token,
        "sender": mail.sender,
    }


@contextmanager
def _progress(what: str, total: int) -> Iterator[Any]:
    """A bar on a terminal, nothing in a pipe."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=tables.err, transient=True, disable=not tables.err.is_terminal) as progress:
        bar = progress.add_task(what, total=total)
        yield lambda: progress.advance(bar)
