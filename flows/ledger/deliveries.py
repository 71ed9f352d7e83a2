"""The deliveries: what the provider told of mails that it took, each event once, and the addresses that are paused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from flows.ledger.database import Database
from flows.ledger.schema import EVENTS, PAUSES, SENDS
from flows.rules.delivery import Event, Pause, gets_further
from flows.rules.email import SENT, UNKNOWN


class Deliveries(Database):
    """What became of mails on their way."""

    def store_events(self, events: Iterable[Event], now: datetime) -> int:
        """Write down what is new among the events, and what follows from it, all in one transaction; how much was new.

        Whatever is told of a sending of unknown outcome shows that it left. An event that names no sending is taken for
        the last one to its address, and left alone when there is none: others may send with the same account.
        """
        # In one order, so that two processes that are told the same never wait for each other.
        ordered = sorted(events, key=lambda event: event.id)
        with self._writing() as connection:
            return sum(self._store_one(connection, event, now) for event in ordered)

    def _store_one(self, connection: Connection, event: Event, now: datetime) -> bool:
        sending = _about(connection, event)
        if sending is None and event.identity is None:
            return False
        row = {**asdict(event), "received_at": now}
        final = row.pop("final")
        if connection.execute(self._insert(EVENTS), row).rowcount != 1:
            return False
        if sending:
            _advance(connection, sending, event)
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


def _about(connection: Connection, event: Event) -> Row[Any] | None:
    """The sending that the event is about."""
    # Bounces that come back later arrive without our arguments; then it is the last mail to that address.
    about = SENDS.c.identity == event.identity if event.identity else SENDS.c.recipient == event.address
    newest = select(SENDS.c.key, SENDS.c.status, SENDS.c.delivery).where(about).order_by(SENDS.c.begun.desc()).limit(1)
    return connection.execute(newest).first()


def _advance(connection: Connection, sending: Row[Any], event: Event) -> None:
    """Move the sending forward, never back."""
    changes: dict[str, str] = {}
    if event.identity and sending.status == UNKNOWN:
        changes |= {"status": SENT, "provider_id": event.provider_id}
    if gets_further(sending.delivery, event.kind):
        changes |= {"delivery": event.kind, "delivery_detail": event.reason}
    if changes:
        connection.execute(SENDS.update().where(SENDS.c.key == sending.key).values(changes))
