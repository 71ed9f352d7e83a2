"""The command that serves the pages and hooks."""

from __future__ import annotations

import click

from flows import tables
from flows.services import open_office
from flows.settings import read_settings
from flows.web.app import make_app
from flows.web.serving import event_keys, inbound_keys, listen, place_of, serve


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8020, show_default=True, help="The port to listen at.")
def web(host: str, port: int) -> None:
    """Serve what the outside reaches: the pages behind the links in mails, and the hooks. Ends on Ctrl-C.

    Put a proxy with HTTPS in front, its address into ONWARD_WEB_URL, and ONWARD_WEB_PROXIES=1, so that clients are told
    apart by the address that the proxy passes on.
    """
    settings = read_settings()
    keys, signers = event_keys(settings.event_keys), inbound_keys(settings.inbound_keys)
    place = listen(host, port)
    with open_office(settings) as office:
        tables.say(f"Serving at http://{place_of(host, port)}, as {settings.web} from outside. Ctrl-C ends it.")
        if not keys:
            tables.say("Delivery events are taken unsigned: SENDGRID_EVENT_PUBLIC_KEY is not set.")
        if not signers:
            tables.say("Replies are taken unsigned: SENDGRID_INBOUND_PUBLIC_KEY is not set.")
        serve(make_app(office, keys, signers, web=settings.web, proxies=settings.proxies), place)
