"""How often pages may be asked for, by link and by client, in memory. Generous: a person never meets it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock
from typing import NamedTuple

MOST_KNOWN = 20_000  # buckets; whoever was longest away is forgotten first


class Rate(NamedTuple):
    """So many at once, and so many a second in the long run."""

    burst: float
    a_second: float


# Scanners open a link dozens of times before its reader does, and whole offices share one address. Looking and
# pressing are counted apart, so that no number of scanners keeps anybody from saving.
LOOKS_AT_A_LINK = Rate(120, 1)
PRESSES_ON_A_LINK = Rate(30, 0.5)
LOOKS_OF_A_CLIENT = Rate(1200, 20)
PRESSES_OF_A_CLIENT = Rate(300, 5)


class Limits:
    """Buckets that fill up again with time."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._buckets: OrderedDict[tuple[str, str, Rate], tuple[float, float]] = OrderedDict()
        self._turn = Lock()

    def wait(self, *, link: str, client: str, pressing: bool) -> int:
        """Take a turn; 0 when it is free, else in how many seconds it may be tried again."""
        by_link = PRESSES_ON_A_LINK if pressing else LOOKS_AT_A_LINK
        by_client = PRESSES_OF_A_CLIENT if pressing else LOOKS_OF_A_CLIENT
        with self._turn:
            return max(self._take(("client", client, by_client)), self._take(("link", link, by_link)))

    def _take(self, key: tuple[str, str, Rate]) -> int:
        rate, now = key[2], self._monotonic()
        left, since = self._buckets.pop(key, (rate.burst, now))
        left = min(rate.burst, left + (now - since) * rate.a_second)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        while len(self._buckets) > MOST_KNOWN:
            self._buckets.popitem(last=False)
        return 0 if allowed else ceil((1 - left) / rate.a_second)
