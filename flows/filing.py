"""Filing: publish the record and the pictures of the present, and say what the ledger wants people to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.claimant import may_be_sending
from flows.composing import skills
from flows.office import Office
from flows.planning import look_ahead
from flows.receipts import send_receipts
from flows.receiving import left_waiting, take_in
from flows.rules.company import Company
from flows.rules.email import UNKNOWN
from flows.rules.messages import CATALOGUE
from flows.rules.pictures import UPCOMING_DAYS, Present, pictures
from flows.rules.post import DOUBTFUL
from flows.rules.problems import Problem
from flows.rules.record import record
from flows.rules.troubles import refused_posts, troubles
from flows.rules.values import OFF
from flows.sending import Sent
from flows.understanding import understand

GIVEN_UP_AFTER = timedelta(days=30)
LOOK_BACK = timedelta(days=400)  # how far back the pictures reach


@dataclass(frozen=True, slots=True)
class Filed:
    """What a filing did: mails taken in, answers newly in the sheet, whether the sheet changed, what needs eyes.

    `unerased` are rows of people who asked to be forgotten, and that are still in the sheet.
    """

    taken: int
    filed: int
    published: bool
    problems: tuple[Problem, ...]
    receipts: Sent = field(default_factory=Sent)
    unerased: tuple[Problem, ...] = ()


def file_answers(office: Office, now: datetime) -> Filed:
    """Take in what waits in the inbox, understand every new reply, and file what was answered. Safe to repeat."""
    taken = take_in(office, now)
    understand(office)
    published = refresh_sheet(office, now) if office.ledger.has_unfiled() else None
    problems = (*left_waiting(office), *ledger_problems(office, office.timetable().company, now))
    receipts = send_receipts(office, now)
    return Filed(
        taken, published.filed if published else 0, bool(published and published.published), problems, receipts
    )


def refresh_sheet(office: Office, now: datetime) -> Filed:
    """Publish the record and the pictures of the present. Raises SheetError; what is not filed then is filed later."""
    with office.sheet.publishing():
        company = office.timetable().company
        unerased = _erase_forgotten(office, now)
        entries = office.ledger.entries()
        problems = (*ledger_problems(office, company, now), *unerased)
        present = _present(office, company, (*company.problems, *problems), now)
        contents = [*record(company, entries), *pictures(present)]
        published = office.sheet.publish(contents)
        unfiled = [entry.ref for entry in entries if entry.filed_at is None]
        if unfiled:
            office.ledger.mark_filed(unfiled, now)
    return Filed(0, len(unfiled), published, problems, unerased=unerased)


def _erase_forgotten(office: Office, now: datetime) -> tuple[Problem, ...]:
    """What a person asked to be erased leaves the sheet as soon as that can be reached; why something does not."""
    refs = office.ledger.to_erase()
    if not refs:
        return ()
    erased = office.sheet.erase(refs)
    office.ledger.mark_erased(erased.gone, now)
    return erased.left


def ledger_problems(office: Office, company: Company, now: datetime) -> list[Problem]:
    """What the ledger holds that a person should look at; what nobody looked at for a month is given up.

    A mail that another process has in hand at this moment is no problem.
    """
    since = now - GIVEN_UP_AFTER
    unsettled = office.ledger.needing_eyes(since)
    sendings = [s for s in unsettled if s.status != UNKNOWN or not may_be_sending(s.claimant, s.begun, office.clock())]
    doubtful = [reply for reply in office.ledger.replies(DOUBTFUL) if reply.received_at >= since]
    in_use = {person.email for person in company.roster.people} | {p.manager_email for p in company.roster.people}
    paused = {address: pause for address, pause in office.ledger.pauses().items() if address in in_use}
    calendar = company.policy.calendar
    refused = refused_posts(office.ledger.refusals(since), calendar)
    return [*troubles(sendings, doubtful, paused, calendar), *refused]


def _present(office: Office, company: Company, problems: tuple[Problem, ...], now: datetime) -> Present:
    sendings = office.ledger.sendings(now - LOOK_BACK)
    history = office.ledger.history(sending.ask for sending in sendings)
    off = company.policy.sending == OFF
    upcoming = [] if off else look_ahead(office, CATALOGUE, now, now + UPCOMING_DAYS)
    grown = skills(office, company, company.by_email)
    return Present(now, company, sendings, history, upcoming, problems, grown)
