"""Whether SendGrid sent a post: ECDSA over the time stamp and the raw body (docs: Event Webhook Security Features).

Not the library's own check, which takes text only and fails on bodies that are not UTF-8.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

SIGNATURE, TIMESTAMP = "X-Twilio-Email-Event-Webhook-Signature", "X-Twilio-Email-Event-Webhook-Timestamp"


def public_key(text: str) -> EllipticCurvePublicKey:
    """A key as SendGrid shows it, with or without a PEM frame. Raises ValueError."""
    bare = re.sub(r"-----[A-Z ]+-----|\s", "", text)
    key = load_der_public_key(b64decode(bare, validate=True))
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("this is a key of another kind")  # noqa: TRY004 - the text is wrong, not its type
    return key


def genuine(keys: Iterable[EllipticCurvePublicKey], timestamp: str, signature: str, body: bytes) -> bool:
    """Whether one of the keys signed exactly these bytes. Several may count while one takes the other's place.

    How old the time stamp is does not matter: posts are repeated for days, and each event counts once anyway.
    """
    # Nothing stands between time stamp and body, so only digits may be one.
    if not re.fullmatch(r"\d{10}", timestamp):
        return False
    return any(_fits(key, timestamp.encode() + body, signature) for key in keys)


def _fits(key: EllipticCurvePublicKey, signed: bytes, signature: str) -> bool:
    try:
        key.verify(b64decode(signature, validate=True), signed, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):  # base64 that is none is a ValueError
        return False
    return True
