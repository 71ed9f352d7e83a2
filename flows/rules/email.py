"""One mail, ready to go: what `render` makes and what a mailer carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox with the name that is shown for it."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Email:
    """A mail as it will arrive. `key` is the ledger's key of the sending, the same on every run (design §8)."""

    key: str
    kind: str  # the message's name, for the provider's statistics
    sender: Address
    to: Address
    reply_to: Address
    subject: str
    text: str
    html: str
    message_id: str  # with its angle brackets
    date: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one mail.

    `sent`: the provider has it. `refused`: it never will be taken. `later`: it was certainly not taken, a further
    run may try again. `unknown`: it may or may not have been taken; only evidence decides (design §8). `absent`: the
    provider was asked and does not know the mail, which proves nothing yet (`rules.evidence`).
    """

    status: str
    provider_id: str = ""
    detail: str = ""


SENT, REFUSED, LATER, UNKNOWN, ABSENT = "sent", "refused", "later", "unknown", "absent"
