"""Who is who, as the sheet said a moment ago: a page must not wait for the sheet, and works without it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock

from flows.office import Office
from flows.rules.company import Company
from flows.rules.problems import OnwardError

FRESH = 60.0  # seconds

log = logging.getLogger("onward.web")


class Directory:
    """The company, read again at most once a minute."""

    def __init__(self, office: Office, monotonic: Callable[[], float]) -> None:
        self._office, self._monotonic = office, monotonic
        self._turn = Lock()
        self._known: Company | None = None
        self._read_at = float("-inf")

    def company(self) -> Company | None:
        """The company as it was last read; None when it never could be."""
        with self._turn:
            if self._monotonic() - self._read_at >= FRESH:
                self._read_at = self._monotonic()
                try:
                    self._known = self._office.timetable().company
                except OnwardError as error:
                    log.warning("The sheet cannot be read; pages go by what it said before: %s", error)
            return self._known
