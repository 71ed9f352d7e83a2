"""Keeping: what is erased when its time is over, or when a person asks to be forgotten, and what stays of it.

Of an erased mail the digest stays, and of an erased answer its `Ref`, so that neither comes back with a copy that is
still on its way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from flows.ledger.answers import OLDEST_FIRST, entry_of
from flows.ledger.database import Database, in_words, slices
from flows.ledger.schema import ENTRIES, FORGOTTEN, REPLIES, SENDS
from flows.rules.answers import Entry
from flows.rules.post import ASIDE, NEW, Reply, Sending

_EMPTY = {
    "state": ASIDE,
    "raw": b"",
    "sender": "",
    "origin": "",
    "note": "erased",
    "recipients": "",
    "return_path": None,
}


class Keeping(Database):
    """What is kept of whom, and its end."""

    def erase_mail(self, before: datetime) -> int:
        """Erase the raw mails that came before that moment and were understood; how many there were."""
        old = (REPLIES.c.received_at < before) & (REPLIES.c.state != NEW) & (func.length(REPLIES.c.raw) > 0)
        with self._writing() as connection:
            erased = connection.execute(REPLIES.update().where(old).values(raw=b"", recipients="", return_path=None))
            connection.execute(SENDS.update().where(SENDS.c.at < before, SENDS.c.text.is_not(None)).values(text=None))
        self._scrub()
        return erased.rowcount

    def answers_of(self, person: str) -> list[Entry]:
        """Everything that the person answered, oldest first."""
        columns = [ENTRIES.c[name] for name in Entry.__dataclass_fields__]
        query = select(*columns).where(ENTRIES.c.person == person).order_by(*OLDEST_FIRST)
        with self._reading() as connection:
            return [entry_of(row) for row in connection.execute(query)]

    def mails_of(self, person: str, more: Iterable[int] = ()) -> list[Reply]:
        """The raw mails that are kept from the person or about them, oldest first; `more` are further ones by id."""
        columns = [REPLIES.c[name] for name in Reply.__dataclass_fields__]
        kept = func.length(REPLIES.c.raw) > 0
        query = select(*columns).where(kept, _theirs(person, list(more))).order_by(REPLIES.c.id)
        with self._reading() as connection:
            return [Reply(*row) for row in connection.execute(query)]

    def mails_of_nobody(self) -> list[Reply]:
        """The raw mails of which is not written down what they answer."""
        columns = [REPLIES.c[name] for name in Reply.__dataclass_fields__]
        query = select(*columns).where(REPLIES.c.about == "", func.length(REPLIES.c.raw) > 0)
        with self._reading() as connection:
            return [Reply(*row) for row in connection.execute(query)]

    def sent_about(self, person: str) -> list[Sending]:
        """The mails that went out to the person or about them, oldest first."""
        columns = [SENDS.c[name] for name in Sending.__dataclass_fields__]
        query = select(*columns).where(_to_or_about(person)).order_by(SENDS.c.at, SENDS.c.key)
        with self._reading() as connection:
            return [Sending(**row._mapping) for row in connection.execute(query)]

    def forget(self, person: str, more: Iterable[int], now: datetime) -> tuple[int, int]:
        """Erase the person's answers and the raw mails from or about them; how many answers and mails there were.

        What was sent when stays, since it would be sent again without, and so does the wish for no more mail. The rows
        in the sheet are still to be erased then (`to_erase`).
        """
        mine = ENTRIES.c.person == person
        with self._writing() as connection:
            refs = connection.execute(select(ENTRIES.c.ref).where(mine)).scalars().all()
            if refs:
                connection.execute(self._insert(FORGOTTEN), [{"ref": ref, "at": now, "gone_at": None} for ref in refs])
            connection.execute(ENTRIES.delete().where(mine))
            kept = func.length(REPLIES.c.raw) > 0
            theirs = _theirs(person, list(more))
            mails = connection.execute(select(func.count()).select_from(REPLIES).where(kept, theirs)).scalar_one()
            connection.execute(REPLIES.update().where(theirs).values(_EMPTY))
            connection.execute(SENDS.update().where(SENDS.c.person == person).values(skill="", text=None))
        self._scrub()
        return len(refs), mails

    def to_erase(self) -> list[str]:
        """The `Ref`s of forgotten answers that may still stand in the sheet."""
        with self._reading() as connection:
            query = select(FORGOTTEN.c.ref).where(FORGOTTEN.c.gone_at.is_(None)).order_by(FORGOTTEN.c.ref)
            return list(connection.execute(query).scalars())

    def mark_erased(self, refs: Iterable[str], now: datetime) -> None:
        """Write down that these do not stand in the sheet any more."""
        with self._writing() as connection:
            for part in slices(refs):
                connection.execute(FORGOTTEN.update().where(FORGOTTEN.c.ref.in_(part)).values(gone_at=now))

    def _scrub(self) -> None:
        """Empty SQLite's journal, which still holds what was erased; PostgreSQL sweeps up by itself."""
        if not self._on_postgres:
            with in_words(), self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _to_or_about(person: str) -> ColumnElement[bool]:
    return or_(SENDS.c.person == person, SENDS.c.recipient == person)


def _theirs(person: str, more: list[int]) -> ColumnElement[bool]:
    about = select(SENDS.c.key).where(_to_or_about(person))
    return or_(REPLIES.c.sender == person, REPLIES.c.about.in_(about), REPLIES.c.id.in_(more))
