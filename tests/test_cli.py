"""The command line as people and scripts use it: by its output and its exit codes, in a folder of its own.

`onward()` starts the real command. Starting costs a second, so long tables of cases `call()` its entry point instead.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.cli import onward as group
from flows.rules.messages import CATALOGUE
from tests.sample import ANA, MIRA, TEAM, TUESDAY, cells, drop, mails, make_sheet, opened, reply_to, send_due, the_mail

ONWARD = Path(sys.executable).with_name("onward")
SINCE, DAYS = "2026-09-07T00:00", "16"
MANY = """
import json, sys
from flows.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv[1:] = words
    try:
        main()
    except SystemExit as ended:
        print("ended", words[0], ended.code or 0, "prefect" in sys.modules)
"""


@dataclass(frozen=True)
class Done:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @cached_property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)

    def __post_init__(self) -> None:
        assert "Traceback" not in self.out + self.err, self.err
        assert "\x1b" not in self.out + self.err


def onward(folder: Path, *words: str | bytes, by: tuple[str, ...] = (str(ONWARD),), **environ: str) -> Done:
    """Run the command in this folder, with its data there, and its output in a pipe."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("ONWARD_", "PREFECT_"))}
    done = subprocess.run(
        [*by, *words], cwd=folder, env={**ours, "ONWARD_DATA": str(folder), **environ}, capture_output=True, timeout=60
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


class Call(Protocol):
    def __call__(self, *words: str, **environ: str) -> Done: ...


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """The command in this process: the same entry point, words in, words and an exit code out."""

    def run(*words: str, **environ: str) -> Done:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["onward", *words])
        for name, value in {"ONWARD_DATA": str(tmp_path), **environ}.items():
            monkeypatch.setenv(name, value)
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capfd.readouterr()
        return Done(int(ended.value.code or 0), shown.out, shown.err)

    return run


def kinds(document: Mapping[str, object]) -> dict[str, str]:
    """The keys of a JSON object and the types of their values."""
    return {name: type(value).__name__ for name, value in document.items()}


def test_init_makes_the_sheet_once_and_then_leaves_it_alone(tmp_path: Path) -> None:
    first = onward(tmp_path, "init")
    made = (tmp_path / "roster.xlsx").read_bytes()
    second = onward(tmp_path, "init")
    assert (first.code, second.code) == (0, 0)
    assert "onward check" in first.out
    assert "nothing was changed" in second.out
    assert (tmp_path / "roster.xlsx").read_bytes() == made


def test_init_works_where_there_is_no_folder_yet(call: Call, tmp_path: Path) -> None:
    done = call("init", ONWARD_DATA=str(tmp_path / "far" / "away"), ONWARD_SECRET="ours")
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "far" / "away" / "roster.xlsx").exists()


def test_a_new_sheet_has_no_problems(call: Call) -> None:
    call("init")
    done = call("check")
    assert (done.code, done.err) == (0, "")
    assert "0 people in the roster, Sending is Preview" in done.out


ON_MARS = {**ANA, "email": "eve@example.com", "time_zone": "Mars"}


def test_check_names_row_column_value_and_what_to_do(call: Call, folder: Path) -> None:
    make_sheet(folder, [*TEAM, ON_MARS])
    done = call("check", "--json")
    assert done.code == 1
    assert list(done.json) == ["problems"]
    (problem,) = done.json["problems"]
    assert kinds(problem) == {"tab": "str", "row": "int", "column": "str", "value": "str", "advice": "str"}
    assert [problem[name] for name in ("tab", "row", "column", "value")] == ["Roster", 6, "Time zone", "Mars"]
    assert "Europe/Berlin" in problem["advice"]


def test_check_for_people_says_the_same(call: Call, folder: Path) -> None:
    make_sheet(folder, [*TEAM, ON_MARS])
    done = call("check")
    assert done.code == 1
    assert all(word in done.out for word in ("Roster", "6", "Time zone", "Mars"))


