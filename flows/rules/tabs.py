"""How a tab is described: once, for the workbook and for Google alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

Value = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, what people ops should know about it, and what may stand in it."""

    header: str
    note: str = ""
    width: int = 16  # characters
    kind: str = "text"  # text, date, moment (date and time) or number
    choices: tuple[str, ...] = ()  # a dropdown; other values are warned of, not forbidden
    required: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its columns and the rows that a new sheet starts with."""

    name: str
    columns: tuple[Column, ...]
    about: str  # one sentence for people: what it is for, who writes in it
    rows: tuple[tuple[Value, ...], ...] = ()
    # Dropdowns for single cells: in the row that begins with the first, the second column offers these.
    cell_choices: tuple[tuple[str, tuple[str, ...]], ...] = ()

    alike: Mapping[str, str] = field(default_factory=dict)  # by header, with "/": what others call it; asked about only

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers from left to right."""
        return tuple(column.header for column in self.columns)


@dataclass(frozen=True, slots=True)
class Content:
    """What one of Onward's tabs shall hold.

    A record tab (`appended`) only ever grows: `new` holds the `Ref`s of the rows that are not in the sheet yet.
    Every other tab is a picture of the present and is replaced whole.
    """

    tab: Tab
    rows: Sequence[tuple[Value, ...]]
    appended: bool = False
    new: frozenset[str] = frozenset()
