"""Random faults and kills: whatever happened on the way, in the end everything is there once, and nothing is in doubt.

`python -m tests.faults --runs 200` plays more of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.programme import Worker, run


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as worker:
        yield worker


@pytest.mark.parametrize("seed", range(1, 9))
def test_in_the_end_every_mail_and_every_answer_is_there_once(seed: int, worker: Worker) -> None:
    assert run(seed, worker) == [], f"seed {seed}; play it again with `python -m tests.faults --runs 1 --seed {seed}`"
