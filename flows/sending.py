"""Sending: make, claim, carry and record each mail of a plan, several at the same time."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from flows.claimant import LONGEST_WAIT
from flows.composing import claim_of, compose, remember
from flows.mail.crew import Crew
from flows.mail.door import StopSending
from flows.mail.shown import as_shown
from flows.office import Office
from flows.planning import Plan
from flows.render import RenderError
from flows.rules.due import Due
from flows.rules.email import LATER, Delivery, Email
from flows.rules.letters import Letter, Memory, letter
from flows.rules.post import Claim
from flows.rules.problems import OnwardError, Problem
from flows.rules.values import ON

FAILED, PREVIEWED = "failed", "preview"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail in this run: a status of rules.email, FAILED or PREVIEWED."""

    key: str
    message: str
    to: str
    status: str
    detail: str = ""


@dataclass(slots=True)
class Sent:
    """What a run, or a part of one, did."""

    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    stopped: str = ""  # why the whole batch ended early


def send(office: Office, plan: Plan, going: Sequence[Due], sent: Sent | None = None) -> Sent:
    """Send these mails of the plan, each one claimed first, and add to `sent` what became of each.

    A mail that cannot be made or is refused stops only itself. Repeating the call sends nothing twice.
    """
    sent = Sent() if sent is None else sent
    run = _Run(office)
    crew = Crew(office.mailer, run.may_leave)
    with closing(_ready(run, plan, going, sent)) as emails, closing(_Book(run, sent)) as book:
        try:
            for email, delivery in crew.carry(emails):
                try:
                    book.note(email, delivery)
                except OnwardError as error:  # what is under way is still told about, and noted at the end
                    crew.stop = crew.stop or error
        except StopSending as stop:
            sent.problems.append(Problem("Mail", 0, "", office.mailer.where, str(stop)))
            sent.stopped = str(stop)
    return sent


class _Run:
    """One run, and the mails that it has in hand: by key, which claiming they are of and when that was."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.claimed: dict[str, str] = {}
        self._since: dict[str, datetime] = {}

    def claim(self, mails: Sequence[tuple[Claim, Email]], at: datetime) -> set[str]:
        """Claim these mails; the keys of those that are this run's to send."""
        begun = self.office.clock()
        texts = {claim.key: as_shown(email.text, email.html) for claim, email in mails if claim.form}
        claimed = self.office.ledger.claim([claim for claim, _ in mails], at, begun, texts)
        self.claimed |= claimed
        self._since |= dict.fromkeys(claimed, begun)
        return set(claimed)

    def may_leave(self, email: Email) -> bool:
        """Wait for the mail's turn; False when that took so long that others may take the claim for abandoned."""
        self.office.pace.wait()
        return self.office.clock() - self._since.pop(email.key) < LONGEST_WAIT

    def give_back(self, keys: Iterable[str]) -> None:
        """Release mails that did not leave."""
        self.office.ledger.release({key: self.claimed[key] for key in keys})

    def settle(self, known: Mapping[str, Delivery]) -> None:
        """Write down what became of mails."""
        self.office.ledger.settle(known, self.claimed)
        for key in known:
            del self.claimed[key]


def _ready(run: _Run, plan: Plan, going: Sequence[Due], sent: Sent) -> Generator[Email]:
    """The mails that may leave, claimed a few at a time. What is claimed and not drawn is released at the end."""
    office = run.office
    memory = remember(office, plan, going)
    for start in range(0, len(going), office.mailer.width):
        made = list(_made(office, plan, going[start : start + office.mailer.width], memory, sent))
        if plan.company.policy.sending != ON:
            sent.outcomes += [Outcome(email.key, email.kind, email.to.email, PREVIEWED) for _, email in made]
            continue
        claimed = run.claim([(claim_of(words, office.mailer.carrier), email) for words, email in made], plan.at)
        waiting = [email for _, email in made if email.key in claimed]
        try:
            while waiting:
                yield waiting.pop(0)
        finally:
            run.give_back(email.key for email in waiting)


def _made(
    office: Office, plan: Plan, dues: Sequence[Due], memory: Memory, sent: Sent
) -> Iterator[tuple[Letter, Email]]:
    for due in dues:
        words = letter(due, plan.company, memory, plan.at)
        try:
            yield words, compose(office, plan.company.policy, words, plan.at)
        except RenderError as error:
            sent.problems.append(Problem("Templates", 0, due.message.name, due.to.email, str(error)))
            sent.outcomes.append(Outcome(due.key, due.message.name, due.to.email, FAILED, str(error)))


class _Book:
    """Writes down what became of each mail: one by one while they come slowly, else several at once."""

    def __init__(self, run: _Run, sent: Sent) -> None:
        self._run, self._sent = run, sent
        self._at_once = run.office.mailer.width  # so a kill leaves no more in doubt than what was under way anyway
        self._known: dict[str, Delivery] = {}
        self._given_back: list[str] = []

    def note(self, email: Email, delivery: Delivery | None) -> None:
        """Note the outcome; None means that the mail did not leave."""
        if delivery is None or delivery.status == LATER:
            self._given_back.append(email.key)
        else:
            self._known[email.key] = delivery
        if delivery:
            self._sent.outcomes.append(Outcome(email.key, email.kind, email.to.email, delivery.status, delivery.detail))
        if len(self._known) + len(self._given_back) >= self._at_once:
            self.close()

    def close(self) -> None:
        """Write down what is noted; what cannot be written now stays noted."""
        self._run.settle(self._known)
        self._known = {}
        self._run.give_back(self._given_back)
        self._given_back = []
