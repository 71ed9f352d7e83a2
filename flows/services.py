"""The one place that knows which real things exist: from settings to an opened office."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flows.addresses import OutboxAt, RelayAt, Spreadsheet
from flows.ledger import Ledger
from flows.mail.door import Mailer
from flows.mail.mailbox import Mailbox
from flows.mail.outbox import Outbox
from flows.mail.pace import Pace
from flows.mail.tokens import Tokens
from flows.office import Office
from flows.render import Renderer
from flows.settings import Settings, make_data_folder, read_settings
from flows.sheet.door import Sheet
from flows.sheet.workbook import Workbook

TEMPLATES = Path(__file__).parent.parent / "templates"


@contextmanager
def open_office(settings: Settings | None = None) -> Iterator[Office]:
    """Open everything at the configured addresses, and close it at the end. Raises OnwardError."""
    settings = settings or read_settings()
    make_data_folder(settings.data)
    ledger, tokens = Ledger(settings.ledger), Tokens(settings.secret, settings.reply_domain)
    mailer = _mailer(settings, tokens)
    try:
        yield Office(
            sheet=_sheet(settings, ledger),
            mailer=mailer,
            ledger=ledger,
            renderer=Renderer(TEMPLATES),
            tokens=tokens,
            inbox=settings.inbox,
            web=settings.web,
            pace=Pace(settings.rate, ledger.reserve, time.time, time.sleep),
            clock=lambda: datetime.now(UTC),
            mailbox=Mailbox(settings.mailbox, ca=settings.ca) if settings.mailbox else None,
        )
    finally:
        mailer.close()
        ledger.close()


def _sheet(settings: Settings, ledger: Ledger) -> Sheet:
    match settings:
        case Settings(roster=Path() as roster, answers=Path() as answers):
            return Workbook(roster, answers)
        case Settings(roster=Spreadsheet() as there, answers=Spreadsheet() as others, credentials=Path() as key):
            from flows.sheet.google import GoogleSheet  # only where it is needed: its libraries take a moment to load

            return GoogleSheet(there, others, key, settings.google, ledger.turn, ca=settings.ca)
    raise AssertionError("the settings name two of a kind, and a key")


def _mailer(settings: Settings, tokens: Tokens) -> Mailer:
    at, width = settings.mail, settings.width
    if isinstance(at, OutboxAt):
        return Outbox(at.folder)
    if isinstance(at, RelayAt):
        from flows.mail.smtp import Relay

        return Relay(at, width, monotonic=time.monotonic, sleep=time.sleep)
    from flows.mail.sendgrid import SendGrid  # 100 ms that nobody else has to wait for

    return SendGrid(at, width, tokens.mark, clock=time.time, sleep=time.sleep, ca=settings.ca)
