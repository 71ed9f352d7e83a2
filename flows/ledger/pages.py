"""What is pressed on pages: answers, breaks and stops, and what managers say of talks. Each takes effect at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from flows.ledger.answers import entry_row
from flows.ledger.database import Database
from flows.ledger.schema import BREAKS, ENTRIES, SENDS, STOPS, TALKS
from flows.rules.answers import Entry
from flows.rules.breaks import Break
from flows.rules.email import SENT
from flows.rules.post import Sending
from flows.rules.talks import SEEN, Talk


class Pages(Database):
    """What people told on their pages."""

    def answer(self, entry: Entry) -> bool:
        """Keep an answering from a page; False when the same one is here already."""
        with self._writing() as connection:
            return connection.execute(self._insert(ENTRIES), entry_row(entry)).rowcount == 1

    def stopped(self, person: str) -> datetime | None:
        """When the person asked for no more mail; None when they did not."""
        with self._reading() as connection:
            return connection.execute(select(STOPS.c.at).where(STOPS.c.person == person)).scalar_one_or_none()

    def break_of(self, person: str) -> Break | None:
        """The last break that the person asked for, be it over or not."""
        with self._reading() as connection:
            row = connection.execute(select(BREAKS).where(BREAKS.c.person == person)).one_or_none()
            return Break(row.at, row.until) if row else None

    def stop_mail(self, person: str, now: datetime) -> None:
        """No more mail to this person. Asking twice leaves the first time."""
        with self._writing() as connection:
            connection.execute(self._insert(STOPS), {"person": person, "at": now})
            connection.execute(BREAKS.delete().where(BREAKS.c.person == person))

    def take_break(self, person: str, rest: Break) -> None:
        """No mail to this person for a while, instead of whatever they asked for before."""
        with self._writing() as connection:
            _start(connection, person)
            connection.execute(self._insert(BREAKS), {"person": person, "at": rest.at, "until": rest.until})

    def start_mail(self, person: str) -> None:
        """Mail goes to this person again."""
        with self._writing() as connection:
            _start(connection, person)

    def say_of_talk(self, sending: Sending, outcome: str, now: datetime) -> None:
        """Write down what the manager says of the talk, on the newest mail about it: that one may follow it up."""
        newest = (
            select(SENDS.c.key)
            .where(SENDS.c.ask == sending.ask, SENDS.c.message == sending.message, SENDS.c.status == SENT)
            .order_by(SENDS.c.at.desc(), SENDS.c.key.desc())
            .limit(1)
        )
        with self._writing() as connection:
            key = connection.execute(newest).scalar_one_or_none() or sending.key
            last = (
                select(TALKS.c.outcome).where(TALKS.c.key == key, TALKS.c.outcome != SEEN).order_by(TALKS.c.id.desc())
            )
            if connection.execute(last.limit(1)).scalar_one_or_none() != outcome:  # a double press says nothing new
                row = {"key": key, "ask": sending.ask, "outcome": outcome, "at": now}
                connection.execute(TALKS.insert(), row)

    def said_of_talk(self, sending: Sending) -> Talk | None:
        """What the manager said last of the talk that this mail, or a later one on the same occasion, is for."""
        mine = (TALKS.c.ask == sending.ask) & (TALKS.c.outcome != SEEN)
        return self._last(mine)

    def see(self, sending: Sending, now: datetime) -> None:
        """Write down that the manager has read what was shared; the first time counts."""
        with self._writing() as connection:
            seen = select(TALKS.c.id).where(TALKS.c.ask == sending.ask, TALKS.c.outcome == SEEN).limit(1)
            if connection.execute(seen).first() is None:
                row = {"key": sending.key, "ask": sending.ask, "outcome": SEEN, "at": now}
                connection.execute(TALKS.insert(), row)

    def seen(self, ask: str) -> datetime | None:
        """When the manager said that they have read what was shared on this occasion."""
        found = self._last((TALKS.c.ask == ask) & (TALKS.c.outcome == SEEN))
        return found.at if found else None

    def _last(self, where: ColumnElement[bool]) -> Talk | None:
        query = select(TALKS.c.outcome, TALKS.c.at).where(where).order_by(TALKS.c.id.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
            return Talk(row.outcome, row.at) if row else None


def _start(connection: Connection, person: str) -> None:
    connection.execute(STOPS.delete().where(STOPS.c.person == person))
    connection.execute(BREAKS.delete().where(BREAKS.c.person == person))
