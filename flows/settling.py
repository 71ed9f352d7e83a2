"""Settling: what became of mails of unknown outcome, by evidence alone (design §8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flows.claimant import may_be_sending
from flows.office import Office
from flows.rules.email import ABSENT, LATER, SENT, UNKNOWN, Delivery
from flows.rules.evidence import conclude
from flows.rules.post import Sending
from flows.rules.values import read_email
from flows.sending import Outcome

BUSY = "it may be on its way at this moment"


def settle_unknown(office: Office, now: datetime) -> list[Outcome]:
    """Settle sendings of unknown outcome by what is known of them; the others stay as they are.

    What another process may be sending at this moment (`now`, by the clock) is left to it.
    """
    return [_settle_one(office, sending, now) for sending in office.ledger.unknown()]


def settle_by_word(office: Office, arrived: Iterable[str], missing: Iterable[str], now: datetime) -> list[Outcome]:
    """Settle what the recipients, who were asked, say of their mails: they have them, or have not.

    What another process may be sending at this moment (`now`, by the clock) is left to it, and said.
    """
    words = dict.fromkeys(map(read_email, missing), LATER) | dict.fromkeys(map(read_email, arrived), SENT)
    told = [sending for sending in office.ledger.unknown() if sending.recipient in words]
    return [_settle_told(office, sending, words[sending.recipient], now) for sending in told]


def _settle_told(office: Office, sending: Sending, word: str, now: datetime) -> Outcome:
    busy = may_be_sending(sending.claimant, sending.begun, now)
    said = Delivery(UNKNOWN, detail=BUSY) if busy else Delivery(word, detail="by the word of the recipient")
    return _write_down(office, sending, said, now)


def _settle_one(office: Office, sending: Sending, now: datetime) -> Outcome:
    if may_be_sending(sending.claimant, sending.begun, now):
        said = Delivery(UNKNOWN, detail=BUSY)
    elif sending.carrier not in ("", office.mailer.carrier):
        said = Delivery(UNKNOWN, detail="it went by another way out for mail, which alone can be asked about it")
    else:
        said = conclude(sending, office.mailer.evidence(sending), now)
    return _write_down(office, sending, said, now)


def _write_down(office: Office, sending: Sending, said: Delivery, now: datetime) -> Outcome:
    if said.status == LATER:
        office.ledger.release({sending.key: sending.batch})
    elif said.status == SENT:
        office.ledger.settle({sending.key: said})
    elif said.status == ABSENT:
        office.ledger.remember_look(sending.key, sending.batch, now)
    status = UNKNOWN if said.status == ABSENT else said.status
    return Outcome(sending.key, sending.message, sending.recipient, status, said.detail)
