"""Running flows in this process. Whoever imports this starts Prefect; `settings.quiet_prefect` comes before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from prefect import State

from flows.erase_mail import erase_mail
from flows.file_answers import file_answers
from flows.growth_check_in import growth_check_in
from flows.reflection_form import reflection_form
from flows.refresh_sheet import refresh_sheet
from flows.report import Report
from flows.settle_sends import settle_sends
from flows.success_question import success_question

ALL = (reflection_form, success_question, growth_check_in, file_answers, refresh_sheet, settle_sends, erase_mail)
FLOWS = {flow.name: flow for flow in ALL}


def run_flows(names: Sequence[str], at: datetime | None, now: datetime) -> list[Report]:
    """Run these flows one after the other, and return what each did; one that fails does not keep the next from it.

    `at` is the moment that they go by, if not the clock; `now` is what the clock says, for the report of a failure.
    """

    async def all_of_them() -> list[Report]:
        return [await _run(name, at, now) for name in names]

    return asyncio.run(all_of_them())


async def _run(name: str, at: datetime | None, now: datetime) -> Report:
    state: State[Any] = await FLOWS[name](at=at, return_state=True)
    report = await state.aresult(raise_on_failure=False)
    if isinstance(report, Report):
        return report
    return Report(name, now, stopped=state.message or "the flow ended without a report; Prefect says why above")
