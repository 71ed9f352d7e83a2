"""Taking turns: of all that publish, on whatever machine, one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.ledger import Ledger, LedgerError
from tests.sample import race

WORK = """
import time
from pathlib import Path
from flows.ledger import Ledger
log, ledger = Path(sys.argv[2]), Ledger(sys.argv[1])
ready()
for _ in range(5):
    with ledger.turn():
        for word in ("in ", "out "):
            with log.open("a") as file:
                file.write(word)
            time.sleep(0.005)
ledger.close()
"""


def test_nobody_enters_before_the_other_is_out(url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    race(WORK, url, str(log), runners=3)
    assert log.read_text() == "in out " * 15


def test_the_ledger_can_be_written_meanwhile(url: str) -> None:
    ledger = Ledger(url)
    with ledger.turn():
        assert not ledger.has_unfiled()
    ledger.close()


def test_whoever_waits_too_long_is_told_why(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.ledger.turns.LONGEST_WAIT", 0.05)
    ledger = Ledger(url)
    with ledger.turn(), pytest.raises(LedgerError, match="another run has been publishing") as caught, ledger.turn():
        raise AssertionError("nobody has the turn twice")
    assert caught.value.passing
    with ledger.turn():
        assert not ledger.has_unfiled()
    ledger.close()
