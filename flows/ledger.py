"""The ledger: what was claimed and sent, what came back, what was filed. All SQL is here and in `schema`.

A mail is claimed before it leaves, and a claim is written down as `unknown`, since that is what it is until its
outcome is known. So a kill at any moment leaves the truth behind, and nobody has to tidy up after a dead process
(design §8).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import (
    Connection,
    Insert,
    Row,
    Select,
    Table,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError

from flows.rules.answers import Answer, Entry
from flows.rules.due import History, Sent
from flows.rules.email import REFUSED, UNKNOWN, Delivery
from flows.rules.post import ASIDE, NEW, TAKEN, Claim, Reply, Sending
from flows.rules.problems import OnwardError
from flows.schema import ENTRIES, REPLIES, SENDS, STOPS, open_database

LONGEST_WAIT = 240.0  # seconds; publishing to Google may have to wait for its quota
PUBLISHING = 0x0A5A2E  # a number of our own for PostgreSQL's advisory lock
SLICE = 900  # values in one IN: below every database's limit
OLDEST_FIRST = (ENTRIES.c.received_at, ENTRIES.c.id)
SETTLE = (
    SENDS.update()
    .where(SENDS.c.key == bindparam("of"))
    .values({name: bindparam(name) for name in ("status", "detail", "provider_id")})
)


class LedgerError(OnwardError):
    """The ledger cannot be opened or used; the message says where, why and what to do."""


class Ledger:
    """One ledger, in SQLite or PostgreSQL. Every method is one transaction."""

    def __init__(self, url: str) -> None:
        """Open the ledger at an SQLAlchemy URL, with its tables made where they are missing. Raises LedgerError."""
        self._inserts: dict[Table, Insert] = {}
        try:
            self._engine = open_database(url)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
            kind = url.partition(":")[0]  # the rest may hold a password
            raise LedgerError(f"ONWARD_LEDGER: no database can be opened at this {kind} address ({error}).") from None
        except SQLAlchemyError as error:
            raise LedgerError(f"The ledger cannot be opened ({_cause(error)}); check ONWARD_LEDGER.") from None

    def close(self) -> None:
        """Give the database connections back."""
        self._engine.dispose()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold this while the others wait: whoever works on this ledger, on whatever machine. Not to be entered twice.

        Raises LedgerError when it took too long to get the turn.
        """
        database = self._engine.url.database
        if self._engine.dialect.name == "postgresql":
            # A connection of its own: the lock lasts as long as that is open, and no longer than this process.
            with self._reading() as connection:
                connection.execute(select(func.pg_advisory_lock(PUBLISHING)))
                try:
                    yield
                finally:
                    connection.execute(select(func.pg_advisory_unlock(PUBLISHING)))
        elif database and database != ":memory:":
            try:
                with FileLock(f"{database}.turn", timeout=LONGEST_WAIT):
                    yield
            except Timeout:
                advice = "see whether that run hangs, then run again"
                waited = f"another run has been publishing for {LONGEST_WAIT:.0f} seconds"
                raise LedgerError(f"The ledger: {waited}; {advice}.", passing=True) from None
        else:
            yield

    def _insert(self, table: Table) -> Insert:
        """Insert a row, or leave the one that is there. Kept, since making it costs more than using it."""
        if table not in self._inserts:
            dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
            insert = dialect.insert(table).on_conflict_do_nothing()
            # Without the option, SQLAlchemy leaves the count of inserted rows unread where the driver offers ids.
            self._inserts[table] = insert.execution_options(preserve_rowcount=True)
        return self._inserts[table]

    @contextmanager
    def _writing(self, *, lasting: bool = True) -> Iterator[Connection]:
        """One transaction; unless `lasting`, a power cut (not a kill) may take it back."""
        with _in_words(), self._engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _in_words(), self._engine.connect() as connection:
            yield connection

    # -- sendings ----------------------------------------------------------------------------------

    def claim(self, claim: Claim, now: datetime) -> bool:
        """Write the sending down as unknown; False when its key was claimed before, by whomever."""
        with self._writing() as connection:
            row = {**asdict(claim), "status": UNKNOWN, "detail": "", "provider_id": "", "at": now}
            return connection.execute(self._insert(SENDS), row).rowcount == 1

    def settle(self, key: str, delivery: Delivery) -> None:
        """Write down what became of a claimed sending. Should a power cut take that back, it is unknown again."""
        outcome = {"status": delivery.status, "detail": delivery.detail, "provider_id": delivery.provider_id}
        with self._writing(lasting=False) as connection:
            connection.execute(SETTLE, {"of": key, **outcome})

    def release(self, key: str) -> None:
        """Take a claim back: the mail certainly did not leave, and a later run may try again."""
        with self._writing() as connection:
            connection.execute(SENDS.delete().where(SENDS.c.key == key, SENDS.c.status == UNKNOWN))

    def history(self, asks: Iterable[str]) -> History:
        """What happened on these occasions, and who asked for no more mail."""
        sends: dict[str, Sent] = {}
        answered: dict[str, datetime] = {}
        latest: dict[str, datetime] = {}
        with self._reading() as connection:
            for part in _slices(asks):
                columns = select(SENDS.c.key, SENDS.c.status, SENDS.c.at)
                for key, status, at in connection.execute(columns.where(SENDS.c.ask.in_(part))):
                    sends[key] = Sent(status, at)
                times = ENTRIES.c.received_at
                answers = select(ENTRIES.c.ask, func.min(times), func.max(times)).group_by(ENTRIES.c.ask)
                for ask, first, last in connection.execute(answers.where(ENTRIES.c.ask.in_(part))):
                    answered[ask], latest[ask] = first, last
            stopped = {row.person: row.at for row in connection.execute(select(STOPS))}
        return History(sends, answered, stopped, latest)

    def sending(self, identity: bytes) -> Sending | None:
        """The sending that a reply's token stands for."""
        found = list(self._sendings(SENDS.c.identity == identity))
        return found[0] if found else None

    def sendings(self, since: datetime) -> list[Sending]:
        """Every sending from that moment on, oldest first."""
        return list(self._sendings(SENDS.c.at >= since))

    def unknown(self) -> list[Sending]:
        """The sendings whose outcome nobody knows, oldest first."""
        return list(self._sendings(SENDS.c.status == UNKNOWN))

    def needing_eyes(self, since: datetime) -> list[Sending]:
        """The sendings of unknown outcome, and those that were refused from that moment on, oldest first."""
        return list(self._sendings((SENDS.c.status == UNKNOWN) | ((SENDS.c.status == REFUSED) & (SENDS.c.at >= since))))

    def _sendings(self, where: Any) -> Iterator[Sending]:
        columns = [SENDS.c[name] for name in Sending.__dataclass_fields__]
        with self._reading() as connection:
            for row in connection.execute(select(*columns).where(where).order_by(SENDS.c.at, SENDS.c.key)):
                yield Sending(**row._mapping)

    # -- replies -----------------------------------------------------------------------------------

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
                connection.execute(self._insert(ENTRIES), _entry_row(entry))

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

    # -- answers -----------------------------------------------------------------------------------

    def entries(self, ask: str = "") -> list[Entry]:
        """Every answering there was (on one occasion, if its key is given), oldest first, corrections included."""
        columns = [ENTRIES.c[name] for name in Entry.__dataclass_fields__]
        query = select(*columns).order_by(*OLDEST_FIRST)
        with self._reading() as connection:
            return [_entry(row) for row in connection.execute(query.where(ENTRIES.c.ask == ask) if ask else query)]

    def entries_of(self, people: Iterable[str], form: str) -> dict[str, list[Entry]]:
        """Each person's answerings of a form, by address, oldest first."""
        columns = [ENTRIES.c[name] for name in Entry.__dataclass_fields__]
        query: Select[Any] = select(*columns).where(ENTRIES.c.form == form).order_by(*OLDEST_FIRST)
        found: dict[str, list[Entry]] = {}
        with self._reading() as connection:
            for part in _slices(people):
                for row in connection.execute(query.where(ENTRIES.c.person.in_(part))):
                    found.setdefault(row.person, []).append(_entry(row))
        return found

    def has_unfiled(self) -> bool:
        """Whether an answering waits to be written into the sheet."""
        with self._reading() as connection:
            return (
                connection.execute(select(ENTRIES.c.id).where(ENTRIES.c.filed_at.is_(None)).limit(1)).first()
                is not None
            )

    def mark_filed(self, refs: Sequence[str], now: datetime) -> None:
        """Write down that these answerings stand in the sheet."""
        with self._writing() as connection:
            for part in _slices(refs):
                unfiled = ENTRIES.c.ref.in_(part) & ENTRIES.c.filed_at.is_(None)
                connection.execute(ENTRIES.update().where(unfiled).values(filed_at=now))


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:  # locked, full, damaged, unreachable: what the database's own world does to us
        passing = isinstance(error, OperationalError)
        advice = "nothing was lost, try again" if passing else "nothing was changed, restore it from a copy"
        raise LedgerError(f"The ledger cannot be used now ({_cause(error)}); {advice}.", passing=passing) from None


def _decide(connection: Connection, reply: Reply, state: str, sender: str, note: str) -> bool:
    """Write down what a new reply is; False when another process did, whose word counts."""
    new = (REPLIES.c.id == reply.id) & (REPLIES.c.state == NEW)
    change = REPLIES.update().where(new).values(state=state, sender=sender, note=note)
    return connection.execute(change).rowcount == 1


def _entry_row(entry: Entry) -> dict[str, Any]:
    return {**asdict(entry), "answers": json.dumps([asdict(answer) for answer in entry.answers])}


def _entry(row: Row[Any]) -> Entry:
    answers = tuple(Answer(**answer) for answer in json.loads(row.answers))
    return Entry(**{**row._asdict(), "answers": answers})


def _slices(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while part := list(islice(rest, SLICE)):
        yield part


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
