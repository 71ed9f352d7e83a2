"""What the flows share under Prefect: the moment of a run, steps that may be repeated, the artifact, the final state.

Prefect is handed ids and counts, never an address or an answer (design §6).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from prefect import State, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from prefect.tasks import exponential_backoff

from flows import keeping, planning, sending, settling
from flows.filing import Filed
from flows.office import Office
from flows.report import Report, report_filing, report_sending, report_settling, report_sweeping
from flows.rules.messages import CATALOGUE
from flows.rules.problems import OnwardError
from flows.services import open_office

T = TypeVar("T")
CHUNK = 250  # mails in a task: with one task a mail, Prefect's server would work harder than the mailer
SHOWN = 500  # rows in an artifact


def run_name() -> str:
    """The run's name in Prefect: the flow, and the moment that it goes by."""
    at = flow_run.parameters.get("at") or datetime.now(UTC)
    return f"{flow_run.flow_name}, {at:%a %d %b %Y %H:%M}"


async def send_messages(flow: str, at: datetime | None) -> State[Report]:
    """Send what is due of the messages that this flow carries, in chunks."""
    messages = [message for message in CATALOGUE if message.flow == flow]

    def work(office: Office, now: datetime) -> Report:
        plan = step("plan", lambda: planning.make_plan(office, messages, now))
        sent = sending.Sent()
        for start in range(0, len(plan.going), CHUNK):
            chunk = plan.going[start : start + CHUNK]
            step(f"send {len(chunk)} mails", partial(sending.send, office, plan, chunk, sent))
            if sent.stopped:
                break
        return report_sending(flow, plan, sent)

    return await run(flow, at, work)


async def write_sheet(flow: str, at: datetime | None, write: Callable[[Office, datetime], Filed]) -> State[Report]:
    """Do one of the steps that end in the sheet."""

    def work(office: Office, now: datetime) -> Report:
        return report_filing(flow, now, step("write the sheet", lambda: write(office, now)))

    return await run(flow, at, work)


async def settle(flow: str, at: datetime | None) -> State[Report]:
    """Settle mails of unknown outcome; evidence goes by the clock, whatever moment the run is said to go by."""

    def work(office: Office, now: datetime) -> Report:
        outcomes = step("look for evidence", lambda: settling.settle_unknown(office, office.clock()))
        return report_settling(flow, now, outcomes)

    return await run(flow, at, work)


async def erase(flow: str, at: datetime | None) -> State[Report]:
    """Erase the raw mails whose time is over."""

    def work(office: Office, now: datetime) -> Report:
        return report_sweeping(flow, now, step("erase old mail", lambda: keeping.sweep(office, now)))

    return await run(flow, at, work)


def step(name: str, work: Callable[[], T]) -> T:
    """Do a part of a run as a Prefect task. A passing failure is tried again.

    That is safe for every step: reading changes nothing, and the ledger makes the rest happen once however often it is
    repeated. The work is a closure, so that Prefect is handed nothing that it could store.
    """
    return task(
        name=name,
        retries=3,
        retry_delay_seconds=exponential_backoff(2),
        retry_jitter_factor=0.5,
        retry_condition_fn=_may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(work)()


async def run(flow: str, at: datetime | None, work: Callable[[Office, datetime], Report]) -> State[Report]:
    """Do the work at a moment (default: now; without an offset: in the sheet's zone) and say how it ended."""
    try:
        with open_office() as office:
            report = work(office, office.moment(at or datetime.now(UTC)))
    except OnwardError as error:
        return Failed(message=str(error))
    await _show(report)
    return Failed(message=str(report), data=report) if report.failed else Completed(message=str(report), data=report)


async def _show(report: Report) -> None:
    rows = [{"key": o.key, "message": o.message, "outcome": o.status} for o in report.outcomes]
    rows += [{"key": s.key, "message": s.message, "outcome": f"skipped: {s.reason}"} for s in report.skipped]
    if rows:
        await acreate_table_artifact(key=report.flow, table=rows[:SHOWN], description=str(report))


def _may_pass(_task: object, _run: object, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, OnwardError) and error.passing
