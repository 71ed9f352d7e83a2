"""How the mails look, by computation: contrast in light and dark, sizes, targets, and what Outlook is given instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from tests.test_render import CASES, mail

every_case = pytest.mark.parametrize("case", CASES)
VOID = {"br", "meta"}
Style = Mapping[str, str]


@dataclass(frozen=True)
class Element:
    tag: str
    classes: frozenset[str]
    style: Style
    attributes: Mapping[str, str] = field(default_factory=dict)


def declarations(css: str) -> Style:
    pairs = (part.partition(":") for part in css.split(";") if ":" in part)
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def dark_rules(html: str) -> list[tuple[str, str, Style]]:
    """The rules for dark: a class or none, a tag or none, and what then holds."""
    found = re.search(r"prefers-color-scheme: dark\) \{(.*?\})\s*\}", html, re.DOTALL)
    assert found
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", found[1])
    return [(*split(selector), declarations(body)) for those, body in rules for selector in those.split(",")]


def split(selector: str) -> tuple[str, str]:
    first, _, second = selector.strip().partition(" ")
    return (first.removeprefix("."), second) if first.startswith(".") else ("", first)


class Page(HTMLParser):
    """Every piece of text in a mail with the elements around it; what only Outlook reads is left out."""

    def __init__(self, html: str, *, dark: bool = False) -> None:
        super().__init__()
        self._rules = dark_rules(html) if dark else []
        self._open: list[Element] = []
        self.texts: list[tuple[str, tuple[Element, ...]]] = []
        self.links: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        classes = frozenset(attributes.get("class", "").split())
        style = dict(declarations(attributes.get("style", "")))
        if "background" in style:
            style["background-color"] = style["background"]
        around = classes.union(*(element.classes for element in self._open))
        for of, below, rule in self._rules:
            here = of in classes if of and not below else (not of or of in around) and tag == below
            style |= rule if here else {}
        element = Element(tag, classes, style, attributes)
        if tag == "a":
            self.links.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        shown = not any(e.tag in ("head", "style") or e.style.get("display") == "none" for e in self._open)
        if data.strip() and shown:
            self.texts.append((data.strip(), tuple(self._open)))


def last(elements: tuple[Element, ...], name: str) -> str:
    return next(element.style[name] for element in reversed(elements) if name in element.style)


def brightness(colour: str) -> float:
    """The relative luminance of #rrggbb (WCAG 2)."""
    assert re.fullmatch("#[0-9a-f]{6}", colour), colour
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@every_case
def test_every_word_stands_out_from_its_background(case: str, dark: bool) -> None:
    for text, around in Page(mail(case).html, dark=dark).texts:
        ink, paper = last(around, "color"), last(around, "background-color")
        assert contrast(ink, paper) >= 4.5, f"“{text}” is {ink} on {paper}"


def test_dark_changes_the_paper() -> None:
    light, dark = (Page(mail("form").html, dark=dark).texts for dark in (False, True))
    for (_, before), (_, after) in zip(light, dark, strict=True):
        assert brightness(last(before, "background-color")) > 0.1 or "press" in {c for e in before for c in e.classes}
        assert brightness(last(after, "background-color")) < 0.1 or "press" in {c for e in after for c in e.classes}


@every_case
def test_words_are_sixteen_pixels_high_and_small_print_fourteen(case: str) -> None:
    for text, around in Page(mail(case).html).texts:
        small = any("soft" in element.classes for element in around)
        assert int(last(around, "font-size").removesuffix("px")) >= (14 if small else 16), text


@every_case
def test_buttons_are_big_enough_for_a_thumb(case: str) -> None:
    for link in Page(mail(case).html).links:
        if "padding" in link.style:
            padding = int(link.style["padding"].split()[0].removesuffix("px"))
            assert 2 * padding + int(link.style["line-height"].removesuffix("px")) >= 44


def buttons(case: str) -> Iterator[str]:
    return (cell for cell in re.findall("<td[^>]*>", mail(case).html) if "mso-padding-alt" in cell)


@every_case
def test_outlook_gets_tables_of_its_own_and_padding_and_colour_in_cells(case: str) -> None:
    html = mail(case).html
    assert re.search(r'<!--\[if mso \| IE\]><table [^>]*width="600"', html)
    assert html.count("<!--[if") == html.count("<![endif]")
    assert len(list(buttons(case))) == sum("padding" in link.style for link in Page(html).links)
    assert all("bgcolor=" in cell for cell in buttons(case))


class Nesting(HTMLParser):
    """Whether every table, row, cell and block that begins also ends, and in the right order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("table", "tr", "td"):
            above = self._open[-1] if self._open else "td"
            assert above in {"table": ("td", "div"), "tr": ("table", "tbody"), "td": ("tr",)}[tag]
        if tag in ("table", "tbody", "tr", "td", "div"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("table", "tbody", "tr", "td", "div"):
            assert self._open.pop() == tag


@every_case
def test_what_outlook_sees_and_what_others_see_is_well_nested(case: str) -> None:
    html = mail(case).html
    for_all = re.sub(r"<!--\[if mso.*?<!\[endif\]-->", "", html, flags=re.DOTALL)
    for_outlook = re.sub(r"<!--\[if mso[^\]]*\]>|<!\[endif\]-->", "", html)
    assert len(for_all) < len(html) < len(for_outlook) + 2000
    Nesting(for_all)
    Nesting(for_outlook)


@every_case
def test_the_first_words_are_a_preheader_of_its_own(case: str) -> None:
    html = mail(case).html
    (preheader,) = re.findall(r"<body[^>]*><div style=\"display:none[^>]*>(.*?)</div>", html)
    assert 20 <= len(preheader) <= 160
    assert not preheader.startswith("Hello")
