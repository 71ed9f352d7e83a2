"""SendGrid as Onward meets it: Mail Send, Email Logs, what `onward check --connections` looks at, signed events."""

from __future__ import annotations

import base64
import json
import re
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.standins.sendgrid_rules import faults
from tests.standins.service import Answer, Request, Service

KEY = "SG.a-key-for-tests.0123456789"
SCOPES = ["mail.send", "user.webhooks.event.settings.read", "user.webhooks.parse.settings.read", "whitelabel.read"]
QUERY = re.compile(r'to_email = "([^"]+)"(?: AND sg_message_id_created_at > TIMESTAMP "([^"]+)")?')


@dataclass(slots=True)
class Accepted:
    """A mail that was taken, in the order of taking."""

    payload: dict[str, Any]
    number: int
    at: float
    logged: bool = True  # whether the Email Logs show it yet
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def message_id(self) -> str:
        """What the answer says in X-Message-Id."""
        return f"StandIn{self.number:08d}"

    @property
    def sg_message_id(self) -> str:
        """What logs and events say."""
        return f"{self.message_id}.recvd-7c9-abcde-1-68A0-1.0"

    @property
    def to(self) -> str:
        """Whom it is for."""
        return str(self.payload["personalizations"][0]["to"][0]["email"])

    @property
    def key(self) -> str:
        """Our own argument."""
        return str(next(iter(self.payload["custom_args"].values())))

    def message(self) -> EmailMessage:
        """The mail as the recipient gets it."""
        made, payload = EmailMessage(), self.payload
        made["From"] = _shown(payload["from"])
        made["To"] = _shown(payload["personalizations"][0]["to"][0])
        made["Reply-To"] = payload["reply_to"]["email"]
        made["Subject"] = payload["subject"]
        for name, value in payload["headers"].items():
            made[name] = value
        made.set_content(payload["content"][0]["value"])
        made.add_alternative(payload["content"][1]["value"], subtype="html")
        return made


