"""Every week: one minute about one growth skill."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.report import Report
from flows.runs import run_name, send_messages


@flow(name="growth-check-in", flow_run_name=run_name, persist_result=False)
async def growth_check_in(at: datetime | None = None) -> State[Report]:
    """Send this week's check-ins and one reminder to those who have not answered, and tell managers of proposed skills.

    `at` stands in for the clock; without an offset it is in the sheet's zone.
    """
    return await send_messages("growth-check-in", at)
