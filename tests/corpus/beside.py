"""The reading beside the reply parsers that other projects use: the same mails, the same count.

`python -m tests.corpus --beside` measures those that are installed (`pip install email-reply-parser mail-parser-reply
quotequail`); with `--folder DIR` on mails of your own: NAME.eml (or NAME.txt, NAME.html: only a body) beside NAME.want,
which holds the words that its writer typed, or NAME.kind, which holds bounce, auto_reply or empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from flows.mail.parts import bodies, parse
from flows.mail.reading import read_mail
from tests.corpus.figures import corpus, words
from tests.corpus.letters import AMONG

_HEAD = (
    b"From: Sam Sender <sam@example.org>\r\nTo: r.x@reply.example.com\r\nSubject: Re: hello\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
)

Parser = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Case:
    """One mail, and what its writer typed; None when nobody typed it."""

    raw: bytes
    typed: str | None


@dataclass(slots=True)
class Score:
    """What one parser made of the mails that people typed, and how many machines' mails it took for people's."""

    mails: int = 0
    exact: int = 0
    wanted: int = 0
    found: int = 0
    common: int = 0
    machines: int = 0
    taken: int = 0
    failed: int = 0
    times: list[float] = field(default_factory=list)

    def row(self, name: str) -> str:
        """The figures as a line of a table."""
        exact = f"{100 * self.exact / max(self.mails, 1):.1f} %"
        f1 = f"{200 * self.common / max(self.wanted + self.found, 1):.1f}"
        worst = f"{1000 * max(self.times, default=0):.0f}"
        counts = (self.wanted - self.common, self.found - self.common, f"{self.taken}/{self.machines}", self.failed)
        return f"{name:22}{exact:>8}{f1:>7}" + "".join(f"{count!s:>9}" for count in (*counts, worst))


HEADING = f"{'':22}{'exact':>8}{'F1':>7}{'lost':>9}{'too many':>9}{'machines':>9}{'failed':>9}{'worst ms':>9}"


def generated(seed: int, each: int) -> Iterator[Case]:
    """The mails of the generator."""
    mails = corpus(seed, each)
    yield from (Case(raw, made.expected) for _, made, raw in mails if made.layout != AMONG)


def folder(path: Path) -> Iterator[Case]:
    """The mails of a folder and the folders in it."""
    for file in sorted(path.rglob("*")):
        typed, kind = file.with_suffix(".want"), file.with_suffix(".kind")
        if file.suffix in (".eml", ".txt", ".html") and (typed.exists() or kind.exists()):
            raw = file.read_bytes()
            raw = raw if file.suffix == ".eml" else _HEAD % (b"html" if file.suffix == ".html" else b"plain") + raw
            yield Case(raw, typed.read_text("utf-8") if typed.exists() else None)


def parsers() -> Mapping[str, Parser]:
    """Onward's reading, and those of the others that are installed."""
    found: dict[str, Parser] = {"Onward": _onward}
    for module, name, made in _OTHERS:
        with suppress(ImportError):
            found[name] = _reading_text(made(import_module(module)))
    return found


def score(cases: Iterable[Case]) -> dict[str, Score]:
    """Every parser's score on these mails."""
    known = parsers()
    scores = {name: Score() for name in known}
    for case in cases:
        for name, parser in known.items():
            _count(scores[name], case, parser)
    return scores


def _count(scored: Score, case: Case, parser: Parser) -> None:
    begun = process_time()
    try:
        read = words(parser(case.raw))
    except Exception:
        scored.failed += 1
        read = []
    scored.times.append(process_time() - begun)
    if case.typed is None:
        scored.machines += 1
        scored.taken += bool(read)
        return
    wanted, found = Counter(words(case.typed)), Counter(read)
    scored.mails += 1
    scored.exact += words(case.typed) == read
    scored.wanted += wanted.total()
    scored.found += found.total()
    scored.common += (wanted & found).total()


def _onward(raw: bytes) -> str:
    mail = read_mail(raw)
    return mail.text if mail.kind == "reply" else ""


def _reading_text(parse_text: Callable[[str], str]) -> Parser:
    return lambda raw: parse_text(_plain(raw))


def _email_reply_parser(module: Any) -> Callable[[str], str]:
    return lambda text: module.EmailReplyParser.parse_reply(text) or ""


def _mail_parser_reply(module: Any) -> Callable[[str], str]:
    tongues = ["en", "de", "fr", "es", "it", "nl", "pl", "sv", "cs", "da", "ja", "ko", "zh"]
    return lambda text: module.EmailReplyParser(languages=tongues).parse_reply(text) or ""


def _quotequail(module: Any) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = module.unwrap(text)
        return "\n".join(found.get(part) or "" for part in ("text_top", "text_bottom")) if found else text

    return read


def _plain(raw: bytes) -> str:
    """The mail's text as the others expect it: parsed for them, and HTML made to text."""
    return "\n".join(
        LexborHTMLParser(body.text).text(separator="\n") if body.html else body.text for body in bodies(parse(raw))
    )


_OTHERS = (
    ("email_reply_parser", "email-reply-parser", _email_reply_parser),
    ("mailparser_reply", "mail-parser-reply", _mail_parser_reply),
    ("quotequail", "quotequail", _quotequail),
)
