"""Settling: what became of mails of unknown outcome, by evidence alone (design §8)."""

from __future__ import annotations

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
