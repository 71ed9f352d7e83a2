"""Filing: take raw mails in, understand them, and publish the record and the pictures of the present."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from flows.claimant import may_be_sending
from flows.composing import skills
from flows.mail.reading import Mail, read_mail
from flows.office import Office
from flows.planning import look_ahead
from flows.receipts import send_receipts
from flows.rules.answers import Answer, Entry, assign, wants_to_start, wants_to_stop
from flows.rules.company import Company
from flows.rules.email import SENT, UNKNOWN, Delivery
from flows.rules.messages import CATALOGUE, title_of
from flows.rules.pictures import UPCOMING_DAYS, Present, pictures
from flows.rules.post import ASIDE, DOUBTFUL, NEW, Reply, Sending
from flows.rules.problems import OnwardError, Problem
from flows.rules.questions import Question, as_asked
from flows.rules.record import record
from flows.rules.troubles import troubles
from flows.rules.values import OFF
from flows.sending import Sent

GIVEN_UP_AFTER = timedelta(days=30)
LOOK_BACK = timedelta(days=400)  # how far back the pictures reach


class InboxError(OnwardError):
    """A raw mail cannot be read."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What a filing did: mails taken in, answers newly in the sheet, whether the sheet changed, what needs eyes."""

    taken: int
    filed: int
    published: bool
    problems: tuple[Problem, ...]
    receipts: Sent = field(default_factory=Sent)


def file_answers(office: Office, now: datetime) -> Filed:
    """Take in what waits in the inbox, understand every reply, file what was answered, and thank. Safe to repeat."""
    taken = take_in(office, now)
    understand(office)
    published = refresh_sheet(office, now) if office.ledger.has_unfiled() else None
    problems = (*_left_waiting(office), *ledger_problems(office, office.timetable().company, now))
    receipts = send_receipts(office, now)
    return Filed(
        taken, published.filed if published else 0, bool(published and published.published), problems, receipts
    )


def refresh_sheet(office: Office, now: datetime) -> Filed:
    """Publish the record and the pictures of the present. Raises SheetError; what is not filed then is filed later."""
    with office.sheet.publishing():
        company = office.timetable().company
        entries = office.ledger.entries()
        problems = tuple(ledger_problems(office, company, now))
        present = _present(office, company, (*company.problems, *problems), now)
        contents = [*record(company, entries), *pictures(present)]
        published = office.sheet.publish(contents)
        unfiled = [entry.ref for entry in entries if entry.filed_at is None]
        if unfiled:
            office.ledger.mark_filed(unfiled, now)
    return Filed(0, len(unfiled), published, problems)


def take_in(office: Office, now: datetime) -> int:
    """Keep every mail that waits in the inbox folder, then take it out of there; how many were new."""
    return sum(_take_one(office, path, now) for path in _waiting(office))


def _waiting(office: Office) -> list[Path]:
    if not office.inbox.is_dir():
        return []
    return sorted(path for path in office.inbox.iterdir() if path.is_file() and not path.name.startswith("."))


def _left_waiting(office: Office) -> list[Problem]:
    advice = "this mail still waits in the inbox; let this account read and remove it"
    return [Problem("Replies", 0, path.name, "", advice) for path in _waiting(office) if not os.access(path, os.R_OK)]


def _take_one(office: Office, path: Path, now: datetime) -> bool:
    """Take one mail out of the inbox; what cannot be read, or is still being written, waits there for the next run."""
    try:
        size = path.stat().st_size
        new = receive(office, path, now)
        if path.stat().st_size == size:
            path.unlink()
    except (FileNotFoundError, InboxError):  # another process took it, or a person must look
        return False
    return new


