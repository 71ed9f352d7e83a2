"""The flow that finds out what became of mails whose outcome is unknown, by evidence alone."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.report import Report
from flows.runs import run_name, settle


@flow(name="settle-sends", flow_run_name=run_name, persist_result=False)
async def settle_sends(at: datetime | None = None) -> State[Report]:
    """Look for evidence of every mail of unknown outcome; `at` only names the run, evidence goes by the clock."""
    return await settle("settle-sends", at)
