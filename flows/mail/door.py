"""The one small door that mails leave by, whoever carries them."""

from __future__ import annotations

from typing import Protocol

from flows.rules.email import Delivery, Email
from flows.rules.problems import OnwardError


class StopSending(OnwardError):
    """No further mail can leave now (a refused key, an exhausted quota, a full disk); this one did not either."""


class Mailer(Protocol):
    """Carries one mail at a time and says what became of it."""

    where: str  # for people: where the mails go
    reaches_people: bool  # False when mails stay on this machine

    def send(self, email: Email) -> Delivery:
        """Carry the mail. Never raises for what is wrong with this one mail; raises StopSending for the whole batch."""

    def evidence(self, key: str) -> Delivery | None:
        """What is known about an earlier sending of this key: SENT, LATER when it certainly never left, else None."""
