"""Receiving: mails that wait in the inbox folder or in a mailbox are kept in the ledger, then taken out of there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flows.mail.mailbox import MOST, MailboxError, Visit
from flows.office import Office
from flows.rules.post import Place
from flows.rules.problems import OnwardError, Problem


class InboxError(OnwardError):
    """A raw mail cannot be read."""


def take_in(office: Office, now: datetime) -> int:
    """Keep every mail that waits in the inbox folder and in the mailbox; how many were new.

    A mailbox that cannot be read now keeps nothing else from going on; people ops is told.
    """
    return sum(_take_one(office, path, now) for path in _waiting(office)) + _empty_mailbox(office, now)


def _empty_mailbox(office: Office, now: datetime) -> int:
    if office.mailbox is None:
        return 0
    where, new = office.mailbox.where, 0
    try:
        with office.mailbox.visit() as visit:
            for kept in _fetched(office, where, visit, now):
                new += kept
    except MailboxError as error:  # what was kept before counts, and is not fetched again
        office.ledger.remember_trouble(where, str(error), now)
    return new


def _fetched(office: Office, where: str, visit: Visit, now: datetime) -> Iterator[bool]:
    """Keep one new mail after the other, and mark it as seen once it is kept; whether it was new to the ledger."""
    ledger, last = office.ledger, office.ledger.place(where)
    uids = visit.new(last)
    sizes = visit.sizes(uids)
    at = last.uid if last and last.validity == visit.validity else 0
    stuck: list[int] = []
    for uid in uids:
        if uid not in sizes:  # somebody took it away meanwhile
            continue
        raw = visit.raw(uid) if sizes[uid] <= MOST else None
        if raw is not None:
            yield ledger.keep(raw, f"mailbox {where}", now)
        if raw is None or not visit.mark_seen(uid):
            stuck.append(uid)
    ledger.remember_place(where, Place(visit.validity, max([at, *uids]), now))
    if stuck:
        said = f"{len(stuck)} mail in {where} cannot be read, or not be marked as read; look there yourself"
        ledger.remember_trouble(where, said, now)


def receive(office: Office, path: Path, now: datetime) -> bool:
    """Keep one raw mail before anything else happens to it; False when it is known already. Raises OnwardError."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:  # another process took it in
        return False
    except OSError as error:
        raise InboxError(f"{path}: cannot be read ({error.strerror}); nothing of it was taken.") from None
    name = path.name.encode(errors="replace").decode()  # a file name may hold bytes that are no text
    return office.ledger.keep(raw, name, now)


def left_waiting(office: Office) -> list[Problem]:
    """The mails that cannot be taken in: why the mailbox cannot be read, and files that cannot be."""
    trouble = office.ledger.mailbox_trouble(office.mailbox.where) if office.mailbox else None
    found = (
        [Problem("Replies", 0, "mailbox", "", f"{trouble[0]} (since {trouble[1]:%Y-%m-%d %H:%M} UTC)")]
        if trouble
        else []
    )
    advice = "this mail still waits in the inbox; let this account read and remove it"
    return found + [
        Problem("Replies", 0, path.name, "", advice) for path in _waiting(office) if not os.access(path, os.R_OK)
    ]


def _waiting(office: Office) -> list[Path]:
    if not office.inbox.is_dir():
        return []
    return sorted(path for path in office.inbox.iterdir() if path.is_file() and not path.name.startswith("."))


def _take_one(office: Office, path: Path, now: datetime) -> bool:
    """Take one mail out of the inbox; what cannot be read, or is still being written, waits there for the next run."""
    try:
        size = path.stat().st_size
        new = receive(office, path, now)
        if path.stat().st_size == size:
            path.unlink()
    except (FileNotFoundError, InboxError):  # another process took it, or a person must look
        return False
    return new
