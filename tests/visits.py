"""Builders for tests of the pages: a browser on an open office, links as the mails hold them, and what a page says."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Protocol

from starlette.testclient import TestClient

from flows.office import Office
from flows.rules.messages import CATALOGUE, CHECK_IN, Message
from flows.rules.post import Sending
from flows.web.app import make_app
from tests.sample import TUESDAY, send_due


class Shown(Protocol):
    """A page as a browser got it."""

    @property
    def text(self) -> str:
        """Its markup."""


def browser(office: Office, now: datetime = TUESDAY, **options: object) -> TestClient:
    """A browser, at a moment at which the office's clock is stopped."""
    office.clock = lambda: now
    return TestClient(make_app(office, [], **options), follow_redirects=False)  # type: ignore[arg-type]


def asked(office: Office, message: Message = CHECK_IN, to: str = "ana@example.com", now: datetime = TUESDAY) -> Sending:
    """The mail of this kind that this person got, sent now if it was not before."""
    send_due(office, now, CATALOGUE)
    return next(s for s in reversed(office.ledger.sendings(now)) if (s.message, s.recipient) == (message.name, to))


def link(office: Office, sending: Sending, page: str = "form") -> str:
    """The link to a page of this mail."""
    return f"/{page}/{office.tokens.page(sending.key)}"


def words(response: Shown) -> str:
    """What a page says, without its markup."""
    body = re.sub(r"<(title|textarea)\b[^>]*>", " ", response.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def load_of(response: Shown) -> str:
    """The mark of this loading of the page, as its form sends it back."""
    found = re.search(r'name="load" value="([^"]+)"', response.text)
    assert found
    return found[1]


def checked(response: Shown) -> list[tuple[str, str]]:
    """The choices that are selected: field and value."""
    inputs = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)"([^>]*)>', response.text)
    return [(name, value) for name, value, rest in inputs if "checked" in rest]
