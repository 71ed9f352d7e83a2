"""The pages' words: every text is said in every language, with the same facts in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from flows.language import speak
from flows.rules.values import LANGUAGES

ROOT = Path(__file__).parent.parent
METHODS = [("templates/page/**.html", "jinja2.ext:babel_extract"), ("flows/web/**.py", "python")]
OPTIONS = {"templates/page/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "_": None, "say": None}


@cache
def texts() -> list[tuple[str, ...]]:
    """Every text that templates and code ask for: one, or singular and plural."""
    found = extract_from_dir(ROOT, METHODS, OPTIONS, KEYWORDS)
    return sorted({(text,) if isinstance(text, str) else tuple(text[:2]) for _, _, text, _, _ in found})


def facts(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", text))


def said(text: tuple[str, ...], language: str) -> Iterator[tuple[str, str]]:
    """Each form of the text, and what it is in this language."""
    speech = speak(language)
    if len(text) == 1:
        yield text[0], speech.gettext(text[0])
    else:
        yield text[0], speech.ngettext(text[0], text[1], 1)
        yield text[1], speech.ngettext(text[0], text[1], 5)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_text_is_said_in_every_language_with_the_same_facts(language: str) -> None:
    assert len(texts()) > 80
    for text in texts():
        for english, other in said(text, language):
            assert other != english, f"{language} lacks: {english}"
            assert facts(other) == facts(english), f"{language} loses a fact: {other}"
