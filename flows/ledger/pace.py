"""The pace: how fast mails may leave, shared by every process that has this ledger."""

from __future__ import annotations

from sqlalchemy import select

from flows.ledger.database import Database
from flows.ledger.schema import PACES

MAIL = "mail"
FAR_AHEAD = 600.0  # seconds; later than that nobody reserves: a clock was ahead when it was written down


class Paces(Database):
    """When the next mails may leave."""

    def reserve(self, seconds: float, now: float) -> float:
        """Take the next free stretch of so many seconds; when it begins. Both are seconds since 1970."""
        with self._writing(lasting=False) as connection:
            connection.execute(self._insert(PACES), {"name": MAIL, "free_at": now})  # and waits for its turn
            free_at = select(PACES.c.free_at).where(PACES.c.name == MAIL).with_for_update()
            free = connection.execute(free_at).scalar_one()
            begins = now if free > now + FAR_AHEAD else max(free, now)
            connection.execute(PACES.update().where(PACES.c.name == MAIL).values(free_at=begins + seconds))
            return float(begins)
