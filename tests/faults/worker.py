"""A process that does the steps of Onward in forks of itself, so that each is a real process and starts at once.

It reads one order a line as JSON and answers with the pid of the fork, then with how it ended. It has no threads, which
is what makes forking it safe.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flows.addresses import SendGridAt, Spreadsheet
from flows.filing import file_answers, refresh_sheet
from flows.keeping import forget
from flows.mail.sendgrid import SendGrid
from flows.mail.sendgrid_events import read_events
from flows.office import Office
from flows.planning import make_plan
from flows.rules.messages import CATALOGUE
from flows.rules.problems import OnwardError
from flows.sending import send
from flows.services import open_office
from flows.settings import Settings
from flows.settling import settle_unknown
from flows.sheet.door import Sheet
from flows.sheet.google import GoogleSheet
from tests.sample import TOKENS, settings_for
from tests.standins.sendgrid import KEY

READ_SECONDS = 0.4
WIDTH = 3


def do(order: dict[str, Any]) -> None:
    """One step: everything that the schedules would run, at the order's moment and by the order's clock."""
    settings = _settings(order)
    with open_office(settings) as opened:
        mailer = SendGrid(
            SendGridAt(order["sendgrid"], KEY),
            WIDTH,
            TOKENS.mark,
            clock=time.time,
            sleep=_briefly,
            read_seconds=READ_SECONDS,
        )
        started, began = datetime.fromisoformat(order["clock"]), time.monotonic()
        office = replace(
            opened,
            sheet=_sheet(settings, opened),
            mailer=mailer,
            clock=lambda: started + timedelta(seconds=time.monotonic() - began),
        )
        for part in order["parts"]:
            try:
                PARTS[part](office, datetime.fromisoformat(order["at"]), order)
            except OnwardError as error:  # said and left to the next run, as under Prefect
                print(f"{part}: {error}", file=sys.stderr)


def _settings(order: dict[str, Any]) -> Settings:
    settings = settings_for(Path(order["folder"]))
    if not order.get("google"):
        return settings
    sheet = Spreadsheet(order["spreadsheet"])
    credentials = Path(order["credentials"])
    return replace(settings, roster=sheet, answers=sheet, google=order["google"], credentials=credentials)


def _sheet(settings: Settings, opened: Office) -> Sheet:
    """The same sheet, with a shorter patience than a real quota asks for."""
    if not isinstance(settings.roster, Spreadsheet) or settings.credentials is None:
        return opened.sheet
    at, key = settings.roster, settings.credentials
    return GoogleSheet(at, at, key, settings.google, opened.ledger.turn, _briefly)


def _briefly(seconds: float) -> None:
    time.sleep(min(seconds, 0.02))


def _send(office: Office, at: datetime, order: dict[str, Any]) -> None:
    plan = make_plan(office, CATALOGUE, at)
    send(office, plan, plan.going)


def _events(office: Office, at: datetime, order: dict[str, Any]) -> None:
    office.ledger.store_events(
        read_events(json.dumps(order["events"]).encode(), office.tokens.of_mark, office.clock()), office.clock()
    )


PARTS = {
    "settle": lambda office, at, order: settle_unknown(office, office.clock()),
    "file": lambda office, at, order: file_answers(office, at),
    "forget": lambda office, at, order: forget(office, order["person"], at),
    "send": _send,
    "refresh": lambda office, at, order: refresh_sheet(office, at),
    "events": _events,
}


def main() -> None:
    """Take orders until there are no more."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                do(order)
                status = 0
            finally:
                os._exit(status)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
