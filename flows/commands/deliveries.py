"""Commands about mails that went out: what became of them, and addresses that get none."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.console import RenderableType

from flows import settling, tables
from flows.commands.shared import leave
from flows.rules.messages import title_of
from flows.rules.values import Wrong, read_email
from flows.sending import Outcome
from flows.services import open_office

FOUND = {"sent": "it did leave", "later": "it never left; the next run may send it", "unknown": "still unknown"}


@click.command()
@click.option("--arrived", metavar="EMAIL", multiple=True, help="This person has the mails in question.")
@click.option("--missing", metavar="EMAIL", multiple=True, help="This person has not; they may be sent again.")
def settle(arrived: Sequence[str], missing: Sequence[str]) -> None:
    """Settle mails of unknown outcome, by evidence alone: what certainly never left may go out again.

    Where nobody can be asked but the person, ask, and say so with --arrived or --missing.
    """
    if both := {*map(_plain, arrived)} & {*map(_plain, missing)}:
        raise click.UsageError(f"{', '.join(both)} cannot both have the mails and not have them")
    with open_office() as office:
        now = office.clock()
        outcomes = settling.settle_by_word(office, arrived, missing, now)
        named = {outcome.to for outcome in outcomes}
        outcomes += [outcome for outcome in settling.settle_unknown(office, now) if outcome.to not in named]
    tables.say(_settled(outcomes) if outcomes else "Every sending has a known outcome.")
    strangers = [address for address in (*arrived, *missing) if _plain(address) not in named]
    if strangers:
        raise click.UsageError(f"no mail to {', '.join(strangers)} is in doubt; `onward check` lists those that are")
    leave(any(outcome.status == "unknown" for outcome in outcomes))


@click.command()
@click.argument("addresses", nargs=-1, required=True, metavar="EMAIL ...")
def resume(addresses: Sequence[str]) -> None:
    """Let mail go again to an address from which mail came back, or that reported it as spam.

    SendGrid keeps a list of such addresses, too, and drops their mail until they are taken off it.
    """
    with open_office() as office:
        ended = {address: office.ledger.end_pause(_plain(address)) for address in addresses}
    for address, was_paused in ended.items():
        tables.say(f"{address}: " + ("mail goes there again." if was_paused else "was not paused; nothing changed."))
    leave(not all(ended.values()))


def _plain(address: str) -> str:
    """The address as the ledger has it."""
    try:
        return read_email(address)
    except Wrong as wrong:
        raise click.UsageError(f"“{address}”: {wrong}") from None


def _settled(outcomes: Sequence[Outcome]) -> RenderableType:
    rows = [
        (title_of(o.message), o.to, FOUND.get(o.status, o.status), o.detail if o.status == "unknown" else "")
        for o in outcomes
    ]
    return tables.table("Settled", ("Mail", "To", "Found", ""), rows)
