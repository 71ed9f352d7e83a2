"""The one small door that mails leave by, whoever carries them."""

from __future__ import annotations

from typing import Protocol

from flows.rules.email import Delivery, Email
from flows.rules.findings import Finding, Wanted
from flows.rules.post import Sending
from flows.rules.problems import OnwardError


class StopSending(OnwardError):
    """No further mail can leave now (a refused key, an exhausted quota, a full disk); this one did not either."""


class Mailer(Protocol):
    """Carries mails and says what became of each. May be called by `width` threads at the same time."""

    where: str  # for people: where the mails go
    carrier: str  # what tells this way out from every other: evidence of one says nothing of another
    reaches_people: bool  # False when mails stay on this machine
    width: int  # mails on their way at the same time

    def send(self, email: Email) -> Delivery:
        """Carry the mail. Never raises for what is wrong with this one mail; raises StopSending for the whole batch."""

    def evidence(self, sending: Sending) -> Delivery:
        """What can be found out about an earlier sending.

        SENT, LATER when it certainly never left, ABSENT when it was looked for and not found, else UNKNOWN with the
        reason in `detail`.
        """

    def connection(self, wanted: Wanted) -> list[Finding]:
        """Whether mail can leave, and replies and events come back: each thing looked at. Sends nothing."""

    def close(self) -> None:
        """Give back connections."""
