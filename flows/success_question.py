"""A month in: how does the person know that they are doing well?"""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.report import Report
from flows.runs import run_name, send_messages


@flow(name="success-question", flow_run_name=run_name, persist_result=False)
async def success_question(at: datetime | None = None) -> State[Report]:
    """Ask managers to ask the question, once for each person who works with them.

    `at` stands in for the clock; without an offset it is in the sheet's zone.
    """
    return await send_messages("success-question", at)
