"""Each mail program, as far as its way with a reply goes: what it puts above a quote, and how it marks it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.corpus.languages import Language
from tests.corpus.letters import AMONG, BELOW, BETWEEN, TOP, Letter
from tests.corpus.pages import gmail_page, gmx_page, outlook_web_page, outlook_word_page, proton_page, yahoo_page

Parts = list[tuple[str, str]]  # "plain" or "html", and the text


@dataclass(frozen=True, slots=True)
class Client:
    """One program: where people type in it, what it signs with, and the texts that it makes."""

    layouts: tuple[str, ...]
    render: Callable[[Letter], Parts]
    tails: Callable[[Language], tuple[str, ...]] = lambda language: ()
    flowed: bool = False


def _marked(letter: Letter, above: str, *, width: int = 0, inside: bool = False) -> str:
    """A reply whose quote is marked; the line above it may stand inside, as Apple puts it."""
    attribution = "\n".join(textwrap.wrap(above, width, break_on_hyphens=False)) if width else above
    quote = list(_quote(letter))
    head = [f"> {attribution}", "> "] if inside else [attribution, ""]
    if letter.layout == TOP:
        return "\n".join([letter.typed, "", *_tail(letter), *head, *quote])
    below = ["", letter.typed, ""] if letter.layout == BELOW else [""]
    return "\n".join([*head, *quote, *below, *_tail(letter)])


def _tail(letter: Letter) -> list[str]:
    return [letter.tail, ""] if letter.tail else []


def _quote(letter: Letter) -> Iterator[str]:
    number = None
    for line in letter.sent.rstrip("\n").split("\n"):
        if line.startswith("["):
            number = int(line[1])
        for part in textwrap.wrap(line, 70) or [""]:
            yield f"> {part}".rstrip()
        if line.startswith("    ") and number in letter.between:
            yield from ["", letter.between[number], ""]


def _unmarked(letter: Letter, *head: str, indent: str = "") -> str:
    quote = [f"{indent}{line}".rstrip() for line in _lines(letter)]
    return "\n".join([letter.typed, "", *_tail(letter), *head, "", *quote])


def _lines(letter: Letter) -> Iterator[str]:
    """The mail that was sent, with what is typed between its questions."""
    number = None
    for line in letter.sent.rstrip("\n").split("\n"):
        number = int(line[1]) if line.startswith("[") else number
        yield line
        if line.startswith("    ") and number in letter.between:
            yield from ["", letter.between[number], ""]


def _block(letter: Letter, *, bold: bool = False) -> list[str]:
    language = letter.language
    to = f"{letter.name} <{letter.address}>"
    values = (f"{letter.sender} <{letter.sender_address}>", letter.fill(language.date), to, "Your first 1:1")
    star = "*" if bold else ""
    return [f"{star}{label}{star} {value}" for label, value in zip(language.labels, values, strict=True)]


def _gmail(letter: Letter) -> Parts:
    above = letter.fill(letter.language.gmail)
    return [("plain", _marked(letter, above, width=76)), ("html", gmail_page(letter, above))]


def _notes(letter: Letter) -> Parts:
    labels = letter.language.labels
    values = (f"{letter.sender} <{letter.sender_address}>", letter.fill("{d}.03.{y} {h}:{m}"), letter.address)
    rows = [f"{label}\t{value}" for label, value in zip((labels[0], labels[1], labels[2]), values, strict=True)]
    return [("plain", _unmarked(letter, "", *rows, f"{labels[3]}\tYour first 1:1", ""))]


def _notes_form(letter: Letter) -> Parts:
    sender = f"{letter.sender} <{letter.sender_address}>"
    to, subject = (label.strip(" :：") for label in letter.language.labels[2:4])
    head = [sender, letter.fill("{d}/03/{y} {h}:{m}"), "", to, f"{letter.name} <{letter.address}>", "cc", "", subject]
    return [("plain", _unmarked(letter, *head, "Your first 1:1"))]


def _run_together(letter: Letter) -> Parts:
    return [("plain", _unmarked(letter, "".join(_block(letter))))]


def _the_bat(letter: Letter) -> Parts:
    initials = "".join(word[0] for word in letter.sender.split()).upper()
    text = _marked(letter, letter.fill(letter.language.thunderbird))
    return [("plain", re.sub("^>", f"{initials}>", text, flags=re.M))]


def _samsung(letter: Letter) -> Parts:
    title = f"-------- {letter.language.original.strip('-')} --------"
    return [("plain", _unmarked(letter, title, *_block(letter)))]


def _yahoo(letter: Letter) -> Parts:
    above = letter.fill("    " + letter.language.gmail + "  ")
    return [("plain", _unmarked(letter, above, indent="  ")), ("html", yahoo_page(letter, above))]


def _proton(letter: Letter) -> Parts:
    above = letter.fill("On Tuesday, March {d}rd, {y} at {h}:{m} AM, {n} <{a}> wrote:")
    return [("plain", _marked(letter, above)), ("html", proton_page(letter, above))]


def _zoho(letter: Letter) -> Parts:
    return [("plain", _unmarked(letter, letter.fill("---- On Tue, {d} Mar {y} {h}:{m}:00 +0100 {n} <{a}> wrote ----")))]


def _rule(letter: Letter) -> Parts:
    return [("plain", _unmarked(letter, "_" * 32, *_block(letter))), ("html", outlook_web_page(letter, _block(letter)))]


def _mutt(letter: Letter) -> Parts:
    return [("plain", _marked(letter, letter.fill("On Tue, Mar {d}, {y} at {h}:{m}:17AM +0100, {n} wrote:")))]


def _outlook_app(language: Language) -> tuple[str, ...]:
    return (f"{language.outlook}<https://aka.ms/o0ukef>",)


def _phone(language: Language) -> tuple[str, ...]:
    return (language.phone,)


_ANYWHERE = (TOP, BELOW, BETWEEN)
CLIENTS = {
    "gmail": Client(_ANYWHERE, _gmail),
    "gmail html": Client(_ANYWHERE, lambda letter: _gmail(letter)[1:]),
    "apple mail": Client(_ANYWHERE, lambda letter: [("plain", _marked(letter, letter.fill(letter.language.apple)))]),
    "iphone": Client(
        (TOP,), lambda letter: [("plain", _marked(letter, letter.fill(letter.language.apple), inside=True))], _phone
    ),
    "thunderbird": Client(
        _ANYWHERE, lambda letter: [("plain", _marked(letter, letter.fill(letter.language.thunderbird)))], flowed=True
    ),
    "mutt": Client(_ANYWHERE, _mutt),
    "proton": Client(_ANYWHERE, _proton, lambda language: ("Sent with Proton Mail secure email.",)),
    "outlook desktop": Client((TOP, AMONG), lambda letter: [("plain", _unmarked(letter, *_block(letter)))]),
    "outlook original": Client(
        (TOP, AMONG), lambda letter: [("plain", _unmarked(letter, letter.language.original, *_block(letter)))]
    ),
    "outlook bold": Client((TOP, AMONG), lambda letter: [("plain", _unmarked(letter, *_block(letter, bold=True)))]),
    "outlook word": Client((TOP,), lambda letter: [("html", outlook_word_page(letter, _block(letter)))]),
    "outlook web": Client((TOP,), _rule),
    "outlook web html": Client((TOP,), lambda letter: _rule(letter)[1:]),
    "outlook app": Client((TOP,), _rule, _outlook_app),
    "yahoo": Client((TOP,), _yahoo),
    "lotus notes": Client((TOP,), _notes),
    "lotus notes form": Client((TOP,), _notes_form),
    "a help desk that forgets breaks": Client((TOP,), _run_together),
    "the bat": Client(_ANYWHERE, _the_bat),
    "samsung": Client((TOP,), _samsung, _phone),
    "zoho": Client((TOP,), _zoho),
    "gmx": Client((TOP,), lambda letter: [("html", gmx_page(letter, _block(letter)))]),
}
