"""The sendgrid library's client, with its faults fenced in.

As it comes, it opens a connection for every mail, waits for ever, follows redirects with the key in hand, and logs the
key and every mail at the level of debugging. Here one pool of connections serves all threads, with time-outs, without
redirects, and the key is added where nothing is logged any more.
"""

from __future__ import annotations

import json
import logging
import ssl
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path
from typing import Any
from urllib.request import getproxies, proxy_bypass

import certifi
import urllib3
from python_http_client.client import Client, Response
from sendgrid import SendGridAPIClient
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError, SSLError
from urllib3.util import parse_url

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
_BEFORE_SENDING = (NewConnectionError, ConnectTimeoutError, ProxyError)


class NotReached(Exception):
    """The request certainly did not arrive."""


class Untrusted(NotReached):
    """Whoever answers at this address cannot prove to be who it should be."""


class Lost(Exception):
    """The request may have arrived; its answer did not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said."""

    status: int
    headers: HTTPMessage | dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is something else, such as the HTML of a gateway, or was cut short."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def said(self) -> str:
        """The API's own words about what is wrong."""
        said = [str(error.get("message", "")) for error in self._errors]
        return "; ".join(part.rstrip(".") for part in said if part)[:300] or f"status {self.status}"

    @property
    def fields(self) -> list[str]:
        """The fields of the request that the API complains about."""
        return [str(error.get("field") or "") for error in self._errors]

    @property
    def _errors(self) -> list[dict[str, Any]]:
        known = self.json
        errors = known.get("errors") if isinstance(known, dict) else None
        return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


class Api:
    """SendGrid's API v3, for any number of threads."""

    def __init__(
        self, url: str, key: str, width: int, read_seconds: float = READ_SECONDS, ca: Path | None = None
    ) -> None:
        _silence()
        self.url = url
        self._pool = _pool(url, width, read_seconds, ca)
        library = SendGridAPIClient(api_key=key, host=url)
        library.client = _Pooled(url, library.auth, library.useragent, self._pool, [])
        self._library = library

    def send(self, payload: dict[str, Any]) -> Answer:
        """POST /v3/mail/send. Raises NotReached, Lost."""
        return _asked(lambda: self._library.send(payload))

    def ask(self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None) -> Answer:
        """Any other call, the path without the version: `GET scopes`. Raises NotReached, Lost."""
        client = self._library.client
        for segment in path.split("/"):
            client = client._(segment)
        return _asked(lambda: getattr(client, method.lower())(request_body=body, query_params=query))

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()


class _Pooled(Client):  # type: ignore[misc]
    """The library's client, over a pool. Every attribute that is not there is a part of the path to it."""

    def __init__(self, host: str, auth: str, agent: str, pool: urllib3.PoolManager, path: list[str]) -> None:
        headers = {"User-Agent": agent, "Accept": "application/json"}
        super().__init__(host=host, version=3, request_headers=headers, url_path=path)
        self._auth, self._agent, self._pool = auth, agent, pool

    def _build_client(self, name: str | None = None) -> _Pooled:
        path = [*self._url_path, name] if name else self._url_path
        return _Pooled(self.host, self._auth, self._agent, self._pool, path)

    def get(self, request_body: Any = None, query_params: dict[str, Any] | None = None) -> Response:
        """The library's call of the same name."""
        return self._call("GET", request_body, query_params)

    def post(self, request_body: Any = None, query_params: dict[str, Any] | None = None) -> Response:
        """The library's call of the same name."""
        return self._call("POST", request_body, query_params)

    def _call(self, method: str, body: Any, query: dict[str, Any] | None) -> Response:
        # The library would make an opener with all its handlers for each call, which costs as much as the call.
        headers = {**self.request_headers, "Authorization": self._auth}
        response = self._pool.request(
            method,
            self._build_url(query),
            body=None if body is None else json.dumps(body).encode(),
            headers=headers if body is None else {**headers, "Content-Type": "application/json"},
            redirect=False,
            retries=False,
            preload_content=False,
        )
        return Response(_Raw(response))


class _Raw:
    """An answer in the shape that the library reads."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response

    def getcode(self) -> int:
        return self._response.status

    def read(self) -> bytes:
        try:
            return self._response.read()
        except HTTPError:  # the status line came whole, and it says what became of the request
            return b""

    def info(self) -> Any:
        return self._response.headers


def _asked(call: Any) -> Answer:
    try:
        response = call()
    except SSLError as error:
        if "CERTIFICATE" in str(error).upper():
            raise Untrusted(_cause(error)) from None
        raise Lost(_cause(error)) from None
    except _BEFORE_SENDING as error:
        raise NotReached(_cause(error)) from None
    except (HTTPError, OSError) as error:
        raise Lost(_cause(error)) from None
    return Answer(response.status_code, response.headers, response.body)


def _pool(url: str, width: int, read_seconds: float, ca: Path | None) -> urllib3.PoolManager:
    """The pool, by the proxies and the certificates that the environment names."""
    context = ssl.create_default_context(cafile=ca if ca and ca.is_file() else None)
    if not ca:
        context.load_verify_locations(certifi.where())  # beside the system's own: some Pythons come without any
    options: dict[str, Any] = {
        "maxsize": width,
        "block": True,
        "ssl_context": context,
        "timeout": urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
    }
    target = parse_url(url)
    proxy = getproxies().get(target.scheme or "https")
    if proxy and not proxy_bypass(target.host or ""):
        return urllib3.ProxyManager(proxy, **options)
    return urllib3.PoolManager(**options)


def _silence() -> None:
    """Keep the library from logging what mails say, and urllib3 from logging addresses in paths."""
    for name in ("python_http_client.client", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _cause(error: BaseException) -> str:
    """What happened, for people: the innermost of the errors that urllib3 wraps around each other."""
    inner = next((each for each in error.args[::-1] if isinstance(each, BaseException)), None)
    if inner is not None:
        return _cause(inner)
    said = getattr(error, "strerror", None) or str(error.args[-1] if error.args else error)
    return str(said).partition("object at ")[2].partition(": ")[2] or str(said) or type(error).__name__
