"""The deliveries: what the provider told of mails that it took, each event once, and the addresses that are paused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from flows.ledger.database import Database, slices
from flows.ledger.schema import EVENTS, PAUSES, SENDS
from flows.rules.delivery import RANKS, Event, Pause, gets_further
from flows.rules.email import SENT, UNKNOWN


class Deliveries(Database):
    """What became of mails on their way."""

    def store_events(self, events: Iterable[Event], now: datetime) -> int:
        """Write down what is new among the events, and what follows from it, all in one transaction; how much was new.

        Whatever is told of a sending of unknown outcome shows that it left. A bounce that lost its mark on the way is
        about the mail that the provider's id names, without an id about the last mail to its address; what fits no mail
        of ours is left alone: others may send with the same account.
        """
        # In one order, so that two processes that are told the same never wait for each other.
        ordered = sorted(events, key=lambda event: event.id)
        with self._writing() as connection:
            known = _sendings(connection, ordered)
            return sum(self._store_one(connection, event, known, now) for event in ordered)

    def _store_one(self, connection: Connection, event: Event, known: Sequence[Row[Any]], now: datetime) -> bool:
        sending = next((row for row in known if _fits(event, row)), None)
        if sending is None and event.identity is None:
            return False
        row = {**asdict(event), "received_at": now}
        final = row.pop("final")
        if connection.execute(self._insert(EVENTS), row).rowcount != 1:
            return False
        if sending:
            _advance(connection, sending.key, event)
        if final and event.address:
            pause = {"address": event.address, "kind": event.kind, "reason": event.reason, "at": event.at}
            connection.execute(self._insert(PAUSES), pause)
        return True

    def pauses(self) -> dict[str, Pause]:
        """The addresses that get no mail for now, and why."""
        with self._reading() as connection:
            return {row.address: Pause(row.kind, row.reason, row.at) for row in connection.execute(select(PAUSES))}

    def end_pause(self, address: str) -> bool:
        """Let mail go to this address again; False when it was not paused."""
        with self._writing() as connection:
            return connection.execute(PAUSES.delete().where(PAUSES.c.address == address)).rowcount == 1


def _sendings(connection: Connection, events: Sequence[Event]) -> list[Row[Any]]:
    """The sendings that the events may be about, newest first; nobody else changes them until the transaction ends."""
    columns = select(SENDS.c.key, SENDS.c.identity, SENDS.c.recipient, SENDS.c.provider_id, SENDS.c.begun)
    found: dict[str, Row[Any]] = {}
    lost = {event.address for event in events if event.identity is None}
    marked = {event.identity for event in events if event.identity}
    wanted = [SENDS.c.identity.in_(part) for part in slices(marked)] + [SENDS.c.recipient.in_(p) for p in slices(lost)]
    for where in wanted:
        # Locked in the order in which senders settle theirs, so that nobody waits in a circle.
        query = columns.where(where).order_by(SENDS.c.key).with_for_update()
        found |= {row.key: row for row in connection.execute(query)}
    return sorted(found.values(), key=lambda row: row.begun, reverse=True)


def _fits(event: Event, sending: Row[Any]) -> bool:
    if event.identity:
        return bool(sending.identity == event.identity)
    named = not event.provider_id or (sending.provider_id and event.provider_id.startswith(sending.provider_id))
    return bool(named and sending.recipient == event.address)


def _advance(connection: Connection, key: str, event: Event) -> None:
    """Move the sending forward, never back, whoever else moves it at the same time."""
    this, lower = SENDS.c.key == key, [state for state in RANKS if gets_further(state, event.kind)]
    state = {"delivery": event.kind, "delivery_detail": event.reason}
    connection.execute(SENDS.update().where(this, SENDS.c.delivery.in_(lower)).values(state))
    if event.identity:
        left = {"status": SENT, "provider_id": event.provider_id}
        connection.execute(SENDS.update().where(this, SENDS.c.status == UNKNOWN).values(left))
