"""Serving the web application until somebody ends it."""

from __future__ import annotations

import socket
from contextlib import closing

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from starlette.types import ASGIApp

from flows.mail.signature import public_key
from flows.rules.problems import OnwardError

WAITING = 2048  # connections that may wait their turn


def event_keys(texts: tuple[str, ...]) -> list[EllipticCurvePublicKey]:
    """The public keys in SENDGRID_EVENT_PUBLIC_KEY. Raises OnwardError."""
    return _keys("SENDGRID_EVENT_PUBLIC_KEY", texts, "shows under Signed Event Webhook")


def inbound_keys(texts: tuple[str, ...]) -> list[EllipticCurvePublicKey]:
    """The public keys in SENDGRID_INBOUND_PUBLIC_KEY. Raises OnwardError."""
    return _keys("SENDGRID_INBOUND_PUBLIC_KEY", texts, "shows in the security policy of Inbound Parse")


def _keys(variable: str, texts: tuple[str, ...], where: str) -> list[EllipticCurvePublicKey]:
    try:
        return [public_key(text) for text in texts]
    except ValueError as error:
        raise OnwardError(f"{variable}: this is no public key ({error}); copy the one that SendGrid {where}.") from None


def listen(host: str, port: int) -> socket.socket:
    """A place to listen at, taken at once, so that whoever has it already is met here. Raises OnwardError."""
    try:
        return socket.create_server((host, port), backlog=WAITING, reuse_port=False)
    except OSError as error:
        raise OnwardError(
            f"{host}:{port}: nothing can be served here ({error.strerror}); end what runs there, or choose another "
            "port with --port."
        ) from None


def server_of(app: ASGIApp) -> uvicorn.Server:
    """A server of the application; `run(sockets=[place])` serves, and `should_exit` ends it from elsewhere."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            access_log=False,  # paths hold tokens
            log_level="warning",
            server_header=False,
            proxy_headers=False,  # uvicorn would believe any program on this machine; see web.desk
            timeout_graceful_shutdown=20,
        )
    )


def serve(app: ASGIApp, place: socket.socket) -> None:
    """Serve until Ctrl-C or a signal ends it; what is under way is finished."""
    with closing(place):
        server_of(app).run(sockets=[place])
