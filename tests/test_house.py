"""The house: imports point down only, each outside thing has one owner, and nothing is half there."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from flows.rules.messages import CATALOGUE, SENDING_FLOWS

ROOT = Path(__file__).parent.parent
FILES = {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / "flows").rglob("*.py"))}
FLOW_FILES = (
    "reflection_form",
    "success_question",
    "growth_check_in",
    "file_answers",
    "refresh_sheet",
    "settle_sends",
    "erase_mail",
)

# From the ground up. What is in one line knows the lines above it and not its neighbours.
STOREYS = (
    {"rules"},
    {"addresses", "language"},
    {"calendars", "claimant", "compiling", "settings", "sheet", "mail", "ledger", "render_page"},
    {"render"},
    {"office"},
    {"proposing"},
    {"planning"},
    {"composing"},
    {"sending"},
    {"receipts", "settling"},
    {"receiving", "understanding"},
    {"filing"},
    {"keeping"},
    {"report"},
    {"connecting", "rehearsal", "services", "tables", "web", "words"},
    {"runs"},
    set(FLOW_FILES),
    {"running"},
    {"demo"},
    {"letterbox", "machine"},
    {"bench"},
    {"commands"},
    {"cli"},
)
OWNERS = {
    "prefect": {*(f"flows/{name}.py" for name in FLOW_FILES), "flows/runs.py", "flows/running.py"},
    "sqlalchemy": {file for file in FILES if file.startswith("flows/ledger/")},
    "sendgrid": {"flows/mail/sendgrid_client.py", "flows/mail/sendgrid_payload.py"},
    "python_http_client": {"flows/mail/sendgrid_client.py"},
    "urllib3": {"flows/mail/sendgrid_client.py"},
    "smtplib": {"flows/mail/smtp.py"},
    "babel": {"flows/language.py"},
    "jinja2": {"flows/render.py", "flows/render_page.py", "flows/compiling.py"},
    "mjml": {"flows/compiling.py"},
    "icalendar": {"flows/calendars.py"},
    "dotenv": {"flows/settings.py"},
    "holidays": {"flows/rules/dates.py"},
    "selectolax": {"flows/mail/markup.py", "flows/mail/marks.py"},
    "xlsxwriter": {"flows/sheet/drawing.py", "flows/sheet/dropdowns.py"},
    "python_calamine": {"flows/sheet/reading.py"},
    "filelock": {"flows/sheet/workbook.py", "flows/ledger/turns.py"},
    "gspread": {"flows/sheet/google_client.py", "flows/sheet/google_errors.py"},
    "google": {"flows/sheet/google_client.py", "flows/sheet/google_errors.py"},
    "requests": {"flows/sheet/google_client.py", "flows/sheet/google_errors.py"},
    "starlette": {
        "flows/commands/up.py",
        *(file for file in FILES if file.startswith(("flows/web/", "flows/letterbox/"))),
    },
    "imap_tools": {"flows/mail/mailbox.py"},
    "imaplib": {"flows/mail/mailbox.py"},
    "python_multipart": {"flows/mail/multipart.py"},
    "uvicorn": {"flows/web/serving.py"},
    "dns": {"flows/mail/exchange.py"},
    "click": {"flows/cli.py", "flows/words.py", *(file for file in FILES if file.startswith("flows/commands/"))},
    "rich": {
        "flows/tables.py",
        "flows/cli.py",
        "flows/commands/deliveries.py",
        "flows/commands/privacy.py",
        "flows/commands/shared.py",
        "flows/commands/replies.py",
        "flows/demo/play.py",
    },
}
ENVIRONMENT = {
    "flows/settings.py",
    "flows/bench/play.py",
    "flows/commands/runs.py",
    "flows/commands/up.py",
    "flows/demo/play.py",
}
CLOCK = {*(file for file in FILES if file.startswith("flows/commands/")), "flows/runs.py", "flows/services.py"}
LONGEST_FILE, LONGEST_FUNCTION = 300, 45


@cache
def tree(file: str) -> ast.Module:
    return ast.parse(FILES[file].read_text("utf-8"))


def imports(file: str) -> Iterator[str]:
    """Every module that the file imports, wherever in it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}, line {node.lineno}: import it by its whole name"
            yield from ([f"flows.{a.name}" for a in node.names] if node.module == "flows" else [node.module or ""])


def room(module: str) -> str:
    return module.split(".")[1]


