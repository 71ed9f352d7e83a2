"""Pulling the plug: processes that are killed at any moment, and what the next ones find."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.rules.layout import PEOPLE_TABS
from flows.rules.policy import SETTINGS_TAB
from flows.rules.roster import ROSTER
from flows.rules.tabs import Tab
from flows.sheet.workbook import Workbook

ONWARD = Path(sys.executable).with_name("onward")
START = date(2026, 9, 7)
PEOPLE, DAYS, KILLS = 60, 15, 6
REHEARSE = [str(ONWARD), "rehearse", "--from", f"{START}", "--days", f"{DAYS}"]


def filled(tab: Tab) -> Tab:
    if tab.name == ROSTER.name:
        starts = [START - timedelta(days=number * 3) for number in range(PEOPLE)]
        rows = [(f"Person {n}", f"person{n}@example.com", "boss@example.com", day) for n, day in enumerate(starts)]
        return replace(tab, rows=tuple((*row, *[None] * 9) for row in rows))
    if tab.name == SETTINGS_TAB.name:
        return replace(tab, rows=tuple((n, "On" if n == "Sending" else v, w) for n, v, w in tab.rows))
    return tab


def rehearsal(folder: Path) -> list[str]:
    Workbook(folder / "roster.xlsx", folder / "answers.xlsx").prepare([filled(tab) for tab in PEOPLE_TABS])
    return REHEARSE


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "ONWARD_DATA": str(folder)}


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(ONWARD), *words], env=environment(folder), capture_output=True, text=True, timeout=120)


def statuses(folder: Path) -> dict[str, str]:
    with sqlite3.connect(folder / "ledger.sqlite") as ledger:
        return dict(ledger.execute("select key, status from sends"))


def written(folder: Path) -> dict[str, int]:
    """Every mail in the outbox, with the moment of its writing: one that is sent again is written again."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "outbox").glob("*.eml")}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("undisturbed")
    done = subprocess.run(rehearsal(folder), env=environment(folder), capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return statuses(folder)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, int]]]:
    """The same days with a kill after some mails, again and again; then a run to the end."""
    folder = tmp_path_factory.mktemp("killed")
    words = rehearsal(folder)
    seen: list[dict[str, int]] = []
    chance = random.Random(7)
    for _ in range(KILLS):
        target = len(written(folder)) + chance.randint(3, 40)
        process = subprocess.Popen(words, env=environment(folder), stdout=subprocess.DEVNULL)
        while process.poll() is None and len(written(folder)) < target:
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen.append(written(folder))
    subprocess.run(words, env=environment(folder), capture_output=True, timeout=120)
    seen.append(written(folder))
    return folder, seen


def test_after_kills_every_mail_is_claimed_that_would_have_been(
    killed: tuple[Path, object], undisturbed: Mapping[str, str]
) -> None:
    asked = {key for key in undisturbed if "reminder" not in key}  # whoever's mail is in doubt is not reminded of it
    assert asked <= statuses(killed[0]).keys() <= undisturbed.keys()


def test_after_kills_no_mail_was_written_twice(killed: tuple[Path, list[dict[str, int]]]) -> None:
    for before, after in zip(killed[1], killed[1][1:], strict=False):
        assert {name: after.get(name) for name in before} == before


def test_a_kill_leaves_no_more_than_the_mail_in_hand_unknown(killed: tuple[Path, object]) -> None:
    assert list(statuses(killed[0]).values()).count("unknown") <= KILLS


def test_a_cut_off_mail_is_shown_settled_by_evidence_and_then_sent_once(tmp_path: Path) -> None:
    done = subprocess.run(rehearsal(tmp_path), env=environment(tmp_path), capture_output=True, timeout=120)
    assert done.returncode == 0
    (left, gone), total = sorted(written(tmp_path))[:2], len(written(tmp_path))
    with sqlite3.connect(tmp_path / "ledger.sqlite") as ledger:
        for name in (left, gone):  # the plug was pulled after the claims, before the outcomes
            place = (tmp_path / "outbox" / name).read_text().split("Message-ID: ")[1].splitlines()[0]
            ledger.execute("update sends set status = 'unknown' where provider_id = ?", (place,))
    (tmp_path / "outbox" / gone).unlink()
    assert run(tmp_path, "check").stdout.count("unknown whether it left") == 2
    again = subprocess.run(REHEARSE, env=environment(tmp_path), capture_output=True, timeout=120)
    assert again.returncode == 1
    assert len(written(tmp_path)) == total - 1
    found = run(tmp_path, "settle").stdout
    assert "it did leave" in found
    assert "it never left" in found
    subprocess.run(REHEARSE, env=environment(tmp_path), capture_output=True, timeout=120)
    assert len(written(tmp_path)) == total
    assert set(statuses(tmp_path).values()) == {"sent"}
