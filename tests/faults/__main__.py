"""Many programmes, one after the other: `python -m tests.faults --runs 200 --seed 1`."""

from __future__ import annotations

import argparse
import sys
import time

from tests.faults.programme import Worker, run


def main() -> int:
    """Play so many seeds; 1 if something was wrong with one of them."""
    words = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    words.add_argument("--runs", type=int, default=200)
    words.add_argument("--seed", type=int, default=1, help="the first one")
    asked = words.parse_args()
    failed, began = 0, time.monotonic()
    with Worker() as worker:
        for seed in range(asked.seed, asked.seed + asked.runs):
            wrongs = run(seed, worker)
            failed += bool(wrongs)
            for wrong in wrongs:
                print(f"seed {seed}: {wrong}", flush=True)
            if sys.stderr.isatty():
                print(f"\r{seed - asked.seed + 1} of {asked.runs}", end="", file=sys.stderr)
    print(f"{asked.runs - failed} of {asked.runs} programmes ended as they must, in {time.monotonic() - began:.0f} s")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
