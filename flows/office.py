"""What every step of the work is handed: the sheet, the post, the ledger and the templates, whatever they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.ledger import Ledger
from flows.mail.door import Mailer
from flows.mail.mailbox import Mailbox
from flows.mail.pace import Pace
from flows.mail.tokens import Tokens
from flows.render import Renderer
from flows.rules.company import read_company
from flows.rules.grid import Snapshot
from flows.rules.occasions import Timetable
from flows.sheet.door import Sheet


@dataclass
class Office:
    """Everything that a step needs, opened."""

    sheet: Sheet
    mailer: Mailer
    ledger: Ledger
    renderer: Renderer
    tokens: Tokens
    inbox: Path
    pace: Pace
    web: str  # the base of the pages, as people reach them
    clock: Callable[[], datetime]  # what time it is, UTC, whatever moment a run goes by
    mailbox: Mailbox | None = None  # where replies wait, beside the inbox folder
    _read: tuple[Snapshot, Timetable] | None = field(default=None, repr=False)

    def timetable(self) -> Timetable:
        """Everybody's occasions by the sheet as it is now; worked out again only when the sheet changed."""
        snapshot = self.sheet.read()
        if self._read is None or self._read[0] is not snapshot:
            self._read = snapshot, Timetable(read_company(snapshot))
        return self._read[1]

    def moment(self, at: datetime) -> datetime:
        """The moment in UTC; one that says no offset is in the zone of the sheet's settings."""
        if at.tzinfo is None:
            at = at.replace(tzinfo=ZoneInfo(self.timetable().company.policy.time_zone))
        return at.astimezone(UTC)
