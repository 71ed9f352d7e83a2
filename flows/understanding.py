"""Understanding: whose a reply is, which mail it answers, and what becomes of it. Publishes nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from flows.mail.carriers import Head, arrived, carriers, writers
from flows.mail.reading import Mail, read_mail
from flows.mail.returned import why_returned
from flows.office import Office
from flows.rules.answering import answer_to, entry_for
from flows.rules.answers import Answer, Entry, assign, says_the_same, wants_to_start, wants_to_stop
from flows.rules.delivery import BOUNCED, Event
from flows.rules.email import SENT, UNKNOWN, Delivery
from flows.rules.messages import title_of
from flows.rules.post import ASIDE, DOUBTFUL, NEW, Reply, Sending
from flows.rules.proposals import PROPOSED, proposed_skill, without_proposal
from flows.rules.questions import CHECK_IN, PEOPLE_OPS, as_asked
from flows.sheet.door import SheetError

NOBODYS = "it answers none of the mails that Onward sent, or was not sent to the reply address; look at it yourself"
NO_WAY_BACK = "it came without a return address, as only machines send; look at it yourself"
UNCERTAIN = (
    "it reads like a machine's, or came through a list; look at it, and ask the person to answer again if it is theirs"
)
SAID_BEFORE = "it says what the answer before it says"


def understand(office: Office) -> None:
    """Find out what every new reply is and what it answers; those in doubt again once their sender is allowed to."""
    reconsider(office)
    for reply in office.ledger.replies(NEW):
        raw = office.ledger.raw(reply)
        head = Head(raw)
        sending = answered(office, head, reply.sent_to)
        sent = office.ledger.text_of(sending.key) if sending else ""
        mail = read_mail(raw, sent)
        if mail.kind == "bounce" and mail.certain and sending:
            _note_return(office, reply, sending, raw)
        _understand_one(office, reply, mail, head, sending)


def _note_return(office: Office, reply: Reply, sending: Sending, raw: bytes) -> None:
    """Write down that the mail came back, as the provider's own event would."""
    reason, dead = why_returned(raw)
    told = Event(
        f"mail-{reply.digest.hex()}", sending.identity, BOUNCED, reply.received_at, sending.recipient, reason, "", dead
    )
    office.ledger.store_events([told], office.clock())


def reconsider(office: Office) -> None:
    """Look again at replies that came from somewhere else than the person asked, if that is allowed by now."""
    waiting = [reply for reply in office.ledger.replies(DOUBTFUL) if reply.about]
    if not waiting:
        return
    sendings = office.ledger.sendings_of({reply.about for reply in waiting})
    again = [r.id for r in waiting if r.about in sendings and _may_answer(office, sendings[r.about], r.sender)]
    office.ledger.look_again(again)


def answered(office: Office, head: Head, envelope: Collection[str]) -> Sending | None:
    """The sending that a mail answers, by the first genuine token that this ledger knows."""
    for identity in dict.fromkeys(office.tokens.each(carriers(head, envelope))):
        if sending := office.ledger.sending(identity):
            return sending
    return None


def _may_answer(office: Office, sending: Sending, sender: str) -> bool:
    """Whether the address is that of the person asked, or one that their row names."""
    if sender == sending.recipient:
        return True
    try:
        person = office.timetable().company.by_email.get(sending.recipient)
    except SheetError:  # then it waits among the doubtful, which are looked at again
        return False
    return bool(person and sender in person.also)


def _understand_one(office: Office, reply: Reply, mail: Mail, head: Head, sending: Sending | None) -> None:
    ledger = office.ledger
    about = sending.key if sending else ""
    if sending and sending.status == UNKNOWN:
        ledger.settle({sending.key: Delivery(SENT, detail="a mail that answers it came in")})
    sender = _sender(office, sending, mail, head)
    if why := _doubt(office, reply, mail, sending, sender):
        ledger.set_aside(reply, sender, *why, about)
    elif sending and _stops(mail):
        ledger.stop(reply, sending.recipient, reply.received_at, about)
    elif sending and wants_to_start(mail.text):
        ledger.resume(reply, sending.recipient, about)
    elif sending and (entry := _entry(reply, sending, mail, head)) and (why := _no_answer(office, sending, entry)):
        ledger.set_aside(reply, sender, *why, about)
    elif sending:
        ledger.take(reply, sender, entry, about)


