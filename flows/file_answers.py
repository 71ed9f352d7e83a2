"""What came back: replies are read, and the answers land in the sheet."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows import filing
from flows.report import Report
from flows.runs import run_name, write_sheet


@flow(name="file-answers", flow_run_name=run_name, persist_result=False)
async def file_answers(at: datetime | None = None) -> State[Report]:
    """Take in the mails that wait, find the answers in them, file each once, and send receipts.

    `at` stands in for the clock; without an offset it is in the sheet's zone.
    """
    return await write_sheet("file-answers", at, filing.file_answers)
