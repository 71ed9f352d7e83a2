"""Bodies of requests, read whole, as bytes, up to a limit; and the fields of a form in them."""

from __future__ import annotations

import asyncio
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

MOST = 31 * 2**20  # SendGrid posts up to 30 MB
MOST_OF_A_FORM = 512 * 1024  # ten long answers in any script, percent signs and all
MOST_FIELDS = 200
PATIENCE = 30  # seconds for a form to come in


class TooLarge(Exception):
    """The body is larger than anybody honest would send."""


async def read_body(request: Request, most: int = MOST) -> bytes:
    """The body's bytes. Raises TooLarge without reading on."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            raise TooLarge
    return bytes(found)


async def read_fields(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, the last one of each name. Raises TooLarge."""
    try:
        async with asyncio.timeout(PATIENCE):
            body = await read_body(request, MOST_OF_A_FORM)
    except (TimeoutError, ClientDisconnect):
        return {}
    return fields(request.headers.get("content-type", ""), body)


def fields(content_type: str, body: bytes) -> dict[str, str]:
    """The fields in a body of either kind that forms are sent in (RFC 8058 allows both); none in anything else."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        try:
            return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except ValueError:
            return {}
    if kind == "multipart/form-data":
        return _parts(content_type, body)
    return {}


def _parts(content_type: str, body: bytes) -> dict[str, str]:
    try:
        head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
        message = BytesParser(policy=HTTP).parsebytes(head + body)
        parts = list(message.iter_parts()) if message.is_multipart() else []
        named = [
            (part.get_param("name", header="content-disposition"), part.get_payload(decode=True)) for part in parts
        ]
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):  # hostile headers raise any of these
        return {}
    return {
        name: content.decode(errors="replace")
        for name, content in named[:MOST_FIELDS]
        if isinstance(name, str) and isinstance(content, bytes)
    }
