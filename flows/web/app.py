"""The web application: which path is answered by what."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from flows.office import Office
from flows.rules.problems import OnwardError
from flows.web.events import events_hook
from flows.web.inbound import inbound_hook


def make_app(
    office: Office,
    event_keys: Sequence[EllipticCurvePublicKey],
    inbound_keys: Sequence[EllipticCurvePublicKey] = (),
) -> Starlette:
    """The application of an opened office."""

    async def health(request: Request) -> Response:
        """Whether what every request needs is there: the ledger."""
        try:
            await run_in_threadpool(office.ledger.has_unfiled)
        except OnwardError:
            return PlainTextResponse("The ledger cannot be used.\n", 503)
        return PlainTextResponse("All is well.\n")

    return Starlette(
        routes=[
            Route("/healthz", health, methods=["GET"]),
            Route("/hooks/sendgrid/events", events_hook(office, event_keys), methods=["POST"]),
            Route("/hooks/sendgrid/inbound", inbound_hook(office, inbound_keys), methods=["POST"]),
        ]
    )
