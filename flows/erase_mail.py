"""The flow that ends the keeping of raw mails when their time is over."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.report import Report
from flows.runs import erase, run_name


@flow(name="erase-mail", flow_run_name=run_name, persist_result=False)
async def erase_mail(at: datetime | None = None) -> State[Report]:
    """Erase the raw mails that are older than `Keep mail for` in Settings; answers stay.

    `at` stands in for the clock; without an offset it is in the sheet's zone.
    """
    return await erase("erase-mail", at)