@pytest.fixture(scope="module")
def previewed(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("previewed")
    make_sheet(folder)
    return onward(folder, "preview", "--at", SINCE, "--days", DAYS, "--json")


@pytest.fixture(scope="module")
def rehearsed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsed")
    make_sheet(folder)
    return folder


@pytest.fixture(scope="module")
def rehearsed(rehearsed_in: Path) -> Done:
    return onward(rehearsed_in, "rehearse", "--from", SINCE, "--days", DAYS, "--json")


def test_preview_agrees_with_what_a_rehearsal_then_sends(previewed: Done, rehearsed: Done) -> None:
    sent = [(mail["key"], mail["message"], mail["to"]) for step in rehearsed.json["steps"] for mail in step["sent"]]
    planned = [(mail["key"], mail["message"], mail["to"]) for mail in previewed.json["planned"]]
    assert sorted(planned) == sorted(sent)
    assert len(sent) == len(set(sent)) >= 10


def test_preview_agrees_with_a_rehearsal_to_the_minute(previewed: Done, rehearsed: Done) -> None:
    sent = {mail["key"]: step["at"] for step in rehearsed.json["steps"] for mail in step["sent"]}
    assert {mail["key"]: mail["at"] for mail in previewed.json["planned"]} == sent


def test_preview_and_a_rehearsal_skip_the_same_for_the_same_reasons(previewed: Done, rehearsed: Done) -> None:
    skipped = {tuple(skip.values()) for step in rehearsed.json["steps"] for skip in step["skipped"]}
    assert {tuple(skip.values()) for skip in previewed.json["skipped"]} == skipped


def test_what_a_rehearsal_says_is_in_the_outbox(rehearsed: Done, rehearsed_in: Path) -> None:
    assert len(mails(rehearsed_in)) == sum(len(step["sent"]) for step in rehearsed.json["steps"])
    assert cells(rehearsed_in, "Overview")


def test_a_step_of_a_rehearsal_has_the_shape_of_the_contract(rehearsed: Done) -> None:
    assert (rehearsed.code, rehearsed.err) == (0, "")
    step = next(step for step in rehearsed.json["steps"] if step["sent"] or step["skipped"])
    shape = {"flow": "str", "at": "str", "sent": "list", "skipped": "list", "filed": "int", "problems": "list"}
    assert all(kinds(step) == shape for step in rehearsed.json["steps"])
    sent = [mail for step in rehearsed.json["steps"] for mail in step["sent"]]
    assert {tuple(mail) for mail in sent} == {("key", "message", "to", "status")}
    assert {mail["message"] for mail in sent} <= {message.name for message in CATALOGUE}
    assert {mail["status"] for mail in sent} == {"sent"}
    assert set(step["skipped"][0]) == {"message", "person", "reason"}
    assert len(rehearsed.json["steps"]) == int(DAYS) * 24


def test_preview_sends_and_writes_nothing(call: Call, folder: Path) -> None:
    before = {path.name for path in folder.iterdir()}
    done = call("preview", "--at", SINCE, "--days", "3")
    assert done.code == 0
    assert "ana@example.com" in done.out
    assert {path.name for path in folder.iterdir()} - before <= {"secret", "ledger.sqlite"}


def test_preview_says_when_nothing_will_leave(call: Call, folder: Path) -> None:
    make_sheet(folder, sending="Preview")
    assert "Sending is Preview in Settings: nothing leaves until it is On." in call("preview", "--at", SINCE).out


WRONG = {
    "a moment that is none": (["preview", "--at", "next Tuesday"], "next Tuesday"),
    "a moment before all time": (["preview", "--at", "0001-01-01T00:00+14:00"], "0001-01-01"),
    "a moment after all time": (["preview", "--at", "9999-12-31T23:59-12:00"], "9999-12-31"),
    "a moment that is the last": (["preview", "--at", "9999-12-31T23:59"], "9999-12-31"),
    "no days at all": (["preview", "--days", "0"], "--days"),
    "an unknown flow": (["run", "growth"], "growth-check-in"),
    "a flow at no moment": (["run", "growth-check-in", "--at", "noon"], "noon"),
    "an unknown command": (["remind"], "remind"),
    "an unknown option": (["check", "--jason"], "--jason"),
    "a rehearsal without a beginning": (["rehearse", "--days", "3"], "--from"),
    "a rehearsal at no pace": (["rehearse", "--from", SINCE, "--days", "1", "--every", "0m"], "0m"),
    "a rehearsal in the last days": (["rehearse", "--from", "9999-12-31T20:00", "--days", "1"], "9999-12-31"),
    "reading nothing": (["read"], "FILE.eml"),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_a_sentence_and_exit_code_2(call: Call, words: list[str], said: str) -> None:
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.split())


@pytest.mark.parametrize("words", [["check"], ["preview", "--json"], ["rehearse", "--from", SINCE, "--days", "1"]])
def test_a_roster_that_is_missing_is_a_sentence(call: Call, words: list[str]) -> None:
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert "roster.xlsx" in done.err
    assert "onward init" in done.err


def test_a_rehearsal_never_reaches_people(call: Call, folder: Path) -> None:
    mailer = "smtp://me:hunter2@mail.example.com"
    done = call("rehearse", "--from", SINCE, "--days", "1", ONWARD_MAIL=mailer)
    assert (done.code, done.out) == (2, "")
    assert "ONWARD_MAIL" in done.err
    assert "hunter2" not in done.err
    assert not (folder / "outbox").exists()


def test_every_wrong_variable_is_named_at_once(call: Call) -> None:
    done = call("check", ONWARD_SHEET="people.csv", ONWARD_MAIL="pigeon:loft")
    assert (done.code, done.out) == (2, "")
    assert [line.split(":")[0] for line in done.err.splitlines() if "ONWARD_" in line[:7]] == [
        "ONWARD_SHEET",
        "ONWARD_MAIL",
    ]


@pytest.fixture
def asked(folder: Path) -> Path:
    """The sample company on the Tuesday on which Ana and Ben were asked, with the secret where the command finds it."""
    (folder / "secret").write_text("the sample company's secret")
    with opened(folder) as office:
        send_due(office, TUESDAY)
    return folder


def test_read_prints_a_line_for_every_file_whatever_is_in_it(asked: Path) -> None:
    mail = the_mail(asked, "growth-check-in 2026-W37 ana@*")
    (asked / "reply.eml").write_bytes(reply_to(mail, "[1] Yes\n[3] Short sentences 文"))
    (asked / "away.eml").write_bytes(reply_to(mail, "I am away.", Auto_Submitted="auto-replied"))
    (asked / "garbage.eml").write_bytes(b"\x00\xff\xfe" * 500)
    (asked / "nothing.eml").touch()
    files = ["reply.eml", "away.eml", "nothing.eml", "missing.eml", "outbox", "garbage.eml"]
    done = onward(asked, "read", "--json", *files, PYTHONIOENCODING="ascii")  # a pipe that knows no umlauts
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["kind"] for line in lines[:-1]] == ["reply", "auto_reply", "empty", "empty", "empty"]
    assert {tuple(line) for line in lines} == {("file", "kind", "text", "answers", "token", "sender")}
    assert lines[0]["answers"] == {"1": "Yes", "3": "Short sentences 文"}
    assert (lines[0]["sender"], len(lines[0]["token"])) == ("ana@example.com", 32)
    assert ([line["file"] for line in lines], done.code) == (files, 0)


