"""Mails that went out and mails that came in, as the ledger knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NEW, TAKEN, ASIDE, DOUBTFUL = "new", "taken", "aside", "doubtful"  # what became of a reply


@dataclass(frozen=True, slots=True)
class Claim:
    """One sending, as it is written down before it leaves."""

    key: str
    ask: str  # the key of the mail that asked on this occasion
    identity: bytes  # what a reply's token carries
    message: str
    person: str  # whom it is about
    manager: str
    recipient: str
    label: str
    form: str  # empty: it asks nothing that is filed
    questions: str  # JSON, as they are asked
    skill: str  # as far as people ops may know it
    claimant: str = ""  # the process that sends it
    carrier: str = ""  # the way out that it goes by


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending(Claim):
    """One sending as it stands in the ledger."""

    status: str
    detail: str
    at: datetime  # the moment that the run went by
    begun: datetime  # when it was claimed, by the clock
    batch: str = ""  # the run that claimed it: whoever settles says which claim is meant
    provider_id: str = ""
    looked_at: datetime | None = None  # when the provider was first asked about it and did not know it
    delivery: str = ""  # how far it got (rules.delivery), as far as the provider said
    delivery_detail: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """The envelope that a mail came in, as far as whoever brought it told."""

    recipients: tuple[str, ...] = ()  # what it was really sent to
    return_path: str | None = None  # empty when a machine sent it, None when nobody said


NO_COVER = Cover()


@dataclass(frozen=True, slots=True)
class Place:
    """How far a mailbox was read: every mail up to `uid` is in the ledger, as the server counted at that time."""

    validity: int  # of the server's numbers; another one means that it counts anew
    uid: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Posts to the reply hook that were not taken, for one cause."""

    cause: str
    count: int
    since: datetime
    last: datetime


FORGED, UNREADABLE, OVERSIZED = "signature", "unreadable", "too large"  # why a post is refused


@dataclass(frozen=True, slots=True)
class Reply:
    """One mail that came in, as it stands in the ledger; `raw` is fetched apart."""

    id: int
    digest: bytes
    origin: str
    received_at: datetime
    state: str
    sender: str
    note: str
    recipients: str  # of the envelope, one a line
    return_path: str | None
    about: str  # the key of the sending that it answers, as far as that is known

    @property
    def sent_to(self) -> list[str]:
        """The recipients of the envelope."""
        return self.recipients.splitlines()
