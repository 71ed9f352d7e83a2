"""The replies: raw mails, kept before anything is made of them, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select

from flows.ledger.answers import entry_row
from flows.ledger.database import Database, slices
from flows.ledger.schema import BREAKS, ENTRIES, FORGOTTEN, REPLIES, STOPS
from flows.rules.answers import Entry
from flows.rules.post import ASIDE, DOUBTFUL, NEW, NO_COVER, TAKEN, Cover, Reply

MOST_UNREAD = 100  # unreadable posts that are kept: anybody can post anything to a hook without a key


class Replies(Database):
    """Mails that came in."""

    def keep(self, raw: bytes, origin: str, now: datetime, cover: Cover = NO_COVER) -> bool:
        """Keep a raw mail before anything else happens to it; False when the same bytes are here already."""
        row = _row(raw, origin, now) | {
            "recipients": "\n".join(cover.recipients),
            "return_path": cover.return_path,
        }
        with self._writing() as connection:
            if connection.execute(self._insert(REPLIES), row).rowcount == 1:
                return True
            _add_recipients(connection, row["digest"], cover)
        return False

    def keep_unread(self, raw: bytes, origin: str, now: datetime, note: str) -> bool:
        """Keep bytes of which no mail could be made, for people to look at; not more than so many of them."""
        row = _row(raw, origin, now) | {"state": ASIDE, "note": note}
        with self._writing() as connection:
            here = select(func.count()).where(REPLIES.c.state == ASIDE, REPLIES.c.note == note)
            if connection.execute(here).scalar_one() >= MOST_UNREAD:
                return False
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

    def take(self, reply: Reply, sender: str, entry: Entry, about: str = "") -> None:
        """Write down what a reply answered, and that it was taken: both or neither."""
        with self._writing() as connection:
            if _decide(connection, reply, TAKEN, sender, "", about) and not _forgotten(connection, entry):
                connection.execute(self._insert(ENTRIES), entry_row(entry))

    def set_aside(self, reply: Reply, sender: str, state: str, note: str, about: str = "") -> None:
        """Write down that a reply is no answer (ASIDE) or needs a person's eyes (DOUBTFUL), and why."""
        with self._writing() as connection:
            _decide(connection, reply, state, sender, note, about)

    def look_again(self, replies: Iterable[int]) -> None:
        """Let these replies in doubt be understood anew."""
        with self._writing() as connection:
            for part in slices(replies):
                doubtful = REPLIES.c.id.in_(part) & (REPLIES.c.state == DOUBTFUL)
                connection.execute(REPLIES.update().where(doubtful).values(state=NEW))

    def stop(self, reply: Reply, person: str, now: datetime, about: str = "") -> None:
        """Write down that the person wants no more mail."""
        with self._writing() as connection:
            if _decide(connection, reply, ASIDE, person, "asked for no more mail", about):
                connection.execute(self._insert(STOPS), {"person": person, "at": now})

    def resume(self, reply: Reply, person: str, about: str = "") -> None:
        """Write down that the person wants mail again."""
        with self._writing() as connection:
            if _decide(connection, reply, ASIDE, person, "asked for mail again", about):
                connection.execute(STOPS.delete().where(STOPS.c.person == person))
                connection.execute(BREAKS.delete().where(BREAKS.c.person == person))


def _decide(connection: Connection, reply: Reply, state: str, sender: str, note: str, about: str) -> bool:
    """Write down what a new reply is; False when another process did, whose word counts."""
    new = (REPLIES.c.id == reply.id) & (REPLIES.c.state == NEW)
    change = REPLIES.update().where(new).values(state=state, sender=sender, note=note, about=about)
    return connection.execute(change).rowcount == 1


def _forgotten(connection: Connection, entry: Entry) -> bool:
    """Whether this answer was erased before; then a further copy of its mail came in."""
    return connection.execute(select(FORGOTTEN.c.ref).where(FORGOTTEN.c.ref == entry.ref)).first() is not None


def _row(raw: bytes, origin: str, now: datetime) -> dict[str, Any]:
    fixed = {"state": NEW, "sender": "", "note": ""}
    return {"digest": sha256(raw).digest(), "raw": raw, "origin": origin, "received_at": now, **fixed}


def _add_recipients(connection: Connection, digest: bytes, cover: Cover) -> None:
    """The same mail came for somebody else, too: one of these may be the address that it answers to."""
    mine = REPLIES.c.digest == digest
    columns = select(REPLIES.c.id, REPLIES.c.recipients, REPLIES.c.state).where(mine)
    row = connection.execute(columns.with_for_update()).one()
    known = row.recipients.split("\n") if row.recipients else []
    new = [address for address in cover.recipients if address not in known]
    if new:
        state = NEW if row.state == DOUBTFUL else row.state
        change = {"recipients": "\n".join([*known, *new]), "state": state}
        connection.execute(REPLIES.update().where(REPLIES.c.id == row.id).values(change))
