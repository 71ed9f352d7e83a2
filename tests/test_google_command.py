"""The command line on a Google spreadsheet, as an operator uses it: only the environment says where the sheet is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.google_rig import Rig, fill
from tests.standins.google import GoogleStandIn
from tests.standins.google_account import EMAIL
from tests.standins.google_cells import Spreadsheet

ID = "1aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_abc"


@contextmanager
def spreadsheet(folder: Path) -> Iterator[Rig]:
    with GoogleStandIn() as service:
        yield Rig(service, service.add(Spreadsheet(ID)), service.key(folder))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with spreadsheet(tmp_path) as rig:
        yield rig


def onward(rig: Rig, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": "/usr/bin:/bin",
        "ONWARD_DATA": str(folder / "data"),
        "ONWARD_SHEET": f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0",
        "ONWARD_GOOGLE_API": rig.service.url,
        "GOOGLE_APPLICATION_CREDENTIALS": str(rig.key),
    }
    code = "import sys; from flows.cli import main; sys.argv[0] = 'onward'; main()"
    command = [sys.executable, "-c", code, *words]
    root = Path(__file__).parent.parent
    return subprocess.run(command, env=environ, cwd=root, capture_output=True, text=True, timeout=120)


def test_a_new_spreadsheet_is_set_up_checked_and_rehearsed(rig: Rig, tmp_path: Path) -> None:
    made = onward(rig, tmp_path, "init")
    assert (made.returncode, made.stderr) == (0, "")
    assert "Made the tabs Roster, Settings, Questions" in " ".join(made.stdout.split())
    fill(rig)
    checked = onward(rig, tmp_path, "check", "--json")
    assert (checked.returncode, json.loads(checked.stdout)["problems"]) == (0, [])
    week = ("--from", "2026-09-07T09:00", "--days", "3", "--every", "24h", "--json")
    rehearsed = onward(rig, tmp_path, "rehearse", *week)
    assert rehearsed.stderr == ""
    sent = [mail for step in json.loads(rehearsed.stdout)["steps"] for mail in step["sent"]]
    assert {mail["to"] for mail in sent} == {"ana@example.com", "ben@example.com"}
    assert "Growth check-in, 2026-W37" in rig.tab("Status").column("Last mail")


def test_a_spreadsheet_that_is_not_shared_ends_in_a_sentence(rig: Rig, tmp_path: Path) -> None:
    rig.book.editors.clear()
    said = onward(rig, tmp_path, "check")
    assert said.returncode == 2
    assert f"share it with {EMAIL} as an editor" in " ".join(said.stderr.split())
    assert "Traceback" not in said.stderr


def test_tabs_that_are_not_there_yet_are_said_once(rig: Rig, tmp_path: Path) -> None:
    said = onward(rig, tmp_path, "check", "--connections", "--json")
    found = json.loads(said.stdout)["connections"]
    assert (said.returncode, [each["what"] for each in found if each["state"] == "missing"]) == (1, ["Tabs"])
    assert found[-1]["what"] == "Outbox"


def test_the_connections_are_checked_one_by_one(rig: Rig, tmp_path: Path) -> None:
    onward(rig, tmp_path, "init")
    fill(rig)
    said = onward(rig, tmp_path, "check", "--connections")
    words = " ".join(said.stdout.split())
    assert (said.returncode, said.stderr) == (0, "")
    assert EMAIL in words
    assert "Europe/Berlin" in words
    assert words.count("docs.google.com") == 1  # an address is longer than the column is wide


def test_a_person_is_forgotten_in_the_sheet_and_what_others_wrote_stays(rig: Rig, tmp_path: Path) -> None:
    onward(rig, tmp_path, "init")
    fill(rig)
    onward(rig, tmp_path, "rehearse", "--from", "2026-09-08T09:00", "--days", "1", "--every", "24h")
    mails = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "data" / "outbox").glob("growth*.eml")]
    for number, mail in enumerate(mails):
        answer = f"From: {mail['To']}\nTo: {mail['Reply-To']}\nSubject: Re: x\n\nWords of {mail['To']}\n"
        (tmp_path / f"{number}.eml").write_text(answer, "utf-8")
    onward(rig, tmp_path, "receive", *(str(path) for path in sorted(tmp_path.glob("*.eml"))))
    filed = onward(rig, tmp_path, "run", "file-answers", "--at", "2026-09-08T12:00", "--json")
    assert (filed.returncode, json.loads(filed.stdout)["filed"]) == (0, len(mails))
    forgotten = onward(rig, tmp_path, "forget", "ana@example.com", "--yes")
    assert forgotten.returncode == 0
    assert "Of ana@example.com were erased: 1 answers" in " ".join(forgotten.stdout.split())
    assert "Refs:" not in forgotten.stdout
    assert [str(each) for each in rig.tab("Check-ins").column("Email") if each] == ["ben@example.com"]
    assert "ana@example.com>" not in str([tab.table() for tab in rig.book.tabs])
