"""What a manager says of a talk by a press: it took place, not yet, its date moved; or that the brief is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.rules.dates import Calendar, short_day
from flows.rules.messages import BRIEF, SUCCESS_QUESTION
from flows.rules.post import Sending

ASKED, LATER, MOVED, SEEN = "asked", "later", "moved", "seen"
OUTCOMES = (ASKED, LATER, MOVED)
ABOUT_A_TALK = {BRIEF.name, SUCCESS_QUESTION.name}  # the mails that may be told so
AGAIN_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Talk:
    """The last thing that a manager said about the talk that a mail is for. `at` is UTC."""

    outcome: str
    at: datetime


def said_of(sendings: Iterable[Sending], talks: Mapping[str, Talk], calendar: Calendar) -> str:
    """What the manager said last about these mails' talks, for the tab Status. Days are those of `calendar`."""
    said = [talks[sending.key] for sending in sendings if sending.key in talks]
    if not said:
        return ""
    last = max(said, key=lambda talk: talk.at)
    day = short_day(calendar.local(last.at).date())
    if last.outcome == LATER:
        again = short_day(calendar.local(last.at + AGAIN_AFTER).date())
        return f"Not yet, on {day}; reminded again from {again}"
    if last.outcome == MOVED:
        return f"The date moved, said on {day}: write the new one into the Roster"
    return f"Asked it, said on {day}"
