"""Dropdowns and hints for typing. Other values are warned of, never forbidden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook as Book

LISTS = "Onward lists"  # a hidden tab
LONGEST_LIST, LONGEST_MESSAGE = 255, 255  # what the file format allows
HINTS = {
    "date": "A date, such as 2026-09-01.",
    "moment": "A date, or a date and a time, such as 2026-09-01 14:30.",
}


class Dropdowns:
    """The dropdowns of one workbook."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._kept: list[Sequence[str]] = []

    def offering(self, choices: Sequence[str]) -> dict[str, Any]:
        """The cell rule that offers these values."""
        return {
            "validate": "list",
            "source": self._source(choices),
            "error_type": "warning",
            "error_title": "Not one of the choices",
            "error_message": f"Onward knows: {' · '.join(choices)}"[:LONGEST_MESSAGE],
        }

    def _source(self, choices: Sequence[str]) -> list[str] | str:
        """The values themselves; a list that would not survive being written with commas goes into the hidden tab."""
        if len(",".join(choices)) <= LONGEST_LIST and not any("," in choice for choice in choices):
            return list(choices)
        if choices not in self._kept:
            self._kept.append(choices)
        letter = xl_col_to_name(self._kept.index(choices))
        return f"='{LISTS}'!${letter}$1:${letter}${len(choices)}"

    def draw_lists(self) -> None:
        """Write the hidden tab, if anything needs it; after all other tabs, so that it is the last."""
        if not self._kept:
            return
        sheet = self._book.add_worksheet(LISTS)
        sheet.hide()
        for column, choices in enumerate(self._kept):
            for row, choice in enumerate(choices):
                sheet.write_string(row, column, choice)


def hint(header: str, kind: str) -> dict[str, Any]:
    """The cell rule that allows everything and says what is meant to stand here."""
    return {"validate": "any", "input_title": header[:32], "input_message": HINTS[kind]}
