"""The replies: raw mails, kept before anything is made of them, and what became of each."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from flows.ledger.answers import entry_row
from flows.ledger.database import Database
from flows.ledger.schema import BREAKS, ENTRIES, REPLIES, STOPS
from flows.rules.answers import Entry
from flows.rules.post import ASIDE, NEW, TAKEN, Reply


class Replies(Database):
    """Mails that came in."""

    def keep(self, raw: bytes, origin: str, now: datetime) -> bool:
        """Keep a raw mail before anything else happens to it; False when the same bytes are here already."""
        row = {
            "digest": sha256(raw).digest(),
            "raw": raw,
            "origin": origin,
            "received_at": now,
            "state": NEW,
            "sender": "",
            "note": "",
        }
        with self._writing() as connection:
            return connection.execute(self._insert(REPLIES), row).rowcount == 1

    def replies(self, state: str) -> list[Reply]:
        """The replies in this state, oldest first."""
        columns = [REPLIES.c[name] for name in Reply.__dataclass_fields__]
        query = select(*columns).where(REPLIES.c.state == state).order_by(REPLIES.c.id)
        with self._reading() as connection:
            return [Reply(*row) for row in connection.execute(query)]

    def raw(self, reply: Reply) -> bytes:
        """The mail as it came in."""
        with self._reading() as connection:
            return bytes(connection.execute(select(REPLIES.c.raw).where(REPLIES.c.id == reply.id)).scalar_one())

    def take(self, reply: Reply, sender: str, entry: Entry) -> None:
        """Write down what a reply answered, and that it was taken: both or neither."""
        with self._writing() as connection:
            if _decide(connection, reply, TAKEN, sender, ""):
                connection.execute(self._insert(ENTRIES), entry_row(entry))

    def set_aside(self, reply: Reply, sender: str, state: str, note: str) -> None:
        """Write down that a reply is no answer (ASIDE) or needs a person's eyes (DOUBTFUL), and why."""
        with self._writing() as connection:
            _decide(connection, reply, state, sender, note)

    def stop(self, reply: Reply, person: str, now: datetime) -> None:
        """Write down that the person wants no more mail."""
        with self._writing() as connection:
            if _decide(connection, reply, ASIDE, person, "asked for no more mail"):
                connection.execute(self._insert(STOPS), {"person": person, "at": now})

    def resume(self, reply: Reply, person: str) -> None:
        """Write down that the person wants mail again."""
        with self._writing() as connection:
            if _decide(connection, reply, ASIDE, person, "asked for mail again"):
                connection.execute(STOPS.delete().where(STOPS.c.person == person))
                connection.execute(BREAKS.delete().where(BREAKS.c.person == person))


def _decide(connection: Connection, reply: Reply, state: str, sender: str, note: str) -> bool:
    """Write down what a new reply is; False when another process did, whose word counts."""
    new = (REPLIES.c.id == reply.id) & (REPLIES.c.state == NEW)
    change = REPLIES.update().where(new).values(state=state, sender=sender, note=note)
    return connection.execute(change).rowcount == 1
