"""Reply addresses and message ids that say which mail a reply belongs to, and that nobody can make up.

A token is 32 characters of lower-case base32: a version, the 8 bytes that identify the sending, and a signature.
Mail systems lose the case of an address and drop what follows a plus, so it is `r.<token>@` (design §5).
"""

from __future__ import annotations

import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256

VERSION = b"\x01"
REPLY, PAGE, SEAL, SENT = b"reply", b"page", b"seal", b"sent"  # what a token is good for; one for the other is none
TOKEN = re.compile(r"(?<![a-z2-7])([a-z2-7]{32})(?![a-z2-7])")


def identity(key: str) -> bytes:
    """The 8 bytes that stand for a sending's key."""
    return sha256(key.encode()).digest()[:8]


def find_token(texts: Iterable[str]) -> str | None:
    """The first thing that looks like a token; whether it is genuine only the installation's secret tells."""
    return next((match[1] for text in texts for match in TOKEN.finditer(text.lower())), None)


class Tokens:
    """Makes and checks the tokens of one installation."""

    def __init__(self, secret: str, domain: str) -> None:
        self._secret = secret.encode()
        self.token = lru_cache(maxsize=64)(self._reply)  # each mail carries it in several places
        self._domain = domain

    def page(self, key: str) -> str:
        """The token in the links of this sending; it opens pages and is no reply address."""
        return self._token(key, PAGE)

    def mark(self, key: str) -> str:
        """What a sending is known by at the provider: nobody else can make it up, and it says nothing about anybody."""
        return self._token(key, SENT)

    def of_mark(self, mark: str) -> bytes | None:
        """The identity of the sending with this mark; None for what this installation never marked so."""
        return self._genuine(mark, SENT) if TOKEN.fullmatch(mark) else None

    def of_page(self, token: str) -> bytes | None:
        """The identity of the sending whose pages this token opens; None when nobody was given such a token."""
        return self._genuine(token.lower(), PAGE) if TOKEN.fullmatch(token.lower()) else None

    def seal(self, text: str) -> str:
        """A mark that only this installation can put under a text, for what a browser keeps for us."""
        return hmac.digest(self._secret, SEAL + b"\0" + text.encode(), "sha256").hex()[:32]

    def sealed(self, text: str, seal: str) -> bool:
        """Whether the mark under a text is ours."""
        return hmac.compare_digest(self.seal(text).encode(), seal.encode(errors="replace"))

    def address(self, key: str) -> str:
        """Where replies to this sending go."""
        return f"r.{self.token(key)}@{self._domain}"

    def message_id(self, key: str) -> str:
        """The sending's Message-ID: who ignores Reply-To still brings it back in In-Reply-To (RFC 5322, 3.6.4)."""
        return f"<m.{self.token(key)}@{self._domain}>"

    def thread(self, key: str) -> str:
        """The id that all mails of one occasion refer to, so that clients show them as one conversation."""
        return f"<t.{identity(key).hex()}@{self._domain}>"

    def find(self, texts: Iterable[str]) -> bytes | None:
        """The identity in the first genuine token among addresses or message ids, in whatever case they came back."""
        return next(self.each(texts), None)

    def each(self, texts: Iterable[str]) -> Iterator[bytes]:
        """The identities in all genuine tokens, in their order."""
        for text in texts:
            for match in TOKEN.finditer(text.lower()):
                if found := self._genuine(match[1], REPLY):
                    yield found

    def _reply(self, key: str) -> str:
        """The token of the sending with this key."""
        return self._token(key, REPLY)

    def _token(self, key: str, purpose: bytes) -> str:
        body = VERSION + identity(key)
        return b32encode(body + self._signature(body, purpose)).decode().lower()

    def _genuine(self, token: str, purpose: bytes) -> bytes | None:
        raw = b32decode(token.upper())
        body, signature = raw[:9], raw[9:]
        fits = hmac.compare_digest(self._signature(body, purpose), signature)
        return body[1:] if body[:1] == VERSION and fits else None

    def _signature(self, body: bytes, purpose: bytes) -> bytes:
        return hmac.digest(self._secret, purpose + b"\0" + body, "sha256")[:11]
