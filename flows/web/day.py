"""The day's memory: which answers were given in this browser today. Anybody else with the link sees none of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from flows.mail.tokens import Tokens
from flows.rules.dates import Calendar

MOST = 20  # corrections in a day that are remembered


def remembered(tokens: Tokens, cookie: str, token: str, today: date) -> list[str]:
    """The refs of what this browser answered today, by its cookie; none when that is not ours or of another day."""
    said, _, seal = cookie.rpartition(".")
    day, _, refs = said.partition(".")
    if day != today.isoformat() or not tokens.sealed(_bound(said, token), seal):
        return []
    return refs.split("_")


def remember(
    response: Response, tokens: Tokens, token: str, refs: Sequence[str], now: datetime, calendar: Calendar, secure: bool
) -> None:
    """Let this browser see today's answers until the person's midnight."""
    today = calendar.local(now).date()
    said = f"{today.isoformat()}.{'_'.join(refs[-MOST:])}"
    midnight = calendar.at(today + timedelta(days=1), time(0))
    response.set_cookie(
        _name(token),
        f"{said}.{tokens.seal(_bound(said, token))}",
        max_age=max(1, int((midnight - now).total_seconds())),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",  # strict ones are not sent when somebody comes back by the link in the mail
    )


def cookie_of(request: Request, token: str) -> str:
    """What this browser brought along for this link."""
    return request.cookies.get(_name(token), "")


def _name(token: str) -> str:
    # One for each link by its name and not by its path, which a proxy in front may have shortened.
    return f"onward-{sha256(token.encode()).hexdigest()[:12]}"


def _bound(said: str, token: str) -> str:
    return f"{token} {said}"