class SendGrid(Service):
    """One account. What it took is in `accepted`."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[Accepted] = []
        self.scopes = list(SCOPES)
        self.logs_readable = True
        self.logs_lag = False  # new mails are not in the logs until `show_logs`
        self.credits = 10**9
        self.per_minute = 10**9
        self.clock: Callable[[], float] = time.time
        self.domains: list[dict[str, Any]] = [{"domain": "example.com", "valid": True}]
        self.senders: list[dict[str, Any]] = []
        self.event_hooks: list[dict[str, Any]] = []
        self.parse_hooks: list[dict[str, Any]] = []
        self.policies: dict[str, dict[str, Any]] = {}  # by id
        self.signer = ec.generate_private_key(ec.SECP256R1())
        self._minute: list[float] = []

    # -- the API -----------------------------------------------------------------------------------

    def handle(self, request: Request) -> Answer:
        """Route, after looking at the key."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "The provided authorization grant is invalid, expired, or revoked")
        if request.path == "/v3/mail/send" and request.method == "POST":
            return self._send(request)
        if request.path == "/v3/logs" and request.method == "POST":
            return self._search(request)
        if request.path.startswith("/v3/logs/"):
            return self._details(request.path.removeprefix("/v3/logs/"))
        return self._settings(request)

    def busy(self, request: Request) -> Answer:
        """The 429 of the API, with the moment from which it takes more."""
        answer = _error(429, "too many requests")
        answer.headers |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(self.clock()) + 1)}
        return answer

    def _send(self, request: Request) -> Answer:
        if "mail.send" not in self.scopes:
            return _error(403, "access forbidden")
        if request.headers.get("content-type") != "application/json":
            return _error(415, "Content-Type should be application/json.")
        now = self.clock()
        self._minute = [moment for moment in self._minute if now - moment < 60]
        if len(self._minute) >= self.per_minute:
            return self.busy(request)
        if wrong := list(faults(request.json)):
            return Answer(400, {"errors": [{"message": said, "field": where, "help": None} for where, said in wrong]})
        sender = request.json["from"]["email"]
        if sender.partition("@")[2] not in {domain["domain"] for domain in self.domains}:
            said = "The from address does not match a verified Sender Identity."
            return Answer(403, {"errors": [{"message": said, "field": "from", "help": None}]})
        if self.credits <= 0:
            return _error(401, "Maximum credits exceeded")
        self.credits -= 1
        self._minute.append(now)
        taken = Accepted(request.json, len(self.accepted), now, logged=not self.logs_lag)
        self.accepted.append(taken)
        return Answer(202, b"", {"X-Message-Id": taken.message_id})

    def _search(self, request: Request) -> Answer:
        if not self.logs_readable:
            return _error(403, "access forbidden")
        match = QUERY.fullmatch(request.json.get("query", ""))
        if not match or request.json.keys() - {"query", "limit"} or not 1 <= request.json.get("limit", 10) <= 1000:
            return _error(400, "invalid query")
        hits = [each for each in self.accepted if each.logged and each.to == match[1]]
        found = [
            {
                "from_email": each.payload["from"]["email"],
                "sg_message_id": each.sg_message_id,
                "subject": each.payload["subject"],
                "to_email": each.to,
                "reason": "",
                "status": "delivered",
                "sg_message_id_created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(each.at)),
            }
            for each in hits
        ]
        newer = [each for each in found if not match[2] or each["sg_message_id_created_at"] > match[2]]
        return Answer(200, {"messages": newer[: request.json.get("limit", 10)]})

    def _details(self, sg_message_id: str) -> Answer:
        for each in self.accepted:
            if each.sg_message_id == sg_message_id:
                arguments = each.payload["custom_args"]
                return Answer(200, {"sg_message_id": sg_message_id, "to_email": each.to, "custom_args": arguments})
        return _error(404, "message not found")

    def _settings(self, request: Request) -> Answer:
        known: dict[str, Any] = {
            "/v3/scopes": {"scopes": self.scopes},
            "/v3/whitelabel/domains": self.domains,
            "/v3/verified_senders": {"results": self.senders},
            "/v3/user/webhooks/event/settings/all": {"max_allowed": 5, "webhooks": self.event_hooks},
            "/v3/user/webhooks/parse/settings": {"result": self.parse_hooks},
            **{f"/v3/user/webhooks/security/policies/{id_}": {"policy": each} for id_, each in self.policies.items()},
        }
        if request.path not in known or request.method != "GET":
            return _error(404, "not found")
        return Answer(200, known[request.path])

    # -- events ------------------------------------------------------------------------------------

    @property
    def public_key(self) -> str:
        """The key that events are checked with, as SendGrid shows it."""
        return base64.b64encode(
            self.signer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        ).decode()

    def event(self, accepted: Accepted, kind: str, number: int = 0, **more: Any) -> dict[str, Any]:
        """One event of a mail, as the Event Webhook tells it; our arguments stand beside its own fields."""
        return {
            "email": accepted.to,
            "timestamp": int(accepted.at) + number,
            "event": kind,
            "sg_event_id": base64.urlsafe_b64encode(f"{accepted.number}-{kind}-{number}".encode()).decode(),
            "sg_message_id": accepted.sg_message_id,
            "smtp-id": accepted.payload["headers"]["Message-ID"],
            "category": accepted.payload["categories"],
            **accepted.payload["custom_args"],
            **more,
        }

    def signed(self, events: Sequence[dict[str, Any]]) -> tuple[bytes, dict[str, str]]:
        """The body and the headers of one post."""
        body = ("[" + ",\r\n".join(json.dumps(event) for event in events) + "]\r\n").encode()
        moment = str(int(self.clock()))
        signature = base64.b64encode(self.signer.sign(moment.encode() + body, ec.ECDSA(SHA256()))).decode()
        return body, {
            "Content-Type": "application/json",
            "X-Twilio-Email-Event-Webhook-Signature": signature,
            "X-Twilio-Email-Event-Webhook-Timestamp": moment,
        }

    def post(self, url: str, events: Sequence[dict[str, Any]]) -> int:
        """Tell these events to a hook; the status of its answer."""
        body, headers = self.signed(events)
        request = urllib.request.Request(url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


def _shown(address: dict[str, str]) -> str:
    name = address.get("name", "")
    return f'"{name}" <{address["email"]}>' if name else address["email"]


def _error(status: int, message: str) -> Answer:
    return Answer(status, {"errors": [{"message": message, "field": None, "help": None}]})
