"""Receiving: mails that wait in the inbox folder or in a mailbox are kept in the ledger, then taken out of there."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from flows.office import Office
from flows.rules.problems import OnwardError, Problem


class InboxError(OnwardError):
    """A raw mail cannot be read."""


def take_in(office: Office, now: datetime) -> int:
    """Keep every mail that waits in the inbox folder, then take it out of there; how many were new."""
    return sum(_take_one(office, path, now) for path in _waiting(office))


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
    """The mails in the inbox folder that cannot be taken in."""
    advice = "this mail still waits in the inbox; let this account read and remove it"
    return [Problem("Replies", 0, path.name, "", advice) for path in _waiting(office) if not os.access(path, os.R_OK)]


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
