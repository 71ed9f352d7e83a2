"""A swarm of link scanners: whatever they ask for, however often, nothing is stored and the person still gets in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from starlette.testclient import TestClient

from flows.office import Office
from flows.rules.messages import BRIEF, CHECK_IN, REFLECTION_FORM, SUCCESS_QUESTION
from flows.rules.post import Sending
from tests.sample import BEN, CLEO, FORM_DAY, MIRA, at, make_sheet
from tests.visits import asked, browser, link

QUERIES = (
    "",
    "?1=1",
    "?1=2&2=3",
    "?is=later",
    "?is=asked",
    "?List-Unsubscribe=One-Click",
    "?wish=stop",
    "?q1=1&load=x",
)
PAGES = ("form", "stop", "talk", "seen")
METHODS = ("GET", "GET", "GET", "HEAD", "OPTIONS", "PROPFIND", "PUT", "DELETE", "PATCH")
AGENTS = ("Mozilla/5.0 (scanner)", "curl/8.0", "", "BarracudaCentral", "SafeLinks\x7f")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company whose mails at the middle of September are of every kind."""
    make_sheet(tmp_path, [MIRA, {**BEN, "start_date": at("2026-08-14 00:00").date()}, CLEO])
    return tmp_path


@pytest.fixture
def sendings(office: Office) -> list[Sending]:
    """One mail of each kind that asks for something."""
    days = {REFLECTION_FORM: FORM_DAY, CHECK_IN: at("2026-09-15 09:00"), BRIEF: at("2026-09-15 09:00")}
    cleo, ben, mira = "cleo@example.com", "ben@example.com", "mira@example.com"
    return [
        asked(office, REFLECTION_FORM, cleo, days[REFLECTION_FORM]),
        asked(office, SUCCESS_QUESTION, mira, FORM_DAY),
        asked(office, CHECK_IN, ben, days[CHECK_IN]),
        asked(office, BRIEF, mira, days[BRIEF]),
    ]


@pytest.fixture
def scanner(office: Office, sendings: list[Sending]) -> Iterator[TestClient]:
    with browser(office, at("2026-09-15 10:00")) as client:
        yield client


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the ledger, table by table."""
    with sqlite3.connect(folder / "ledger.sqlite") as ledger:
        tables = [name for (name,) in ledger.execute("select name from sqlite_master where type = 'table'")]
        return {name: ledger.execute(f"select * from {name}").fetchall() for name in tables}


def file_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("ledger.sqlite*") if not path.name.endswith("-shm")}


def test_a_swarm_of_scanners_leaves_every_byte_of_the_ledger_as_it_was(
    folder: Path, office: Office, sendings: list[Sending], scanner: TestClient
) -> None:
    chance, before, bytes_before = Random(7), contents(folder), file_bytes(folder)
    statuses = set()
    for _ in range(600):
        path = link(office, chance.choice(sendings), chance.choice(PAGES))
        address = path + chance.choice(("", "", ".ics", "/")) + chance.choice(QUERIES)
        headers = {"User-Agent": chance.choice(AGENTS), "X-Forwarded-For": f"10.0.0.{chance.randrange(250)}"}
        statuses.add(scanner.request(chance.choice(METHODS), address, headers=headers).status_code)
    assert statuses <= {200, 204, 307, 404, 405, 429}
    assert contents(folder) == before
    assert file_bytes(folder) == bytes_before


def test_after_a_swarm_the_person_can_still_answer(
    office: Office, sendings: list[Sending], scanner: TestClient
) -> None:
    form = link(office, sendings[0])
    visits = [scanner.get(form).status_code for _ in range(150)]
    assert visits[:100] == [200] * 100
    assert scanner.post(form, data={"q2": "Data work."}).status_code == 200
    assert len(office.ledger.entries()) == 1
