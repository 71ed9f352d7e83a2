"""Turns: of all processes that work on this ledger, on whatever machines, one at a time publishes to the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from flows.ledger.database import Database, LedgerError

LONGEST_WAIT = 240.0  # seconds; publishing to Google may have to wait for its quota
PUBLISHING = 0x0A5A2E  # a number of our own for PostgreSQL's advisory lock
WAITED_TOO_LONG = "55P03"  # what PostgreSQL says when lock_timeout is over


class Turns(Database):
    """Who may publish now."""

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold this while publishing; the others wait. Not to be entered twice. Raises LedgerError.

        Whoever dies gives the turn back by dying.
        """
        database = self._engine.url.database
        if self._on_postgres:
            # A connection of its own, since the lock lasts as long as that is open; and without a transaction, which
            # the database would keep waiting for all that time.
            with self._reading() as connection:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                _lock_there(connection)
                try:
                    yield
                finally:
                    connection.execute(select(func.pg_advisory_unlock(PUBLISHING)))
        elif database and database != ":memory:":
            with _lock(f"{database}.turn"):
                yield
        else:
            yield


@contextmanager
def _lock(path: str) -> Iterator[None]:
    lock = FileLock(path, timeout=LONGEST_WAIT)
    try:
        lock.acquire()
    except Timeout:
        raise _too_long() from None
    try:
        yield
    finally:
        lock.release()


def _lock_there(connection: Connection) -> None:
    connection.execute(select(func.set_config("lock_timeout", f"{LONGEST_WAIT * 1000:.0f}", False)))
    try:
        connection.execute(select(func.pg_advisory_lock(PUBLISHING)))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == WAITED_TOO_LONG:
            raise _too_long() from None
        raise
    finally:
        if not connection.invalidated:
            connection.execute(text("RESET lock_timeout"))  # the connection is used again for other things


def _too_long() -> LedgerError:
    waited = f"another run has been publishing for {LONGEST_WAIT:.0f} seconds"
    return LedgerError(f"The ledger: {waited}; see whether that run hangs, then run again.", passing=True)
