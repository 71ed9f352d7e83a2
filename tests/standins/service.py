"""A service over real HTTP on the loopback, with faults on demand. What it serves, its subclasses say."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

# What can go wrong on the way, by when the service did what it was asked: never, or before its answer was lost.
CLOSED_BEFORE, CLOSED_AFTER = "closed before applying", "closed after applying"
BUSY = "429"
FAILED_BEFORE, FAILED_AFTER = "500 before applying", "500 after applying"
GATEWAY = "502 in HTML after applying"
TRUNCATED = "answer cut short after applying"
SLOW = "slow"
NOT_APPLIED = (CLOSED_BEFORE, BUSY, FAILED_BEFORE)
APPLIED = (CLOSED_AFTER, FAILED_AFTER, GATEWAY, TRUNCATED, SLOW)
FAULTS = (*NOT_APPLIED, *APPLIED)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Answer:
    """What the service says; `body` is JSON unless it is bytes."""

    status: int
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Service:
    """Serves `handle` on a port of its own while it is entered. Faults are taken from `faults`, one a request.

    `faults` may also be a function of the request, for faults by chance.
    """

    slow_seconds = 5.0

    def __init__(self) -> None:
        self.faults: deque[str] | Callable[[Request], str] = deque()
        self.requests: list[Request] = []
        self.counts: Counter[str] = Counter()
        self.connections = 0
        self.tls: ssl.SSLContext | None = None  # to be reached by HTTPS
        self.lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0

    # -- what subclasses say -----------------------------------------------------------------------

    def handle(self, request: Request) -> Answer:
        """Do what the request asks, and answer. Called under `lock`."""
        raise NotImplementedError

    def busy(self, request: Request) -> Answer:
        """How this service says that there were too many requests."""
        return Answer(429, {"error": "too many requests"})

    # -- running -----------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where the service is."""
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._server = _Server(("127.0.0.1", self._port), self)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Listen no more: connections are refused until `open`."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take_fault(self, request: Request) -> str:
        """The fault for this request, empty for none."""
        with self.lock:
            if callable(self.faults):
                return self.faults(request)
            return self.faults.popleft() if self.faults else ""

    def serve(self, request: Request) -> tuple[str, Answer]:
        """The fault that shall happen, and the answer; applied or not as the fault says."""
        fault = self.take_fault(request)
        with self.lock:
            self.requests.append(request)
            self.counts[f"{request.method} {request.path}"] += 1
            if fault == BUSY:
                return fault, self.busy(request)
            if fault == FAILED_BEFORE:
                return fault, Answer(500, {"error": "internal"})
            answer = self.handle(request) if fault != CLOSED_BEFORE else Answer(0)
        if fault == FAILED_AFTER:
            return fault, Answer(500, {"error": "internal"})
        if fault == GATEWAY:
            return fault, Answer(502, b"<html><h1>502 Bad Gateway</h1></html>", {"Content-Type": "text/html"})
        return fault, answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], service: Service) -> None:
        self.service = service
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)
        if service.tls:
            self.socket = service.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        self.service.connections += 1
        super().process_request(request, client_address)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self._open):  # a service that is gone does not go on answering on old connections
            _drop(connection)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hung up, hung up; nothing is printed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _any(self) -> None:
        assert isinstance(self.server, _Server)
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        fault, answer = self.server.service.serve(request)
        if fault in (CLOSED_BEFORE, CLOSED_AFTER):
            self.close_connection = True
            _drop(self.connection)
            return
        if fault == SLOW:
            time.sleep(self.server.service.slow_seconds)
        self._write(answer, cut=fault == TRUNCATED)

    def _write(self, answer: Answer, *, cut: bool) -> None:
        content = answer.content
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "Content-Type" not in answer.headers:
            self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(content) + (100 if cut else 0)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _any


def _drop(connection: socket.socket) -> None:
    """Reset the connection, as a machine that dies would."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()
    except OSError:
        pass
