"""The mails in the outbox folder, as the mailbox page shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

_NAME = re.compile(r"([0-9a-f]{20})\.eml$")
# In a mail as it is shown: links open in a tab of their own, since the frame may not leave its mail.
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail in the outbox."""

    id: str
    path: Path
    to: str
    name: str
    subject: str
    at: datetime


def letters(folder: Path) -> list[Letter]:
    """Every mail there is, newest first."""
    found = [_letter(path, match[1]) for path in folder.glob("*.eml") if (match := _NAME.search(path.name))]
    return sorted(found, key=lambda letter: (letter.at, letter.id), reverse=True)


def find(folder: Path, id: str) -> Letter | None:
    """The mail with this id."""
    if not re.fullmatch("[0-9a-f]{20}", id):
        return None
    return next((_letter(path, id) for path in folder.glob(f"*{id}.eml")), None)


def whole(letter: Letter) -> EmailMessage:
    """The mail as it stands in its file."""
    return BytesParser(policy=default).parsebytes(letter.path.read_bytes())


def as_text(mail: EmailMessage) -> str:
    """The words that a program without HTML shows."""
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""


def as_html(mail: EmailMessage, dark: bool) -> str:
    """The mail's own HTML, in the colours of a light or a dark screen, whatever this one is."""
    part = mail.get_body(("html",))
    html = str(part.get_content()) if part else ""
    html = re.sub(r"@media\s*\(prefers-color-scheme:\s*dark\)", "@media all" if dark else "@media not all", html)
    base = '<base target="_blank">'
    return _HEAD.sub(lambda head: head[0] + base, html, count=1) if _HEAD.search(html) else base + html


def people(found: Sequence[Letter]) -> list[tuple[str, str, int, Letter]]:
    """Who got mail: address, name, how many, and the newest."""
    latest: dict[str, Letter] = {}
    counts: dict[str, int] = {}
    for letter in found:
        latest.setdefault(letter.to, letter)
        counts[letter.to] = counts.get(letter.to, 0) + 1
    return [(to, letter.name or to, counts[to], letter) for to, letter in latest.items()]


def _letter(path: Path, id: str) -> Letter:
    with path.open("rb") as file:
        mail = BytesParser(policy=default).parse(file, headersonly=True)
    name, to = parseaddr(str(mail["To"] or ""))
    at = mail["Date"].datetime if mail["Date"] and mail["Date"].datetime else EPOCH
    return Letter(id, path, to.lower(), name, str(mail["Subject"] or ""), at)
