"""The sheet as two workbooks on this machine: the roster is people's and only read, the answers are Onward's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from flows.rules.findings import FINE, MISSING, Finding
from flows.rules.grid import Snapshot
from flows.rules.layout import PEOPLE_TABS
from flows.rules.tabs import Content, Tab
from flows.sheet.answers import AnswersFile
from flows.sheet.completing import Completed, complete
from flows.sheet.door import Erased, Prepared, SheetError
from flows.sheet.drawing import draw
from flows.sheet.files import clear_leftovers, create_file, explained, keep_beside
from flows.sheet.pages import page_to_fill
from flows.sheet.reading import Stamp, read_workbook, stamp_of

LONGEST_WAIT = 60.0  # seconds; publishing takes one or two


class Workbook:
    """The local sheet (see `door.Sheet`)."""

    def __init__(self, roster: Path, answers: Path) -> None:
        self.where, self.answers_where = str(roster), str(answers)
        self._roster = roster
        answers = answers.resolve()  # a link stays a link: what it leads to is replaced
        self._answers = AnswersFile(answers)
        self._lock = FileLock(answers.with_name(f".{answers.name}.lock"), timeout=LONGEST_WAIT)
        self._last: tuple[Stamp, Snapshot] | None = None

    def read(self) -> Snapshot:
        """Every tab as it is now; the same object while the file is the same. Raises SheetError."""
        last = self._last
        if last is None or not self._unchanged(last[0]):
            self._last = last = read_workbook(self._roster, [tab.name for tab in PEOPLE_TABS])
        return last[1]

    def _unchanged(self, stamp: Stamp) -> bool:
        try:
            return stamp_of(self._roster) == stamp
        except OSError:
            return False

    def publish(self, contents: Sequence[Content]) -> bool:
        """Replace the answers workbook in one step; False when it held this already. Raises SheetError."""
        with self.publishing():
            return self._answers.publish(contents)

    def erase(self, refs: Sequence[str]) -> Erased:
        """Nothing has to be done: the next file is built anew, without them."""
        return Erased(frozenset(refs))

    def copies(self) -> list[str]:
        """The edited answers that were set aside, which may be somebody's work."""
        return self._answers.set_aside()

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Take turns with every other process that publishes here. May be entered again by the one that holds it."""
        with explained(self._answers.path):
            self._answers.path.parent.mkdir(parents=True, exist_ok=True)
            self._wait_for_turn()
        try:
            yield
        finally:
            self._lock.release()

    def _wait_for_turn(self) -> None:
        try:
            self._lock.acquire()
        except Timeout as error:
            waited = f"another run has been writing it for {self._lock.timeout:.0f} seconds"
            raise SheetError(f"{self.answers_where}: {waited}; see whether that run hangs, then run again") from error

    def connection(self) -> list[Finding]:
        """Whether the roster can be read, and the answers written beside it."""
        try:
            self.read()
            with self.publishing():
                pass
        except SheetError as error:
            return [Finding("Sheet", MISSING, str(error))]
        return [Finding("Sheet", FINE, f"{self.where} can be read, {self.answers_where} can be written")]

    def prepare(self, tabs: Sequence[Tab]) -> Prepared:
        """Make the roster; or, where there is one, a copy beside it with what it lacks. Raises SheetError."""
        with self.publishing(), explained(self._roster):
            clear_leftovers(self._roster)
            if not self._roster.exists():
                return self._create(tabs)
        completed = complete(tabs, self.read())
        if not completed.missing:
            return Prepared((f"{self.where} has all that Onward needs; nothing was changed.",), changed=False)
        return self._offer(completed)

    def _create(self, tabs: Sequence[Tab]) -> Prepared:
        try:
            create_file(self._roster, draw([page_to_fill(tab) for tab in tabs]))
        except FileExistsError as error:
            raise SheetError(f"{self.where}: somebody made this file just now; run `onward init` again") from error
        said = (
            f"Made {self.where} with the tabs {', '.join(tab.name for tab in tabs)}.",
            *(f"{tab.name}: {tab.about}." for tab in tabs),
            "Write your people into it, look through the settings, then run `onward check`.",
        )
        return Prepared(said, changed=True)

    def _offer(self, completed: Completed) -> Prepared:
        wish = self._roster.with_name(f"{self._roster.stem} (completed){self._roster.suffix}")
        with explained(wish):
            copy, is_new = keep_beside(wish, draw(completed.pages))
        said = (
            *completed.missing,
            f"{copy.name}, beside {self.where}, is a copy in which that is added; {self.where} itself was not changed.",
            f"Look at the copy; if you like it, use it in place of {self._roster.name}. "
            "Charts, formulas and formatting of your own are not in it.",
        )
        return Prepared(said, changed=is_new)
