"""The benchmark's processes: sinks that serve while they are needed, and cases that each run in a fresh one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flows.bench.cases import Measured
from flows.rules.problems import OnwardError

PYTHON = sys.executable


@contextmanager
def sink(kind: str, latency: float) -> Iterator[int]:
    """A sink in a process of its own; the port that it serves at. `latency` is in seconds."""
    words = [PYTHON, "-m", "flows.bench.sinks", kind, str(latency)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(10)


def run_case(case: str, environ: Mapping[str, str]) -> Measured:
    """Run one case in a fresh process. Raises OnwardError when it fails."""
    words = [PYTHON, "-m", "flows.bench.cases", case]
    done = subprocess.run(words, env=dict(environ), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise OnwardError(f"The case “{case}” of the benchmark failed: {done.stderr.strip().splitlines()[-1:]}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))
