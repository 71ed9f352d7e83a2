"""The ledger's tables, and opening the database that they are in."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

BUSY_SECONDS = 60
POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 40, "pool_timeout": BUSY_SECONDS}
TURN = 0x0A5A2D  # a number of our own for PostgreSQL's advisory lock


class Moment(TypeDecorator[datetime]):
    """A moment, kept in UTC: SQLite has no zones, and PostgreSQL gives back its own."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


TABLES = MetaData()

SENDS = Table(
    "sends",
    TABLES,
    Column("key", String(200), primary_key=True),
    Column("ask", String(200), nullable=False, index=True),  # the key of the mail that asked on this occasion
    Column("identity", LargeBinary(8), nullable=False, unique=True),  # what a reply's token carries
    Column("message", String(50), nullable=False),
    Column("person", String(254), nullable=False, index=True),  # whom it is about
    Column("manager", String(254), nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("label", String(50), nullable=False),
    Column("form", String(100), nullable=False),
    Column("questions", Text, nullable=False),  # JSON, as they were asked
    Column("skill", Text, nullable=False),
    Column("status", String(10), nullable=False, index=True),  # unknown from the claim until the outcome
    Column("detail", Text, nullable=False, default=""),
    Column("provider_id", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
    Column("claimant", String(100), nullable=False),  # the process that sends it
    Column("begun", Moment, nullable=False, server_default="2000-01-01 00:00:00"),  # by the clock, whatever `at` says
    Column("batch", String(32), nullable=False, server_default="", index=True),  # the run that claimed it
    Column("carrier", String(200), nullable=False, server_default=""),  # the way out that it went by
    Column("text", LargeBinary),  # what it asked in, compressed: replies quote it, and it is told apart from answers
    Column("looked_at", Moment),  # when the provider was first asked and did not know it
    Column("delivery", String(20), nullable=False, server_default=""),  # how far it got
    Column("delivery_detail", Text, nullable=False, server_default=""),
)

EVENTS = Table(
    "events",
    TABLES,
    Column("id", String(200), primary_key=True),  # the provider's: the same event is told more than once
    Column("identity", LargeBinary(8), index=True),
    Column("kind", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("address", String(254), nullable=False),
    Column("reason", Text, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
)

PAUSES = Table(
    "pauses",
    TABLES,
    Column("address", String(254), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

PACES = Table(
    "paces",
    TABLES,
    Column("name", String(50), primary_key=True),
    Column("free_at", Float, nullable=False),  # seconds since 1970: when the next mail may leave
)

REPLIES = Table(
    "replies",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),  # of the raw mail: the same mail comes in once
    Column("raw", LargeBinary, nullable=False),
    Column("origin", Text, nullable=False),  # file name or hook, for people
    Column("received_at", Moment, nullable=False),
    Column("state", String(10), nullable=False, index=True),  # new, taken, aside, doubtful
    Column("sender", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("recipients", Text, nullable=False, server_default=""),  # of the envelope, one a line
    Column("return_path", Text),  # of the envelope; empty when a machine sent it, NULL when nobody said
    Column("about", String(200), nullable=False, server_default=""),  # the key of the sending that it answers
)

REFUSALS = Table(
    "refusals",
    TABLES,
    Column("cause", String(20), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("last", Moment, nullable=False),
)

MAILBOXES = Table(
    "mailboxes",
    TABLES,
    Column("name", String(400), primary_key=True),
    Column("validity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("trouble", Text, nullable=False),  # why it could not be read the last time; empty when it could
    Column("troubled_since", Moment),
)

ENTRIES = Table(
    "entries",
    TABLES,
    Column("id", Integer, primary_key=True),  # in the order in which they were taken
    Column("ref", String(40), nullable=False, unique=True),
    Column("ask", String(200), nullable=False, index=True),
    Column("form", String(100), nullable=False),
    Column("person", String(254), nullable=False, index=True),
    Column("manager", String(254), nullable=False),
    Column("label", String(50), nullable=False),
    Column("skill", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("received_at", Moment, nullable=False, index=True),
    Column("by", String(10), nullable=False),
    Column("answers", Text, nullable=False),  # JSON: question, wording, audience, text
    Column("filed_at", Moment),
    Column("message_id", Text, nullable=False, server_default=""),  # of the reply, for the receipt to refer to
)

FORGOTTEN = Table(
    "forgotten",
    TABLES,
    Column("ref", String(40), primary_key=True),  # of an answer that was erased; a copy of its mail may still come in
    Column("at", Moment, nullable=False),
    Column("gone_at", Moment),  # when it was out of the sheet, too
)

STOPS = Table(
    "stops",
    TABLES,
    Column("person", String(254), primary_key=True),
    Column("at", Moment, nullable=False),
)

BREAKS = Table(
    "breaks",
    TABLES,
    Column("person", String(254), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)

TALKS = Table(
    "talks",
    TABLES,
    Column("id", Integer, primary_key=True),  # in the order in which it was said; the last one counts
    Column("key", String(200), nullable=False, index=True),  # of the mail to the manager
    Column("ask", String(200), nullable=False, index=True),
    Column("outcome", String(10), nullable=False),
    Column("at", Moment, nullable=False),
)


def open_database(url: str) -> Engine:
    """The database at an SQLAlchemy URL, with the tables made where they are missing.

    Raises what SQLAlchemy raises, and ValueError for a kind of database that the ledger does not know.
    """
    engine = _engine(url)
    with engine.begin() as connection:
        _make_tables(connection)
    return engine


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True, **POOL)
    if address.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ValueError("it has to begin with sqlite: or postgresql")
    _keep_private(address.database)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **POOL)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")  # readers never wait for writers
        connection.execute("PRAGMA secure_delete=ON")  # what is erased is written over

    return engine


def _keep_private(path: str | None) -> None:
    """Make the database file readable for this account alone: it holds answers that are for managers only."""
    if path and path != ":memory:" and not Path(path).exists():
        with suppress(OSError):  # then opening it says why
            Path(path).touch(mode=0o600)


def _make_tables(connection: Connection) -> None:
    # Not create_all, which looks first and makes then: two processes that begin together would both make. For
    # PostgreSQL “if not exists” is no promise against that either, and columns know no such words: they take turns.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(TURN)))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    for table in TABLES.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        _add_new_columns(connection, table)
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def _add_new_columns(connection: Connection, table: Table) -> None:
    """Bring a ledger of an earlier version up to this one. Columns are only ever added, with a value for old rows."""
    known = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in known:
            made = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {made}")
