"""Mails that went out and mails that came in, as the ledger knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NEW, TAKEN, ASIDE, DOUBTFUL = "new", "taken", "aside", "doubtful"  # what became of a reply


@dataclass(frozen=True, slots=True)
class Claim:
    """One sending, as it is written down before it leaves."""

    key: str
    ask: str
    identity: bytes
    message: str
    person: str
    manager: str
    recipient: str
    label: str
    form: str
    questions: str
    skill: str
    claimant: str = ""  # the process that sends it


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending as it stands in the ledger."""

    key: str
    ask: str
    message: str
    person: str
    manager: str
    recipient: str
    label: str
    form: str
    questions: str
    skill: str
    status: str
    detail: str
    at: datetime
    claimant: str = ""  # the process that sends it


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
