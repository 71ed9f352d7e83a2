"""The pace: so many mails a second over all processes, and no limit where none is set."""

from __future__ import annotations

from typing import NoReturn

import pytest

from flows.ledger import Ledger
from flows.mail.pace import Pace

START = 1_000_000.0


class Clock:
    """Time that passes only in sleep."""

    def __init__(self) -> None:
        self.now = START

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("rate", [1.0, 5.0, 100.0])
def test_no_second_sees_more_mails_than_the_rate_however_many_workers_there_are(
    url: str, rate: float, workers: int
) -> None:
    ledger, clock = Ledger(url), Clock()
    paces = [Pace(rate, ledger.reserve, clock.time, clock.sleep) for _ in range(workers)]
    left = []
    for number in range(int(rate * 4)):
        paces[number % workers].wait()
        left.append(clock.now)
    ledger.close()
    for first in left:
        assert sum(first <= moment < first + 1 for moment in left) <= rate * 1.5 + 1
    assert clock.now - START == pytest.approx(4, abs=1.5)


def test_without_a_rate_nobody_waits_or_asks() -> None:
    def never(*_: float) -> NoReturn:
        raise AssertionError

    Pace(0, never, never, never).wait()


def test_a_pause_is_not_made_up_for(url: str) -> None:
    ledger, clock = Ledger(url), Clock()
    assert ledger.reserve(1, clock.now) == START
    assert ledger.reserve(1, clock.now) == START + 1
    assert ledger.reserve(1, clock.now + 60) == START + 60
    ledger.close()


def test_a_clock_that_was_ahead_once_does_not_stop_the_mails_of_today(url: str) -> None:
    ledger = Ledger(url)
    ledger.reserve(1, START + 3600)
    assert ledger.reserve(1, START) == START
    ledger.close()