def test_read_prints_a_line_for_a_file_whose_name_is_no_text(asked: Path) -> None:
    with open(bytes(asked) + b"/r\xe9ponse.eml", "wb") as odd:
        odd.write(reply_to(the_mail(asked, "growth-check-in 2026-W37 ana@*"), "Yes"))
    assert onward(asked, "read", "--json", b"r\xe9ponse.eml").json["kind"] == "reply"


def test_receive_keeps_mails_once_and_says_which_files_are_missing(call: Call, asked: Path) -> None:
    raw = reply_to(the_mail(asked, "growth-check-in 2026-W37 ana@*"), "It went well.")
    (asked / "reply.eml").write_bytes(raw)
    drop(asked, raw)
    first, second = call("receive", "reply.eml"), call("receive", "reply.eml", "missing.eml")
    assert (first.code, second.code) == (0, 2)
    assert "1 new mail" in first.out
    assert "missing.eml" in second.err
    with opened(asked) as office:
        assert [entry.words for entry in office.ledger.entries()] == ["It went well."]
    assert list((asked / "inbox").iterdir()) == []


def test_what_is_received_is_kept_when_the_sheet_cannot_be_read(call: Call, asked: Path) -> None:
    (asked / "reply.eml").write_bytes(reply_to(the_mail(asked, "growth-check-in * ana@*"), "It went well."))
    (asked / "roster.xlsx").unlink()
    assert call("receive", "reply.eml").code == 2
    with opened(asked) as office:
        assert [entry.words for entry in office.ledger.entries()] == ["It went well."]


