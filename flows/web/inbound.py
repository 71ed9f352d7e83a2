"""The hook that SendGrid posts replies to: `POST /hooks/sendgrid/inbound`, in raw and in default mode.

A mail is in the ledger before 200 is said. Whatever else happens is answered with 503, never with a 4xx: SendGrid
repeats a post for three days after a 5xx, and drops the mail for good, telling nobody, after a 4xx.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from flows.mail.inbound_parse import read_post
from flows.mail.signature import SIGNATURE, TIMESTAMP, genuine
from flows.office import Office
from flows.rules.post import FORGED, OVERSIZED, UNREADABLE
from flows.rules.problems import OnwardError
from flows.web.bodies import MOST
from flows.web.room import NoRoom, Room

Handler = Callable[[Request], Awaitable[Response]]

ORIGIN = "reply hook"
UNREAD = "a post to the reply hook that could not be read, kept as it came"
IN_ALL, SECONDS = 8 * MOST, 120.0

log = logging.getLogger("onward.web")


def inbound_hook(office: Office, keys: Sequence[EllipticCurvePublicKey], *, seconds: float = SECONDS) -> Handler:
    """The handler. With keys, a post that none of them signed is not taken."""
    room = Room(in_all=IN_ALL, each=MOST, seconds=seconds)
    desk = _Desk(office, keys)

    async def inbound(request: Request) -> Response:
        try:
            async with room.body(request) as body:
                return await run_in_threadpool(desk.take, dict(request.headers), body)
        except NoRoom as error:
            said = f"A reply was not taken: {error}."
            if error.oversized:
                return await run_in_threadpool(desk.refuse, OVERSIZED, said)
            log.warning(said)
            return _again(said)
        except Exception:  # whatever it is, it is ours, and anything but a 5xx would lose the mail
            log.exception("A reply could not be taken and will be posted again.")
            return _again("The mail could not be kept now; send it again.")

    return inbound


class _Desk:
    """What is done with one post, away from the event loop."""

    def __init__(self, office: Office, keys: Sequence[EllipticCurvePublicKey]) -> None:
        self._office, self._keys = office, keys

    def take(self, headers: dict[str, str], body: bytes) -> Response:
        """Keep the mails of a post, and only then say so."""
        signature, timestamp = headers.get(SIGNATURE.lower(), ""), headers.get(TIMESTAMP.lower(), "")
        if self._keys and not genuine(self._keys, timestamp, signature, body):
            return self.refuse(FORGED, "A reply was not taken: its signature does not fit SENDGRID_INBOUND_PUBLIC_KEY.")
        post = read_post(headers.get("content-type", ""), body)
        ledger, now = self._office.ledger, self._office.clock()
        try:
            new = sum(ledger.keep(mail, ORIGIN, now, post.cover) for mail in post.mails)
            if not post.mails and body.strip():
                ledger.keep_unread(body, ORIGIN, now, UNREAD)
        except OnwardError as error:
            log.warning("A reply could not be kept and will be posted again: %s", error)
            return _again("The mail could not be kept now; send it again.")
        if not post.mails:
            return self.refuse(UNREADABLE, "A post to the reply hook could not be read.")
        if not post.whole:
            return self.refuse(UNREADABLE, "A post to the reply hook broke off; what came is kept.")
        return PlainTextResponse(f"{len(post.mails)} mail kept, {new} of it new.\n")

    def refuse(self, cause: str, said: str) -> Response:
        """Have the post sent again; people ops are told how many there were."""
        log.warning(said)
        try:
            self._office.ledger.refuse(cause, self._office.clock())
        except OnwardError as error:
            log.warning("That could not be counted: %s", error)
        return _again(said)


def _again(text: str) -> Response:
    return PlainTextResponse(text + "\n", 503)
