"""Builders that the tests share: a small company in a folder, an office opened on it, and replies to its mails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from io import BytesIO
from pathlib import Path

import openpyxl

from flows.addresses import OutboxAt
from flows.mail.tokens import Tokens
from flows.office import Office
from flows.planning import make_plan
from flows.rules.grid import squash
from flows.rules.layout import PEOPLE_TABS
from flows.rules.messages import CATALOGUE, CHECK_IN, Message
from flows.rules.policy import SETTINGS_TAB
from flows.rules.post import Claim, Sending
from flows.rules.questions_tab import QUESTIONS
from flows.rules.roster import ROSTER
from flows.rules.tabs import Tab, Value
from flows.sending import Sent, send
from flows.services import open_office
from flows.settings import Settings
from flows.sheet.workbook import Workbook

Row = Mapping[str, Value]

LONG_AGO = date(2025, 1, 6)
MIRA: Row = {"name": "Mira Patel", "email": "mira@example.com"}
ANA: Row = {
    "name": "Ana Silva",
    "email": "ana@example.com",
    "manager_email": "mira@example.com",
    "start_date": LONG_AGO,
    "growth_skill": "Clear writing",
}
BEN: Row = {**ANA, "name": "Ben Ode", "email": "ben@example.com", "growth_skill": None}
CLEO: Row = {
    **ANA,
    "name": "Cleo Brandt",
    "email": "cleo@example.com",
    "start_date": date(2026, 9, 14),
    "first_11": date(2026, 9, 16),
}
TEAM = (MIRA, ANA, BEN, CLEO)


TOKENS = Tokens("the sample company's secret", "reply.example.com")


def at(text: str) -> datetime:
    """A moment in UTC, written like 2026-09-08 09:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


TUESDAY = at("2026-09-08 09:00")  # check-in day; Ana and Ben are asked
WEEK = timedelta(days=7)
FORM_DAY = at("2026-09-14 09:00")  # Cleo's reflection form


def make_sheet(
    folder: Path, people: Sequence[Row] = TEAM, *, questions: Sequence[Sequence[Value]] = (), **changed: Value
) -> None:
    """A new `roster.xlsx` with these people and changed settings, written like `send_time="08:00"`.

    Columns are written like `manager_email`. Sending is On unless something else is said.
    """
    known = {squash(str(row[0])) for row in SETTINGS_TAB.rows} | {squash(column) for column in ROSTER.headers}
    wishes = {squash(name): value for name, value in {"sending": "On", **changed}.items()}
    assert not (wishes.keys() | {squash(name) for row in people for name in row}) - known
    (folder / "roster.xlsx").unlink(missing_ok=True)
    Workbook(folder / "roster.xlsx", folder / "answers.xlsx").prepare(
        [_filled(tab, people, wishes, questions) for tab in PEOPLE_TABS]
    )


def _filled(tab: Tab, people: Sequence[Row], wishes: Row, questions: Sequence[Sequence[Value]]) -> Tab:
    if tab.name == ROSTER.name:
        rows = [{squash(name): value for name, value in person.items()} for person in people]
        return replace(tab, rows=tuple(tuple(row.get(squash(header)) for header in tab.headers) for row in rows))
    if tab.name == SETTINGS_TAB.name:
        rows_ = tuple((name, wishes.get(squash(str(name)), value), about) for name, value, about in tab.rows)
        return replace(tab, rows=rows_)
    if tab.name == QUESTIONS.name and questions:
        return replace(tab, rows=tuple(tuple(row) for row in questions))
    return tab


def settings_for(folder: Path) -> Settings:
    """Everything in this folder."""
    return Settings(
        data=folder,
        roster=folder / "roster.xlsx",
        answers=folder / "answers.xlsx",
        mail=OutboxAt(folder / "outbox"),
        ledger=f"sqlite:///{folder / 'ledger.sqlite'}",
        reply_domain="reply.example.com",
        secret="the sample company's secret",
    )


def opened(folder: Path) -> AbstractContextManager[Office]:
    """An office on this folder."""
    return open_office(settings_for(folder))


