"""The one place that knows which real things exist: from settings to an opened office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.ledger import Ledger
from flows.mail.outbox import Outbox
from flows.mail.tokens import Tokens
from flows.office import Office
from flows.render import Renderer
from flows.settings import Settings, make_data_folder, read_settings
from flows.sheet.workbook import Workbook

TEMPLATES = Path(__file__).parent.parent / "templates"


@contextmanager
def open_office(settings: Settings | None = None) -> Iterator[Office]:
    """Open everything at the configured addresses, and close it at the end. Raises OnwardError."""
    settings = settings or read_settings()
    make_data_folder(settings.data)
    ledger = Ledger(settings.ledger)
    try:
        yield Office(
            sheet=Workbook(settings.roster, settings.answers),
            mailer=Outbox(settings.outbox),
            ledger=ledger,
            renderer=Renderer(TEMPLATES),
            tokens=Tokens(settings.secret, settings.reply_domain),
            inbox=settings.inbox,
        )
    finally:
        ledger.close()
