"""The demo, run as a newcomer runs it: once, whole, under Prefect."""

from __future__ import annotations

import os
import subprocess
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

ONWARD = Path(sys.executable).with_name("onward")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a real workbook in it, and what an earlier demo left behind."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "roster.xlsx").write_text("people ops keeps this")
    (folder / "demo" / "outbox").mkdir(parents=True)
    (folder / "demo" / ".onward-demo").touch()
    (folder / "demo" / "outbox" / "left behind.eml").touch()
    return folder


@pytest.fixture(scope="module")
def told(folder: Path) -> str:
    """What the demo prints, in a pipe."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ONWARD_"))}
    environ |= {
        "ONWARD_DATA": str(folder),
        "ONWARD_MAIL": "outbox:/nowhere",
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
    }
    done = subprocess.run([ONWARD, "demo"], env=environ, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def rows(folder: Path, tab: str) -> list[dict[str, object]]:
    found = CalamineWorkbook.from_path(folder / "demo" / "answers.xlsx").get_sheet_by_name(tab).to_python()
    return [dict(zip(map(str, found[0]), row, strict=True)) for row in found[1:]]


def test_it_says_who_got_what_what_is_to_mend_and_where_to_look(told: str, folder: Path) -> None:
    for words in (
        "Zoë Clarke",
        "Check-ins",
        "5/10/2026",
        "day first or month first",
        str(folder / "demo" / "answers.xlsx"),
    ):
        assert words in told


def test_it_starts_afresh_and_touches_nothing_else(told: str, folder: Path) -> None:
    assert not (folder / "demo" / "outbox" / "left behind.eml").exists()
    assert (folder / "roster.xlsx").read_text() == "people ops keeps this"
    assert sorted(path.name for path in folder.iterdir()) == ["demo", "roster.xlsx"]


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("years of work")
    done = subprocess.run([ONWARD, "demo"], env={**os.environ, "ONWARD_DATA": str(tmp_path)}, capture_output=True)
    assert done.returncode == 2
    assert (tmp_path / "demo" / "thesis.txt").read_text() == "years of work"


def test_the_words_of_every_mail_program_land_in_their_cells(told: str, folder: Path) -> None:
    noticed = {(row["Name"], row["Week"]): row["Noticed"] for row in rows(folder, "Check-ins")}
    assert noticed["Zoë Clarke", "2026-W38"] == (
        "Cut a four-page update to one. Two people answered, which never happened before."
    )
    assert noticed["Priya Nair", "2026-W39"] == "=SUM of all feedback: fewer slides, more silence."
    assert noticed["佐々木 結衣", "2026-W37"] == "静かな人から先に聞いてみた。よかった。"
    assert noticed["Hana Suzuki", "2026-W38"] == "Doubled every guess and was right twice"


def test_holidays_leave_and_silence_show_in_who_was_asked(told: str, folder: Path) -> None:
    asked = {row["Name"]: (row["Check-ins asked"], row["Check-ins answered"]) for row in rows(folder, "Status")}
    assert asked["Sofia Rossi"] == (6, 0)
    assert asked["Aiko Mori"] == (3, 0)  # three weeks away
    assert asked["Liam O’Connor"] == (4, 3)
    moved = [p.read_text() for p in (folder / "demo" / "outbox").glob("growth-check-in 2026-W39 kenji*.eml")]
    assert ["Thu, 24 Sep 2026" in mail for mail in moved] == [True]  # Tuesday was a holiday in Tokyo


def test_a_manager_hears_once_of_the_skill_that_somebody_proposed(told: str, folder: Path) -> None:
    (path,) = (folder / "demo" / "outbox").glob("skill-proposal *.eml")
    mail = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    assert str(mail["To"]).startswith("Mira Patel")
    assert "“Leading meetings that end on time”" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_is_for_the_manager_alone_reaches_only_the_manager(told: str, folder: Path) -> None:
    secret = "lead a product area"
    cells = [
        str(cell)
        for tab in ("Reflections", "Check-ins", "Status", "Problems")
        for row in rows(folder, tab)
        for cell in row.values()
    ]
    assert not any(secret in cell for cell in cells)
    outbox = (folder / "demo" / "outbox").glob("*.eml")
    mails = [message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default) for path in outbox]
    readers = [mail["To"] for mail in mails if secret in str(mail.get_body(("plain",)))]
    assert {str(reader).split()[0] for reader in readers} == {"Zoë", "Mira"}  # who wrote it, and her manager


def test_whoever_goes_on_in_the_demos_folder_knows_the_replies_to_its_mails(told: str, folder: Path) -> None:
    sent = next((folder / "demo" / "outbox").glob("growth-check-in 2026-W40 *.eml"))
    mail = message_from_bytes(sent.read_bytes(), policy=default)
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = str(mail["To"]), str(mail["Reply-To"]), f"Re: {mail['Subject']}"
    reply.set_content("It was a quiet week.")
    (folder / "reply.eml").write_bytes(bytes(reply))
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ONWARD_"))}
    command: list[str | Path] = [ONWARD, "receive", "--at", "2026-10-18T09:00", str(folder / "reply.eml")]
    environ |= {"ONWARD_DATA": str(folder / "demo")}
    done = subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "answers none of the mails" not in done.stdout
