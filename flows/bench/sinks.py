"""Servers that take every mail and keep none, after so long as a real one would need: HTTP like SendGrid's, SMTP.

Run as a process of its own (`python -m flows.bench.sinks http 0.08`), so that its work is not counted as the sender's.
It prints its port, and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import sys

# As short as an answer of SendGrid's can be.
ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nX-Message-Id: bench\r\n\r\n"


class Http(asyncio.Protocol):
    """Takes one request after the other on a connection."""

    def __init__(self, latency: float) -> None:
        self._latency, self._buffer, self._expected = latency, bytearray(), -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._expected < 0:
            head = self._buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            length = bytes(self._buffer[:head]).lower().partition(b"content-length:")[2].split(b"\r\n")[0]
            self._expected = head + 4 + int(length or 0)
        if len(self._buffer) >= self._expected:
            del self._buffer[: self._expected]
            self._expected = -1
            asyncio.get_running_loop().call_later(self._latency, self._answer)

    def _answer(self) -> None:
        if isinstance(self._transport, asyncio.Transport) and not self._transport.is_closing():
            self._transport.write(ACCEPTED)


class Smtp(asyncio.Protocol):
    """Speaks as much SMTP as it takes to be handed mails."""

    def __init__(self, latency: float) -> None:
        self._latency, self._buffer, self._in_data = latency, bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._say(b"220 sink ESMTP")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._take():
            pass

    def _take(self) -> bool:
        mark = b"\r\n.\r\n" if self._in_data else b"\r\n"
        end = self._buffer.find(mark)
        if end < 0:
            return False
        line = bytes(self._buffer[:end]).upper()
        del self._buffer[: end + len(mark)]
        if self._in_data:
            self._in_data = False
            asyncio.get_running_loop().call_later(self._latency, self._say, b"250 taken")
        else:
            self._obey(line)
        return True

    def _obey(self, line: bytes) -> None:
        self._in_data = line == b"DATA"
        self._say(b"354 go on" if self._in_data else b"221 bye" if line == b"QUIT" else b"250 sink")
        if line == b"QUIT" and isinstance(self._transport, asyncio.Transport):
            self._transport.close()

    def _say(self, text: bytes) -> None:
        if isinstance(self._transport, asyncio.Transport) and not self._transport.is_closing():
            self._transport.write(text + b"\r\n")


async def serve(kind: str, latency: float) -> None:
    """Serve on a free port, which is printed, until the standard input ends."""
    made = {"http": Http, "smtp": Smtp}[kind]
    server = await asyncio.get_running_loop().create_server(lambda: made(latency), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], float(sys.argv[2])))
