"""What every test starts from: a sample company in a folder of its own, and nothing from this machine's environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy

from flows.office import Office
from flows.settings import CERTIFICATES, OWN
from tests.sample import make_sheet, opened
from tests.standins.postgres import programs, server

# How long one example takes says more about the machine than about the code. CI tries the same examples each time, so
# that a red run is the change's own; everybody else tries new ones.
hypothesis.settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("house")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Whoever has no browser reads so in one line, rather than in a count of dots."""
    if skipped := [r for r in terminalreporter.getreports("skipped") if "test_browser.py" in r.nodeid]:
        reason = str(skipped[0].longrepr[2]) if isinstance(skipped[0].longrepr, tuple) else ""
        why = reason.removeprefix("Skipped: ")
        terminalreporter.write_line(f"The {len(skipped)} tests of pages in a real browser did not run ({why}).")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have Onward configured for real."""
    for name in [name for name in os.environ if name.startswith(OWN) or name in CERTIFICATES]:
        monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the sample company's roster in it."""
    make_sheet(tmp_path)
    return tmp_path


@pytest.fixture
def office(folder: Path) -> Iterator[Office]:
    """The sample company's office."""
    with opened(folder) as office:
        yield office


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server of PostgreSQL, for as long as the tests of one process run."""
    if not programs():
        pytest.skip("PostgreSQL is not installed; `apt-get install postgresql` lets these tests run")
    with server() as url:
        yield url


@pytest.fixture
def empty_postgres(postgres: str) -> str:
    """The address of a database in it that nothing is in."""
    engine = sqlalchemy.create_engine(postgres)
    with engine.begin() as connection:
        connection.exec_driver_sql("drop schema public cascade")
        connection.exec_driver_sql("create schema public")
    engine.dispose()
    return postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a ledger that nothing is in yet, in each kind of database."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("empty_postgres"))
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
