"""How many calls a run makes to Google Sheets, counted by the stand-in that the tests use."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path

from flows.bench.company import TUESDAY
from flows.filing import file_answers


def calls(people: int) -> tuple[int, int] | None:
    """Reads and writes of one run that files everybody's answer; None outside a checkout, where no stand-in is."""
    try:
        rig = importlib.import_module("tests.google_rig")
    except ImportError:
        return None
    with tempfile.TemporaryDirectory(prefix="onward-bench-") as name, rig.google(Path(name)) as google:
        team = [
            {"name": f"Person {n}", "email": f"p{n}@example.com", "manager_email": "m@example.com"}
            for n in range(people)
        ]
        rig.fill(google, team)
        with rig.office(google, Path(name)) as office:
            rig.answered(office.ledger, [person["email"] for person in team])
            google.calls()
            file_answers(office, TUESDAY)
        reads, writes = google.calls()
        return reads, writes
