"""What is wrong, where, and what to do about it: the one shape for everything people ops must mend."""

from __future__ import annotations

from dataclasses import asdict, dataclass


class OnwardError(Exception):
    """Something a person can mend. The message is one sentence: where, what is wrong, what to do.

    `passing` says whether it may go away by itself, so that trying again makes sense.
    """

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing for people ops to mend.

    `row` is the row's number as the sheet shows it (the first row is 1), 0 when the whole tab is meant;
    `column` is the header as people wrote it, empty when the whole row is meant.
    """

    tab: str
    row: int
    column: str
    value: str
    advice: str

    def __str__(self) -> str:
        where = [self.tab]
        if self.row:
            where.append(f"row {self.row}")
        if self.column:
            where.append(self.column)
        value = f"“{self.value}”: " if self.value else ""
        return f"{', '.join(where)}: {value}{self.advice}"

    def as_json(self) -> dict[str, object]:
        """The problem as the command line's `--json` prints it (design, The contract)."""
        return asdict(self)