def send_due(office: Office, now: datetime, messages: Sequence[Message] = CATALOGUE) -> Sent:
    """Plan and send, as one run does."""
    plan = make_plan(office, messages, now)
    return send(office, plan, plan.going)


def outcomes(sent: Sent) -> set[tuple[str, str, str]]:
    """What became of each mail: message, recipient, status."""
    return {(outcome.message, outcome.to, outcome.status) for outcome in sent.outcomes}


def mails(folder: Path, pattern: str = "*") -> list[Path]:
    """The files in the outbox whose names match, such as `growth-check-in 2026-W37 ana@*`."""
    return sorted((folder / "outbox").glob(f"{pattern}.eml"))


def the_mail(folder: Path, pattern: str) -> Path:
    """The one mail of that name."""
    (path,) = mails(folder, pattern)
    return path


def parsed(raw: Path | bytes) -> EmailMessage:
    """The mail as Python reads it."""
    return BytesParser(policy=default).parsebytes(raw.read_bytes() if isinstance(raw, Path) else raw)


def text_of(raw: Path | bytes) -> str:
    """The plain words of a mail, unwrapped, so that a sentence can be looked for."""
    part = parsed(raw).get_body(("plain",))
    return " ".join(str(part.get_content()).split()) if part else ""


def reply_to(eml_path: Path, words: str, sender: str | None = None, **headers: str) -> bytes:
    """A plain reply as Gmail writes it: the words, then the whole mail quoted. Headers replace those of the reply."""
    mail = parsed(eml_path)
    body = mail.get_body(("plain",))
    quoted = "\n".join(f"> {line}".rstrip() for line in str(body.get_content()).splitlines()) if body else ""
    lines = {
        "From": sender or str(mail["To"]),
        "To": str(mail["Reply-To"]),
        "Subject": f"Re: {mail['Subject']}",
        "In-Reply-To": str(mail["Message-ID"]),
        "References": f"{mail['References']} {mail['Message-ID']}",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    reply = EmailMessage()
    for name, value in lines.items():
        if value:
            reply[name] = value
    reply.set_content(f"{words}\n\nOn Tue, 8 Sep 2026 at 09:00, {mail['From']}\nwrote:\n\n{quoted}\n")
    return reply.as_bytes()


def drop(folder: Path, *replies: bytes) -> None:
    """Put raw mails into the inbox folder, in this order."""
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    for number, raw in enumerate(replies):
        (inbox / f"{number:03d}.eml").write_bytes(raw)


def cells(folder: Path, tab: str) -> list[dict[str, object]]:
    """The rows of one tab of `answers.xlsx`, by header."""
    book = openpyxl.load_workbook(BytesIO((folder / "answers.xlsx").read_bytes()))
    headers, *rows = book[tab].iter_rows(values_only=True)
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


def everything_in(folder: Path) -> str:
    """All that stands in any cell of `answers.xlsx`."""
    book = openpyxl.load_workbook(BytesIO((folder / "answers.xlsx").read_bytes()))
    return "\n".join(str(value) for tab in book for row in tab.iter_rows(values_only=True) for value in row)


def claim(key: str, **changed: str) -> Claim:
    """A sending to Ana, ready to be claimed."""
    plain = Claim(
        key=key,
        ask=key,
        identity=key.encode()[:8],
        message=CHECK_IN.name,
        person="ana@example.com",
        manager="mira@example.com",
        recipient="ana@example.com",
        label="2026-W37",
        form="Growth check-in",
        questions="[]",
        skill="Clear writing",
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def sending(key: str, *, begun: datetime = TUESDAY, **changed: str) -> Sending:
    """The same sending as it stands in the ledger after the plug was pulled."""
    return Sending(**asdict(claim(key, **changed)), status="unknown", detail="", at=begun, begun=begun)


def race(code: str, *words: str, runners: int = 4) -> list[str]:
    """Run the code in so many processes at once, and return what each printed.

    Each does its imports, calls `ready()`, and goes on when all the others are there.
    """
    start = "import sys\ndef ready():\n    print('ready', flush=True)\n    sys.stdin.readline()\n"
    command = [sys.executable, "-c", start + code, *words]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(runners)
    ]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0].strip() for process in running]
