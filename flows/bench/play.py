"""The benchmark: rounds of a sending run beside its baselines, in one go, so that only ratios matter.

Every figure is the median of the rounds; the baselines run between ours, so that a busy moment hits both.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flows.bench.cases import Measured, mails
from flows.bench.company import make_company
from flows.bench.peers import mailmerge, run_mailmerge
from flows.bench.processes import run_case, sink
from flows.bench.sheets import calls
from flows.rules.email import Email
from flows.services import open_office
from flows.settings import read_settings, stay_in

LATENCY, WIDTH = 0.08, 32  # seconds that a mail takes at the provider, mails at the same time
SIZES = (200, 2_000, 10_000)
PEERS_SIZE = 500
Done = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Pair:
    """Ours beside a baseline: one line of the result."""

    what: str
    people: int
    ours: Measured
    theirs: Measured | None

    @property
    def ratio(self) -> float | None:
        """How many times the baseline's wall time each of our mails took."""
        return _per_mail(self.ours) / _per_mail(self.theirs) if self.theirs else None


def steps(sizes: tuple[int, ...], rounds: int) -> int:
    """How often `done` will be called."""
    return rounds * 2 * len(sizes) + rounds * 2 + 2


def measure_posting(people: int, rounds: int, done: Done) -> Pair:
    """A sending run by SendGrid's API beside the loop that only posts."""
    ours, bare = [], []
    with _company(people) as folder, sink("http", LATENCY) as port:
        for _ in range(rounds):
            bare.append(run_case("bare", _at_sendgrid(folder, port)))
            done()
            ours.append(run_case("onward", _at_sendgrid(folder, port)))
            done()
    return Pair("SendGrid, beside a bare loop", people, _median(ours), _median(bare))


def measure_smtp(rounds: int, done: Done) -> Pair:
    """A sending run by SMTP beside mailmerge with the same mails; without it, alone."""
    ours, theirs = [], []
    with _company(PEERS_SIZE) as folder, sink("smtp", 0) as port:
        emails = _made(folder)
        for _ in range(rounds):
            if mailmerge():
                theirs.append(run_mailmerge(folder, emails, port))
            done()
            ours.append(run_case("onward", {**_fresh(folder), "ONWARD_MAIL": f"smtp://127.0.0.1:{port}"}))
            done()
    what = "SMTP, beside mailmerge" if theirs else "SMTP (mailmerge is not installed)"
    return Pair(what, PEERS_SIZE, _median(ours), _median(theirs) if theirs else None)


def measure_calls(sizes: tuple[int, int], done: Done) -> list[tuple[int, int, int]]:
    """People, reads and writes of a run over a Google spreadsheet; empty where there is no stand-in for Google."""
    found = []
    for people in sizes:
        counted = calls(people)
        done()
        if counted:
            found.append((people, *counted))
    return found


@contextmanager
def _company(people: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="onward-bench-") as name:
        make_company(Path(name), people)
        yield Path(name)


def _fresh(folder: Path) -> dict[str, str]:
    """The environment of a run in this folder, whose ledger is new."""
    for old in folder.glob("ledger.sqlite*"):
        old.unlink()
    environ = dict(os.environ)
    stay_in(folder, environ)
    return environ


def _at_sendgrid(folder: Path, port: int) -> Mapping[str, str]:
    return {
        **_fresh(folder),
        "ONWARD_MAIL": "sendgrid",
        "SENDGRID_API_KEY": "only the sink sees this",
        "ONWARD_SENDGRID_API": f"http://127.0.0.1:{port}",
        "ONWARD_MAIL_WIDTH": str(WIDTH),
    }


def _made(folder: Path) -> list[Email]:
    with open_office(read_settings(_fresh(folder))) as office:
        return mails(office)


def _per_mail(measured: Measured) -> float:
    return measured.wall / max(measured.mails, 1)


def _median(runs: list[Measured]) -> Measured:
    return Measured(
        mails=min(run.mails for run in runs),
        wall=median(run.wall for run in runs),
        cpu=median(run.cpu for run in runs),
        peak=median(run.peak for run in runs),
    )
