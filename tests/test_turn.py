"""Taking turns: of all that publish, on whatever machine, one at a time."""

from __future__ import annotations

from pathlib import Path

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


def test_nobody_enters_before_the_other_is_out(tmp_path: Path) -> None:
    log = tmp_path / "log"
    race(WORK, f"sqlite:///{tmp_path / 'ledger.sqlite'}", str(log), runners=3)
    assert log.read_text() == "in out " * 15
