"""What mail programs make of the mails: every feature that a mail uses is one that they have, or can do without."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.test_render import CASES, mail

DATA = json.loads((Path(__file__).parent / "caniemail" / "support.json").read_text("utf-8"))
SUPPORT: Mapping[str, str] = DATA["support"]

# What some program lacks, and why the mail is right without it.
NO_STYLES = "every size, colour and distance stands in the elements as well"
PREHEADER = "hides the preheader, which is one pixel high and as pale as the paper besides"
DISPENSABLE: Mapping[str, str] = {
    "css-at-media": "without it a mail stays light and as wide as the window, up to 600 pixels",
    "css-at-media-prefers-color-scheme": "without it a mail stays light, or the program darkens it itself",
    "css-border-radius": "buttons have corners then",
    "css-color-scheme": "says the same as the media query",
    "css-cursor": "the compiler's, beside what a link does anyway",
    "css-display-none": PREHEADER,
    "css-max-height": PREHEADER,
    "css-opacity": PREHEADER,
    "css-outline": "the compiler's, for pictures; there are none",
    "css-overflow": PREHEADER,
    "css-selector-class": NO_STYLES,
    "css-selector-descendant": NO_STYLES,
    "css-selector-grouping": NO_STYLES,
    "css-selector-id": NO_STYLES,
    "css-word-break": "long words stay whole then",
    "css-word-spacing": "the compiler's; it says what is usual",
    "html-aria-label": "the heading says the same",
    "html-body": "its colour stands in the table as well",
    "html-meta-color-scheme": "says the same as the media query",
    "html-role": "layout tables are announced as tables then",
    "html-style": NO_STYLES,
    "html-target": "mail programs open links in the browser anyway",
}
UNITS = re.compile(r"[\d.](px|em|rem|%|pt|vw|vh)\b|[\d.](%)")
NAMED = {"%": "percent"}


class Used(HTMLParser):
    """The features of “Can I email” that an HTML mail uses; what only Outlook reads (conditional comments) is none."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.features: set[str] = set()
        self._in_style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        self._note(f"html-{tag}", "html-h1-h6" if re.fullmatch("h[1-6]", tag) else "")
        for name, value in attrs:
            self._note(f"html-{name}")
            if name == "style":
                self._declarations(value or "")
            if name == "href":
                self._note("html-mailto-links" if (value or "").startswith("mailto:") else "")
        if tag == "meta" and ("name", "color-scheme") in attrs:
            self._note("html-meta-color-scheme")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._sheet(data)

    def _note(self, *features: str) -> None:
        self.features |= {feature for feature in features if feature in SUPPORT}

    def _sheet(self, css: str) -> None:
        for query in re.findall(r"@media([^{]*)", css):
            self._note("css-at-media", *(f"css-at-media-{word}" for word in re.findall(r"\(([a-z-]+)", query)))
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
            self._note(*_kinds(selector.strip()))
            self._declarations(body)

    def _declarations(self, css: str) -> None:
        for declaration in css.split(";"):
            name, _, value = declaration.partition(":")
            name, value = name.strip().lower(), value.strip().lower()
            self._note(next((slug for slug in _longest_first(name) if slug in SUPPORT), ""))
            self._note("css-display-none" if (name, value) == ("display", "none") else "")
            self._note("css-important" if "!important" in value else "")
            units = {unit for found in UNITS.findall(value) for unit in found if unit}
            self._note(*(f"css-unit-{NAMED.get(unit, unit)}" for unit in units))
            self._note(*(f"css-{function}" for function in re.findall(r"\b(rgba?|calc|clamp|var)\(", value)))


def _longest_first(name: str) -> Iterator[str]:
    """border-left-color, border-left, border: a shorthand stands for its parts."""
    parts = name.split("-")
    return (f"css-{'-'.join(parts[:count])}" for count in range(len(parts), 0, -1))


def _kinds(selector: str) -> Iterator[str]:
    signs = {
        "class": r"\.",
        "id": "#",
        "attribute": r"\[",
        "child": ">",
        "grouping": ",",
        "descendant": r"[\w\])] +[\w.#\[]",
    }
    yield from (f"css-selector-{kind}" for kind, sign in signs.items() if re.search(sign, selector))
    yield from (f"css-pseudo-class-{name}" for name in re.findall(r"(?<!:):([a-z-]+)", selector))


def lacking(feature: str) -> list[str]:
    """The programs that are known to lack a feature."""
    return [client for client, word in zip(DATA["clients"], SUPPORT[feature], strict=True) if word == "n"]


@pytest.mark.parametrize("case", CASES)
def test_mails_use_what_gmail_outlook_and_apple_mail_have(case: str) -> None:
    used = {feature: lacking(feature) for feature in Used(mail(case).html).features}
    wrong = {feature: clients for feature, clients in used.items() if clients and feature not in DISPENSABLE}
    assert not wrong, f"{case} uses {wrong}"


def test_what_mails_do_without_is_all_there_and_really_lacking() -> None:
    used = {feature for case in CASES for feature in Used(mail(case).html).features}
    assert set(DISPENSABLE) == {feature for feature in used if lacking(feature)}


@pytest.mark.parametrize(
    ("html", "feature"),
    [
        ('<div style="display:flex;gap:4px">', "css-gap"),
        ("<style>@media (hover: hover) { a:hover { color: red } }</style>", "css-at-media-hover"),
        ("<style>a:hover { color: red }</style>", "css-pseudo-class-hover"),
        ('<p style="margin:1rem;border-left-color:rgba(0,0,0,.5)">', "css-rgba"),
        ("<form>", "html-form"),
    ],
)
def test_a_feature_that_is_used_is_found(html: str, feature: str) -> None:
    assert feature in Used(html).features
