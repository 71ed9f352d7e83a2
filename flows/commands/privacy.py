"""Commands about what is kept of a person: show it, and erase it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click
from rich.text import Text

from flows import keeping, tables
from flows.commands.shared import AS_JSON, print_json
from flows.services import open_office


@click.command()
@click.argument("email", metavar="EMAIL")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def forget(email: str, yes: bool) -> None:
    """Erase a person's answers everywhere that Onward keeps them, and say what it cannot reach.

    Erased are the answers, their rows in the sheet, and the raw mails from the person or about them. This cannot be
    undone.
    """
    person = email.strip().lower()
    with open_office() as office:
        office.timetable()  # what is wrong with the sheet is said before anything is erased
        if not yes:
            click.confirm(f"Erase everything that {person} answered? This cannot be undone", abort=True, err=True)
        done = keeping.forget(office, person, datetime.now(UTC))
    erased = f"{done.answers} answers, {done.mails} mails that came in and {done.copies} copies of mails that went out"
    tables.say(f"Of {person} were erased: {erased}.", "", "What Onward did not erase:")
    tables.say(*(Text(f"- {line}") for line in done.left))


@click.command()
@click.argument("email", metavar="EMAIL")
@AS_JSON
def export(email: str, as_json: bool) -> None:
    """Show everything that a person answered, and the mails that are kept of them.

    Answers for the manager alone are among it: hand it to the person and to nobody else.
    """
    person = email.strip().lower()
    with open_office() as office:
        found = keeping.export(office, person)
    if as_json:
        print_json(found)
    else:
        tables.say(*(Text(line) for line in _lines(found)))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    if not (found["answers"] or found["mails"] or found["sent"]):
        yield f"Nothing of {found['person']} is kept."
        return
    for entry in found["answers"]:
        yield f"{entry['form']}, {entry['label']} (came by {entry['by']} on {entry['received_at']}, {entry['ref']})"
        for answer in entry["answers"]:
            yield f"  {answer['wording']} [for {answer['audience']}]"
            yield from (f"    {line}" for line in answer["text"].splitlines())
        yield ""
    for mail in found["mails"]:
        note = f": {mail['note']}" if mail["note"] else ""
        sender = mail["from"] or "nobody"
        yield f"Mail of {mail['received_at']} from {sender}, “{mail['subject']}” ({mail['became']}{note})"
        yield from (f"    {line}" for line in mail["text"].splitlines())
        yield ""
    for sent in found["sent"]:
        yield f"Sent on {sent['at']}: {sent['message']} to {sent['to']}"
    if found["asked_for_no_more_mail"]:
        yield f"Asked for no more mail on {found['asked_for_no_more_mail']}."
