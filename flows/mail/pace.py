"""The pace at which mails leave: a limit that every process with the same ledger shares."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

STALE = 30.0  # seconds; slots older than that are left over from before a pause, and would leave in a burst
AHEAD = 0.5  # seconds of mails that one process takes at a time: fewer turns at the ledger, still an even flow


class Pace:
    """Lets `rate` mails a second go; 0 lets all go.

    `reserve(seconds, now)` takes the next free stretch from what is shared; `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        rate: float,
        reserve: Callable[[float, float], float],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._rate, self._reserve, self._clock, self._sleep = rate, reserve, clock, sleep
        self._slots: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait until the next mail may leave."""
        if not self._rate:
            return
        with self._lock:
            while self._slots and self._slots[0] < self._clock() - STALE:
                self._slots.popleft()
            if not self._slots:
                self._take()
            slot = self._slots.popleft()
        if (pause := slot - self._clock()) > 0:
            self._sleep(pause)

    def _take(self) -> None:
        count = max(1, int(self._rate * AHEAD))
        begins = self._reserve(count / self._rate, self._clock())
        self._slots.extend(begins + number / self._rate for number in range(count))
