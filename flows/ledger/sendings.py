"""The sendings: every mail claimed before it leaves, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import uuid4
from zlib import compress, decompress

from sqlalchemy import bindparam, func, select

from flows.ledger.database import Database, slices
from flows.ledger.schema import BREAKS, ENTRIES, EVENTS, PAUSES, SENDS, STOPS, TALKS
from flows.rules.breaks import Break
from flows.rules.delivery import Pause
from flows.rules.due import History, Sent
from flows.rules.email import REFUSED, SENT, UNKNOWN, Delivery
from flows.rules.post import Claim, Sending
from flows.rules.talks import SEEN, Talk

# The first outcome that is known stays: an event may have told it before the sender gave up waiting.
SETTLE = (
    SENDS.update()
    .where(SENDS.c.key == bindparam("of"), SENDS.c.status == UNKNOWN)
    .values({name: bindparam(name) for name in ("status", "detail", "provider_id")})
)
# A claim that was released may have been made anew by somebody else, whose claim it is then.
SETTLE_OWN = SETTLE.where(SENDS.c.batch == bindparam("of_batch"))
RELEASE = SENDS.delete().where(
    SENDS.c.key == bindparam("of"), SENDS.c.batch == bindparam("of_batch"), SENDS.c.status == UNKNOWN
)
CLAIM = [field.name for field in fields(Claim)]
CLAIMED = select(SENDS.c.key).where(SENDS.c.batch == bindparam("batch"))
TOLD_OF = CLAIMED.where(SENDS.c.identity.in_(select(EVENTS.c.identity)))


class Sendings(Database):
    """Mails that went out, or may have."""

    def claim(
        self, claims: Iterable[Claim], at: datetime, begun: datetime, texts: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Write the sendings down as unknown, in one transaction; the keys of those that are the caller's to send.

        With each comes the name of this claiming, by which it is settled or released. The others were claimed before,
        by whomever, or the provider told of them although they had been given up.
        `at` is the moment that the run goes by, `begun` the clock's, both UTC; `texts` holds, by key, the texts of
        mails that replies will quote.
        """
        batch = uuid4().hex
        fixed = {"status": UNKNOWN, "detail": "", "provider_id": "", "at": at, "begun": begun, "batch": batch}
        # In the order of their keys, so that two processes with the same mails never wait for each other.
        ordered = sorted(claims, key=lambda claim: claim.key)
        packed = {key: compress(text.encode(), 1) for key, text in (texts or {}).items()}
        rows = [
            {**{name: getattr(claim, name) for name in CLAIM}, **fixed, "text": packed.get(claim.key)}
            for claim in ordered
        ]
        if not rows:
            return {}
        with self._writing() as connection:
            connection.execute(self._insert(SENDS), rows)
            ours = set(connection.execute(CLAIMED, {"batch": batch}).scalars())
            gone = set(connection.execute(TOLD_OF, {"batch": batch}).scalars())
            if gone:
                known = {"status": SENT, "detail": "an event told that it had left", "provider_id": ""}
                connection.execute(SETTLE, [{"of": key, **known} for key in gone])
        return dict.fromkeys(ours - gone, batch)

    def settle(self, outcomes: Mapping[str, Delivery], claimed: Mapping[str, str] | None = None) -> None:
        """Write down what became of claimed sendings, by key. Should a power cut take that back, they are unknown.

        With `claimed`, the claiming of each, only where it still holds; without, what is told is true whoever claimed.
        """
        if not outcomes:
            return
        rows = [
            {
                "of": key,
                "of_batch": (claimed or {}).get(key, ""),
                "status": outcome.status,
                "detail": outcome.detail,
                "provider_id": outcome.provider_id,
            }
            for key, outcome in sorted(outcomes.items())
        ]
        with self._writing(lasting=False) as connection:
            connection.execute(SETTLE if claimed is None else SETTLE_OWN, rows)

    def release(self, claimed: Mapping[str, str]) -> None:
        """Take claims back, by key and claiming: these mails certainly did not leave, and a later run may try again."""
        if claimed:
            rows = [{"of": key, "of_batch": batch} for key, batch in sorted(claimed.items())]
            with self._writing() as connection:
                connection.execute(RELEASE, rows)

    def remember_look(self, key: str, batch: str, now: datetime) -> None:
        """Write down that the provider was asked about this sending for the first time and did not know it."""
        with self._writing() as connection:
            first = (SENDS.c.key == key) & (SENDS.c.batch == batch) & SENDS.c.looked_at.is_(None)
            connection.execute(SENDS.update().where(first).values(looked_at=now))

    def history(self, asks: Iterable[str]) -> History:
        """What happened on these occasions, who asked for no mail, and which addresses are paused."""
        sends: dict[str, Sent] = {}
        answered: dict[str, datetime] = {}
        latest: dict[str, datetime] = {}
        talks: dict[str, Talk] = {}
        seen: dict[str, datetime] = {}
        with self._reading() as connection:
            for part in slices(asks):
                columns = select(SENDS.c.key, SENDS.c.status, SENDS.c.at)
                for key, status, at in connection.execute(columns.where(SENDS.c.ask.in_(part))):
                    sends[key] = Sent(status, at)
                times = ENTRIES.c.received_at
                answers = select(ENTRIES.c.ask, func.min(times), func.max(times)).group_by(ENTRIES.c.ask)
                for ask, first, last in connection.execute(answers.where(ENTRIES.c.ask.in_(part))):
                    answered[ask], latest[ask] = first, last
                said = select(TALKS).where(TALKS.c.ask.in_(part), TALKS.c.outcome != SEEN).order_by(TALKS.c.id)
                talks |= {row.key: Talk(row.outcome, row.at) for row in connection.execute(said)}
                read = select(TALKS.c.ask, TALKS.c.at).where(TALKS.c.ask.in_(part), TALKS.c.outcome == SEEN)
                seen |= {row.ask: row.at for row in connection.execute(read)}
            stopped = {row.person: row.at for row in connection.execute(select(STOPS))}
            pauses = connection.execute(select(PAUSES))
            paused = {row.address: Pause(row.kind, row.reason, row.at) for row in pauses}
            breaks = {row.person: Break(row.at, row.until) for row in connection.execute(select(BREAKS))}
        return History(sends, answered, stopped, latest, paused, breaks, talks, seen)

    def sending(self, identity: bytes) -> Sending | None:
        """The sending that a reply's token stands for."""
        found = list(self._sendings(SENDS.c.identity == identity))
        return found[0] if found else None

    def sendings_of(self, keys: Iterable[str]) -> dict[str, Sending]:
        """The sendings with these keys, by key."""
        return {s.key: s for part in slices(keys) for s in self._sendings(SENDS.c.key.in_(part))}

    def text_of(self, key: str) -> str:
        """The text of a mail that asked something; empty for others, and when it was erased."""
        with self._reading() as connection:
            text = connection.execute(select(SENDS.c.text).where(SENDS.c.key == key)).scalar()
        return decompress(text).decode() if text else ""

    def sendings(self, since: datetime) -> list[Sending]:
        """Every sending from that moment on, oldest first."""
        return list(self._sendings(SENDS.c.at >= since))

    def last_of(self, message: str, since: datetime) -> dict[str, datetime]:
        """By recipient, when they last got this message from that moment on, whatever became of it."""
        query = select(SENDS.c.recipient, func.max(SENDS.c.at).label("last")).group_by(SENDS.c.recipient)
        with self._reading() as connection:
            found = connection.execute(query.where(SENDS.c.message == message, SENDS.c.at >= since))
            return {row.recipient: row.last for row in found}

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
