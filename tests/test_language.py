"""The languages: words, plurals and dates as each writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from flows.language import speak

DATES = {
    "en": "Tuesday, 1 September 2026",
    "de": "Dienstag, 1. September 2026",
    "fr": "mardi 1 septembre 2026",
    "es": "martes, 1 de septiembre de 2026",
}
MOMENTS = {
    "en": "Thursday, 10 September 2026, 14:00",
    "de": "Donnerstag, 10. September 2026, 14:00",
    "fr": "jeudi 10 septembre 2026, 14:00",
    "es": "jueves, 10 de septiembre de 2026, 14:00",
}


@pytest.mark.parametrize("code", DATES)
def test_dates_are_written_as_the_language_writes_them(code: str) -> None:
    assert speak(code).date(date(2026, 9, 1)) == DATES[code]


@pytest.mark.parametrize("code", MOMENTS)
def test_a_moment_is_told_on_the_clock_of_the_zone(code: str) -> None:
    assert speak(code).moment(datetime(2026, 9, 10, 12, tzinfo=UTC), "Europe/Berlin") == MOMENTS[code]


@pytest.mark.parametrize(("code", "monday"), [("en", "Monday"), ("de", "Montag"), ("fr", "lundi"), ("es", "lunes")])
def test_the_week_begins_on_monday(code: str, monday: str) -> None:
    assert speak(code).weekday(0) == monday


@pytest.mark.parametrize("code", DATES)
def test_what_a_catalogue_lacks_stays_english(code: str) -> None:
    speech = speak(code)
    assert speech.gettext("a text that nobody translated") == "a text that nobody translated"
    assert [speech.ngettext("one apple", "some apples", count) for count in (1, 2)] == ["one apple", "some apples"]


def test_an_unknown_language_gets_english() -> None:
    assert speak("pt").code == "en"
