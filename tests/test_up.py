"""Everything on one machine: what is taken is a sentence, and nothing is left running behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.machine import Machine, check_free, watch
from flows.rules.problems import OnwardError
from flows.web.serving import listen

UP = "from flows.cli import main; main()"
SLEEPER = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(os.environ, tmp_path / "logs")
    yield machine
    machine.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def up(folder: Path, *words: str) -> subprocess.Popen[str]:
    """The command, started in a folder of its own."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("ONWARD_", "PREFECT_"))}
    environ |= {"ONWARD_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", UP, "up", *words]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def processes_with(mark: str) -> list[str]:
    """The programs on this machine whose environment holds the mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state = (path / "stat").read_text().rpartition(")")[2].split()[0]
            if mark.encode() in (path / "environ").read_bytes() and state != "Z":
                found.append((path / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (OSError, IndexError):
            continue
    return found


def left_of(mark: str) -> list[str]:
    """What is still there ten seconds later. A killed process is gone when the kernel comes to it, not at once."""
    deadline = time.monotonic() + 10
    while (found := processes_with(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_a_taken_port_is_a_sentence(folder: Path) -> None:
    with listen("127.0.0.1", 0) as place:
        port = place.getsockname()[1]
        with pytest.raises(OnwardError, match=r"another program listens there.*--prefect-port"):
            check_free("127.0.0.1", port, "Prefect", "--prefect-port")
        with up(folder, "--port", str(free_port()), "--prefect-port", str(port)) as process:
            said, wrong = process.communicate(timeout=60)
    assert (process.returncode, said) == (2, "")
    assert "--prefect-port" in wrong
    assert "Traceback" not in wrong


def test_without_a_roster_nothing_is_started(tmp_path: Path) -> None:
    with up(tmp_path, "--port", str(free_port()), "--prefect-port", str(free_port())) as process:
        _, wrong = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "onward init" in wrong
    assert not (tmp_path / "logs").exists()


def test_without_a_demo_there_is_none_to_go_on_with(tmp_path: Path) -> None:
    with up(tmp_path, "--demo") as process:
        _, wrong = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "onward demo" in wrong


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for programs where Linux lists them")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_pages_are_there_at_once_and_nothing_is_left_running(folder: Path, ending: signal.Signals) -> None:
    port, prefect = free_port(), free_port()
    with up(folder, "--port", str(port), "--prefect-port", str(prefect)) as process:
        page = ""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while not page and process.poll() is None:
            try:
                page = opener.open(f"http://127.0.0.1:{port}/mailbox", timeout=5).read().decode()
            except OSError:
                time.sleep(0.1)
        assert "Mailbox" in page
        time.sleep(2)  # into Prefect's start
        assert len(processes_with(f"ONWARD_DATA={folder}")) >= 2
        process.send_signal(ending)
        _, wrong = process.communicate(timeout=60)
    assert process.returncode in (0, 130)
    assert "Traceback" not in wrong
    assert left_of(f"ONWARD_DATA={folder}") == []


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for programs where Linux lists them")
def test_what_a_program_started_ends_with_it(tmp_path: Path) -> None:
    machine = Machine({**os.environ, "MARK": str(tmp_path)}, tmp_path / "logs")
    machine.start("sleeper", [sys.executable, "-c", SLEEPER + "time.sleep(600)"])
    while len(processes_with(f"MARK={tmp_path}")) < 2:
        time.sleep(0.05)
    machine.end()
    assert left_of(f"MARK={tmp_path}") == []


def test_a_program_that_ends_by_itself_is_named(machine: Machine) -> None:
    machine.start("steady", [sys.executable, "-c", "import time; time.sleep(600)"])
    machine.start("weak", [sys.executable, "-c", "print('too weak')"])
    assert watch(machine) == "weak"
    assert machine.log_of("weak").read_text() == "too weak\n"


def test_a_step_that_fails_says_where_to_look(machine: Machine) -> None:
    with pytest.raises(OnwardError, match=r"deploy failed; .*deploy\.log says why"):
        machine.do("deploy", [sys.executable, "-c", "raise SystemExit(3)"])
