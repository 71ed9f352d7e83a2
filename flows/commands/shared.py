"""What commands share: options, JSON, exit codes, progress."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from flows import tables
from flows.words import Moment

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables.")
AT = click.option("--at", type=Moment(), metavar="T", help="Act as if it were this moment, like 2026-09-07T09:00.")


def leave(with_problems: bool) -> None:
    """End with exit code 1 if there were problems."""
    if with_problems:
        raise click.exceptions.Exit(1)


def print_json(document: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing in a pipe."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=tables.err, transient=True, disable=not tables.err.is_terminal) as bars:
        bar = bars.add_task(what, total=total)
        yield lambda: bars.advance(bar)
