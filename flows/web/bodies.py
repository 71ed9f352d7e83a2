"""Bodies of requests, read whole, as bytes, up to a limit."""

from __future__ import annotations

from starlette.requests import Request

MOST = 31 * 2**20  # SendGrid posts up to 30 MB


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
