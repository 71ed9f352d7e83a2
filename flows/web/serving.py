"""Serving the web application until somebody ends it."""

from __future__ import annotations

import errno
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
    bare = host.strip("[]")
    try:
        families = {each[0] for each in socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM)}
        if socket.AF_INET in families:  # as for localhost, which has two
            return socket.create_server((bare, port), backlog=WAITING, reuse_port=False)
        return socket.create_server((bare, port), family=socket.AF_INET6, backlog=WAITING, dualstack_ipv6=bare == "::")
    except (OSError, UnicodeError) as error:
        said = getattr(error, "strerror", None) or str(error)
        advice = "name an address of this machine with --host"
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            advice = "end what runs there, or choose another port with --port"
        raise OnwardError(f"{place_of(host, port)}: nothing can be served here ({said}); {advice}.") from None


def place_of(host: str, port: int) -> str:
    """Host and port as an address has them: one with colons goes into brackets."""
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


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
