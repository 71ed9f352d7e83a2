"""The pages that people reach by links in mails, and the files that these pages ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from flows.office import Office
from flows.render_page import PageRenderer
from flows.web.calendar_files import slot_file, talk_file
from flows.web.desk import Desk
from flows.web.directory import Directory
from flows.web.form_page import form_page
from flows.web.limits import Limits
from flows.web.stop_page import left_page, stop_page
from flows.web.talk_page import seen_page, talk_page

FOREVER = "public, max-age=31536000, immutable"


def make_desk(office: Office, web: str, proxies: int, monotonic: Callable[[], float]) -> Desk:
    """The desk of an opened office, whose pages are reached at `web` from outside."""
    directory, limits = Directory(office, monotonic), Limits(monotonic)
    return Desk(office, PageRenderer(), directory, limits, web.startswith("https:"), proxies)


def page_routes(desk: Desk) -> list[BaseRoute]:
    """Which page is where."""

    async def file(request: Request) -> Response:
        kind, content = desk.renderer.files.get(request.path_params["name"], ("", b""))
        if not kind:
            return desk.kind(request, "unknown", 404)
        return Response(content, media_type=kind, headers={"Cache-Control": FOREVER})

    both = ["GET", "HEAD", "POST"]
    return [
        Route("/form/{token}", desk.page(form_page), methods=both),
        Route("/stop/{token}", desk.page(stop_page, left=left_page), methods=both),
        Route("/talk/{token}.ics", desk.page(talk_file), methods=["GET", "HEAD"]),
        Route("/slot/{token}.ics", desk.page(slot_file), methods=["GET", "HEAD"]),
        Route("/talk/{token}", desk.page(talk_page), methods=both),
        Route("/seen/{token}", desk.page(seen_page), methods=both),
        Route("/static/{name}", file, methods=["GET", "HEAD"]),
        Route("/robots.txt", _robots, methods=["GET", "HEAD"]),
        Route("/favicon.ico", _nothing, methods=["GET", "HEAD"]),
    ]


def not_found(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What is said at an address where there is nothing, or not for this method."""

    async def handler(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        if status == 405 and request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        if status == 405:
            return PlainTextResponse("This address knows no such method.\n", 405, headers)
        return desk.kind(request, "unknown", 404)

    return handler


def broken(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What is said when we made a mistake; the server's log has the rest."""

    async def handler(request: Request, error: Exception) -> Response:
        return desk.kind(request, "trouble", 500)

    return handler


async def _robots(request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


async def _nothing(request: Request) -> Response:
    return Response(status_code=204)
