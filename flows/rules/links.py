"""The addresses of the pages that belong to one mail. None of them does anything when it is only opened."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Links:
    """What a mail's links lead to: pages under `base`, opened by the mail's own token."""

    base: str
    token: str

    @property
    def form(self) -> str:
        """The questions of this mail."""
        return f"{self.base}/form/{self.token}"

    def choice(self, question: int, choice: int) -> str:
        """The same page with a choice selected; both are counted from 1."""
        return f"{self.form}?{question}={choice}"

    @property
    def stop(self) -> str:
        """Where mails are skipped, paused and stopped."""
        return f"{self.base}/stop/{self.token}"

    def talk_is(self, outcome: str) -> str:
        """Where a manager says what became of the talk, with the outcome selected: asked, later or moved."""
        return f"{self.base}/talk/{self.token}?is={outcome}"

    @property
    def calendar(self) -> str:
        """The talk as a calendar file."""
        return f"{self.base}/talk/{self.token}.ics"

    @property
    def slot(self) -> str:
        """The weekly hour for the growth skill as a calendar file."""
        return f"{self.base}/slot/{self.token}.ics"

    @property
    def seen(self) -> str:
        """Where a manager says thank you for what was shared."""
        return f"{self.base}/seen/{self.token}"


def mailto(address: str, subject: str, text: str) -> str:
    """A mail that is ready to be sent; a press opens it in the reader's own program, and nothing leaves by itself."""
    return f"mailto:{quote(address, safe='@+')}?{urlencode({'subject': subject, 'body': text}, quote_via=quote)}"
