"""Who claims a mail, and whether they may still be at it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from flows.claimant import may_be_sending, this_process

NOW = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)


def test_a_process_that_lives_may_be_sending() -> None:
    host = this_process().rpartition(":")[0]
    assert may_be_sending(f"{host}:{os.getppid()}", NOW, NOW)


def test_a_process_that_is_gone_is_not_sending() -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import flows.claimant as c; print(c.this_process())"], stdout=-1, text=True
    )
    assert not may_be_sending(gone.stdout.strip(), NOW, NOW)


def test_whoever_asks_is_not_sending() -> None:
    assert not may_be_sending(this_process(), NOW, NOW)


@pytest.mark.parametrize(("minutes", "busy"), [(5, True), (59, True), (61, False)])
def test_of_another_machine_only_time_tells(minutes: int, busy: bool) -> None:
    assert may_be_sending("elsewhere:12", NOW - timedelta(minutes=minutes), NOW) is busy


def test_a_claim_without_a_claimant_is_judged_by_time() -> None:
    assert not may_be_sending("", NOW - timedelta(days=1), NOW)
