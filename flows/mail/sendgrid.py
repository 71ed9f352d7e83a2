"""SendGrid: what its answers mean for a mail, for the batch and for the next try (facts: API reference, Mail Send)."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from flows.addresses import SendGridAt
from flows.mail.door import StopSending
from flows.mail.sendgrid_check import look_around
from flows.mail.sendgrid_client import READ_SECONDS, Answer, Api, Lost, NotReached, Untrusted
from flows.mail.sendgrid_logs import look_up
from flows.mail.sendgrid_payload import payload
from flows.rules.email import REFUSED, SENT, UNKNOWN, Delivery, Email
from flows.rules.findings import Finding, Wanted
from flows.rules.post import Sending

TRIES = 4
LONGEST_WAIT = 65.0  # seconds; SendGrid counts by the minute
NO_CONTENT_FAULT = (404, 405, 406, 407, 410, 415)  # whatever the mail says, this will be the answer


class SendGrid:
    """Carries mails by SendGrid's API, one request for each person. Implements `Mailer`.

    `mark` gives what a sending is known by there, by its key; `clock` gives seconds since 1970, `sleep` waits for so
    many.
    """

    reaches_people = True

    def __init__(
        self,
        at: SendGridAt,
        width: int,
        mark: Callable[[str], str],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        read_seconds: float = READ_SECONDS,
        ca: Path | None = None,
    ) -> None:
        self.where, self.width = f"SendGrid ({at.api})", width
        # The key stands for the account: what another account knows nothing of may well have left by this one.
        self.carrier = f"sendgrid:{at.api}:{sha256(at.key.encode()).hexdigest()[:12]}"[:200]
        self._mark = mark
        self._api = Api(at.api, at.key, width, read_seconds, ca)
        self._clock, self._sleep = clock, sleep
        self._open_at = 0.0  # SendGrid said that it takes nothing before
        self._gate = threading.Lock()

    def send(self, email: Email) -> Delivery:
        """Hand the mail over. 202 is all that SendGrid ever says; what comes later are delivery events."""
        try:
            request = payload(email, self._mark(email.key))
        except ValueError as error:
            return Delivery(REFUSED, detail=str(error))
        for attempt in range(TRIES):
            self._wait_at_the_gate()
            try:
                answer = self._api.send(request)
            except Untrusted as error:
                raise StopSending(
                    f"SendGrid: {self._api.url} cannot prove who it is ({error}); check the address, the proxy and "
                    "the certificates of this machine"
                ) from None
            except NotReached as error:
                self._after_not_reached(attempt, error)
                continue
            except Lost as error:
                return Delivery(UNKNOWN, detail=f"the answer was lost ({error})")
            if answer.status != 429:
                return outcome(answer)
            self._close_the_gate(answer)
        raise StopSending("SendGrid: too many requests, again and again; the rest waits for the next run", passing=True)

    def evidence(self, sending: Sending) -> Delivery:
        """What SendGrid's Email Logs say about a sending."""
        return look_up(self._api, sending, self._mark(sending.key))

    def connection(self, wanted: Wanted) -> list[Finding]:
        """Whether the key, the sender and the hooks are as they have to be."""
        return look_around(self._api, wanted)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _after_not_reached(self, attempt: int, error: NotReached) -> None:
        """Wait a moment and let the next try happen; nothing left, so it can be tried again."""
        if attempt == TRIES - 1:
            raise StopSending(
                f"SendGrid: {self._api.url} cannot be reached ({error}); nothing was sent, the next run tries again",
                passing=True,
            ) from None
        self._sleep(0.25 * 2**attempt * random.uniform(1, 2))  # noqa: S311 - no secret, only not all at once

    def _wait_at_the_gate(self) -> None:
        with self._gate:
            wait = self._open_at - self._clock()
        if wait > 0:
            self._sleep(wait + random.uniform(0, 0.5))  # noqa: S311 - no secret, only not all at once

    def _close_the_gate(self, answer: Answer) -> None:
        """Let no thread send before the moment that SendGrid named."""
        now = self._clock()
        ahead = (_moment(answer.headers.get("Date")) or now) - now  # its clock before ours
        reset = (_number(answer.headers.get("X-RateLimit-Reset")) or now + ahead + 2) - ahead
        if reset - now > LONGEST_WAIT:
            until = datetime.fromtimestamp(reset, UTC)
            raise StopSending(
                f"SendGrid: too many requests, it takes more from {until:%H:%M} UTC on; the rest waits for a later run",
                passing=True,
            )
        with self._gate:
            self._open_at = max(self._open_at, reset)


def outcome(answer: Answer) -> Delivery:
    """What an answer other than 429 means. Raises StopSending where every further mail would meet the same."""
    status, said = answer.status, answer.said
    if status in (200, 202):  # 200 is the sandbox's
        return Delivery(SENT, provider_id=answer.headers.get("X-Message-Id", ""))
    if status == 401 and "credits" in said.lower():
        raise StopSending(f"SendGrid: the plan's mails are used up ({said}); raise the plan, or wait until it renews")
    if status == 401:
        raise StopSending(f"SendGrid: the key is refused ({said}); make a new one and set SENDGRID_API_KEY")
    if status == 403:
        raise StopSending(
            f"SendGrid: not allowed ({said}); give the key the permission Mail Send, and verify the sender's domain"
        )
    if status == 400 and any(field.split(".")[0] == "from" for field in answer.fields):
        raise StopSending(f"SendGrid: the sender is refused ({said}); mend Sender address in the tab Settings")
    if 300 <= status < 400 or status in NO_CONTENT_FAULT:
        raise StopSending(f"SendGrid: no mail is taken at this address (status {status}); check ONWARD_SENDGRID_API")
    if 400 <= status < 500 and status != 408:
        return Delivery(REFUSED, detail=f"SendGrid refused it: {said}")
    return Delivery(UNKNOWN, detail=f"SendGrid failed while it took it (status {status})")


def _moment(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text or "").timestamp()
    except ValueError:
        return None


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None
