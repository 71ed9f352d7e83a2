"""Where things are, as the variables of the contract write it: sheets, ways out for mail, web addresses (design §9).

Each reader returns the address, or raises BadAddress with what to write instead.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

SPREADSHEET = re.compile(r"https://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/(?P<id>[A-Za-z0-9_-]{20,})(?:[/?#].*)?")
SPREADSHEET_ID = re.compile(r"[A-Za-z0-9_-]{30,}")
HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
PEM = re.compile(r"-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", re.DOTALL)
# What every key of the kind that SendGrid signs with begins with (RFC 5480); the point on the curve follows.
P_256 = bytes.fromhex("3059301306072A8648CE3D020106082A8648CE3D03010703420004")
PORTS = {"smtp": 587, "smtps": 465}
MAILBOX_PORTS = {"imap": 143, "imaps": 993}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class BadAddress(ValueError):
    """The value cannot be used; the message says what it is not and what to write."""


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A Google spreadsheet, by its id."""

    id: str

    def __str__(self) -> str:
        return f"https://docs.google.com/spreadsheets/d/{self.id}"


@dataclass(frozen=True, slots=True)
class OutboxAt:
    """A folder with one file per mail."""

    folder: Path


@dataclass(frozen=True, slots=True)
class SendGridAt:
    """SendGrid's API, worldwide or of the EU region; the key is never shown."""

    api: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RelayAt:
    """A mail server that passes mail on; the password is never shown."""

    host: str
    port: int
    tls: bool  # from the first byte on; otherwise STARTTLS where the server offers it
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def here(self) -> bool:
        """Whether the server is this machine."""
        return self.host in LOOPBACK


@dataclass(frozen=True, slots=True)
class MailboxAt:
    """A folder of a mailbox; the password is never shown."""

    host: str
    port: int
    tls: bool  # from the first byte on; otherwise STARTTLS, which is left out on this machine alone
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @property
    def here(self) -> bool:
        """Whether the server is this machine."""
        return self.host in LOOPBACK


SheetAt = Path | Spreadsheet
MailAt = OutboxAt | SendGridAt | RelayAt


def path_at(value: str) -> Path:
    """A path as people write it, absolute."""
    return Path(value).expanduser().absolute()


def sheet_at(value: str) -> SheetAt:
    """A workbook's path, or the spreadsheet of a Google Sheets address or id."""
    if value.endswith(".xlsx"):
        return path_at(value)
    if match := SPREADSHEET.fullmatch(value):
        return Spreadsheet(match["id"])
    if SPREADSHEET_ID.fullmatch(value):
        return Spreadsheet(value)
    raise BadAddress(f"“{value}” is no sheet; write a path that ends in .xlsx, or the address of a Google spreadsheet")


def relay_at(value: str) -> RelayAt:
    """The server of `smtp://user:password@host:port`, or of `smtps://…` for TLS from the start."""
    try:
        parts = urlsplit(value)
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        raise BadAddress("the port is no number from 1 to 65535; write smtp://user:password@host:587") from None
    if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise BadAddress("this is no mail server; write smtp://user:password@host:587, with % signs for odd characters")
    if parts.username and not parts.password:
        raise BadAddress("the user has no password; write smtp://user:password@host:587")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return RelayAt(parts.hostname, port, parts.scheme == "smtps", user, password)


def mailbox_at(value: str, password: str) -> MailboxAt:
    """The folder of `imaps://user@host/folder`; the password is in the address, or the one that is given beside it."""
    like = "write it like imaps://replies%40example.com@imap.example.com/INBOX"
    try:
        parts = urlsplit(value)
        port = parts.port or MAILBOX_PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise BadAddress(f"this is no mailbox; {like}") from None
    if not parts.hostname or parts.query or parts.fragment:
        raise BadAddress(f"this is no mailbox; {like}, with % signs for odd characters")
    if not parts.username:
        raise BadAddress(f"no user is named; {like}")
    secret = unquote(parts.password or "") or password
    if not secret:
        raise BadAddress("the user has no password; set ONWARD_INBOX_PASSWORD, or write it into the address")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if any(not char.isprintable() for char in folder + unquote(parts.username) + secret):
        raise BadAddress(f"it holds characters that cannot be meant; {like}")
    return MailboxAt(parts.hostname, port, parts.scheme == "imaps", unquote(parts.username), secret, folder)


def public_keys(value: str) -> tuple[str, ...]:
    """The public keys in a value, as SendGrid shows them: bare or in PEM frames, with commas or blanks between."""
    framed = [re.sub(r"\s", "", key) for key in PEM.findall(value)]
    keys = (*framed, *PEM.sub(" ", value).replace(",", " ").split())
    for number, key in enumerate(keys, 1):
        if not _is_public_key(key):
            which = f"key {number} of {len(keys)} is" if len(keys) > 1 else "this is"
            raise BadAddress(f"{which} no public key; copy the whole one that SendGrid shows, which begins with MFkw")
    return keys


def _is_public_key(key: str) -> bool:
    try:
        found = b64decode(key, validate=True)
    except ValueError:
        return False
    return len(found) == len(P_256) + 64 and found.startswith(P_256)


def web_at(value: str) -> str:
    """The base of a web address, without a slash at its end."""
    parts = _split(value)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BadAddress(f"“{value}” is no web address; write it like https://onward.example.com")
    return value.rstrip("/")


def host_at(value: str) -> str:
    """A host name, in lower case."""
    if not HOST.fullmatch(value):
        raise BadAddress(f"“{value}” is no host name; write it like reply.example.com")
    return value.lower()


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts
