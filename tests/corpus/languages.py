"""How mail programs speak in each language: one line of languages.tsv each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Language:
    """What each program puts above a quote, and what people answer. In braces: name, address, and parts of a date."""

    code: str
    gmail: str
    thunderbird: str
    apple: str
    labels: tuple[str, ...]  # of Outlook: from, sent, to, subject
    date: str  # of Outlook
    phone: str
    outlook: str  # how its app signs
    original: str
    answers: tuple[str, ...]


def languages() -> list[Language]:
    """All of them, in the file's order."""
    lines = (Path(__file__).parent / "languages.tsv").read_text("utf-8").splitlines()
    return [_language(line.split("\t")) for line in lines if not line.startswith("#")]


def _language(cells: list[str]) -> Language:
    code, gmail, thunderbird, apple, labels, date, phone, outlook, original, answers = cells
    names = tuple(f"{label.strip()}:" for label in labels.split(":") if label.strip())
    if labels.startswith("De :"):  # the French put a blank before the colon
        names = tuple(name.replace(":", " :") for name in names)
    texts = tuple(answer.strip() for answer in answers.split("#"))
    return Language(code, gmail, thunderbird, apple, names, date, phone, outlook, original, texts)
