"""A programme: two weeks of a small company, cut off and disturbed by chance, then left in peace until it is well."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flows.mail.tokens import identity
from flows.sheet.google_publishing import MOVED
from tests.google_rig import Rig, fill, google
from tests.sample import (
    ANA,
    BEN,
    CLEO,
    FORM_DAY,
    MIRA,
    TOKENS,
    TUESDAY,
    WEEK,
    Row,
    cells,
    make_sheet,
    opened,
    reply_to,
    send_due,
)
from tests.standins.sendgrid import Accepted, SendGrid
from tests.standins.service import FAULTS, Request

DAN: Row = {**ANA, "name": "Dan Ito", "email": "dan@example.com"}
EVE: Row = {**ANA, "name": "Eve Noor", "email": "eve@example.com"}
PEOPLE = (MIRA, ANA, BEN, CLEO, DAN, EVE)
MOMENTS = (TUESDAY, FORM_DAY, TUESDAY + WEEK)
FORGOTTEN = "eve@example.com"  # who asks to be forgotten at the last moment, and writes no more
STEPS_IN_TROUBLE, STEPS_IN_PEACE = 3, 4  # at each moment, and at the end of it
TICK = timedelta(minutes=12)  # by the clock, from one step to the next
LONGEST_LIFE = 0.35  # seconds after which a step that is to be killed is dead for sure


class Worker:
    """The process that does the steps (see `tests.faults.worker`)."""

    def __enter__(self) -> Self:
        words = [sys.executable, "-m", "tests.faults.worker"]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def do(self, order: dict[str, Any], killed_after: float | None = None) -> int:
        """Let a process do the order, and kill it after so many seconds; how it ended."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        pid = int(self._process.stdout.readline())
        if killed_after is not None:
            time.sleep(killed_after)
            with suppress(ProcessLookupError):  # it was faster
                os.kill(pid, signal.SIGKILL)
        return int(self._process.stdout.readline())


