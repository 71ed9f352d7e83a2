"""The ledger's tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Integer, LargeBinary, MetaData, String, Table, Text, TypeDecorator


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
    Column("received_at", Moment, nullable=False),
    Column("by", String(10), nullable=False),
    Column("answers", Text, nullable=False),  # JSON: question, wording, audience, text
    Column("filed_at", Moment),
)

STOPS = Table(
    "stops",
    TABLES,
    Column("person", String(254), primary_key=True),
    Column("at", Moment, nullable=False),
)
