"""Whether Onward can get at a Google spreadsheet: the key, the API, the sharing, the tabs. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.rules.findings import FINE, MISSING, Finding
from flows.sheet.door import SheetError
from flows.sheet.google_book import Book
from flows.sheet.google_client import Google
from flows.sheet.google_errors import Refused
from flows.sheet.google_look import Look

NOTHING = {"developerMetadataLookup": {"metadataKey": "onward.nothing"}}


def connection(google: Google, books: Sequence[Book]) -> list[Finding]:
    """Every point until the first one that keeps the others from being looked at."""
    try:
        findings = [Finding("Google key", FINE, f"the key is that of {google.account}")]
    except SheetError as error:
        return [Finding("Google key", MISSING, str(error))]
    for book in dict.fromkeys(books):
        findings += _book(book)
    return findings


def _book(book: Book) -> Iterator[Finding]:
    try:
        look = book.outline()
    except SheetError as error:
        yield Finding("Google spreadsheet", MISSING, str(error))
        return
    said = f"“{look.title}” can be read ({look.locale}, {look.zone}): {book.where}"
    yield Finding("Google spreadsheet", FINE, said)
    yield _may_write(book, look)
    yield _tabs(book, look)


def _may_write(book: Book, look: Look) -> Finding:
    """Asked for by deleting a mark that nobody makes: that needs the right to edit, and changes nothing."""
    try:
        book.write([{"deleteDeveloperMetadata": {"dataFilter": NOTHING}}])
    except Refused:  # nothing to delete: the right to was looked at before
        pass
    except SheetError as error:
        return Finding("Editing", MISSING, str(error))
    return Finding("Editing", FINE, f"Onward may write to “{look.title}”")


def _tabs(book: Book, look: Look) -> Finding:
    missing = [name for name in book.names if name not in look.tabs]
    if missing:
        return Finding("Tabs", MISSING, f"“{look.title}” lacks the tabs {', '.join(missing)}; `onward init` makes them")
    return Finding("Tabs", FINE, f"“{look.title}” has all of Onward's tabs")
