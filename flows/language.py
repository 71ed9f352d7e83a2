"""The languages that people are written to in: words from the catalogues, and dates as each language writes them.

The texts are English in the templates, and a catalogue (`templates/locale/<language>/LC_MESSAGES/onward.po`) holds what
they are in another language. What it lacks stays English, text by text. Babel is used here and nowhere else.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, get_day_names
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from flows.rules.values import DEFAULT_LANGUAGE, LANGUAGES

LOCALE = Path(__file__).parent.parent / "templates" / "locale"
# In English the day stands before the month, as everywhere else: the 9th of October is never taken for 10 September.
DATES = {"en": "en_GB"}
QUOTES = {"en": "“|”", "de": "„|“", "fr": "«\u00a0|\u00a0»", "es": "«|»"}


class Speech:
    """One language: its words, and how it writes dates. A text that its catalogue lacks comes back in English."""

    def __init__(self, code: str, words: NullTranslations) -> None:
        self.code = code  # as it stands in an HTML `lang`
        self._locale = Locale.parse(DATES.get(code, code))
        self._words = words

    def gettext(self, text: str) -> str:
        """The text in this language."""
        return self._words.gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The text for so many, by this language's own plural rule."""
        return self._words.ngettext(one, many, count)

    def pgettext(self, context: str, text: str) -> str:
        """The text, where the same English means different things."""
        return self._words.pgettext(context, text)

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        """The text for so many, where the same English means different things."""
        return self._words.npgettext(context, one, many, count)

    def date(self, day: date) -> str:
        """A date with its weekday: Tuesday 1 September 2026."""
        return format_date(day, "full", locale=self._locale)

    def moment(self, moment: datetime, zone: str = "") -> str:
        """A date and a time of day, on the clock of this IANA zone, or on the one that the moment brings along."""
        here = moment.astimezone(ZoneInfo(zone)) if zone else moment
        return f"{self.date(here.date())}, {here:%H:%M}"

    def quote(self, words: str) -> str:
        """The words in this language's quotation marks."""
        return QUOTES[self.code].replace("|", words)

    def weekday(self, number: int) -> str:
        """The name of a day of the week; Monday is 0."""
        return str(get_day_names("wide", "stand-alone", self._locale)[number])


@lru_cache(maxsize=64)
def speak(code: str) -> Speech:
    """The language with this ISO 639 code, read once; English for one that there are no words for."""
    known = code if code in LANGUAGES else DEFAULT_LANGUAGE
    return Speech(known, _words(known))


def catalogue(code: str) -> Catalog:
    """What the translators wrote for a language: the mails' words in one file, the pages' in another."""
    found = Catalog(locale=code)
    for path in sorted((LOCALE / code / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id:  # the first one is the file's own head
                    found[message.id] = message
    return found


def _words(code: str) -> NullTranslations:
    if code == DEFAULT_LANGUAGE:
        return NullTranslations()
    # Straight from what translators edit, so that no compiled file can be forgotten. “Fuzzy” ones are left out.
    compiled = BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    return GNUTranslations(compiled)
