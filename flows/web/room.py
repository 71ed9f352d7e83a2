"""Room for large bodies: how many bytes all requests together may hold at a time, and for how long one may come in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, Request


class NoRoom(Exception):
    """The body is too large or too slow, or too many come in at once; the message says which."""

    def __init__(self, message: str, *, oversized: bool = False) -> None:
        super().__init__(message)
        self.oversized = oversized


class Room:
    """Memory for bodies, given back when each is done with."""

    def __init__(self, *, in_all: int, each: int, seconds: float) -> None:
        self._free, self._each, self._seconds = in_all, each, seconds

    @asynccontextmanager
    async def body(self, request: Request) -> AsyncIterator[bytes]:
        """The request's body, read whole. Raises NoRoom without reading on."""
        taken = bytearray()
        try:
            try:
                async with asyncio.timeout(self._seconds):
                    await self._read(request, taken)
            except TimeoutError:
                raise NoRoom("it took too long to come in") from None
            except ClientDisconnect:
                raise NoRoom("the sender hung up in the middle") from None
            yield bytes(taken)
        finally:
            self._free += len(taken)

    async def _read(self, request: Request, taken: bytearray) -> None:
        async for part in request.stream():
            if len(taken) + len(part) > self._each:
                raise NoRoom(f"it is larger than {self._each // 2**20} MB", oversized=True)
            if len(part) > self._free:
                raise NoRoom("too many come in at once")
            taken += part
            self._free -= len(part)