@pytest.mark.usefixtures("asked")
def test_settle_says_that_there_is_nothing_to_settle(call: Call) -> None:
    done = call("settle")
    assert (done.code, done.out) == (0, "Every sending has a known outcome.\n")


def test_commands_that_run_no_flow_start_no_prefect(folder: Path) -> None:
    commands = [["init"], ["check"], ["preview", "--at", SINCE], ["rehearse", "--from", SINCE, "--days", "1"],
                ["receive"], ["read", "x"], ["settle"]]  # fmt: skip
    done = onward(folder, json.dumps(commands), by=(sys.executable, "-c", MANY))
    ended = [line for line in done.out.splitlines() if line.startswith("ended")]
    assert ended == [f"ended {words[0]} 0 False" for words in commands]


def test_a_flow_without_a_roster_says_so_before_prefect_takes_its_time(tmp_path: Path) -> None:
    done = onward(tmp_path, json.dumps([["run", "all"]]), by=(sys.executable, "-c", MANY))
    assert done.out == "ended run 2 False\n"
    assert "onward init" in done.err


def test_people_in_a_pipe_get_words_and_no_bars(folder: Path) -> None:
    done = onward(folder, "rehearse", "--from", SINCE, "--days", "3")
    assert (done.code, done.err) == (0, "")
    assert "━" not in done.out
    assert [" ".join(line.split()[:4]) for line in done.out.splitlines() if line.startswith("Tue")] == [
        "Tue 08 Sep 2026"
    ]


def test_what_people_wrote_is_shown_as_they_wrote_it(call: Call, folder: Path) -> None:
    make_sheet(folder, [MIRA, {**ANA, "name": "[red]Ana[/red]", "time_zone": "[bold]Mars"}])
    assert "[bold]Mars" in call("check").out


HELP = {
    "init": "Make the sheet",
    "check": "list what is wrong",
    "preview": "Sends nothing",
    "run": "growth-check-in",
    "rehearse": "Step through time",
    "receive": "Take raw mails as replies",
    "read": "Stores nothing",
    "forget": "Erase a person's answers",
    "export": "everything that a person answered",
    "settle": "unknown outcome",
    "demo": "sample people",
    "resume": "Let mail go again",
    "bench": "Nothing leaves the machine",
    "web": "Serve what the outside reaches",
    "up": "Run everything on this machine",
}


@pytest.mark.parametrize("command", sorted({*group.commands, *HELP}))
def test_help_says_what_each_command_does(command: str) -> None:
    shown = " ".join(CliRunner().invoke(group, [command, "--help"], terminal_width=100).output.split())
    assert HELP[command] in shown
    assert "--help" in shown


def test_without_a_command_the_first_steps_are_shown(call: Call, tmp_path: Path) -> None:
    done = call()
    assert "onward demo" in done.out + done.err
    assert "onward init" in done.out + done.err
    assert list(tmp_path.iterdir()) == []
