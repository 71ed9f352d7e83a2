"""The intake: posts to the reply hook that were not taken, counted by their cause."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from flows.ledger.database import Database
from flows.ledger.schema import REFUSALS
from flows.rules.post import Refusal

STALE = timedelta(days=30)  # what was refused before a month without any is another story


class Intake(Database):
    """What was turned away at the door."""

    def refuse(self, cause: str, now: datetime) -> None:
        """Count a post that was not taken."""
        mine = REFUSALS.c.cause == cause
        with self._writing(lasting=False) as connection:
            connection.execute(REFUSALS.delete().where(mine, REFUSALS.c.last < now - STALE))
            connection.execute(self._insert(REFUSALS), {"cause": cause, "count": 0, "since": now, "last": now})
            change = REFUSALS.update().where(mine).values(count=REFUSALS.c.count + 1, last=now)
            connection.execute(change)

    def refusals(self, since: datetime) -> list[Refusal]:
        """What was refused from that moment on, or went on being refused then."""
        query = select(REFUSALS).where(REFUSALS.c.last >= since).order_by(REFUSALS.c.cause)
        with self._reading() as connection:
            return [Refusal(**row) for row in connection.execute(query).mappings()]
