"""The command that measures."""

from __future__ import annotations

import click

from flows import tables
from flows.bench.play import SIZES, Pair, measure_calls, measure_posting, measure_smtp, steps
from flows.commands.shared import progress


@click.command()
@click.option("--rounds", type=click.IntRange(1, 20), default=3, show_default=True, help="Runs of each; medians count.")
@click.option("--quick", is_flag=True, help="Without the largest company.")
def bench(rounds: int, quick: bool) -> None:
    """Measure a whole sending run beside a loop that only posts, on this machine, in a few minutes.

    Nothing leaves the machine. The ratios say more than the seconds, which are this machine's.
    """
    sizes = SIZES[:-1] if quick else SIZES
    with progress("Measuring", steps(sizes, rounds)) as done:
        pairs = [measure_posting(people, rounds, done) for people in sizes]
        pairs.append(measure_smtp(rounds, done))
        counted = measure_calls((sizes[0], sizes[1]), done)
    tables.say(tables.table(f"Medians of {rounds}", HEADERS, [_row(pair) for pair in pairs]))
    if counted:
        rows = [(people, reads, writes) for people, reads, writes in counted]
        tables.say("", tables.table("Calls to Google Sheets in one run", ("People", "Reads", "Writes"), rows))


HEADERS = ("Run", "People", "Wall, ms a mail", "Baseline", "Ratio", "CPU, ms a mail", "Baseline", "Peak, MiB")


def _row(pair: Pair) -> tuple[object, ...]:
    ours, theirs = pair.ours, pair.theirs
    return (
        pair.what,
        pair.people,
        f"{1000 * ours.wall / ours.mails:.2f}",
        f"{1000 * theirs.wall / theirs.mails:.2f}" if theirs else "",
        f"{pair.ratio:.2f}" if pair.ratio else "",
        f"{1000 * ours.cpu / ours.mails:.2f}",
        f"{1000 * theirs.cpu / theirs.mails:.2f}" if theirs else "",
        f"{ours.peak:.0f}",
    )
