"""One Email as the bytes of an RFC 5322 message, put together by hand because the standard library takes 3 ms for it.

It knows nothing of how the bytes travel.
"""

from __future__ import annotations

import re
import textwrap
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from contextlib import suppress
from email.utils import format_datetime
from hashlib import sha256

from flows.rules.email import Address, Email

LINE = 66  # of a header's value, so that name and value stay within the 76 that RFC 2047 allows
FOLD = "\r\n "
CHUNK = 39  # bytes in one encoded word, which has 64 characters then

# Addresses as they may stand between "<" and ">" without quoting: nothing that could end the header or the address.
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_MAILBOX = re.compile(rf"(?=.{{3,254}}$){_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_VALUE = re.compile(r"[!-~](?:[ -~]{0,900}[!-~])?")
_PRINTABLE = re.compile(r"[ -~]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_OURS = {
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "cc",
    "bcc",
    "sender",
    "return-path",
}


def as_bytes(email: Email) -> bytes:
    """The message with CRLF line ends. Raises ValueError for what cannot stand in a header, naming it."""
    boundary = f"=_{sha256(email.key.encode(errors='replace')).hexdigest()[:32]}"  # "=_" is in no encoded body
    head = "\r\n".join((*_head(email), f'Content-Type: multipart/alternative;{FOLD}boundary="{boundary}"', "", ""))
    mark = f"--{boundary}"
    return b"".join(
        (
            f"{head}{mark}\r\n".encode("ascii"),
            *_part("plain", email.text),
            f"\r\n{mark}\r\n".encode("ascii"),
            *_part("html", email.html),
            f"\r\n{mark}--\r\n".encode("ascii"),
        )
    )


def _head(email: Email) -> Iterator[str]:
    yield f"From: {_mailbox(email.sender)}"
    yield f"To: {_mailbox(email.to)}"
    yield f"Reply-To: {_mailbox(email.reply_to)}"
    yield f"Subject: {_words(_clean(email.subject))}"
    yield f"Date: {format_datetime(email.date)}"
    yield f"Message-ID: {_checked(_MESSAGE_ID, email.message_id, 'a message id')}"
    for name, value in email.headers.items():
        if name.lower() in _OURS or name.lower().startswith("content-"):
            raise ValueError(f"“{name}” is no further header: it is made from the mail itself")
        yield f"{_checked(_NAME, name, 'a header name')}: {_checked(_VALUE, value, f'the header {name}')}"
    yield "MIME-Version: 1.0"


def _checked(allowed: re.Pattern[str], text: str, what: str) -> str:
    if not allowed.fullmatch(text):
        raise ValueError(f"“{_clean(text)}” cannot stand as {what}")
    return text


def checked_mailbox(address: Address) -> str:
    """The bare address, its host in ASCII. Raises ValueError for what cannot stand as one."""
    user, _, host = address.email.rpartition("@")
    if not host.isascii():
        with suppress(UnicodeError):  # what is no host name is refused below, with the whole address
            host = host.encode("idna").decode("ascii")
    return _checked(_MAILBOX, f"{user}@{host}", "an address")


def _mailbox(address: Address) -> str:
    email = checked_mailbox(address)
    name = _clean(address.name)
    if not name:
        return email
    shown = _quoted(name) if _PRINTABLE.fullmatch(name) and "=?" not in name else _encoded(name)
    return f"{shown}{' ' if len(shown) + len(email) < LINE else FOLD}<{email}>"


def _quoted(name: str) -> str:
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return quoted if len(quoted) <= LINE else _encoded(name)


def _clean(text: str) -> str:
    """One line without control characters: a line break in a name must not begin a header."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _words(text: str) -> str:
    """A header's text: as it is, folded at its blanks, where that is possible, else in encoded words."""
    if _PRINTABLE.fullmatch(text) and "=?" not in text:
        lines = textwrap.wrap(text, LINE, break_long_words=False, break_on_hyphens=False)
        if all(len(line) <= LINE for line in lines):
            return FOLD.join(lines)
    return _encoded(text)


def _encoded(text: str) -> str:
    """RFC 2047 words, each of whole characters, and of whole words where they fit.

    Readers shall put them together without a gap; Python's own leaves a blank in names, which hurts least at a blank.
    """
    chunks = [b""]
    for word in re.findall(" ?[^ ]+", text):
        whole = len(word.encode(errors="replace")) <= CHUNK
        for piece in [word] if whole else word:
            encoded = piece.encode(errors="replace")
            if len(chunks[-1]) + len(encoded) > CHUNK:
                chunks.append(b"")
            chunks[-1] += encoded
    return FOLD.join(f"=?utf-8?b?{b64encode(chunk).decode('ascii')}?=" for chunk in chunks)


def _part(subtype: str, text: str) -> Iterator[bytes]:
    data = text.replace("\r\n", "\n").replace("\r", "\n").encode(errors="replace")
    # Encoded with LF and turned into CRLF afterwards: b2a_qp leaves blanks at a line's end open before CRLF.
    body, encoding = b2a_qp(data, istext=True).replace(b"\n", b"\r\n"), b"quoted-printable"
    if len(body) > len(data) * 1.4:  # Japanese, Arabic, Cyrillic
        body, encoding = encodebytes(data.replace(b"\n", b"\r\n")).replace(b"\n", b"\r\n"), b"base64"
    yield b'Content-Type: text/%b; charset="utf-8"\r\n' % subtype.encode("ascii")
    yield b"Content-Transfer-Encoding: %b\r\n\r\n" % encoding
    yield body
