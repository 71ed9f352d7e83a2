"""What a provider says of a mail after it took it: how far it got, and whether its address is worth another try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PROCESSED, DEFERRED, DELIVERED, BLOCKED, DROPPED = "processed", "deferred", "delivered", "blocked", "dropped"
BOUNCED, UNSUBSCRIBED, SPAM = "bounced", "unsubscribed", "reported as spam"

# Events come in any order, and a mail that was delivered may still bounce: what ranks higher is never overwritten.
RANKS = {"": 0, PROCESSED: 1, DEFERRED: 2, DELIVERED: 3, BLOCKED: 4, DROPPED: 5, BOUNCED: 6, UNSUBSCRIBED: 7, SPAM: 8}
FAILURES = (BLOCKED, DROPPED, BOUNCED, UNSUBSCRIBED, SPAM)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one mail, as the provider told it. `at` is UTC."""

    id: str  # the provider's own, the same however often it is told
    identity: bytes | None  # of the sending; None when the provider lost it on the way
    kind: str
    at: datetime
    address: str  # in lower case
    reason: str
    provider_id: str
    final: bool = False  # no further mail to this address will arrive


def gets_further(state: str, kind: str) -> bool:
    """Whether an event of this kind says more than what is known already."""
    return RANKS[kind] > RANKS[state]


@dataclass(frozen=True, slots=True)
class Pause:
    """An address that gets no mail until people ops looked at it."""

    kind: str  # BOUNCED, SPAM, UNSUBSCRIBED or DROPPED
    reason: str
    at: datetime  # UTC

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}" if self.reason else self.kind
