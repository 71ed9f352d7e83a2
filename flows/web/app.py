"""The web application: which path is answered by what."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from flows.office import Office
from flows.rules.problems import OnwardError
from flows.web.events import events_hook
from flows.web.inbound import inbound_hook
from flows.web.pages import broken, make_desk, not_found, page_routes
from flows.web.shield import Shield


def make_app(
    office: Office,
    event_keys: Sequence[EllipticCurvePublicKey],
    inbound_keys: Sequence[EllipticCurvePublicKey] = (),
    *,
    web: str = "",
    proxies: int = 0,
    monotonic: Callable[[], float] = time.monotonic,
    more: Sequence[BaseRoute] = (),
) -> ASGIApp:
    """The application of an opened office, reached at `web` from outside, behind so many proxies of our own."""

    async def health(request: Request) -> Response:
        """Whether what every request needs is there: the ledger."""
        try:
            await run_in_threadpool(office.ledger.has_unfiled)
        except OnwardError:
            return PlainTextResponse("The ledger cannot be used.\n", 503)
        return PlainTextResponse("All is well.\n")

    desk = make_desk(office, web, proxies, monotonic)
    app = Starlette(
        routes=[
            Route("/healthz", health, methods=["GET"]),
            Route("/hooks/sendgrid/events", events_hook(office, event_keys), methods=["POST"]),
            Route("/hooks/sendgrid/inbound", inbound_hook(office, inbound_keys), methods=["POST"]),
            *page_routes(desk),
            *more,
        ],
        exception_handlers={HTTPException: not_found(desk), Exception: broken(desk)},
    )
    return Shield(app, desk.secure)  # around all of it: also what goes wrong is answered with every header
