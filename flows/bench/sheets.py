"""How many calls a run makes to Google Sheets, counted by the stand-in that the tests use."""

from __future__ import annotations


def calls(people: int) -> tuple[int, int] | None:
    """Reads and writes of one run over a spreadsheet of so many people; None outside a checkout with its tests."""
    return None
