"""The flows under a real Prefect server: deployed from prefect.yaml, started by a schedule, done by a worker."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.rules.layout import PEOPLE_TABS
from flows.rules.policy import SETTINGS_TAB
from flows.rules.roster import ROSTER
from flows.rules.tabs import Tab
from flows.settings import PREFECT_AT_HOME
from flows.sheet.workbook import Workbook

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PATIENCE = 150  # seconds for what a slow machine may need
ALWAYS = {"Sending": "On", "Working days": "Mon–Sun", "Send time": "00:00", "Send until": "23:59"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A Prefect server of its own on a free port; gives the environment that reaches it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("prefect")
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ONWARD_"))},
        **PREFECT_AT_HOME,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "2",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    with started(["prefect", "server", "start", "--port", str(port)], environ, home / "server.log"):
        wait_for(lambda: answers(f"{environ['PREFECT_API_URL']}/health"), "the server")
        yield environ


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A sheet in which a form is due at any hour of any day: the first 1:1 is tomorrow."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    people = [
        (f"Report {n}", f"report{n}@example.com", "mira@example.com", date(2026, 1, 5), tomorrow) for n in range(40)
    ]

    def filled(tab: Tab) -> Tab:
        if tab.name == ROSTER.name:
            return replace(tab, rows=tuple((*person, *[None] * 7) for person in people))
        if tab.name == SETTINGS_TAB.name:
            return replace(tab, rows=tuple((name, ALWAYS.get(str(name), value), "") for name, value, _ in tab.rows))
        return tab

    Workbook(tmp_path / "roster.xlsx", tmp_path / "answers.xlsx").prepare([filled(tab) for tab in PEOPLE_TABS])
    return tmp_path


@contextmanager
def started(words: Sequence[str], environ: Mapping[str, str], log: Path) -> Iterator[None]:
    """A process in the background, ended with its children at the end of the block."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(BIN / words[0]), *words[1:]],
            cwd=ROOT,
            env=dict(environ),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(ready: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, f"{what} did not come within {PATIENCE} seconds"
        time.sleep(0.3)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def ask(environ: Mapping[str, str], path: str, body: object) -> list[dict[str, object]]:
    request = urllib.request.Request(
        f"{environ['PREFECT_API_URL']}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        found: list[dict[str, object]] = json.load(reply)
    return found


def command(environ: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / words[0]), *words[1:]], cwd=ROOT, env=dict(environ), capture_output=True, text=True, timeout=PATIENCE
    )


def mails(data: Path) -> int:
    return len(list((data / "outbox").glob("*.eml")))


def test_a_scheduled_run_of_the_deployed_flow_does_its_work(server: Mapping[str, str], data: Path) -> None:
    environ = {**server, "ONWARD_DATA": str(data)}
    for words in (
        ("prefect", "work-pool", "create", "onward", "--type", "process"),
        ("prefect", "--no-prompt", "deploy", "--all"),
        ("prefect", "deployment", "schedule", "create", "reflection-form/production", "--interval", "5"),
    ):
        done = command(environ, *words)
        assert done.returncode == 0, done.stdout + done.stderr
    assert len(ask(server, "/deployments/filter", {})) == 7
    with started(["prefect", "worker", "start", "--pool", "onward"], environ, data / "worker.log"):
        wait_for(lambda: mails(data) == 40, "the mails of a scheduled run")
        wait_for(lambda: states(server, "reflection-form").count("COMPLETED") >= 2, "a further run")
    assert mails(data) == 40
    shown = json.dumps(ask(server, "/artifacts/filter", {}) + ask(server, "/flow_runs/filter", {}))
    assert "reflection-form/2026-01-05/" in shown
    assert "@example.com" not in shown


def states(environ: Mapping[str, str], flow: str) -> list[object]:
    runs = ask(environ, "/flow_runs/filter", {"flows": {"name": {"any_": [flow]}}})
    return [run["state_type"] for run in runs]


def test_processes_that_run_a_flow_at_the_same_moment_send_once(server: Mapping[str, str], data: Path) -> None:
    environ = {**server, "ONWARD_DATA": str(data)}
    words = [str(BIN / "onward"), "run", "reflection-form", "--json"]
    running = [subprocess.Popen(words, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    reports = [json.loads(process.communicate(timeout=PATIENCE)[0]) for process in running]
    sent = [mail["key"] for report in reports for mail in report["sent"] if mail["status"] == "sent"]
    assert len(sent) == len(set(sent)) == mails(data) == 40


def test_all_flows_in_one_go_end_in_the_sheet(server: Mapping[str, str], data: Path) -> None:
    environ = {**server, "ONWARD_DATA": str(data)}
    done = command(environ, "onward", "run", "all", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert report["flow"] == "all"
    assert {mail["message"] for mail in report["sent"]} >= {"reflection-form"}
    assert (data / "answers.xlsx").exists()


def test_what_a_person_must_mend_ends_in_a_sentence_not_in_retries(server: Mapping[str, str], data: Path) -> None:
    (data / "outbox").touch()  # a file where the folder should be: no mail can be written
    done = command({**server, "ONWARD_DATA": str(data)}, "onward", "run", "reflection-form")
    assert done.returncode == 1
    assert "no mail can be written here" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
