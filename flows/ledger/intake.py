"""The intake: posts to the reply hook that were not taken, by their cause, and how far mailboxes were read."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from flows.ledger.database import Database
from flows.ledger.schema import MAILBOXES, REFUSALS
from flows.rules.post import Place, Refusal

STALE = timedelta(days=30)  # what was refused before a month without any is another story


class Intake(Database):
    """What is known of the ways that mail comes in by."""

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

    def place(self, mailbox: str) -> Place | None:
        """How far the mailbox was read; None when it never was."""
        query = select(MAILBOXES).where(MAILBOXES.c.name == mailbox, MAILBOXES.c.validity > 0)
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
            return Place(row.validity, row.uid, row.at) if row else None

    def remember_place(self, mailbox: str, place: Place) -> None:
        """Write down how far the mailbox was read, and that nothing is wrong with it."""
        values = {"validity": place.validity, "uid": place.uid, "at": place.at, "trouble": "", "troubled_since": None}
        with self._writing() as connection:
            connection.execute(self._insert(MAILBOXES), {"name": mailbox, **values})
            connection.execute(MAILBOXES.update().where(MAILBOXES.c.name == mailbox).values(values))

    def remember_trouble(self, mailbox: str, why: str, now: datetime) -> None:
        """Write down why the mailbox cannot be read; since when stays the first time."""
        never = {"validity": 0, "uid": 0, "at": now, "trouble": why, "troubled_since": now}
        mine = MAILBOXES.c.name == mailbox
        with self._writing(lasting=False) as connection:
            connection.execute(self._insert(MAILBOXES), {"name": mailbox, **never})
            first = MAILBOXES.update().where(mine, MAILBOXES.c.troubled_since.is_(None)).values(troubled_since=now)
            connection.execute(first)
            connection.execute(MAILBOXES.update().where(mine).values(trouble=why))

    def mailbox_trouble(self, mailbox: str) -> tuple[str, datetime] | None:
        """Why the mailbox cannot be read, and since when; None when it can."""
        query = select(MAILBOXES.c.trouble, MAILBOXES.c.troubled_since)
        with self._reading() as connection:
            row = connection.execute(query.where(MAILBOXES.c.name == mailbox, MAILBOXES.c.trouble != "")).one_or_none()
            return (row.trouble, row.troubled_since) if row else None
