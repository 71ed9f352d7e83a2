"""The ledger's database: opened once, one transaction at a time, and what goes wrong there in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError, TimeoutError

from flows.ledger.schema import open_database
from flows.rules.problems import OnwardError

T = TypeVar("T")
SLICE = 900  # values in one IN: below every database's limit


class LedgerError(OnwardError):
    """The ledger cannot be opened or used; the message says where, why and what to do."""


class Database:
    """One database, in SQLite or PostgreSQL. What is kept in it, its subclasses say."""

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

    @property
    def _on_postgres(self) -> bool:
        return self._engine.dialect.name == "postgresql"

    def _insert(self, table: Table) -> Insert:
        """Insert a row, or leave the one that is there. Kept, since making it costs more than using it."""
        if table not in self._inserts:
            dialect = postgresql if self._on_postgres else sqlite
            insert = dialect.insert(table).on_conflict_do_nothing()
            # Without the option, SQLAlchemy leaves the count of inserted rows unread where the driver offers ids.
            self._inserts[table] = insert.execution_options(preserve_rowcount=True)
        return self._inserts[table]

    @contextmanager
    def _writing(self, *, lasting: bool = True) -> Iterator[Connection]:
        """One transaction; unless `lasting`, a power cut (not a kill) may take it back."""
        with in_words(), self._engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with in_words(), self._engine.connect() as connection:
            yield connection


@contextmanager
def in_words() -> Iterator[None]:
    """What the database's own world does to us (locked, full, damaged, unreachable) as a LedgerError."""
    try:
        yield
    except TimeoutError as error:  # every connection is in use, and they wait for somebody who holds a lock
        said = "it is too busy"
        raise LedgerError(
            f"The ledger cannot be used now ({said}); nothing was lost, try again.", passing=True
        ) from error
    except DBAPIError as error:
        passing = isinstance(error, OperationalError)
        advice = "nothing was lost, try again" if passing else "nothing was changed, restore it from a copy"
        raise LedgerError(f"The ledger cannot be used now ({_cause(error)}); {advice}.", passing=passing) from None


def slices(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists that one query can name."""
    rest = iter(values)
    while part := list(islice(rest, SLICE)):
        yield part


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
