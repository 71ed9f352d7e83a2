"""Keeping: mail is erased when its time is over, and a person can be shown what is kept of them, and be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flows.filing import refresh_sheet
from flows.mail.carriers import Head
from flows.mail.outbox import Outbox
from flows.mail.reading import read_mail
from flows.office import Office
from flows.receiving import take_in
from flows.rules.messages import title_of
from flows.rules.policy import SETTINGS_TAB
from flows.rules.post import Reply, Sending
from flows.rules.problems import OnwardError, Problem
from flows.rules.roster import ACTIVE
from flows.understanding import answered, understand


@dataclass(frozen=True, slots=True)
class Swept:
    """What was erased because its time was over, and what kept anything from being erased."""

    mails: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased of a person: answers, mails that came in, copies of mails that went out; and what is left."""

    answers: int
    mails: int
    copies: int
    left: tuple[str, ...]


def sweep(office: Office, now: datetime) -> Swept:
    """Erase the raw mails that are older than `Keep mail for`; never by a guess, for they do not come back."""
    company = office.timetable().company
    if unsure := tuple(problem for problem in company.problems if problem.tab == SETTINGS_TAB.name):
        return Swept(0, unsure)
    oldest = company.policy.keep_mail_for.before(now.date())
    return Swept(office.ledger.erase_mail(datetime.combine(oldest, now.timetz())))


def forget(office: Office, person: str, now: datetime) -> Forgotten:
    """Erase what a person answered everywhere that Onward keeps it. Safe to repeat. Raises OnwardError."""
    take_in(office, now)  # a mail that waits would bring it back
    understand(office)
    sent = office.ledger.sent_about(person)
    answers, mails = office.ledger.forget(person, list(_more(office, sent)), now)
    copies = office.mailer.erase(s for s in sent if s.person == person) if isinstance(office.mailer, Outbox) else 0
    left = [*_in_the_sheet(office, now), *_out_of_reach(office, person)]
    return Forgotten(answers, mails, copies, tuple(left))


def export(office: Office, person: str) -> dict[str, Any]:
    """All that is kept of a person's answers and mails, and what was sent to them or about them."""
    sent = office.ledger.sent_about(person)
    mails = office.ledger.mails_of(person, _more(office, sent))
    stopped = office.ledger.history([]).stopped.get(person)
    return {
        "person": person,
        "answers": [
            {**asdict(entry), "received_at": entry.received_at.isoformat(), "filed_at": _iso(entry.filed_at)}
            for entry in office.ledger.answers_of(person)
        ],
        "mails": [_mail(office, reply) for reply in mails],
        "sent": [{"message": title_of(s.message), "to": s.recipient, "at": s.at.isoformat()} for s in sent],
        "asked_for_no_more_mail": _iso(stopped),
    }


def _mail(office: Office, reply: Reply) -> dict[str, Any]:
    mail = read_mail(office.ledger.raw(reply))
    return {
        "received_at": reply.received_at.isoformat(),
        "from": mail.sender,
        "subject": mail.subject,
        "came_by": reply.origin,
        "became": reply.state,
        "note": reply.note,
        "text": mail.text,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _more(office: Office, sent: list[Sending]) -> Iterator[int]:
    """Mails of which an earlier version did not write down what they answer."""
    keys = {sending.key for sending in sent}
    for reply in office.ledger.mails_of_nobody():
        found = answered(office, Head(office.ledger.raw(reply)), reply.sent_to)
        if found and found.key in keys:
            yield reply.id


def _in_the_sheet(office: Office, now: datetime) -> Iterator[str]:
    """Take the rows out of the sheet; what that cannot do now, in words."""
    try:
        filed = refresh_sheet(office, now)
    except OnwardError as error:
        yield f"The sheet cannot be written now; the next run takes the rows out of it. {error}"
        return
    yield from map(str, filed.unerased)
    if refs := office.ledger.to_erase():
        still = f"Rows that are still in {office.sheet.answers_where}; their Refs: {', '.join(refs)}."
        yield f"{still} Each run tries again; who deletes them by hand is faster."


def _out_of_reach(office: Office, person: str) -> Iterator[str]:
    """What Onward cannot erase, and what it leaves on purpose."""
    yield "Mails in people's own mailboxes: what the person sent, what their manager was sent, and what was forwarded."
    if office.mailbox:
        yield f"The mails in {office.mailbox.where}: Onward deletes nothing there."
    if office.mailer.reaches_people:
        yield f"What {office.mailer.where} keeps of mails that it carried; ask its operator, or see its own settings."
    for copy in office.sheet.copies():
        yield f"A copy of the answers that somebody may need: {copy}"
    yield "Copies that people made of the sheet, backups of the ledger, and pages of its database not yet written over."
    yield "Kept on purpose: which mail went out when, or it would go out again; and a wish for no more mail."
    here = office.timetable().company.by_email.get(person)
    if here and here.status == ACTIVE:
        yield f"Row {here.row} of the Roster: while it is Active, the person is asked again."
