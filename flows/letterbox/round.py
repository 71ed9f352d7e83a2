"""The postman's round: everything that is due at a moment happens, now or, for sample people, at the next moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from flows.office import Office
from flows.planning import look_ahead
from flows.rehearsal import rehearse
from flows.report import Report
from flows.rules.due import Verdict
from flows.rules.messages import CATALOGUE

AHEAD = timedelta(days=30)
ONCE = timedelta(minutes=1)


class Round:
    """Runs what the schedules run, at a press. For sample people it may let time pass, and never takes it back."""

    def __init__(self, office: Office, may_travel: bool) -> None:
        self._office, self._real = office, office.clock
        self.may_travel = may_travel
        self._reached: datetime | None = None
        self._turn = Lock()
        if may_travel:
            office.clock = self.now

    def now(self) -> datetime:
        """What time it is, or as far as time was let pass."""
        return max(self._real(), self._reached) if self._reached else self._real()

    def coming(self) -> list[Verdict]:
        """The next mails that will go out, all at the same moment."""
        now = self.now()
        ahead = [v for v in look_ahead(self._office, CATALOGUE, now, now + AHEAD) if v.at and not v.skipped]
        first = min((v.at for v in ahead if v.at), default=None)
        return [v for v in ahead if v.at == first]

    def go(self, *, travel: bool = False) -> Report:
        """Read replies, send what is due, write the sheet anew; at the next moment at which a mail goes out if told."""
        with self._turn:
            if travel and self.may_travel and (coming := self.coming()) and coming[0].at:
                self._reached = max(self.now(), coming[0].at)
            (report,) = rehearse(self._office, self.now(), ONCE / timedelta(days=1), ONCE)
            return report
