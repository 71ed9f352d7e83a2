"""Values as people type them into a cell: zones, countries, addresses, days, times, counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from flows.rules.dates import WEEKDAYS, add_months, known_country
from flows.rules.grid import Cell, squash, text_of

OFF, PREVIEW, ON = "Off", "Preview", "On"
DEFAULT_LANGUAGE = "en"  # what the templates are written in, and what everybody gets whose language is not among these
LANGUAGES = (DEFAULT_LANGUAGE, "de", "fr", "es")
LANGUAGE_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es"
}  # fmt: skip


class Wrong(ValueError):
    """A value that was not understood; the message says what may stand there."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of calendar time, as in “1 month” or “6 weeks”."""

    count: int
    unit: str

    def after(self, day: date) -> date:
        """The day that lies this stretch later."""
        if self.unit == "month":
            return add_months(day, self.count)
        return date.fromordinal(day.toordinal() + self.count * {"day": 1, "week": 7}[self.unit])

    def before(self, day: date) -> date:
        """The day that lies this stretch earlier."""
        return Span(-self.count, self.unit).after(day)


def read_zone(cell: Cell) -> str:
    """An IANA time zone, in its own spelling."""
    name = text_of(cell).replace(" ", "_").casefold()
    if name not in _zones():
        raise Wrong("this is not a time zone; write it like Europe/Berlin or America/New_York")
    return _zones()[name]


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    return {zone.casefold(): zone for zone in available_timezones()}


def read_country(cell: Cell) -> str:
    """An ISO 3166 country or subdivision with known holidays, or nothing."""
    code = text_of(cell).upper().replace("_", "-").replace(" ", "")
    if code.partition("-")[0] == "UK":
        code = f"GB{code[2:]}"
    if not known_country(code):
        raise Wrong("this is not a country code; write DE, or DE-BY for a part of the country")
    return code


def read_language(cell: Cell) -> str:
    """A language as its ISO 639 code, from the code or from the name of a common one."""
    name = text_of(cell).lower().replace("_", "-").split("-")[0]
    code = LANGUAGE_NAMES.get(name, name)
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise Wrong("write the language as its code, such as en or de")
    return code


def read_email(cell: Cell) -> str:
    """A mail address in lower case; a name and brackets around it, as pasting brings along, are taken off."""
    return _email(text_of(cell))


@lru_cache(maxsize=20_000)  # every report names a manager, and the same sheet is read again and again
def _email(text: str) -> str:
    text = text.removeprefix("mailto:")
    if bracketed := re.fullmatch(r"[^<>]*<([^<>]+)>", text):
        text = bracketed[1]
    try:
        # Not every way out carries letters beyond ASCII before the @ (RFC 6531); test domains are fine.
        checked = validate_email(text, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError:
        raise Wrong("this is not a mail address; write one, like ana@example.com") from None
    # One form for each address, so that it is the same to the provider and in the ledger: the host in ASCII.
    return str(checked.ascii_email or checked.normalized).lower()


def read_optional_email(cell: Cell) -> str:
    """A mail address, or nothing."""
    return read_email(cell) if text_of(cell) else ""


def read_emails(cell: Cell) -> tuple[str, ...]:
    """Mail addresses, with commas, semicolons or line ends between; or none."""
    parts = re.split(r"[,;\n]|\s(?=[^\s<]+@)", str(cell or ""))
    return tuple(dict.fromkeys(read_email(part) for part in parts if text_of(part)))


def read_positive(cell: Cell) -> int:
    """A whole number from 1 on."""
    if (count := read_count(cell)) == 0:
        raise Wrong("write 1 or more")
    return count


def read_count(cell: Cell) -> int:
    """A whole number from 0 on."""
    match = re.fullmatch(r"(\d{1,3})(\s*(working )?(days?|reminders?))?", text_of(cell).lower())
    if not match:
        raise Wrong("write a whole number, such as 2")
    return int(match[1])


def read_reminders(cell: Cell) -> int:
    """How many reminders: 0 to 3."""
    if (count := read_count(cell)) > 3:
        raise Wrong("more than 3 reminders are not sent; write 0, 1, 2 or 3")
    return count


def read_span(cell: Cell) -> Span:
    """A stretch of calendar time, as in “1 month”."""
    match = re.fullmatch(r"(\d{1,3})\s*(day|week|month)s?", text_of(cell).lower())
    if not match:
        raise Wrong("write a number of days, weeks or months, such as 1 month")
    return Span(int(match[1]), match[2])


def read_keeping(cell: Cell) -> Span:
    """How long something is kept: a span, years allowed, nothing at all not."""
    years = re.fullmatch(r"(\d{1,2})\s*years?", text_of(cell).lower())
    span = Span(int(years[1]) * 12, "month") if years else read_span(cell)
    if not span.count:
        raise Wrong("write how long mails are kept, such as 12 months")
    return span


def read_time(cell: Cell) -> time:
    """A time of day, as text, as a time or as the fraction of a day that sheets keep."""
    if isinstance(cell, time):
        return cell
    if isinstance(cell, float) and 0 <= cell < 1:  # a sheet keeps a time of day as a fraction of the day
        minutes = min(round(cell * 24 * 60), 24 * 60 - 1)
        return time(minutes // 60, minutes % 60)
    for pattern in ("%H:%M", "%H.%M", "%Hh%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"):
        try:
            return datetime.strptime(text_of(cell).upper().replace("H", "h"), pattern).time()  # noqa: DTZ007 - no date
        except ValueError:
            continue
    raise Wrong("write a time of day, such as 09:00")


def read_weekday(cell: Cell) -> int:
    """A day of the week; Monday is 0."""
    name = text_of(cell).lower().rstrip("s.")
    matches = [index for index, day in enumerate(WEEKDAYS) if len(name) >= 2 and day.lower().startswith(name)]
    if len(matches) != 1:
        raise Wrong("write a day of the week, such as Tuesday")
    return matches[0]


def read_weekdays(cell: Cell) -> frozenset[int]:
    """Days of the week, as in “Mon–Thu, Sat”."""
    days: set[int] = set()
    for part in re.split(r"[,;&+]|\band\b", text_of(cell).lower()):
        if not part.strip():
            continue
        first, dash, last = re.sub(r"\s*(-|–|—|\bto\b)\s*", "–", part.strip()).partition("–")
        start = read_weekday(first)
        length = (read_weekday(last) - start) % 7 + 1 if dash else 1
        days |= {(start + offset) % 7 for offset in range(length)}
    if not days:
        raise Wrong("write days of the week, such as Mon–Fri")
    return frozenset(days)


def read_sending(cell: Cell) -> str:
    """Off, Preview or On."""
    if isinstance(cell, bool):
        return ON if cell else OFF
    found = next((state for state in (OFF, PREVIEW, ON) if squash(state) == squash(text_of(cell))), None)
    if found is None:
        raise Wrong("write Off, Preview or On")
    return found