@dataclass
class Programme:
    """One run with one seed."""

    seed: int
    worker: Worker
    folder: Path
    service: SendGrid
    google: Rig | None = None  # the sheet is a workbook without it
    chance: random.Random = field(init=False)
    clock: datetime = TUESDAY
    replies: int = 0
    of_forgotten: int = 0  # replies of hers
    forgetting: bool = False
    answered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def play(self) -> None:
        """Trouble and peace at each moment."""
        if self.google:
            fill(self.google, PEOPLE)
            reminders, _ = self.google.book.tab("Settings").find("Reminders")
            self.google.book.tab("Settings").type(reminders, 1, 0)
        else:
            make_sheet(self.folder, PEOPLE, reminders=0)
        for moment in MOMENTS:
            self.forgetting = moment == MOMENTS[-1]
            self._disturb(self.chance.choice([0.05, 0.2, 0.5]))
            for _ in range(STEPS_IN_TROUBLE):
                self._people_answer()
                self._step(moment, killed=self.chance.random() < 0.6)
            self._disturb(0)
            for _ in range(STEPS_IN_PEACE):
                self._people_answer()
                self._step(moment, killed=False)

    def _disturb(self, trouble: float) -> None:
        """From now on so many of the requests meet a fault."""

        def fault(request: Request) -> str:
            return self.chance.choice(FAULTS) if self.chance.random() < trouble else ""

        self.service.faults = fault
        if self.google:
            self.google.service.faults = fault
            self.google.service.before = lambda request: self._people_edit(trouble)

    def _step(self, moment: datetime, *, killed: bool) -> None:
        self.clock += TICK
        if self.google:
            self.google.service.tick(TICK.total_seconds())
        parts = ["settle", "file", *(["forget"] if self.forgetting else []), "send", "refresh"]
        order = {
            "folder": str(self.folder),
            "sendgrid": self.service.url,
            "at": moment.isoformat(),
            "clock": self.clock.isoformat(),
            "parts": ["events", *parts] if self.chance.random() < 0.5 else parts,
            "events": self._events(),
            "person": FORGOTTEN,
            **self._sheet(),
        }
        self.worker.do(order, self.chance.uniform(0, LONGEST_LIFE) if killed else None)

    def _sheet(self) -> dict[str, str]:
        if not self.google:
            return {}
        rig = self.google
        return {"google": rig.service.url, "spreadsheet": rig.book.id, "credentials": str(rig.key)}

    def _people_edit(self, trouble: float) -> None:
        """Now and then, between any two requests, people sort, insert and move things in the record and the roster."""
        if self.google is None or self.chance.random() > trouble:
            return
        tabs = [tab for tab in self.google.book.tabs if tab.title in ("Roster", "Check-ins")]
        tab = self.chance.choice(tabs)
        match self.chance.randrange(4):
            case 0:
                tab.sort("Name", reverse=self.chance.random() < 0.5)
            case 1:
                tab.insert_rows(tab.height)
            case 2 if not self.forgetting:  # a row that is put back just when columns move stands in other columns
                tab.insert_columns(self.chance.randint(0, 4))
            case 3 if tab.title == "Check-ins" and tab.width < 40:
                tab.type(tab.find("Name")[0], tab.width, "Our notes")

    def _events(self) -> list[dict[str, Any]]:
        """Some of what the provider tells about the mails so far, some of it again."""
        mails = list(self.service.accepted)
        self.chance.shuffle(mails)
        return [self.service.event(mail, "delivered") for mail in mails[: self.chance.randint(0, 4)]]

    def _people_answer(self) -> None:
        """Some of those who were asked answer, once; a mail that asks nothing is answered by nobody."""
        for mail in list(self.service.accepted):
            asks = "[1]" in mail.payload["content"][0]["value"]
            silent = self.forgetting and mail.to == FORGOTTEN
            if asks and not silent and mail.key not in self.answered and self.chance.random() < 0.4:
                self.answered.add(mail.key)
                self.replies += 1
                self.of_forgotten += mail.to == FORGOTTEN
                self._write(mail, f"[1] Went well, said number {self.replies}.")

    def _write(self, mail: Accepted, words: str) -> None:
        received = self.folder / f"received {self.replies}.eml"
        received.write_bytes(mail.message().as_bytes())
        inbox = self.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        draft = received.with_suffix(".draft")
        draft.write_bytes(reply_to(received, words))
        draft.rename(inbox / f"{self.replies}.eml")  # moved there, so that no half of one is read

    # -- what must be true -------------------------------------------------------------------------

    def wrongs(self) -> list[str]:
        """Everything that is not as it must be; empty is good."""
        found = []
        with opened(self.folder) as office:
            found += [f"left in doubt: {sending.key}" for sending in office.ledger.unknown()]
            sendings = office.ledger.sendings(TUESDAY - WEEK)
        times = Counter(TOKENS.of_mark(mail.key) or b"" for mail in self.service.accepted)
        found += [f"accepted {count} times: {key.hex()}" for key, count in times.items() if count > 1]
        found += [f"not accepted: {key}" for key in _due() if identity(key) not in times]
        found += [f"accepted without a claim: {key.hex()}" for key in times.keys() - {s.identity for s in sendings}]
        refs = [ref for tab in ("Check-ins", "Reflections") for ref in self._refs(tab)]
        found += [f"in the sheet {count} times: {ref}" for ref, count in Counter(refs).items() if count > 1]
        if len(refs) != self.replies - self.of_forgotten:
            kept = f"{self.replies} people answered, {self.of_forgotten} of them forgotten"
            found.append(f"{kept}, {len(refs)} answers are in the sheet")
        return found + self._traces()

    def _traces(self) -> list[str]:
        """What is left in the sheet of the person who was forgotten, and of forgetting."""
        tabs = self.google.book.tabs if self.google else []
        found = [f"the tab is left: {tab.title}" for tab in tabs if "being erased" in tab.title]
        records = [tab.table() for tab in tabs if tab.title in ("Check-ins", "Reflections")]
        records += [] if self.google else [[[*row.values()] for row in cells(self.folder, "Check-ins")]]
        return found + [f"of {FORGOTTEN} is left: {row}" for table in records for row in table if FORGOTTEN in row]

    def _refs(self, tab: str) -> list[str]:
        if self.google:
            # Where columns were moved at that moment, a row says so in the place of its Ref and stands further down.
            return [ref for ref in self.google.refs(tab) if not ref.startswith(MOVED)]
        return [str(row["Ref"]) for row in cells(self.folder, tab)]


@cache
def _due() -> tuple[str, ...]:
    """The keys of all that is due in the two weeks, whoever answers: as an undisturbed company has it."""
    with tempfile.TemporaryDirectory() as name:
        make_sheet(Path(name), PEOPLE, reminders=0)
        with opened(Path(name)) as office:
            return tuple(outcome.key for moment in MOMENTS for outcome in send_due(office, moment).outcomes)


def run(seed: int, worker: Worker) -> list[str]:
    """Play the programme of this seed in a folder of its own, half of them over Google; what was wrong in the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        service = stack.enter_context(SendGrid())
        rig = stack.enter_context(google(folder)) if seed % 2 else None
        service.slow_seconds = 1.0
        if rig:
            rig.service.slow_seconds = 0.2
        programme = Programme(seed, worker, folder, service, rig)
        programme.play()
        return programme.wrongs()
