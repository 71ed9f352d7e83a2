"""A mail server that passes mail on: for those who have a relay and no SendGrid (RFC 5321)."""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress

from flows.addresses import RelayAt
from flows.mail.door import StopSending
from flows.mail.mime import as_bytes, checked_mailbox
from flows.mail.smtp_answers import Refused, cause
from flows.rules.email import LATER, REFUSED, SENT, UNKNOWN, Delivery, Email
from flows.rules.findings import FINE, MISSING, NO_SENDER, Finding, Wanted
from flows.rules.post import Sending

SECONDS = 30.0
TRIES = 3
MOST_REFUSALS = 8  # of different recipients in a row; then it is hardly about them
IDLE = 20.0  # seconds; servers hang up on whoever is quiet for long
KNOWN_LOGINS = {"PLAIN", "LOGIN", "CRAM-MD5"}  # to smtplib
LOGIN_ADVICE = "check the login in ONWARD_MAIL (smtp://user:password@…), and Sender address"


class Relay:
    """Carries mails by SMTP, on connections that are used again. Implements `Mailer`.

    `monotonic` gives seconds that only grow, `sleep` waits for so many.
    """

    reaches_people = True

    def __init__(
        self,
        at: RelayAt,
        width: int,
        *,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        seconds: float = SECONDS,
    ) -> None:
        self.where, self.width = f"the mail server {at.host}:{at.port}", width
        self.carrier = f"smtp:{at.host}:{at.port}"
        self._at, self._seconds = at, seconds
        self._monotonic, self._sleep = monotonic, sleep
        self._took = False  # whether any mail was taken
        self._refused: set[str] = set()  # recipients, since the last mail that was taken
        self._idle: list[tuple[smtplib.SMTP, float]] = []  # and when each was used last; the freshest at the end

    def send(self, email: Email) -> Delivery:
        """Hand the mail over, on a fresh connection if the old one is gone."""
        try:
            content, to = as_bytes(email), checked_mailbox(email.to)
        except ValueError as error:
            return Delivery(REFUSED, detail=str(error))
        sender = checked_mailbox(email.sender)
        for attempt in range(TRIES):
            server = self._take(attempt)
            try:
                self._announce(server, sender, to)
            except Refused as error:
                return self._not_taken(server, error, sender, to)
            except (OSError, smtplib.SMTPException):
                _drop(server)  # nothing was handed over yet
                continue
            try:
                return self._hand_over(server, content, email.message_id)
            except Refused as error:
                return self._not_taken(server, error, sender, to)
        raise StopSending(f"{self._name()}: it hangs up each time; the rest waits for the next run", passing=True)

    def evidence(self, sending: Sending) -> Delivery:
        """Nothing: SMTP has no way to ask."""
        return Delivery(UNKNOWN, detail=f"{self.where} cannot be asked; its own log tells, or the person")

    def connection(self, wanted: Wanted) -> list[Finding]:
        """Whether the server can be reached, lets Onward in, and takes the sender."""
        try:
            server = self._take(TRIES - 1)
            if not wanted.sender:
                self._give_back(server)
                return [Finding("Mail server", FINE, f"{self.where} lets Onward in"), NO_SENDER]
            code, said = server.mail(wanted.sender)
            closed = self._turned_away(server, wanted.sender)
            self._reset(server)
        except (StopSending, OSError, smtplib.SMTPException) as error:
            return [Finding("Mail server", MISSING, str(error))]
        if code != 250:
            said_no = (
                f"{self.where} refuses {wanted.sender} ({Refused(code, said)}); check Sender address and the login"
            )
            return [Finding("Mail server", MISSING, said_no)]
        if closed:
            said_no = f"{self.where} lets nobody send mail who is not logged in; {LOGIN_ADVICE}"
            return [Finding("Mail server", MISSING, said_no)]
        return [Finding("Mail server", FINE, f"{self.where} takes mail from {wanted.sender}")]

    def close(self) -> None:
        """Say good-bye on every connection."""
        self._let_go(_drop)

    # -- one mail ----------------------------------------------------------------------------------

    def _announce(self, server: smtplib.SMTP, sender: str, to: str) -> None:
        """Up to the server's readiness for the content. What fails here has handed nothing over."""
        try:
            _command(server, *server.mail(sender))
        except Refused as error:
            _drop(server)
            if error.code == 421:  # enough for this connection, not for the next one
                raise smtplib.SMTPServerDisconnected(str(error)) from None
            # Not this mail's fault: the server wants a login, or does not know the sender, or is busy.
            raise StopSending(
                f"{self._name()}: it takes nothing from {sender} ({error}); check Sender address, the login and the "
                "server",
                passing=error.code < 500,
            ) from None
        _command(server, *server.rcpt(to))
        _command(server, *server.docmd("DATA"), wanted=354)

    def _hand_over(self, server: smtplib.SMTP, content: bytes, message_id: str) -> Delivery:
        """The content and its end mark. From here on, no answer means that nobody knows (RFC 1047)."""
        try:
            server.send(_dotted(content))
            code, said = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            _drop(server)
            return Delivery(UNKNOWN, detail=f"the answer was lost ({cause(error)})")
        if code != 250:
            raise Refused(code, said)
        self._took = True
        self._refused.clear()
        self._give_back(server)
        return Delivery(SENT, provider_id=message_id)

    def _not_taken(self, server: smtplib.SMTP, error: Refused, sender: str, to: str) -> Delivery:
        if error.about_login or (error.maybe_about_us and not self._took and self._turned_away(server, sender)):
            _drop(server)
            raise StopSending(f"{self._name()}: it takes nothing from Onward ({error}); {LOGIN_ADVICE}")
        if error.code == 421:  # the server is closing (RFC 5321, 3.8)
            _drop(server)
        else:
            self._reset(server)
        status = REFUSED if 500 <= error.code < 600 else LATER if 400 <= error.code < 500 else UNKNOWN
        if status == REFUSED:
            self._refused.add(to)
            if len(self._refused) >= MOST_REFUSALS:
                said = f"it refuses one recipient after the other, now with “{error}”"
                raise StopSending(f"{self._name()}: {said}; {LOGIN_ADVICE}")
        return Delivery(status, detail=f"{self.where} said: {error}")

    def _turned_away(self, server: smtplib.SMTP, sender: str) -> bool:
        """Whether the server would not even take a mail for the sender; so it is not about a recipient of its own."""
        try:
            server.rset()
            server.mail(sender)
            return Refused(*server.rcpt(sender)).maybe_about_us
        except (OSError, smtplib.SMTPException):
            return False

    def _reset(self, server: smtplib.SMTP) -> None:
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            _drop(server)
        else:
            self._give_back(server)

    # -- connections -------------------------------------------------------------------------------

    def _take(self, attempt: int) -> smtplib.SMTP:
        """A connection that nobody uses, alive. Raises StopSending when there is none to be had."""
        if attempt:  # one was dead, so the others may be: a server that restarts ends them all, and says no good-bye
            self._let_go(smtplib.SMTP.close)
        while self._idle:
            with suppress(IndexError):  # another thread was faster
                server, used = self._idle.pop()
                if self._alive(server, used):
                    return server
        for wait in [0.5 * 2**n for n in range(attempt, TRIES - 1)] + [None]:
            try:
                return self._connect()
            except smtplib.SMTPAuthenticationError as error:
                refusal = Refused(error.smtp_code, error.smtp_error)
                said = f"{self._name()}: the login is refused ({refusal}); check ONWARD_MAIL"
                raise StopSending(said, passing=refusal.code < 500) from None
            except (OSError, smtplib.SMTPException) as error:
                if wait is None:
                    raise self._unreachable(error) from None
                self._sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _let_go(self, end: Callable[[smtplib.SMTP], None]) -> None:
        while self._idle:
            with suppress(IndexError):  # another thread was faster
                end(self._idle.pop()[0])

    def _give_back(self, server: smtplib.SMTP) -> None:
        self._idle.append((server, self._monotonic()))

    def _alive(self, server: smtplib.SMTP, used: float) -> bool:
        if self._monotonic() - used < IDLE:
            return True
        try:
            alive = server.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            alive = False
        if not alive:
            _drop(server)
        return alive

    def _connect(self) -> smtplib.SMTP:
        at, context = self._at, ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(at.host, at.port, timeout=self._seconds, context=context)
            if at.tls
            else smtplib.SMTP(at.host, at.port, timeout=self._seconds)
        )
        try:
            self._greet(server, context)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        at = self._at
        server.ehlo_or_helo_if_needed()
        if not at.tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif not at.tls and at.user and not at.here:
            raise StopSending(
                f"{self._name()}: it offers no STARTTLS, so the login would be read on the way; use smtps"
            )
        if at.user:
            self._log_in(server)

    def _log_in(self, server: smtplib.SMTP) -> None:
        at, offered = self._at, set(server.esmtp_features.get("auth", "").upper().split())
        if not offered & KNOWN_LOGINS:
            how = "none that Onward knows" if offered else "none"
            why = f"ONWARD_MAIL has a login, and it offers {how}"
            raise StopSending(f"{self._name()}: {why}; use another port, such as 587, or leave user and password out")
        if (at.user + at.password).isascii():
            server.login(at.user, at.password)
            return
        if "PLAIN" not in offered:
            raise StopSending(f"{self._name()}: it takes a login in plain letters only; give the user such a password")
        # smtplib writes a login in ASCII; the standard says UTF-8 (RFC 4616).
        words = "\0".join(("", at.user, at.password)).encode()
        code, answer = server.docmd("AUTH", f"PLAIN {b64encode(words).decode()}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, answer)

    def _unreachable(self, error: Exception) -> StopSending:
        if isinstance(error, ssl.SSLCertVerificationError):
            return StopSending(
                f"{self._name()}: its certificate does not fit ({error.verify_message}); use the name that it is for"
            )
        return StopSending(
            f"{self._name()}: it cannot be reached ({cause(error)}); nothing was sent, the next run tries again",
            passing=True,
        )

    def _name(self) -> str:
        return self.where.replace("the mail server", "Mail server", 1)


def _drop(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _command(server: smtplib.SMTP, code: int, said: bytes, wanted: int = 250) -> None:
    if code != wanted and not (wanted == 250 and code == 251):
        raise Refused(code, said)


def _dotted(content: bytes) -> bytes:
    """The content as it is transmitted: a leading dot doubled, and the mark of the end (RFC 5321, 4.5.2)."""
    lines = content.replace(b"\r\n.", b"\r\n..")
    lines = b"." + lines if lines.startswith(b".") else lines
    return lines + (b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n")
