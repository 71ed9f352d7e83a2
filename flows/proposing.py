"""Proposing: the mails that pass proposed skills on to managers, by the sheet and the ledger. Sends nothing."""

from __future__ import annotations

from datetime import datetime

from flows.office import Office
from flows.rules.company import Company
from flows.rules.occasions import Occasion
from flows.rules.proposal_mails import LOOK_BACK, proposal_keys, proposal_mail
from flows.rules.proposals import PROPOSED
from flows.rules.questions import CHECK_IN, FIRST_SKILL
from flows.rules.skills import Skill, skill_of


def proposals(office: Office, company: Company, now: datetime) -> list[tuple[Occasion, Skill]]:
    """Each proposal that a manager was told of lately or is to be, with what there is to tell."""
    people = [p for p in office.ledger.who_answered(PROPOSED, now - LOOK_BACK) if p in company.by_email]
    if not people:
        return []
    chosen, check_ins = (office.ledger.entries_of(people, form) for form in (FIRST_SKILL, CHECK_IN))
    gone = office.ledger.sendings_of(proposal_keys(e for entries in check_ins.values() for e in entries))
    found = []
    for email, entries in check_ins.items():
        person = company.by_email[email]
        skill = skill_of(person, company, chosen.get(email, ()), entries)
        if occasion := proposal_mail(person, skill, entries, company, gone, now):
            found.append((occasion, skill))
    return found
