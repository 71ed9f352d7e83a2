"""The words of words.txt as patterns. Knows nothing of mails."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_BEGIN = r"(?:\b|(?<=[\u2e80-\ud7ff]))"  # of a word, which may stand right behind a Chinese one


@cache
def _sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    words: list[str] = []
    for line in (Path(__file__).parent / "words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            words += (word.strip() for word in line.split(" | "))
    return sections


def stems(section: str) -> re.Pattern[str]:
    """Finds any of these where a word begins; scripts that are written without blanks have no such place."""
    found = _sections()[section]
    spaced, unspaced = ([word for word in found if _unspaced(word) is kind] for kind in (False, True))
    # One boundary for all: inside a word nothing more is tried.
    return re.compile("|".join([rf"{_BEGIN}(?:{'|'.join(spaced)})", *unspaced]), re.I)


def lines(section: str) -> re.Pattern[str]:
    """Any of these as a whole line."""
    return re.compile("|".join(_sections()[section]), re.I | re.S)


def words(section: str) -> frozenset[str]:
    """All of these, in small letters."""
    return frozenset(word.casefold() for word in _sections()[section])


def _unspaced(word: str) -> bool:
    # Hebrew and Arabic put small words before others without a blank.
    return all(
        ord(letter) > 0x2E00 or 0x590 <= ord(letter) < 0x700 or 0xE00 <= ord(letter) < 0xF00
        for letter in word
        if letter.isalpha()
    )
