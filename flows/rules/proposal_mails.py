"""Mails about proposed growth skills: which proposal the manager is told of, once, and why of another one not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from flows.rules.answers import Entry
from flows.rules.company import Company
from flows.rules.messages import SKILL_PROPOSAL
from flows.rules.occasions import Occasion, end_of_grace, key_of
from flows.rules.roster import Person
from flows.rules.skills import Skill, proposed_in

MOST = 2  # mails about one check-in: what was proposed first, and one more for whoever thought again
LOOK_BACK = timedelta(days=60)  # a manager may be away for so long, and is told afterwards


def proposal_keys(check_ins: Iterable[Entry]) -> list[str]:
    """The keys of all mails that these answerings may have brought about."""
    return [_key(entry) for entry in check_ins if proposed_in(entry)]


def proposal_mail(
    person: Person, skill: Skill, check_ins: Sequence[Entry], company: Company, gone: Collection[str], now: datetime
) -> Occasion | None:
    """The mail about what the person proposes last; None when there is nothing to tell.

    `check_ins` are their answerings, oldest first; `gone` are the keys of those mails that went out, or may have.
    """
    if not skill.proposed:
        return None
    latest = [entry for entry in check_ins if proposed_in(entry)][-1]
    manager = company.manager_of(person)
    calendar = (manager or person).calendar
    # From the hour at which the manager can first be told, or a Grace of none would lose what is said in the evening.
    opens = calendar.next_open(latest.received_at) or latest.received_at
    closes = end_of_grace(calendar, calendar.local(opens).date(), company.policy.grace)
    key, others = _this_and_others(latest, check_ins, gone)
    never = _never(person, latest, others)
    if never and now >= closes:
        return None
    return Occasion(SKILL_PROPOSAL, person, manager, latest.label, opens, closes, key, never=never)


def _this_and_others(latest: Entry, check_ins: Iterable[Entry], gone: Collection[str]) -> tuple[str, int]:
    """The key of the mail about this proposal, and how many mails about other ones in the same check-in went out.

    Whoever says the same again proposes nothing new, be it with a word corrected elsewhere or in capital letters.
    """
    keys: dict[str, list[str]] = {}
    for entry in check_ins:
        if entry.ask == latest.ask and (proposed := proposed_in(entry)):
            keys.setdefault(proposed.casefold(), []).append(_key(entry))
    mine = keys.pop(proposed_in(latest).casefold())
    # An older mail may come in late and stand first then; the mail that went out stays the one.
    key = next((key for key in mine if key in gone), mine[0])
    return key, sum(any(key in gone for key in others) for others in keys.values())


def _never(person: Person, latest: Entry, others: int) -> str:
    """Why this proposal is not passed on at any time."""
    if person.manager_email and person.manager_email != latest.manager:
        return "it was written for the manager before"
    if others >= MOST:
        return f"{MOST} other proposals of that week were passed on already"
    return ""


def _key(entry: Entry) -> str:
    # The answering's name, not its words: keys stay when answers are erased, and a word could be guessed from them.
    return key_of(SKILL_PROPOSAL.name, entry.label, entry.person, entry.ref)
