"""When a sending of unknown outcome may be called sent, or never accepted: by evidence, not by a guess (design §8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.rules.email import ABSENT, LATER, SENT, UNKNOWN, Delivery
from flows.rules.post import Sending

# A provider's log lags behind what it accepted by a time that nobody promises. What is missing there twice, well apart
# and well after the sending, was never accepted.
FIRST_LOOK_AFTER = timedelta(minutes=5)
LOOKS_APART = timedelta(minutes=10)
REACHES_BACK = timedelta(days=28)  # logs are kept for a month; what they no longer hold proves nothing


def conclude(sending: Sending, found: Delivery, now: datetime) -> Delivery:
    """What the evidence says at `now` (UTC): SENT or LATER is final, ABSENT is a look to remember, else UNKNOWN."""
    if found.status in (SENT, LATER):
        return found
    if found.status != ABSENT:
        return Delivery(UNKNOWN, detail=found.detail)
    if now - sending.begun > REACHES_BACK:
        return Delivery(UNKNOWN, detail="it is too long ago for the provider to know")
    if now - sending.begun < FIRST_LOOK_AFTER:
        return Delivery(UNKNOWN, detail="it is too early to tell")
    if sending.looked_at is None:
        return Delivery(ABSENT, detail="not seen at the provider; a second look, some minutes later, decides")
    if now - sending.looked_at < LOOKS_APART:
        return Delivery(UNKNOWN, detail="not seen at the provider; a second look, some minutes later, decides")
    return Delivery(LATER, detail="not seen at the provider, twice")
