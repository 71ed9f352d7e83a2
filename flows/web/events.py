"""The hook that SendGrid tells delivery events to: `POST /hooks/sendgrid/events`.

SendGrid repeats a post for a day until it is answered with a 2xx.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from flows.mail.sendgrid_events import read_events
from flows.mail.signature import SIGNATURE, TIMESTAMP, genuine
from flows.office import Office
from flows.rules.problems import OnwardError
from flows.web.bodies import TooLarge, read_body

Handler = Callable[[Request], Awaitable[Response]]

log = logging.getLogger("onward.web")


def events_hook(office: Office, keys: Sequence[EllipticCurvePublicKey]) -> Handler:
    """The handler. With keys, a post that none of them signed is refused."""

    async def events(request: Request) -> Response:
        try:
            body = await read_body(request)
        except TooLarge:
            return _said(413, "This is more than a post of events holds.")
        signature, timestamp = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
        if keys and not genuine(keys, timestamp, signature, body):
            log.warning("A post of delivery events was refused: its signature does not fit SENDGRID_EVENT_PUBLIC_KEY.")
            return _said(403, "The signature does not fit; check SENDGRID_EVENT_PUBLIC_KEY.")
        return await run_in_threadpool(_store, office, body)

    return events


def _store(office: Office, body: bytes) -> Response:
    now = office.clock()
    try:
        told = read_events(body, office.tokens.of_mark, now)
    except ValueError:  # JSON that is none is one, and so are bytes that are no text
        return _said(400, "This is no list of events.")
    try:
        new = office.ledger.store_events(told, now)
    except OnwardError as error:
        log.warning("Delivery events could not be kept and will be told again: %s", error)
        return _said(503, "The events could not be kept now; send them again.")
    return _said(200, f"{len(told)} events about mails, {new} of them new.")


def _said(status: int, text: str) -> Response:
    return PlainTextResponse(text + "\n", status)
