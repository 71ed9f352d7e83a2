"""Commands about replies: take raw mails in, and show what is understood of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from flows import filing, receiving, tables, understanding
from flows.commands.shared import AT, leave
from flows.mail.reading import read_mail
from flows.mail.tokens import find_token
from flows.services import open_office


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE.eml ...")
@AT
def receive(files: Sequence[Path], at: datetime | None) -> None:
    """Take raw mails as replies, and the mails that wait in the inbox folder.

    They are kept at once; `onward run file-answers` writes their answers to the sheet.
    """
    missing = [path for path in files if not path.is_file()]
    with open_office() as office:
        now = office.moment(at or datetime.now(UTC))
        new = sum(receiving.receive(office, path, now) for path in files if path not in missing)
        new += receiving.take_in(office, now)
        understanding.understand(office)
        problems = filing.ledger_problems(office, office.timetable().company, now)
    tables.say(f"{new} new mails are kept; `onward run file-answers` files their answers.")
    if problems:
        tables.say("", tables.problems_table(problems))
    if missing:
        raise click.UsageError("no such file: " + ", ".join(str(path) for path in missing))
    leave(bool(problems))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.eml ...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each file.")
def read(files: Sequence[Path], as_json: bool) -> None:
    """Show what Onward understands of raw mails. Stores nothing."""
    for path in files:
        found = _understood(path)
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False).encode(errors="replace"))
        else:
            words = [
                Text(f"{path}: {found['kind']} from {found['sender'] or 'nobody'}", style="bold"),
                Text(found["text"]),
            ]
            tables.say(*words, *(Text(f"[{number}] {text}") for number, text in found["answers"].items()), "")


def _understood(path: Path) -> dict[str, Any]:
    """What `read --json` says of a file; one that cannot be opened is still a line."""
    try:
        mail = read_mail(path.read_bytes())
    except OSError as error:
        tables.err.print(Text(f"{path}: cannot be read ({error.strerror})"))
        return {"file": str(path), "kind": "empty", "text": "", "answers": {}, "token": None, "sender": ""}
    answers = {str(number): text for number, text in mail.answers.items()}
    token = find_token([*mail.recipients, *mail.references])
    return {
        "file": str(path),
        "kind": mail.kind,
        "text": mail.text,
        "answers": answers,
        "token": token,
        "sender": mail.sender,
    }
