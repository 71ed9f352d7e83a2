"""What the ledger holds that a person should look at: mails in doubt, dead addresses, replies that fit nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flows.rules.dates import Calendar, short_day
from flows.rules.delivery import Pause
from flows.rules.email import REFUSED, UNKNOWN
from flows.rules.messages import title_of
from flows.rules.post import FORGED, OVERSIZED, UNREADABLE, Refusal, Reply, Sending
from flows.rules.problems import Problem

REFUSED_FOR = {
    FORGED: "the signature did not fit. When replies are missing, check SENDGRID_INBOUND_PUBLIC_KEY; SendGrid sends "
    "each again for three days",
    UNREADABLE: "no whole mail was found in it. What came is kept as it was; look at Inbound Parse in SendGrid's "
    "settings",
    OVERSIZED: "it was larger than a mail may be. SendGrid sends it again for three days, and gives up then",
}


def troubles(
    sendings: Sequence[Sending], doubtful: Sequence[Reply], paused: Mapping[str, Pause], calendar: Calendar
) -> Iterator[Problem]:
    """A problem for each, in plain words, with what to do. Days are those of `calendar`; `paused` is by address."""
    for sending in sendings:
        title = title_of(sending.message)
        day = short_day(calendar.local(sending.at).date())
        if sending.status == UNKNOWN:
            advice = (
                f"the {title} of {day} was cut off while it was sent: unknown whether it left. "
                "It is sent again only once it is certain that it did not: `onward settle` looks for evidence, "
                f"or ask, and say it with `onward settle --arrived {sending.recipient}` or `--missing`"
            )
            yield Problem("Status", 0, title, sending.recipient, advice)
        elif sending.status == REFUSED:
            yield Problem(
                "Status", 0, title, sending.recipient, f"refused on {day}: {sending.detail}; check the address"
            )
    for address, pause in sorted(paused.items()):
        day = short_day(calendar.local(pause.at).date())
        advice = (
            f"no mail goes to this address since {day} ({pause}). Write a working address into the Roster; or, when it "
            f"works again, take it off SendGrid's suppression list and run `onward resume {address}`"
        )
        yield Problem("Status", 0, "Email", address, advice)
    for reply in doubtful:
        day = short_day(calendar.local(reply.received_at).date())
        yield Problem("Replies", 0, reply.origin, reply.sender, f"came on {day}; {reply.note}")


def refused_posts(refusals: Sequence[Refusal], calendar: Calendar) -> Iterator[Problem]:
    """A problem for each cause for which posts to the reply hook were not taken."""
    for refusal in refusals:
        posts = (
            "1 post to the reply hook was" if refusal.count == 1 else f"{refusal.count} posts to the reply hook were"
        )
        since, last = (short_day(calendar.local(moment).date()) for moment in (refusal.since, refusal.last))
        when = f"since {since}" if since == last else f"since {since}, the last on {last}"
        advice = f"{posts} refused {when}: {REFUSED_FOR.get(refusal.cause, refusal.cause)}"
        yield Problem("Replies", 0, "reply hook", "", advice)
