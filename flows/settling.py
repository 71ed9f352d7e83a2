"""Settling: what became of mails of unknown outcome, by evidence alone (design §8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flows.claimant import may_be_sending
from flows.office import Office
from flows.rules.email import ABSENT, LATER, SENT, UNKNOWN, Delivery
from flows.rules.evidence import conclude
from flows.rules.post import Sending
from flows.sending import Outcome


def settle_unknown(office: Office, now: datetime) -> list[Outcome]:
    """Settle sendings of unknown outcome by what is known of them; the others stay as they are.

    What another process may be sending at this moment (`now`, by the clock) is left to it.
    """
    return [_settle_one(office, sending, now) for sending in office.ledger.unknown()]


def settle_by_word(office: Office, arrived: Iterable[str], missing: Iterable[str]) -> list[Outcome]:
    """Settle what the recipients, who were asked, say of their mails: they have them, or have not."""
    words = {address.strip().lower(): LATER for address in missing} | {
        address.strip().lower(): SENT for address in arrived
    }
    told = [sending for sending in office.ledger.unknown() if sending.recipient in words]
    for sending in told:
        if words[sending.recipient] == SENT:
            office.ledger.settle({sending.key: Delivery(SENT, detail="the recipient has it")})
        else:
            office.ledger.release([sending.key])
    return [Outcome(s.key, s.message, s.recipient, words[s.recipient]) for s in told]


def _settle_one(office: Office, sending: Sending, now: datetime) -> Outcome:
    if may_be_sending(sending.claimant, sending.begun, now):
        said = Delivery(UNKNOWN, detail="it is being sent at this moment")
    else:
        said = conclude(sending, office.mailer.evidence(sending), now)
    if said.status == LATER:
        office.ledger.release([sending.key])
    elif said.status == SENT:
        office.ledger.settle({sending.key: said})
    elif said.status == ABSENT:
        office.ledger.remember_look(sending.key, now)
    status = UNKNOWN if said.status == ABSENT else said.status
    return Outcome(sending.key, sending.message, sending.recipient, status, said.detail)
