"""Posts as SendGrid's Inbound Parse makes them, in raw and in default mode, and signs them."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterable, Sequence
from email import message_from_bytes

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BOUNDARY = "xYzZY"


def form(fields: Iterable[tuple[str, bytes]], boundary: str = BOUNDARY) -> bytes:
    """The fields as a body, each with its own bytes."""
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + data + b"\r\n"
        for name, data in fields
    )
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def headers(boundary: str = BOUNDARY) -> dict[str, str]:
    """What it says of the body."""
    return {"Content-Type": f"multipart/form-data; boundary={boundary}", "User-Agent": "Sendlib/1.0"}


def envelope(to: Sequence[str] = (), sender: str | None = "ana@example.com") -> tuple[str, bytes]:
    """The field that says whom the mail was really sent to."""
    return "envelope", json.dumps({"to": list(to), **({"from": sender} if sender is not None else {})}).encode()


def raw_mode(raw: bytes, to: Sequence[str] = (), sender: str | None = "ana@example.com") -> list[tuple[str, bytes]]:
    """The fields of a post that holds the whole mail."""
    mail = message_from_bytes(raw)
    return [
        ("dkim", b"{@example.com : pass}"),
        ("email", raw),
        ("to", str(mail["To"]).encode()),
        ("from", str(mail["From"]).encode()),
        ("sender_ip", b"192.0.2.1"),
        envelope(to, sender),
        ("subject", str(mail["Subject"]).encode()),
        ("charsets", b'{"to":"UTF-8","from":"UTF-8","subject":"UTF-8"}'),
        ("SPF", b"pass"),
    ]


def default_mode(
    raw: bytes, text: bytes, html: bytes = b"", charsets: str = '{"text":"utf-8"}', to: Sequence[str] = ()
) -> list[tuple[str, bytes]]:
    """The fields of a post that holds a mail in pieces: the headers are those of the raw mail."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"
    pieces = [("headers", head), ("text", text), ("html", html), ("attachments", b"0"), envelope(to)]
    return [*[(name, data) for name, data in pieces if data], ("charsets", charsets.encode())]


class Signer:
    """A security policy's key."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = base64.b64encode(public).decode()

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers of a post that it signed."""
        moment = str(int(time.time()))
        signature = base64.b64encode(self._key.sign(moment.encode() + body, ec.ECDSA(SHA256()))).decode()
        return {
            **headers(),
            "X-Twilio-Email-Event-Webhook-Signature": signature,
            "X-Twilio-Email-Event-Webhook-Timestamp": moment,
        }
