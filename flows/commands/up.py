"""The command that runs everything on one machine: Prefect with its schedules, the pages, and the mailbox page."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import FrameType

import click
from starlette.routing import BaseRoute

from flows import tables
from flows.addresses import OutboxAt
from flows.demo.play import MARK
from flows.letterbox.round import Round
from flows.letterbox.routes import Letterbox
from flows.machine import Machine, check_free, start_prefect, watch
from flows.office import Office
from flows.rules.problems import OnwardError
from flows.services import open_office
from flows.settings import PREFECT_AT_HOME, WEB, Settings, data_folder, read_settings, stay_in
from flows.web.app import make_app
from flows.web.serving import event_keys, inbound_keys, listen, place_of, server_of

LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address that the pages are served at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8020, show_default=True, help="The port of the pages.")
@click.option(
    "--prefect-port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="The port of Prefect's page."
)
@click.option("--demo", is_flag=True, help="Go on with the sample people of `onward demo`, where time can be let pass.")
def up(host: str, port: int, prefect_port: int, demo: bool) -> None:
    """Run everything on this machine: Prefect and its page, the schedules, the pages. Ends on Ctrl-C.

    While mails go to the outbox there is a mailbox page, too, where each mail can be read and answered in a browser.
    """
    if demo:
        _enter_demo()
    settings = read_settings()
    if settings.web == WEB:  # nobody said how people reach the pages
        settings = replace(settings, web=f"http://{place_of(host if host in LOCAL else '127.0.0.1', port)}")
    keys, signers = event_keys(settings.event_keys), inbound_keys(settings.inbound_keys)
    place = listen(host, port)
    check_free("127.0.0.1", prefect_port, "Prefect", "--prefect-port")
    signal.signal(signal.SIGTERM, _leave)  # else it would leave the other programs behind
    with open_office(settings) as office:
        office.timetable()  # what is wrong with the sheet is said before anything starts
        prefect = f"http://127.0.0.1:{prefect_port}"
        more = _letterbox(office, settings, host, demo, prefect)
        server = server_of(make_app(office, keys, signers, web=settings.web, proxies=settings.proxies, more=more))
        machine = Machine(_environ(settings, prefect), settings.data / "logs")
        company = Thread(target=_keep_company, args=(machine, prefect_port, server), daemon=True)
        _greet(settings, prefect, f"http://{place_of(host, port)}", bool(more))
        try:
            company.start()
            server.run(sockets=[place])
        finally:
            tables.say("Ending Prefect …")
            machine.end()
            company.join(5)
            place.close()


def _enter_demo() -> None:
    home = data_folder() / "demo"
    if not (home / MARK).exists():
        raise OnwardError(f"{home}: there is no demo to go on with; run `onward demo` first.")
    stay_in(home, os.environ)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _letterbox(office: Office, settings: Settings, host: str, demo: bool, prefect: str) -> Sequence[BaseRoute]:
    """The mailbox page, where mails stay on this machine and nobody else can look."""
    if not isinstance(settings.mail, OutboxAt) or host not in LOCAL:
        return ()
    return Letterbox(office, settings.mail.folder, Round(office, may_travel=demo), prefect).routes()


def _environ(settings: Settings, prefect: str) -> dict[str, str]:
    """What the other programs are told: the same places, whatever folder they are started in."""
    told = {"ONWARD_DATA": settings.data, "ONWARD_SHEET": settings.roster, "ONWARD_ANSWERS_SHEET": settings.answers}
    paths = {name: str(path) for name, path in told.items() if isinstance(path, Path)}
    mail = {"ONWARD_MAIL": f"outbox:{settings.mail.folder}"} if isinstance(settings.mail, OutboxAt) else {}
    home = {"PREFECT_HOME": str(settings.data / "prefect")}
    ours = {"ONWARD_WEB_URL": settings.web, "PREFECT_API_URL": f"{prefect}/api"}
    return {**PREFECT_AT_HOME, **home, **os.environ, **paths, **mail, **ours}


def _greet(settings: Settings, prefect: str, pages: str, letterbox: bool) -> None:
    rows = [("Mailbox", f"{pages}/mailbox")] if letterbox else []
    rows += [
        ("Prefect, in half a minute", prefect),
        ("Pages", f"{pages}, as {settings.web} from outside"),
        ("Logs", str(settings.data / "logs")),
    ]
    tables.say(tables.table("Everything runs. Ctrl-C ends it.", ("What", "Where"), rows))


def _keep_company(machine: Machine, port: int, server: object) -> None:
    """Bring Prefect up and watch over it; when it cannot go on, everything ends with a sentence."""
    try:
        start_prefect(machine, port)
        lost = watch(machine)
        reason = f"{lost} ended; {machine.log_of(lost)} says why." if lost else ""
    except OnwardError as error:
        reason = str(error)
    if reason:
        tables.err.print(reason)
        server.should_exit = True  # type: ignore[attr-defined]
