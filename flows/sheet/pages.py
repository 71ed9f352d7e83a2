"""What a tab of a workbook shall look like, before it is drawn: values, columns, and where the headers stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.rules.grid import Cell
from flows.rules.tabs import Column, Content, Tab

ROOM = 2000  # rows of a person's tab that are prepared for typing: formats, dropdowns


@dataclass(frozen=True, slots=True)
class Page:
    """One tab to draw. `header` is the index of the header row; a tab without one is drawn as plain values."""

    name: str
    rows: Sequence[Sequence[Cell]]  # with the header row
    header: int | None = None
    columns: Mapping[int, Column] = field(default_factory=dict)  # by position, in the tab's own order
    about: str = ""
    cell_choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    room: int = 0  # rows for people to type in; none in Onward's own tabs


def page_to_fill(tab: Tab) -> Page:
    """A person's tab as a new workbook gets it."""
    columns = dict(enumerate(tab.columns))
    return Page(tab.name, [tab.headers, *tab.rows], 0, columns, tab.about, dict(tab.cell_choices), ROOM)


def page_to_read(content: Content) -> Page:
    """One of Onward's own tabs."""
    tab = content.tab
    return Page(tab.name, [tab.headers, *content.rows], 0, dict(enumerate(tab.columns)), tab.about)
