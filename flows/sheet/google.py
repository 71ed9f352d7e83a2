"""The sheet as a Google spreadsheet, shared with a service account; the answers may be in another one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock, RLock

from flows.addresses import Spreadsheet
from flows.rules.findings import Finding
from flows.rules.grid import Grid, Snapshot
from flows.rules.problems import Problem
from flows.rules.tabs import Content, Tab
from flows.sheet.door import Erased, Prepared, SheetError
from flows.sheet.google_book import LIFETIME, Book
from flows.sheet.google_client import Google
from flows.sheet.google_connection import connection
from flows.sheet.google_erasing import by_tab, erased, settle_copies, take_out
from flows.sheet.google_errors import Refused, Unclear
from flows.sheet.google_look import OWN, PEOPLE, Look
from flows.sheet.google_preparing import Additions, add_own_tabs, add_people_tabs, add_says
from flows.sheet.google_publishing import decide, misplaced
from flows.sheet.google_requests import fence

TRIES = 6  # with an outcome that nobody knows, or after somebody else was faster


class GoogleSheet:
    """The sheet in Google (see `door.Sheet`)."""

    def __init__(
        self,
        roster: Spreadsheet,
        answers: Spreadsheet,
        credentials: Path,
        api: str,
        turn: Callable[[], AbstractContextManager[object]],
        wait: Callable[[float], None] = time.sleep,
        ca: Path | None = None,
    ) -> None:
        """Nothing is asked of Google yet.

        `turn` is held while publishing, so that processes take turns; `api` is where the API of Google Sheets is;
        `ca` holds certificates to trust instead of the usual ones.
        """
        self.where, self.answers_where = str(roster), str(answers)
        self._google = Google(credentials, api, wait, ca)
        together = roster.id == answers.id
        self._roster = Book(self._google, roster, people=True, own=together)
        self._answers = self._roster if together else Book(self._google, answers, people=False, own=True)
        self._turn, self._wait = turn, wait
        self._reading, self._publishing, self._depth = Lock(), RLock(), 0
        self._read: tuple[float, Snapshot] | None = None

    def read(self) -> Snapshot:
        """People's tabs, as they were at most LIFETIME seconds ago; the same object while they are the same.

        Raises SheetError.
        """
        with self._reading:
            if self._read is None or time.monotonic() - self._read[0] > LIFETIME:
                began = time.monotonic()
                found = _people(self._roster.look(), self.where)
                same = self._read is not None and self._read[1] == found
                self._read = (began, self._read[1] if self._read and same else found)
            return self._read[1]

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Take turns with everybody else who publishes. May be entered again by the one that holds it."""
        with self._publishing:
            self._depth += 1
            try:
                if self._depth > 1:
                    yield
                else:
                    with self._turn():
                        yield
            finally:
                self._depth -= 1

    def publish(self, contents: Sequence[Content]) -> bool:
        """Append to the record and replace the pictures, in one write; False when all of it stood there already.

        Raises SheetError. Whatever becomes of a write, the next one begins by looking which rows stand there.
        """
        with self.publishing():
            return self._publish(contents)

    def _publish(self, contents: Sequence[Content]) -> bool:
        changed, failures = False, 0
        moved: dict[int, list[str]] = {}
        while True:
            look = self._answers.latest()
            batch = decide(look, contents, moved)
            if batch is None:
                return changed
            try:
                answer = self._answers.write(batch.requests, [landing.shown for landing in batch.landings])
            except (Refused, Unclear) as error:
                failures += 1
                self._go_on_or_raise(look, failures, error, self._answers.look)
                changed = changed or isinstance(error, Unclear)
                continue
            changed, moved = True, misplaced(batch, answer)
            failures += bool(moved)
            if (batch.complete and not moved) or failures >= TRIES:
                return True

    def _go_on_or_raise(self, before: Look, failures: int, error: SheetError, again: Callable[[], Look]) -> None:
        """Whether to decide anew, by what stands there now. A refusal of what has not changed would only come again."""
        if failures >= TRIES:
            raise error
        if isinstance(error, Refused) and failures > 1 and again() == before:
            raise error
        if isinstance(error, Unclear):
            self._wait(failures)  # a write whose answer was lost may still be on its way

    def erase(self, refs: Sequence[str]) -> Erased:
        """Take these rows out of the record, step by step (see `google_erasing`).

        Raises SheetError when Google cannot be reached; what it refuses is said, and keeps no other tab's rows.
        """
        with self.publishing():
            try:
                return self._erase(frozenset(refs))
            except SheetError as error:
                if _is_passing(error):
                    raise
                return self._erase_by_tab(frozenset(refs))

    def _erase_by_tab(self, refs: frozenset[str]) -> Erased:
        """The same, tab by tab, since people may have protected one of them."""
        found = by_tab(self._answers.whole(), refs)
        gone, left = set(refs.difference(*found.values())), list[Problem]()
        for title, theirs in found.items():
            try:
                done = self._erase(theirs)
                gone, left = gone | done.gone, [*left, *done.left]
            except SheetError as error:
                if _is_passing(error):
                    raise
                advice = f"A forgotten person's rows are still there: {error}"
                left.append(Problem(title, 0, "Ref", ", ".join(sorted(theirs)), advice))
        return Erased(frozenset(gone), tuple(left))

    def _erase(self, refs: frozenset[str]) -> Erased:
        failures, sealed = 0, False
        while True:
            look = self._answers.whole()
            step = settle_copies(look, refs) or (take_out(look, refs) if failures < TRIES else None)
            done = erased(look, refs)
            if step is None and (sealed or not done.gone):
                return done
            # A write that nobody waits for any more, such as a killed run's, may still be on its way, and bring rows
            # back or take others. Whatever is written here makes Google refuse it; so something always is.
            requests = [*fence(look, look.version.next()), *(step.requests if step else ())]
            try:
                self._answers.write(requests)
                sealed = True
                failures += bool(step and step.puts_back)
            except (Refused, Unclear) as error:
                failures, sealed = failures + 1, False
                self._go_on_or_raise(look, failures, error, self._answers.whole)

    def copies(self) -> list[str]:
        """Google keeps every earlier state of a spreadsheet, and people may have parted rows from their `Ref`s."""
        unknown = f"rows of {self.answers_where} whose Ref somebody changed, and tabs that people made of such rows"
        return [f"the version history of {self.answers_where}", f"{unknown}; search it for the address"]

    def prepare(self, tabs: Sequence[Tab]) -> Prepared:
        """Add what is missing, in one write; what people wrote stays as it is. Safe to repeat. Raises SheetError."""
        with self.publishing():
            for failures in range(1, TRIES + 1):
                try:
                    return self._prepare(tabs)
                except (Refused, Unclear) as error:
                    if failures == TRIES or (isinstance(error, Refused) and failures > 2):
                        raise
                    self._wait(failures if isinstance(error, Unclear) else 0)
        raise AssertionError("the last try returns or raises")

    def _prepare(self, tabs: Sequence[Tab]) -> Prepared:
        people, own = Additions(), Additions()
        together = self._roster is self._answers
        look = self._roster.look()
        answers = look if together else self._answers.look()
        add_people_tabs(people, look, tabs)
        add_own_tabs(people if together else own, answers, look)
        if together:
            add_says(people, look)
        for book, there, found in ((self._roster, look, people), (self._answers, answers, own)):
            if found.requests:
                book.write(found.fenced(there))
        self._read = None
        return self._said(people, own)

    def _said(self, people: Additions, own: Additions) -> Prepared:
        changed = bool(people.requests or own.requests)
        said = [*people.lacking, *own.lacking]
        if changed and said:
            said.append("What was missing is there now; nothing that people wrote was changed.")
        for where, found in ((self.where, people), (self.answers_where, own)):
            if found.made:
                said.append(f"Made the tabs {', '.join(found.made)} in {where}.")
        if people.made:
            said.append("Write your people into it, look through the settings, then run `onward check`.")
        if not said:
            said.append(f"{self.where} has all that Onward needs; nothing was changed.")
        return Prepared(tuple(said), changed)

    def connection(self) -> list[Finding]:
        """Whether the sheet can be reached and written: each thing that was looked at. Changes and raises nothing."""
        return connection(self._google, [self._roster, self._answers])


def _people(look: Look, where: str) -> Snapshot:
    if not any(name in PEOPLE for name in look.grids):
        raise SheetError(f"{where}: none of Onward's tabs is here yet; `onward init` makes them")
    # Of other tabs only the names: one of them may be a tab of Onward's that somebody renamed.
    return {name: look.grids.get(name, Grid(())) for name in look.tabs if name not in OWN}


def _is_passing(error: SheetError) -> bool:
    return error.passing and not isinstance(error, Refused)
