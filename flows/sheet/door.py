"""The one small door to a sheet, whatever it is kept in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from flows.rules.findings import Finding
from flows.rules.grid import Snapshot
from flows.rules.problems import OnwardError, Problem
from flows.rules.tabs import Content, Tab


class SheetError(OnwardError):
    """The sheet cannot be read or written now; the message says where, why and what to do."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `init` did: each sentence is for people."""

    said: tuple[str, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """Which rows certainly do not stand in the record any more; of others what people can do, where there is such."""

    gone: frozenset[str]
    left: tuple[Problem, ...] = ()


class Sheet(Protocol):
    """A sheet: people's tabs come out of it, Onward's tabs go into it."""

    where: str  # for people: where the roster is
    answers_where: str  # for people: where the answers are

    def read(self) -> Snapshot:
        """Every tab as it is now. Raises SheetError."""

    def publish(self, contents: Sequence[Content]) -> bool:
        """Make Onward's tabs hold this, in one step; False when they already did. Raises SheetError."""

    def publishing(self) -> AbstractContextManager[object]:
        """Hold this while reading the ledger and publishing, so that an older picture never replaces a newer one."""

    def erase(self, refs: Sequence[str]) -> Erased:
        """Take the rows with these `Ref`s out of the record for good, and nothing else, whatever people do meanwhile.

        Rows that people deleted themselves count as erased. What is published next holds none of them. Safe to repeat,
        and to be repeated after a failure: it may have been cut off half-way. Raises SheetError.
        """

    def copies(self) -> list[str]:
        """Where earlier copies of the answers may be that Onward leaves alone: for people."""

    def connection(self) -> list[Finding]:
        """Whether the sheet can be reached and written: each thing that was looked at. Changes nothing."""

    def prepare(self, tabs: Sequence[Tab]) -> Prepared:
        """Make people's tabs where they are missing; what people wrote stays as it is. Raises SheetError."""
