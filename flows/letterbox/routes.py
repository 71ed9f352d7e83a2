"""The mailbox page over HTTP, for this machine alone: it shows every mail, with the links in it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from flows.demo.replies import reply_to
from flows.language import speak
from flows.letterbox.mails import as_html, as_text, find, letters, people, whole
from flows.letterbox.round import Round
from flows.office import Office
from flows.render_page import PageRenderer
from flows.rules.problems import OnwardError
from flows.web.bodies import TooLarge, read_fields

LOCAL = ("127.0.0.1", "localhost", "[::1]")  # as a browser on this machine names it; others may be somebody's trick
# A mail brings its styles along, like everywhere else; nothing in it may run, be fetched or leave its frame.
FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'self'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
PAGE = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
VIEWS, WIDTHS, LOOKS = ("html", "text", "headers"), ("desktop", "phone"), ("light", "dark")

Handle = Callable[[Request, Mapping[str, str]], Response]


class Letterbox:
    """The pages of one outbox."""

    def __init__(self, office: Office, outbox: Path, round_: Round, prefect: str) -> None:
        self._office, self._outbox, self._round, self._prefect = office, outbox, round_, prefect
        self._renderer = PageRenderer()
        self._key = secrets.token_urlsafe(24)  # in every form, so that no other site can press for this browser
        self._said = ""

    def routes(self) -> list[BaseRoute]:
        """Which page is where."""
        return [
            self._route("/mailbox", self._everybody),
            self._route("/mailbox/run", self._run, pressing=True),
            self._route("/mailbox/person/{who}", self._somebody),
            self._route("/mailbox/mail/{id}", self._mail),
            self._route("/mailbox/mail/{id}/reply", self._reply, pressing=True),
            self._route("/mailbox/mail/{id}/frame", self._frame),
        ]

    def _route(self, path: str, handle: Handle, *, pressing: bool = False) -> Route:
        async def endpoint(request: Request) -> Response:
            if request.url.hostname not in [name.strip("[]") for name in LOCAL]:
                return PlainTextResponse("The mailbox is for browsers on this machine.\n", 403)
            try:
                fields = await read_fields(request) if pressing else {}
            except TooLarge:
                return PlainTextResponse("This is longer than a reply.\n", 413)
            if pressing and not secrets.compare_digest(fields.get("key", "").encode(), self._key.encode()):
                return PlainTextResponse("Open the mailbox again and press there.\n", 403)
            return await run_in_threadpool(handle, request, fields)

        return Route(path, endpoint, methods=["POST"] if pressing else ["GET"])

    def _everybody(self, request: Request, _fields: Mapping[str, str]) -> Response:
        found = letters(self._outbox)
        coming = self._round.coming() if self._round.may_travel else []
        facts = {
            "people": [(quote(to), name, count, newest) for to, name, count, newest in people(found)],
            "now": self._round.now(),
            "next": coming[0].at if coming else None,
            "going": [f"{v.due.message.title} to {v.due.to.name}" for v in coming],
            "may_travel": self._round.may_travel,
            "prefect": self._prefect,
            "said": self._said,
        }
        self._said = ""
        return self._page("mailbox", facts)

    def _somebody(self, request: Request, _fields: Mapping[str, str]) -> Response:
        who = request.path_params["who"]
        theirs = [letter for letter in letters(self._outbox) if letter.to == who]
        if not theirs:
            return RedirectResponse("../../mailbox", 303)
        return self._page("mailbox-person", {"root": "../../", "name": theirs[0].name or who, "letters": theirs})

    def _mail(self, request: Request, _fields: Mapping[str, str]) -> Response:
        letter = find(self._outbox, request.path_params["id"])
        if letter is None:
            return RedirectResponse("../../mailbox", 303)
        mail, query = whole(letter), request.query_params
        facts = {
            "root": "../../",
            "letter": letter,
            "who": quote(letter.to),
            "view": _one_of(VIEWS, query.get("view")),
            "width": _one_of(WIDTHS, query.get("width")),
            "look": _one_of(LOOKS, query.get("look")),
            "text": as_text(mail),
            "headers": [(name, str(value)) for name, value in mail.items()],
            "said": self._said,
        }
        self._said = ""
        return self._page("mailbox-mail", facts)

    def _frame(self, request: Request, _fields: Mapping[str, str]) -> Response:
        letter = find(self._outbox, request.path_params["id"])
        if letter is None:
            return PlainTextResponse("There is no such mail.\n", 404)
        html = as_html(whole(letter), dark=request.query_params.get("look") == "dark")
        return HTMLResponse(html, headers={"Content-Security-Policy": FRAMED, "X-Frame-Options": "SAMEORIGIN"})

    def _reply(self, request: Request, fields: Mapping[str, str]) -> Response:
        """Take the words as a mail program would send them, and file what they answer."""
        letter, words = find(self._outbox, request.path_params["id"]), fields.get("words", "").strip()
        if letter and words:
            raw = reply_to(whole(letter), "gmail", words.replace("\r\n", "\n"), self._round.now())
            self._office.ledger.keep(raw, "mailbox page", self._round.now())
            self._said = self._go(travel=False)
        return RedirectResponse(f"../{letter.id}" if letter else "../../../mailbox", 303)

    def _run(self, request: Request, fields: Mapping[str, str]) -> Response:
        self._said = self._go(travel=fields.get("until") == "next")
        return RedirectResponse("../mailbox", 303)

    def _go(self, *, travel: bool) -> str:
        try:
            return f"Done: {self._round.go(travel=travel)}."
        except OnwardError as error:
            return str(error)

    def _page(self, name: str, facts: Mapping[str, object]) -> Response:
        known = {"root": "./", "from_name": "", "help": "", "key": self._key}
        html = self._renderer.page(name, speak("en"), known | dict(facts))
        return HTMLResponse(html, headers={"Content-Security-Policy": PAGE})


def _one_of(allowed: tuple[str, ...], asked: str | None) -> str:
    return asked if asked in allowed else allowed[0]