def _stops(mail: Mail) -> bool:
    # List-Unsubscribe sends a mail with the word in its subject, and with whatever the program puts into the body.
    return wants_to_stop(mail.text) or wants_to_stop(mail.subject)


def _doubt(office: Office, reply: Reply, mail: Mail, sending: Sending | None, sender: str) -> tuple[str, str] | None:
    """Why a mail is not a person's whom Onward asked: what becomes of it, and a note; None when it is."""
    if sending and not mail.certain:
        return DOUBTFUL, UNCERTAIN
    if mail.kind == "bounce" and sending:
        came = f"the {title_of(sending.message)} to {sending.recipient} came back as undeliverable"
        return DOUBTFUL, f"{came}; check the address"
    if mail.kind != "reply" and not (mail.kind == "empty" and _stops(mail)):
        return ASIDE, mail.kind
    if sending is None:
        return DOUBTFUL, NOBODYS
    if not _may_answer(office, sending, sender):
        return DOUBTFUL, _from_elsewhere(sending, sender)
    if reply.return_path == "":
        return DOUBTFUL, NO_WAY_BACK
    return None


def _no_answer(office: Office, sending: Sending, entry: Entry) -> tuple[str, str] | None:
    """Why a person's mail holds nothing to file; None when it does."""
    if not sending.form:
        return ASIDE, "the mail that it answers asks nothing that is filed"
    if not entry.answers:
        return ASIDE, "it holds no words of the person's own"
    if says_the_same(entry, office.ledger.entries(sending.ask)):
        return ASIDE, SAID_BEFORE
    return None


def _sender(office: Office, sending: Sending | None, mail: Mail, head: Head) -> str:
    """Who wrote it: From, unless a list put its own address there and names one that may answer."""
    if sending is None or _may_answer(office, sending, mail.sender):
        return mail.sender
    return next((address for address in writers(head) if _may_answer(office, sending, address)), mail.sender)


def _from_elsewhere(sending: Sending, sender: str) -> str:
    asked = f"it answers the {title_of(sending.message)} to {sending.recipient}, from another address"
    if not sender:
        return f"{asked}; ask them to answer from their own"
    return (
        f"{asked}. If {sender} may answer for them, write it into “Also answers as” in their row, and the next run "
        "files the answer; otherwise ask them to answer from their own"
    )


def _entry(reply: Reply, sending: Sending, mail: Mail, head: Head) -> Entry:
    questions = as_asked(sending.questions)
    skill = proposed_skill(mail.text) if sending.form == CHECK_IN else ""
    marked = {number: without_proposal(text, skill) for number, text in mail.answers.items()}
    found = assign(questions, marked, without_proposal(mail.rest, skill))
    answers = [answer_to(questions[number - 1], text) for number, text in found.items()]
    if skill:
        answers.append(Answer(PROPOSED, "skill: …", PEOPLE_OPS, skill))
    return entry_for(
        sending,
        answers,
        ref=_ref(reply, mail),
        words=mail.text,
        received_at=_moment(reply, sending, head),
        by="mail",
        message_id=mail.message_id,
    )


def _moment(reply: Reply, sending: Sending, head: Head) -> datetime:
    """When the answer came: a mail that had to be posted again counts from when it came the first time."""
    came = arrived(head)
    return came if came and sending.at <= came <= reply.received_at else reply.received_at


def _ref(reply: Reply, mail: Mail) -> str:
    """What the row is known by: the same for a mail that came in twice by different ways."""
    own = f"{mail.sender} {mail.message_id} {mail.text}".encode() if mail.message_id else reply.digest
    return f"m-{sha256(own).hexdigest()[:16]}"
