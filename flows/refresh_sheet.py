"""The pictures of the present: who stands where, what comes next, what needs mending."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows import filing
from flows.report import Report
from flows.runs import run_name, write_sheet


@flow(name="refresh-sheet", flow_run_name=run_name, persist_result=False)
async def refresh_sheet(at: datetime | None = None) -> State[Report]:
    """Write Onward's own tabs anew, if anything changed.

    `at` stands in for the clock; without an offset it is in the sheet's zone.
    """
    return await write_sheet("refresh-sheet", at, filing.refresh_sheet)
