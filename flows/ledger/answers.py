"""The answers: every answering of a form, corrections included, and which of them stand in the sheet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from flows.ledger.database import Database, slices
from flows.ledger.schema import ENTRIES
from flows.rules.answers import Answer, Entry

OLDEST_FIRST = (ENTRIES.c.received_at, ENTRIES.c.id)


class Answers(Database):
    """What people answered."""

    def entries(self, ask: str = "") -> list[Entry]:
        """Every answering there was (on one occasion, if its key is given), oldest first, corrections included."""
        columns = [ENTRIES.c[name] for name in Entry.__dataclass_fields__]
        query = select(*columns).order_by(*OLDEST_FIRST)
        with self._reading() as connection:
            return [entry_of(row) for row in connection.execute(query.where(ENTRIES.c.ask == ask) if ask else query)]

    def entries_since(self, moment: datetime) -> list[Entry]:
        """Every answering from that moment on, oldest first."""
        columns = [ENTRIES.c[name] for name in Entry.__dataclass_fields__]
        query = select(*columns).where(ENTRIES.c.received_at >= moment).order_by(*OLDEST_FIRST)
        with self._reading() as connection:
            return [entry_of(row) for row in connection.execute(query)]

    def entries_of(self, people: Iterable[str], form: str) -> dict[str, list[Entry]]:
        """Each person's answerings of a form, by address, oldest first."""
        columns = [ENTRIES.c[name] for name in Entry.__dataclass_fields__]
        query: Select[Any] = select(*columns).where(ENTRIES.c.form == form).order_by(*OLDEST_FIRST)
        found: dict[str, list[Entry]] = {}
        with self._reading() as connection:
            for part in slices(people):
                for row in connection.execute(query.where(ENTRIES.c.person.in_(part))):
                    found.setdefault(row.person, []).append(entry_of(row))
        return found

    def who_answered(self, question: str, since: datetime) -> list[str]:
        """Who answered the question of this name from that moment on. The text of answers is not looked into."""
        # As JSON writes it; were it inside somebody's words, its quotation marks would be escaped.
        named = ENTRIES.c.answers.contains(f'"question": {json.dumps(question)}', autoescape=True)
        query = select(ENTRIES.c.person).where(ENTRIES.c.received_at >= since, named).distinct()
        with self._reading() as connection:
            return sorted(connection.execute(query).scalars())

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
            for part in slices(refs):
                unfiled = ENTRIES.c.ref.in_(part) & ENTRIES.c.filed_at.is_(None)
                connection.execute(ENTRIES.update().where(unfiled).values(filed_at=now))


def entry_row(entry: Entry) -> dict[str, Any]:
    """The answering as a row of the table."""
    return {**asdict(entry), "answers": json.dumps([asdict(answer) for answer in entry.answers])}


def entry_of(row: Row[Any]) -> Entry:
    """The answering that stands in a row of the table."""
    answers = tuple(Answer(**answer) for answer in json.loads(row.answers))
    return Entry(**{**row._asdict(), "answers": answers})
