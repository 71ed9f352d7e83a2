"""Which process claims a mail, and whether that process can still be at it."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from functools import lru_cache

LONGEST_SENDING = timedelta(hours=1)  # no process sends a mail later than this after it was claimed
LONGEST_WAIT = timedelta(minutes=20)  # a mail that waited longer goes back: well before others may think it was left


def this_process() -> str:
    """A name for this process that another one on this machine can look up."""
    return f"{_host()}:{os.getpid()}"


@lru_cache(maxsize=1)
def _host() -> str:
    return socket.gethostname()


def may_be_sending(claimant: str, claimed: datetime, now: datetime) -> bool:
    """Whether the process that claimed a mail may be sending it at this moment (`now`, by the clock).

    On this machine the process itself is looked for; of another machine, and when the machine gave the process's number
    to another one, only time tells.
    """
    host, _, process = claimant.rpartition(":")
    if now - claimed >= LONGEST_SENDING:
        return False
    if host != socket.gethostname() or os.name == "nt":  # Windows has no harmless way to look for a process
        return True
    if int(process) == os.getpid():
        return False  # whoever asks is not sending
    try:
        os.kill(int(process), 0)  # signal 0 only looks
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
