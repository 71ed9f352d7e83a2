"""Before the first 1:1: what the person wants from it, and what the manager should know."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.report import Report
from flows.runs import run_name, send_messages


@flow(name="reflection-form", flow_run_name=run_name, persist_result=False)
async def reflection_form(at: datetime | None = None) -> State[Report]:
    """Send reflection forms, one reminder to those who have not answered, and the managers' briefs.

    `at` stands in for the clock; without an offset it is in the sheet's zone.
    """
    return await send_messages("reflection-form", at)
