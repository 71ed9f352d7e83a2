"""A Google service account for tests: its key, and the endpoint that gives out tokens for it."""

from __future__ import annotations

import base64
import json
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

EMAIL = "onward@sample-project.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCES = ("https://oauth2.googleapis.com/token",)  # what google-auth writes, wherever it sends it


@cache
def private_key() -> rsa.RSAPrivateKey:
    """Made once for all tests: it takes a moment."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def write_key(path: Path, token_uri: str) -> Path:
    """The JSON file that Google lets people download."""
    pem = private_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    about = {
        "type": "service_account",
        "project_id": "sample-project",
        "private_key_id": "k1",
        "private_key": pem.decode(),
        "client_email": EMAIL,
        "client_id": "1",
        "token_uri": token_uri,
    }
    path.write_text(json.dumps(about))
    return path


def why_not(body: bytes, *, clock_ahead: float = 0) -> str:
    """Why no token is given for this request; empty when one is. `clock_ahead` is how wrong the asker's clock is."""
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    if form.get("grant_type") != GRANT:
        return "Invalid grant_type"
    try:
        head, claims, signature = (_decoded(part) for part in form["assertion"].split("."))
        signed = form["assertion"].rpartition(".")[0].encode()
        private_key().public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError, KeyError):
        return "Invalid JWT Signature."
    assert json.loads(head)["alg"] == "RS256"
    return _claims(json.loads(claims), clock_ahead)


def _claims(claims: dict[str, Any], clock_ahead: float) -> str:
    now = time.time() - clock_ahead
    if claims["iss"] != EMAIL:
        return "Invalid grant: account not found"
    if claims["scope"] != SCOPE:
        return "Invalid OAuth scope"
    if claims["aud"] not in AUDIENCES:
        return "Invalid JWT: Failed audience check"
    if not now - 300 < claims["iat"] < now + 300 or claims["exp"] > claims["iat"] + 3600:
        words = "Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
        return f"Invalid JWT: {words} Check your iat and exp values in the JWT claim."
    return ""


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
