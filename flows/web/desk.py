"""The desk: what every page is handed, who a link belongs to, and the kind pages for whatever is amiss."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from flows.language import Speech, speak
from flows.office import Office
from flows.render_page import PageRenderer
from flows.rules.company import Company
from flows.rules.dates import Calendar
from flows.rules.policy import DEFAULT_POLICY, Policy
from flows.rules.post import Sending
from flows.rules.problems import OnwardError
from flows.rules.roster import LEFT, Person
from flows.rules.values import LANGUAGES
from flows.web.bodies import TooLarge, read_fields
from flows.web.day import cookie_of
from flows.web.directory import Directory
from flows.web.limits import Limits

Handler = Callable[[Request], Awaitable[Response]]

NOBODY = bytes(8)  # looked up for a token that is none, so that it takes as long as any other

log = logging.getLogger("onward.web")


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a page, or one press on it, by somebody with a genuine link."""

    token: str
    sending: Sending
    company: Company | None
    now: datetime
    query: Mapping[str, str]
    fields: Mapping[str, str]
    pressing: bool
    cookie: str

    @property
    def recipient(self) -> Person | None:
        """Who got the mail, as the sheet knows them."""
        return self.known(self.sending.recipient)

    @property
    def speech(self) -> Speech:
        """The language that the recipient is written to in."""
        return speak(self.recipient.language if self.recipient else self.policy.language)

    @property
    def policy(self) -> Policy:
        """What people ops decided."""
        return self.company.policy if self.company else DEFAULT_POLICY

    @property
    def calendar(self) -> Calendar:
        """The recipient's own."""
        return self.recipient.calendar if self.recipient else self.policy.calendar

    @property
    def gone(self) -> bool:
        """Whether the recipient has left; without the sheet nobody has."""
        if self.company is None:
            return False
        if self.recipient is None:  # a manager need not have a row, nor has one whose row needs mending
            by_row = self.sending.recipient == self.sending.person
            return by_row and self.sending.recipient not in self.company.roster.set_aside
        return self.recipient.status == LEFT

    def known(self, address: str) -> Person | None:
        """Somebody in the roster."""
        return self.company.by_email.get(address) if self.company else None

    def name(self, address: str) -> str:
        """What somebody is called; the address where the sheet does not say."""
        person = self.known(address)
        return person.name if person else address

    def today(self, moment: datetime) -> str:
        """The day of a moment, on the recipient's calendar and in their language."""
        return self.speech.date(self.calendar.local(moment).date())


Work = Callable[["Desk", Visit], Response]


@dataclass(frozen=True)
class Desk:
    """What pages are made with."""

    office: Office
    renderer: PageRenderer
    directory: Directory
    limits: Limits
    secure: bool
    proxies: int

    def page(self, work: Work, *, left: Work | None = None) -> Handler:
        """The handler of a page: the limits, then whose link it is, then the work. `left` is for whoever has left."""

        async def handler(request: Request) -> Response:
            pressing = request.method == "POST"
            token = str(request.path_params["token"])
            if wait := self.limits.wait(link=token[:64], client=client_of(request, self.proxies), pressing=pressing):
                return self.kind(request, "busy", 429, {"Retry-After": str(wait)})
            try:
                fields = await read_fields(request) if pressing else {}
            except TooLarge:
                return self.kind(request, "too-large", 413)
            return await run_in_threadpool(self._serve, request, token, fields, work, left)

        return handler

    def _serve(
        self, request: Request, token: str, fields: Mapping[str, str], work: Work, left: Work | None
    ) -> Response:
        try:
            visit = self._visit(request, token, fields)
            if visit is None:
                return self.kind(request, "unknown", 404)
            if visit.gone:
                return left(self, visit) if left else self.show(visit, "left", {}, 410)
            return work(self, visit)
        except OnwardError as error:
            log.warning("A page could not be served: %s", error)
            return self.kind(request, "trouble", 503, {"Retry-After": "60"}, fields=fields)

    def _visit(self, request: Request, token: str, fields: Mapping[str, str]) -> Visit | None:
        identity = self.office.tokens.of_page(token)
        sending = self.office.ledger.sending(identity or NOBODY)
        if identity is None or sending is None:
            return None
        return Visit(
            token=token.lower(),
            sending=sending,
            company=self.directory.company(),
            now=self.office.clock(),
            query=request.query_params,
            fields=fields,
            pressing=request.method == "POST",
            cookie=cookie_of(request, token.lower()),
        )

    def show(self, visit: Visit, name: str, facts: Mapping[str, object], status: int = 200) -> HTMLResponse:
        """A page for somebody whom we know, in their language."""
        known = {
            "root": "../",
            "token": visit.token,
            "from_name": visit.policy.sender_name,
            "help": visit.policy.people_ops_address or visit.policy.sender_address,
            "to_name": visit.name(visit.sending.recipient),
            "person": visit.name(visit.sending.person),
            "manager": visit.name(visit.sending.manager),
        }
        return HTMLResponse(self.renderer.page(name, visit.speech, {**known, **facts}), status)

    def kind(
        self,
        request: Request,
        why: str,
        status: int,
        headers: Mapping[str, str] | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """A kind page that says what to do, to somebody whom we may not know."""
        root = "../" * (request.url.path.count("/") - 1) or "./"
        facts = {"why": why, "root": root, "fields": dict(fields or {}), "from_name": "", "help": ""}
        speech = speak(accepted(request.headers.get("accept-language", "")))
        return HTMLResponse(self.renderer.page("kind", speech, facts), status, headers)


def accepted(header: str) -> str:
    """The first language that a browser asks for and that there are words for."""
    asked = [part.partition(";")[0].partition("-")[0].strip().lower() for part in header.split(",")]
    return next((code for code in asked if code in LANGUAGES), LANGUAGES[0])


def client_of(request: Request, proxies: int) -> str:
    """The address that the request came from, behind so many proxies of our own; what came before them is hearsay."""
    seen = request.client.host if request.client else ""
    if not proxies:
        return seen
    told = [part.strip() for line in request.headers.getlist("x-forwarded-for") for part in line.split(",")]
    return told[-proxies][:64] if len(told) >= proxies else seen
