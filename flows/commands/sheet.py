"""Commands about the sheet: make it, look for what is wrong, show what will be sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from flows import connecting, filing, planning, receipts, tables
from flows.commands.shared import AS_JSON, AT, leave, print_json
from flows.report import Outlook
from flows.rules.findings import MISSING
from flows.rules.layout import PEOPLE_TABS
from flows.rules.messages import CATALOGUE
from flows.services import open_office
from flows.settings import read_settings


@click.command()
def init() -> None:
    """Make the sheet, or say what is missing in it. What people wrote is never changed."""
    with open_office() as office:
        prepared = office.sheet.prepare(PEOPLE_TABS)
    tables.say(*prepared.said)


@click.command()
@click.option("--connections", is_flag=True, help="Look at accounts, addresses and hooks instead of the sheet's rows.")
@AS_JSON
def check(connections: bool, as_json: bool) -> None:
    """Read the sheet and list what is wrong with it, in plain words. Exit code 1 if anything is."""
    if connections:
        _check_connections(as_json)
        return
    with open_office() as office:
        company = office.timetable().company
        problems = [*company.problems, *filing.ledger_problems(office, company, datetime.now(UTC))]
    if as_json:
        print_json({"problems": [problem.as_json() for problem in problems]})
    elif problems:
        tables.say(tables.problems_table(problems))
    else:
        people = len(company.roster.people)
        tables.say(f"All is well: {people} people in the roster, Sending is {company.policy.sending}.")
    leave(bool(problems))


@click.command()
@AT
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How far to look ahead.")
@AS_JSON
def preview(at: datetime | None, days: int, as_json: bool) -> None:
    """Show what will be sent to whom and when, and what is skipped and why. Sends nothing."""
    with open_office() as office:
        now = office.moment(at or datetime.now(UTC))
        company = office.timetable().company
        coming = planning.look_ahead(office, CATALOGUE, now, now + timedelta(days=days))
        seen = [*receipts.foreseen(office, now), *coming]
    outlook = Outlook(now, company.policy.sending, days, tuple(seen), company.problems)
    if as_json:
        print_json(outlook.as_json())
    else:
        tables.say(*tables.outlook_tables(outlook))
    leave(bool(outlook.problems))


def _check_connections(as_json: bool) -> None:
    settings = read_settings()
    with open_office(settings) as office:
        findings = connecting.look(office, settings)
    if as_json:
        print_json({"connections": [finding.as_json() for finding in findings]})
    else:
        tables.say(tables.findings_table(findings))
    leave(any(finding.state == MISSING for finding in findings))
