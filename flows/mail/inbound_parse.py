"""SendGrid's Inbound Parse: from one post to the raw mails in it (docs: Inbound Email Parse Webhook).

In raw mode the post holds the mail. In default mode it holds the pieces, of which a mail is made here, byte by byte
and always the same, so that one path leads on from there and a post that is repeated is recognised.
"""

from __future__ import annotations

import json
import re
from base64 import encodebytes
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flows.mail.multipart import Field, read_fields
from flows.rules.post import Cover

RAW = ("email", "rawemail")
MOST_RECIPIENTS, LONGEST_ADDRESS, MOST_JSON = 50, 320, 100_000

_BREAK = re.compile(rb"\r\n|\r|\n")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_ABOUT_THE_BODY = re.compile(rb"(?:content-[!-9;-~]+|mime-version)[ \t]*:", re.I)
_CHARSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,39}")
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9.+-]{0,80}")
_MADE_FROM = (("from", b"From"), ("to", b"To"), ("cc", b"Cc"), ("subject", b"Subject"))


@dataclass(frozen=True, slots=True)
class Post:
    """What was posted. `whole` is False when the form broke off inside something that belongs to a mail."""

    mails: tuple[bytes, ...]
    cover: Cover
    whole: bool = True


def read_post(content_type: str, body: bytes) -> Post:
    """The mails in a post; none when it holds nothing that a mail could be made of. Never raises."""
    fields = read_fields(content_type, body)
    raw = list(dict.fromkeys(field.data for field in fields if field.name in RAW and field.data.strip()))
    if not raw and (made := _made(fields)):
        raw = [made]
    return Post(tuple(raw), _cover(_first(fields, "envelope")), all(field.whole for field in fields))


def _first(fields: Iterable[Field], name: str) -> bytes:
    return next((field.data for field in fields if field.name == name and field.data), b"")


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data[:MOST_JSON].decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _cover(data: bytes) -> Cover:
    envelope = _json(data)
    to, sender = envelope.get("to"), envelope.get("from")
    named = to if isinstance(to, list) else [to]
    recipients = [_address(each) for each in named[:MOST_RECIPIENTS] if isinstance(each, str)]
    return Cover(tuple(filter(None, recipients)), _address(sender) if isinstance(sender, str) else None)


def _address(text: str) -> str:
    """One line that every database takes: JSON may hold NULs and halves of surrogate pairs."""
    return " ".join(text.replace("\0", "").encode(errors="replace").decode().split())[:LONGEST_ADDRESS]


# -- default mode ----------------------------------------------------------------------------------


def _made(fields: Sequence[Field]) -> bytes:
    """A raw mail made of the pieces; empty when there are none."""
    charsets = _json(_first(fields, "charsets"))
    head = _head(fields, charsets)
    bodies, rest = _parts(fields, charsets)
    if not head and not bodies and not rest:
        return b""
    return b"\r\n".join([*head, b"MIME-Version: 1.0", _bundle("mixed", [_bundle("alternative", bodies), *rest])])


def _head(fields: Sequence[Field], charsets: Mapping[str, Any]) -> list[bytes]:
    """The header lines of the mail, without those that describe a body that is not here as it was."""
    kept: list[bytes] = []
    going = False
    for line in _BREAK.split(_first(fields, "headers")):
        if _HEADER.match(line):
            going = not _ABOUT_THE_BODY.match(line)
        elif line[:1] not in (b" ", b"\t") or not line.strip():
            continue  # an empty line would end the headers here, and what is no header would too
        if going:
            kept.append(line.replace(b"\0", b""))
    here = {line.split(b":")[0].strip().lower() for line in kept}
    for name, header in _MADE_FROM:
        if (value := _first(fields, name)) and header.lower() not in here:
            kept.append(header + b": " + _one_line(value, charsets.get(name)))
    return kept


def _one_line(value: bytes, charset: object) -> bytes:
    try:
        text = value.decode(_charset(charset) or "utf-8")
    except (LookupError, ValueError):
        text = value.decode("cp1252", "replace")
    return " ".join(text.replace("\0", "").split()).encode(errors="replace")


def _parts(fields: Sequence[Field], charsets: Mapping[str, Any]) -> tuple[list[bytes], list[bytes]]:
    """The texts of the mail, and everything else that came with it, as parts."""
    bodies: list[bytes] = []
    rest: list[bytes] = []
    seen: set[str] = set()
    for field in fields:
        if not field.data:
            continue
        if field.name in ("text", "html") and field.name not in seen:
            seen.add(field.name)
            kind = "plain" if field.name == "text" else "html"
            charset = _charset(charsets.get(field.name))
            label = f'text/{kind}; charset="{charset}"' if charset else f"text/{kind}"
            bodies.append(_part(label, field.data))
        elif field.is_file or field.name in seen:  # a field that came twice is not lost
            kind = field.content_type if _TYPE.fullmatch(field.content_type) else "application/octet-stream"
            rest.append(_part(kind, field.data, field.file_name or field.name))
    return bodies, rest


def _charset(value: object) -> str:
    return value if isinstance(value, str) and _CHARSET.fullmatch(value) else ""


def _part(kind: str, data: bytes, attached_as: str = "") -> bytes:
    lines = [b"Content-Type: " + kind.encode(), b"Content-Transfer-Encoding: base64"]
    if attached_as:
        name = re.sub(r"[^A-Za-z0-9._ -]", "_", attached_as)[:100]
        lines.append(b'Content-Disposition: attachment; filename="' + name.encode() + b'"')
    return b"\r\n".join([*lines, b"", encodebytes(data).replace(b"\n", b"\r\n")])


def _bundle(kind: str, parts: Sequence[bytes]) -> bytes:
    """The parts as one; of a single one just that. Base64 and a digest leave nothing that a boundary could meet."""
    parts = [part for part in parts if part]
    if not parts:
        return b"Content-Type: text/plain\r\n\r\n" if kind == "mixed" else b""
    if len(parts) == 1:
        return parts[0]
    boundary = b"onward-" + kind.encode() + b"-" + sha256(b"\0".join(parts)).hexdigest()[:24].encode()
    opening = b"Content-Type: multipart/" + kind.encode() + b'; boundary="' + boundary + b'"\r\n\r\n'
    return (
        opening + b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"
    )
