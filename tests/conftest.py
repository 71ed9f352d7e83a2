"""What every test starts from: a sample company in a folder of its own, and nothing from this machine's environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from flows.office import Office
from flows.settings import CERTIFICATES, OWN
from tests.sample import make_sheet, opened

# How long one example takes says more about the machine than about the code. CI tries the same examples each time, so
# that a red run is the change's own; everybody else tries new ones.
hypothesis.settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("house")


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
