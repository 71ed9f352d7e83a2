"""A mail server on the loopback that takes mail, refuses it, or dies in the middle, as it is told."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session

from flows.addresses import RelayAt

EVERYBODY = ""  # among the refused recipients
# What happens to the next mail: an answer of the server's, or the end of the connection.
GONE_BEFORE, GONE_AFTER = "closed before taking", "closed after taking"


def free_port() -> int:
    """A port that nothing listened at just now."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


class Smtp:
    """Serves while it is entered. `fates` holds what happens to the mails to come, one each; else they are taken."""

    def __init__(self, *, login: tuple[str, str] | None = None, **options: Any) -> None:
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.fates: deque[str] = deque()
        self.refused_recipients: dict[str, str] = {}
        self.refused_senders: dict[str, str] = {}
        self.connections = 0
        self.crowd = 0  # mails are answered when so many connections are there
        self._transports: list[Any] = []
        self._login = login
        authenticator = self._check if login else None
        self._controller = Controller(
            self, "127.0.0.1", free_port(), authenticator=authenticator, auth_require_tls=False, **options
        )

    def __enter__(self) -> Smtp:
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._controller.stop()

    @property
    def at(self) -> RelayAt:
        """Where it is."""
        user, password = self._login or ("", "")
        return RelayAt("127.0.0.1", self._controller.port, tls=False, user=user, password=password)

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, read."""
        return [message_from_bytes(raw, _class=EmailMessage, policy=default) for _, _, raw in self.taken]

    def hang_up(self) -> None:
        """End every connection, as servers do with those who are quiet for long."""
        for transport in self._transports:
            self._controller.loop.call_soon_threadsafe(transport.abort)

    def _check(self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        user, password = self._login or ("", "")
        good = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=good, handled=False)

    async def handle_EHLO(
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count who comes."""
        self.connections += 1
        self._transports.append(server.transport)
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender, unless told otherwise."""
        if address in self.refused_senders:
            return self.refused_senders[address]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient, unless told otherwise."""
        refusal = self.refused_recipients.get(address) or self.refused_recipients.get(EVERYBODY)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        """Take the mail, unless told otherwise."""
        while self.connections < self.crowd:
            await asyncio.sleep(0.01)
        fate = self.fates.popleft() if self.fates else ""
        if fate not in ("", GONE_AFTER, GONE_BEFORE):
            return fate
        if fate != GONE_BEFORE:
            raw = envelope.original_content or b""
            self.taken.append((str(envelope.mail_from), list(envelope.rcpt_tos), raw))
        if fate:
            server.transport.abort()
        return "250 OK"
