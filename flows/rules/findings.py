"""What a look at a connection found: one thing that has to be right, whether it is, and what to do if not."""

from __future__ import annotations

from dataclasses import asdict, dataclass

FINE, MISSING, UNSEEN = "fine", "missing", "not seen"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `state` is FINE, MISSING or UNSEEN (it could not be looked at)."""

    what: str
    state: str
    said: str = ""  # what was found, and for what is missing what to do

    def as_json(self) -> dict[str, object]:
        """The finding as the command line's `--json` prints it."""
        return asdict(self)


NO_SENDER = Finding("Sender", UNSEEN, "the address is named in the sheet, which cannot be read yet")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the way out for mail has to be able to do."""

    sender: str  # the address that mails come from; empty while the sheet that names it cannot be read
    reply_domain: str
    web: str  # base URL of the hooks
    keys: tuple[str, ...] = ()  # the public keys that are set for delivery events
    inbound_keys: tuple[str, ...] = ()  # and for replies
