"""A rehearsal: the same steps as the flows, without Prefect, stepped through time at the configured addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from flows.filing import file_answers, refresh_sheet
from flows.office import Office
from flows.planning import make_plan
from flows.report import Report, report_filing, report_sending
from flows.rules.messages import CATALOGUE, REFLECTION_FORM
from flows.rules.occasions import Timetable
from flows.rules.problems import OnwardError
from flows.sending import PREVIEWED, send


def moments(since: datetime, days: float, every: timedelta) -> Iterator[datetime]:
    """From `since` on, one moment after the other, for so many days."""
    moment = since
    while moment < since + timedelta(days=days):
        yield moment
        moment += every


def rehearse(
    office: Office, since: datetime, days: float, every: timedelta, done: Callable[[], object] = lambda: None
) -> list[Report]:
    """Run everything at each moment; one report a step. `since` is UTC. `done` is called after each step.

    What was skipped, previewed or wrong is reported at the first step that finds it so, not at every one after. The
    sheet is refreshed at the end. Raises OnwardError rather than send to real people.
    """
    if office.mailer.reaches_people:
        raise OnwardError(
            f"A rehearsal never mails people, and {office.mailer.where} does; set ONWARD_MAIL=outbox:PATH."
        )
    office = replace(office, mailbox=None)  # mail that waits there is real
    said: set[object] = set()
    reports: list[Report] = []
    holds: tuple[Timetable, datetime] | None = None  # the sheet as last planned for, and until when that plan holds
    for moment in moments(since, days, every):
        report = _filing(office, moment)
        timetable = office.timetable()
        if report.taken or holds is None or timetable is not holds[0] or moment >= holds[1]:
            holds = timetable, _send(office, moment, report)
        _keep_news(report, said)
        reports.append(report)
        done()
    refresh_sheet(office, since + timedelta(days=days))
    return reports


def _filing(office: Office, now: datetime) -> Report:
    return report_filing("all", now, file_answers(office, now))


def _send(office: Office, now: datetime, report: Report) -> datetime:
    """Send what is due and add it to the report; until when nothing else will be."""
    plan = make_plan(office, CATALOGUE, now)
    sent = report_sending("all", plan, send(office, plan, plan.going))
    report.add(sent)
    # A form that went out late may bring the manager's brief at once; nothing else follows within hours.
    return now if any(due.message is REFLECTION_FORM for due in plan.going) else plan.holds_until


def _keep_news(report: Report, said: set[object]) -> None:
    def new(thing: object) -> bool:
        known = thing in said
        said.add(thing)
        return not known

    report.outcomes = [o for o in report.outcomes if o.status != PREVIEWED or new((o.key, o.status))]
    report.skipped = [s for s in report.skipped if new(s)]
    report.problems = [p for p in report.problems if new(p)]