def receive(office: Office, path: Path, now: datetime) -> bool:
    """Keep one raw mail before anything else happens to it; False when it is known already. Raises OnwardError."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:  # another process took it in
        return False
    except OSError as error:
        raise InboxError(f"{path}: cannot be read ({error.strerror}); nothing of it was taken.") from None
    name = path.name.encode(errors="replace").decode()  # a file name may hold bytes that are no text
    return office.ledger.keep(raw, name, now)


def understand(office: Office) -> None:
    """Find out what every new reply is and what it answers."""
    for reply in office.ledger.replies(NEW):
        _understand_one(office, reply, read_mail(office.ledger.raw(reply)))


def _understand_one(office: Office, reply: Reply, mail: Mail) -> None:
    ledger, sender = office.ledger, mail.sender
    identity = office.tokens.find([*mail.recipients, *mail.references])
    sending = ledger.sending(identity) if identity else None
    if sending and sending.status == UNKNOWN:
        ledger.settle({sending.key: Delivery(SENT, detail="a mail that answers it came in")})
    # List-Unsubscribe sends a mail with the word in its subject, and with whatever the program puts into the body.
    stops = wants_to_stop(mail.text) or wants_to_stop(mail.subject)
    if mail.kind == "bounce" and sending:
        note = f"the {title_of(sending.message)} to {sending.recipient} came back as undeliverable; check the address"
        ledger.set_aside(reply, sender, DOUBTFUL, note)
    elif mail.kind != "reply" and not (mail.kind == "empty" and stops):
        ledger.set_aside(reply, sender, ASIDE, mail.kind)
    elif sending is None:
        note = (
            "it answers none of the mails that Onward sent, or was not sent to the reply address; look at it yourself"
        )
        ledger.set_aside(reply, sender, DOUBTFUL, note)
    elif sender != sending.recipient:
        asked = f"the {title_of(sending.message)} to {sending.recipient}"
        note = f"it answers {asked}, from another address; ask them to answer from their own"
        ledger.set_aside(reply, sender, DOUBTFUL, note)
    elif stops:
        ledger.stop(reply, sender, reply.received_at)
    elif wants_to_start(mail.text):
        ledger.resume(reply, sender)
    elif not sending.form:
        ledger.set_aside(reply, sender, ASIDE, "the mail that it answers asks nothing that is filed")
    elif (entry := _entry(reply, sending, mail)).answers:
        ledger.take(reply, sender, entry)
    else:
        ledger.set_aside(reply, sender, ASIDE, "it holds no words of the person's own")


def _entry(reply: Reply, sending: Sending, mail: Mail) -> Entry:
    questions = as_asked(sending.questions)
    found = assign(questions, mail.answers, mail.rest)
    answers = tuple(_answer(questions[number - 1], text) for number, text in found.items())
    return Entry(
        ref=_ref(reply, mail),
        form=sending.form,
        ask=sending.ask,
        person=sending.person,
        manager=sending.manager,
        label=sending.label,
        skill=sending.skill,
        words=mail.text,
        received_at=reply.received_at,
        by="mail",
        answers=answers,
        message_id=mail.message_id,
    )


def _ref(reply: Reply, mail: Mail) -> str:
    """What the row is known by: the same for a mail that came in twice by different ways."""
    own = f"{mail.sender} {mail.message_id} {mail.text}".encode() if mail.message_id else reply.digest
    return f"m-{sha256(own).hexdigest()[:16]}"


def _answer(question: Question, text: str) -> Answer:
    return Answer(question.name, question.wording, question.audience, text)


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
    return list(troubles(sendings, doubtful, paused, company.policy.calendar))


def _present(office: Office, company: Company, problems: tuple[Problem, ...], now: datetime) -> Present:
    sendings = office.ledger.sendings(now - LOOK_BACK)
    history = office.ledger.history(sending.ask for sending in sendings)
    off = company.policy.sending == OFF
    upcoming = [] if off else look_ahead(office, CATALOGUE, now, now + UPCOMING_DAYS)
    grown = skills(office, company, company.by_email)
    return Present(now, company, sendings, history, upcoming, problems, grown)
