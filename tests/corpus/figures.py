"""What the reading makes of a corpus, counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from random import Random
from time import process_time

from flows.mail.reading import Mail, read_mail
from tests.corpus.clients import CLIENTS, Client
from tests.corpus.languages import languages
from tests.corpus.letters import AMONG, BETWEEN, Letter, letter


@dataclass(slots=True)
class Figures:
    """The counts, and each mail that was not read exactly."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    common: int = 0
    wanted: int = 0
    found: int = 0
    lost: int = 0
    refused: int = 0  # taken for a machine's, or for empty
    times: list[float] = field(default_factory=list)
    misses: list[tuple[str, Letter, Mail]] = field(default_factory=list)

    def count(self, key: str, *, right: bool) -> None:
        """One more under this key."""
        self.total[key] += 1
        self.right[key] += right

    def share(self, key: str) -> float:
        """How many of a hundred were right."""
        return 100 * self.right[key] / max(self.total[key], 1)

    @property
    def f1(self) -> float:
        """The words found that were wanted, against both."""
        return 200 * self.common / max(self.wanted + self.found, 1)

    def time(self, quantile: float) -> float:
        """The time that this share of the mails kept within, in milliseconds."""
        return 1000 * sorted(self.times)[min(int(quantile * len(self.times)), len(self.times) - 1)]


def corpus(seed: int, each: int = 1) -> Iterator[tuple[str, Letter, bytes]]:
    """Every language through every client, so many times."""
    random = Random(seed)
    for language in languages():
        for name, client in CLIENTS.items():
            for _ in range(each):
                made = letter(random, language, client.layouts, client.tails(language))
                yield name, made, as_mail(made, client)


def as_mail(made: Letter, client: Client) -> bytes:
    """The mail that this client sends."""
    message = EmailMessage()
    message["From"] = f'"{made.name}" <{made.address}>'
    message["To"] = f'"{made.sender}" <{made.sender_address}>'
    message["Subject"] = "Re: Your first 1:1"
    message["In-Reply-To"] = f"<m.{made.sender_address}>"
    for kind, text in client.render(made):
        if client.flowed:
            message.set_content(_flowed(text), params={"format": "flowed"}, charset="utf-8")
        elif (
            message.get_content_type() == "text/plain"
            and message.is_multipart() is False
            and not message.get("MIME-Version")
        ):
            message.set_content(text, subtype=kind, charset="utf-8")
        else:
            message.add_alternative(text, subtype=kind, charset="utf-8")
    return message.as_bytes()


def measure(mails: Iterable[tuple[str, Letter, bytes]], *, known: bool = False) -> Figures:
    """Read them all and count; `known` when the reading is told what was sent."""
    figures = Figures()
    for client, made, raw in mails:
        if made.layout == AMONG and not known:
            continue
        begun = process_time()
        mail = read_mail(raw, made.sent if known else "")
        figures.times.append(process_time() - begun)
        figures.refused += mail.kind != "reply"
        exact = mail.kind == "reply" and words(mail.text) == words(made.expected)
        for key in ("exact", f"client {client}", f"language {made.language.code}", f"layout {made.layout}"):
            figures.count(key, right=exact)
        if made.layout in (BETWEEN, AMONG):
            placed = {number: words(text) for number, text in mail.answers.items()}
            figures.count("placed", right=placed == {n: words(text) for n, text in made.between.items()})
        _weigh(figures, Counter(words(made.expected)), Counter(words(mail.text)))
        if not exact:
            figures.misses.append((client, made, mail))
    return figures


def words(text: str) -> list[str]:
    """What counts of a text: everything but blanks and how lines are broken."""
    return re.findall(r"\S+", text)


def _weigh(figures: Figures, wanted: Counter[str], found: Counter[str]) -> None:
    common = sum((wanted & found).values())
    figures.common += common
    figures.wanted += sum(wanted.values())
    figures.found += sum(found.values())
    figures.lost += sum(wanted.values()) - common


def _flowed(text: str) -> str:
    return "\n".join(line if line == "-- " else line.rstrip() for line in text.split("\n"))
