"""Programs that run beside this one on the same machine: started, watched, and ended with it.

It knows processes and ports, and what Prefect's commands are called; Prefect itself is not imported.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from flows.rules.problems import OnwardError

ROOT = Path(__file__).parent.parent
PATIENCE = 180.0  # seconds for Prefect's server on a slow machine that makes its database first
GRACE = 15.0  # seconds to end by themselves
POOL = "onward"


def check_free(host: str, port: int, what: str, option: str) -> None:
    """Raises OnwardError when something listens there already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)) == 0:
            raise OnwardError(
                f"{host}:{port}: {what} cannot start here, since another program listens there; end that, or choose "
                f"another port with {option}."
            )


class Machine:
    """The programs beside us. Each writes into a log file of its own."""

    def __init__(self, environ: Mapping[str, str], logs: Path) -> None:
        self._environ, self._logs = dict(environ), logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._ending = Event()
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, words: Sequence[str]) -> None:
        """Start a program that runs until we end it."""
        if not self._ending.is_set():
            self._running[name] = self._open(name, words)

    def do(self, name: str, words: Sequence[str]) -> None:
        """Run a program to its end. Raises OnwardError when it fails."""
        self.start(name, words)
        code = self._running[name].wait() if name in self._running else 0
        if self._running.pop(name, None) and code and not self._ending.is_set():
            raise OnwardError(f"{name} failed; {self._log(name)} says why.")

    def lost(self) -> str:
        """The name of a program that ended by itself; empty when all are well."""
        return next((name for name, program in self._running.items() if program.poll() is not None), "")

    def log_of(self, name: str) -> Path:
        """Where a program writes what it has to say."""
        return self._log(name)

    def pause(self, seconds: float) -> bool:
        """Wait; True when everything is ending meanwhile."""
        return self._ending.wait(seconds)

    def end(self) -> None:
        """End every program, the last one first, and whatever it started."""
        self._ending.set()
        programs = list(reversed(self._running.items()))
        for _, program in programs:
            _signal(program, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for _, program in programs:
            with suppress(subprocess.TimeoutExpired):
                program.wait(max(0.1, deadline - time.monotonic()))
            _signal(program, signal.SIGKILL)
            program.wait()

    def _open(self, name: str, words: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._log(name).open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own words
                words,
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end the others in order
            )

    def _log(self, name: str) -> Path:
        return self._logs / f"{name.replace(' ', '-').lower()}.log"


def start_prefect(machine: Machine, port: int) -> None:
    """Prefect's server, what `prefect.yaml` says, and a worker. Returns when flows run by themselves."""
    prefect = (sys.executable, "-m", "prefect", "--no-prompt")
    machine.start("Prefect server", (*prefect, "server", "start", "--host", "127.0.0.1", "--port", str(port)))
    if not _answers(machine, f"http://127.0.0.1:{port}/api/health"):
        return
    machine.do("Prefect pool", (*prefect, "work-pool", "create", POOL, "--type", "process", "--overwrite"))
    machine.do("Prefect deploy", (*prefect, "deploy", "--all"))
    machine.start("Prefect worker", (*prefect, "worker", "start", "--pool", POOL, "--name", "this machine"))


def watch(machine: Machine) -> str:
    """Wait until a program ends by itself; its name. Empty when everything is being ended."""
    while not machine.pause(1):
        if name := machine.lost():
            return name
    return ""


def _answers(machine: Machine, address: str) -> bool:
    """Wait until a server is there. False when everything is ending. Raises OnwardError when it does not come."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine is reached without a proxy
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(urllib.error.URLError, OSError):
            opener.open(address, timeout=2).close()
            return True
        if lost := machine.lost():
            raise OnwardError(f"{lost} ended at once; {machine.log_of(lost)} says why.")
        if machine.pause(0.5):
            return False
    raise OnwardError(f"Prefect's server did not come up within {PATIENCE:.0f} s; {machine.log_of('Prefect server')}.")


def _signal(program: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, number)  # and its children, of which a worker has some