def storey(name: str) -> int:
    found = [number for number, rooms in enumerate(STOREYS) if name in rooms]
    assert found, f"flows/{name} has no place in the house yet: give it one in STOREYS, here"
    return found[0]


@pytest.mark.parametrize("file", [file for file in FILES if file != "flows/__init__.py"])
def test_imports_point_down_only(file: str) -> None:
    here = room(file.removesuffix(".py").replace("/", "."))
    for module in imports(file):
        there = room(module) if module.startswith("flows.") else here
        wrong = there != here and storey(there) >= storey(here)
        assert not wrong, f"{file} imports {module}, but {here} must not know {there}: arrows point down only"


def test_the_rules_know_nothing_that_acts() -> None:
    outside = {m.split(".")[0] for file in FILES if file.startswith("flows/rules/") for m in imports(file)}
    acting = {"os", "pathlib", "socket", "subprocess", "time", "random", "secrets", "logging", "asyncio", "io"}
    assert not outside & acting, f"rules import {outside & acting}: rules decide, and do nothing else"


@pytest.mark.parametrize("library", OWNERS)
def test_each_outside_thing_has_one_owner(library: str) -> None:
    users = {file for file in FILES for module in imports(file) if module.split(".")[0] == library}
    strangers = users - OWNERS[library]
    assert not strangers, f"{', '.join(strangers)} imports {library}, which is the business of {OWNERS[library]}"
    assert users, f"nobody imports {library} any more: take it off this list, and out of pyproject.toml"


def dotted(file: str) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)}


def test_only_the_entry_points_read_the_environment() -> None:
    readers = {file for file in FILES if {"os.environ", "os.getenv", "os.putenv"} & dotted(file)}
    assert readers <= ENVIRONMENT, f"{readers - ENVIRONMENT} reads the environment; take it from settings instead"


def test_only_the_entry_points_ask_what_time_it_is() -> None:
    asking = {"datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time"}
    askers = {file for file in FILES if asking & dotted(file)}
    assert askers <= CLOCK, f"{askers - CLOCK} asks for the time; let it be handed `now` instead"


@cache
def libraries() -> frozenset[str]:
    """What can be imported here that is not ours."""
    return (sys.stdlib_module_names | packages_distributions().keys()) - {"flows", "templates", "tests"}


@pytest.mark.parametrize("path", sorted((ROOT / "flows").iterdir()), ids=lambda path: path.name)
def test_nothing_in_flows_hides_a_library(path: Path) -> None:
    if path.stem.startswith("__"):
        return
    assert path.stem not in libraries(), f"{path.name}: Prefect puts flows/ first, where this would hide {path.stem}"


def test_every_message_has_its_templates_and_every_template_its_message() -> None:
    folders = {path.name for path in (ROOT / "templates/email").iterdir() if path.is_dir()}
    assert folders == {message.name for message in CATALOGUE}
    for folder in sorted(folders):
        files = {path.name for path in (ROOT / "templates/email" / folder).iterdir()}
        assert files == {"subject.txt", "body.txt", "body.mjml"}, f"templates/email/{folder} holds {sorted(files)}"


def deployments() -> list[dict[str, object]]:
    found: list[dict[str, object]] = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    return found


LOAD = """
import importlib, json, sys
def load(entrypoint):
    module, _, name = entrypoint.rpartition(".")
    return getattr(importlib.import_module(module), name).name
print(json.dumps([load(entrypoint) for entrypoint in sys.argv[1:]]))
"""


def test_every_sending_flow_is_deployed_with_a_schedule() -> None:
    entrypoints = [str(deployment["entrypoint"]) for deployment in deployments()]
    done = subprocess.run([sys.executable, "-c", LOAD, *entrypoints], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert {name.replace("_", "-") for name in FLOW_FILES} == set(json.loads(done.stdout))
    assert set(SENDING_FLOWS) <= set(json.loads(done.stdout))
    assert [each["entrypoint"] for each in deployments() if not each.get("schedules")] == []


@pytest.mark.parametrize("file", FILES)
def test_no_file_and_no_function_is_longer_than_one_can_read(file: str) -> None:
    lines = len(FILES[file].read_text("utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{file} has {lines} lines; {LONGEST_FILE} is the most: one file, one noun"
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            length = (node.end_lineno or 0) - body[0].lineno + 1
            assert length <= LONGEST_FUNCTION, f"{file}: {node.name} has {length} lines"


@pytest.mark.parametrize("file", FILES)
def test_every_module_says_what_it_is(file: str) -> None:
    assert ast.get_docstring(tree(file)), f"{file} has no docstring"
