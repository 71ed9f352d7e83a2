"""What one run did, in the one shape that flows return, rehearsals collect and `--json` prints (design §9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.filing import Filed
from flows.keeping import Swept
from flows.planning import Plan
from flows.rules.due import Verdict
from flows.rules.email import REFUSED, SENT, UNKNOWN
from flows.rules.problems import Problem
from flows.sending import FAILED, PREVIEWED, Outcome, Sent

BAD = (FAILED, REFUSED, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A mail that did not go out; `person` is whom it is about."""

    message: str
    person: str
    reason: str
    key: str

    def as_json(self) -> dict[str, str]:
        """The skipped mail as `--json` prints it."""
        return {"message": self.message, "person": self.person, "reason": self.reason}


@dataclass(slots=True)
class Report:
    """What one run of one flow did. `at` is the moment that the run went by."""

    flow: str
    at: datetime
    outcomes: list[Outcome] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    filed: int = 0
    taken: int = 0
    settled: int = 0
    erased: int = 0
    problems: list[Problem] = field(default_factory=list)
    stopped: str = ""

    @property
    def failed(self) -> bool:
        """Whether a mail did not go out that should have."""
        return bool(self.stopped) or any(outcome.status in BAD for outcome in self.outcomes)

    def add(self, other: Report) -> None:
        """Take in what another flow did at the same moment."""
        self.outcomes += other.outcomes
        self.skipped += other.skipped
        self.filed += other.filed
        self.taken += other.taken
        self.settled += other.settled
        self.erased += other.erased
        self.problems += [problem for problem in other.problems if problem not in self.problems]
        self.stopped = self.stopped or other.stopped

    def __str__(self) -> str:
        counts = Counter(outcome.status for outcome in self.outcomes)
        parts = [f"{counts[status]} {status}" for status in (SENT, PREVIEWED, *BAD, "later") if counts[status]]
        more = [(self.skipped, "skipped"), (range(self.taken), "taken in"), (range(self.filed), "filed")]
        more += [(range(self.settled), "settled"), (range(self.erased), "erased")]
        parts += [f"{len(things)} {word}" for things, word in more if things]
        parts += [f"{len(self.problems)} to mend"] if self.problems else []
        parts += [f"stopped: {self.stopped}"] if self.stopped else []
        return ", ".join(parts) or "nothing to do"

    def as_json(self) -> dict[str, object]:
        """The report as `--json` prints it."""
        return {
            "flow": self.flow,
            "at": self.at.isoformat(),
            "sent": [{"key": o.key, "message": o.message, "to": o.to, "status": o.status} for o in self.outcomes],
            "skipped": [skip.as_json() for skip in self.skipped],
            "filed": self.filed,
            "problems": [problem.as_json() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the runs of the coming days will do, as things stand. `at` is when it begins."""

    at: datetime
    sending: str
    days: int
    verdicts: tuple[Verdict, ...]
    problems: tuple[Problem, ...]

    @property
    def planned(self) -> list[Verdict]:
        """What goes out, in the order of time."""
        return [verdict for verdict in self.verdicts if verdict.at and not verdict.skipped]

    @property
    def skipped(self) -> list[Skipped]:
        """What does not go out, and why."""
        return skipped(self.verdicts)

    def as_json(self) -> dict[str, object]:
        """The outlook as `preview --json` prints it."""
        return {
            "at": self.at.isoformat(),
            "sending": self.sending,
            "planned": [_planned(verdict) for verdict in self.planned],
            "skipped": [skip.as_json() for skip in self.skipped],
            "problems": [problem.as_json() for problem in self.problems],
        }


def _planned(verdict: Verdict) -> dict[str, object]:
    due = verdict.due
    return {
        "at": verdict.at.isoformat() if verdict.at else None,
        "key": due.key,
        "message": due.message.name,
        "to": due.to.email,
        "person": due.occasion.person.email,
        "unless_answered": due.stops_when_answered,
    }


def report_sending(flow: str, plan: Plan, sent: Sent) -> Report:
    """The report of a flow that sends."""
    problems = [*plan.company.problems, *sent.problems]
    return Report(flow, plan.at, sent.outcomes, skipped(plan.skipped), problems=problems, stopped=sent.stopped)


def report_filing(flow: str, at: datetime, filed: Filed) -> Report:
    """The report of a flow that files."""
    problems, sent = [*filed.problems, *filed.receipts.problems], filed.receipts
    return Report(
        flow, at, sent.outcomes, filed=filed.filed, taken=filed.taken, problems=problems, stopped=sent.stopped
    )


def report_settling(flow: str, at: datetime, outcomes: Sequence[Outcome]) -> Report:
    """The report of a flow that settles. What stays unknown is among the sheet's problems, not news of this run."""
    return Report(flow, at, settled=sum(outcome.status != UNKNOWN for outcome in outcomes))


def report_sweeping(flow: str, at: datetime, swept: Swept) -> Report:
    """The report of the flow that erases old mail."""
    return Report(flow, at, erased=swept.mails, problems=list(swept.problems))


def skipped(verdicts: Iterable[Verdict]) -> list[Skipped]:
    """The skipped ones among the verdicts; what is skipped week after week for one reason is named once."""
    found = [
        Skipped(verdict.due.message.name, verdict.due.occasion.person.email, verdict.reason, verdict.due.key)
        for verdict in verdicts
        if verdict.skipped
    ]
    return list({(one.message, one.person, one.reason): one for one in reversed(found)}.values())[::-1]
