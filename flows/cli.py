"""The command line: its commands, and how whatever a person can cause ends."""

from __future__ import annotations

import sys

import click
from rich.text import Text

from flows import tables
from flows.commands import bench, deliveries, privacy, replies, runs, serving, sheet, up
from flows.rules.problems import OnwardError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def onward() -> None:
    """Career conversations that actually happen, by e-mail, out of a sheet.

    First `onward demo`, to see it work on sample people. Then `onward init` makes your own sheet; fill in the roster,
    look at `onward check` and `onward preview`, and set Sending to On when you like what you see.
    """


for command in (
    *(sheet.init, sheet.check, sheet.preview),
    *(runs.run, runs.rehearse_command, runs.demo),
    *(replies.receive, replies.read),
    *(deliveries.settle, deliveries.resume),
    *(serving.web, up.up),
    *(privacy.forget, privacy.export),
    bench.bench,
):
    onward.add_command(command)


def main() -> None:
    """The entry point: what a person can cause ends in a sentence and an exit code, never in a traceback."""
    try:
        sys.exit(onward(standalone_mode=False))  # without standalone mode, an exit code is returned
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        tables.err.print("Stopped. What was done is written down; running again goes on from there.")
        sys.exit(130)
    except OnwardError as error:
        tables.err.print(Text(str(error)))
        sys.exit(1 if error.passing else 2)
    except BrokenPipeError:
        sys.exit(0)
