"""One measured run, in a process of its own so that its memory is its own: `python -m flows.bench.cases CASE`.

The addresses are in the environment, as always. Prints one JSON line, see `Measured`.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from flows.addresses import SendGridAt
from flows.bench.company import TUESDAY
from flows.composing import compose, remember
from flows.mail.sendgrid_payload import payload
from flows.office import Office
from flows.planning import make_plan
from flows.rules.email import SENT, Email
from flows.rules.letters import letter
from flows.rules.messages import CATALOGUE
from flows.sending import send
from flows.services import open_office
from flows.settings import Settings, read_settings


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took: mails that were taken, seconds by the wall and of the processor, MiB of memory at most."""

    mails: int
    wall: float
    cpu: float
    peak: float


def onward(settings: Settings) -> tuple[int, float, float]:
    """The whole sending run: read, decide, render, claim, hand over, record."""
    began, busy = time.perf_counter(), time.process_time()
    with open_office(settings) as office:
        plan = make_plan(office, CATALOGUE, TUESDAY)
        sent = send(office, plan, plan.going)
    wall, cpu = time.perf_counter() - began, time.process_time() - busy
    return sum(outcome.status == SENT for outcome in sent.outcomes), wall, cpu


def bare(settings: Settings) -> tuple[int, float, float]:
    """The same mails, made before the clock starts, posted by as many threads that do nothing else."""
    ready: SimpleQueue[bytes] = SimpleQueue()
    with open_office(settings) as office:
        for email in mails(office):
            ready.put(json.dumps(payload(email, office.tokens.mark(email.key))).encode())
    count, posts = ready.qsize(), [_poster(settings) for _ in range(settings.width)]
    threads = [threading.Thread(target=_empty, args=(ready, post)) for post in posts]
    began, busy = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count, time.perf_counter() - began, time.process_time() - busy


def mails(office: Office) -> list[Email]:
    """All the mails of the run, made and not sent."""
    plan = make_plan(office, CATALOGUE, TUESDAY)
    memory, policy = remember(office, plan, plan.going), plan.company.policy
    return [compose(office, policy, letter(due, plan.company, memory, plan.at), plan.at) for due in plan.going]


def _poster(settings: Settings) -> Callable[[bytes], None]:
    at = settings.mail
    assert isinstance(at, SendGridAt)  # noqa: S101 - the case is only run with it
    headers = {"Authorization": f"Bearer {at.key}", "Content-Type": "application/json"}
    connection = HTTPConnection(urlsplit(at.api).netloc)

    def post(body: bytes) -> None:
        connection.request("POST", "/v3/mail/send", body, headers)
        connection.getresponse().read()

    return post


def _empty(ready: SimpleQueue[bytes], post: Callable[[bytes], None]) -> None:
    while True:
        try:
            post(ready.get_nowait())
        except Empty:
            return


CASES = {"onward": onward, "bare": bare}


def measure(case: str) -> Measured:
    """Run the case at the addresses of the environment."""
    found = CASES[case](read_settings())
    return Measured(*found, peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    print(json.dumps(asdict(measure(sys.argv[1]))))
