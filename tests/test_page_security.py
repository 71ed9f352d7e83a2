"""The pages' manners: what every answer carries, what strangers learn (nothing), and what a flood meets."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from flows.office import Office
from flows.rules.post import Sending
from flows.rules.problems import OnwardError
from flows.web.bodies import MOST_OF_A_FORM
from flows.web.limits import LOOKS_AT_A_LINK, PRESSES_ON_A_LINK, Limits
from tests.sample import TUESDAY, opened
from tests.visits import asked, browser, link, words

PAGES = ("form", "stop", "talk", "seen")


@pytest.fixture
def sending(office: Office) -> Sending:
    """Ana's check-in."""
    return asked(office)


@pytest.fixture
def client(office: Office, sending: Sending) -> TestClient:
    return browser(office)


@pytest.fixture
def addresses(office: Office, sending: Sending) -> list[str]:
    """Addresses of every kind of answer."""
    pages = [link(office, sending, page) for page in PAGES]
    return [
        *pages,
        link(office, sending, "slot") + ".ics",
        "/form/none",
        "/nowhere/at/all",
        "/",
        "/robots.txt",
        "/healthz",
    ]


def test_every_answer_says_who_may_run_keep_frame_and_find_it(client: TestClient, addresses: list[str]) -> None:
    for address in addresses:
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers
        assert "strict-transport-security" not in headers


def test_behind_https_browsers_are_told_to_stay_there(office: Office, sending: Sending) -> None:
    secure = browser(office, web="https://onward.example.com")
    done = secure.post(link(office, sending), data={"q1": "1"})
    assert "strict-transport-security" in done.headers
    assert "Secure" in done.headers["set-cookie"]
    assert "HttpOnly" in done.headers["set-cookie"]


def test_pages_hold_no_inline_script_no_inline_style_and_nothing_of_third_parties(
    client: TestClient, addresses: list[str]
) -> None:
    for address in addresses:
        page = client.get(address).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=|javascript:", page)
        assert not re.search(r"""(src|href|action)=["'](https?:)?//""", page)


def test_the_files_of_a_page_are_there_and_may_be_kept_for_good(
    client: TestClient, office: Office, sending: Sending
) -> None:
    page = client.get(link(office, sending)).text
    files = re.findall(r'(?:href|src)="\.\./(static/[^"]+)"', page)
    assert len(files) == 3
    for file in files:
        response = client.get(f"/{file}")
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
    assert client.get("/static/style.css").status_code == 404
    assert client.get("/static/..%2fform.html").status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_forged_and_withdrawn_links_get_one_and_the_same_answer(
    office: Office, client: TestClient, sending: Sending, page: str, method: str
) -> None:
    token = office.tokens.page(sending.key)
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")
    withdrawn = office.tokens.page("a mail that was never sent")
    for_replies = office.tokens.token(sending.key)
    strange = ("x", forged, withdrawn, for_replies, token + "a", "é" * 32, "%00", "." * 32)
    answers = [client.request(method, f"/{page}/{token}") for token in strange]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "This link leads nowhere" in words(answers[0])


def test_a_link_in_capitals_still_works(office: Office, client: TestClient, sending: Sending) -> None:
    assert client.get(f"/form/{office.tokens.page(sending.key).upper()}").status_code == 200


def test_an_unknown_link_asks_the_ledger_as_a_known_one_does(
    office: Office, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[bytes] = []
    monkeypatch.setattr(office.ledger, "sending", lambda identity: looked_up.append(identity))
    client.get("/form/none")
    client.get(f"/form/{office.tokens.page('never sent')}")
    assert [len(identity) for identity in looked_up] == [8, 8]


@pytest.mark.parametrize("page", PAGES)
def test_head_and_options_say_what_they_should_and_nothing_else(
    office: Office, client: TestClient, sending: Sending, page: str
) -> None:
    head = client.head(link(office, sending, page))
    assert (head.status_code, head.text) == (200, "")
    options = client.options(link(office, sending, page))
    assert (options.status_code, options.text) == (204, "")
    assert set(options.headers["allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST"}
    assert client.put(link(office, sending, page)).status_code == 405


def test_more_than_a_form_holds_is_refused_kindly(office: Office, client: TestClient, sending: Sending) -> None:
    page = client.post(link(office, sending), data={"q3": "x" * (MOST_OF_A_FORM + 1)})
    assert page.status_code == 413
    assert "shorten the longest answer" in words(page)
    assert office.ledger.entries() == []


def test_tokens_are_never_in_logs(
    office: Office,
    client: TestClient,
    sending: Sending,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.INFO, logger="onward")

    def broken(entry: object) -> bool:
        raise OnwardError("The ledger cannot be used now.")

    client.get(link(office, sending))
    monkeypatch.setattr(office.ledger, "answer", broken)
    client.post(link(office, sending), data={"q1": "1"})
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("onward")]
    assert ours
    assert not any(office.tokens.page(sending.key) in line for line in ours)


def test_when_the_ledger_cannot_be_used_what_was_typed_waits_on_the_page(
    office: Office, client: TestClient, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(entry: object) -> bool:
        raise OnwardError("The ledger cannot be used now.")

    monkeypatch.setattr(office.ledger, "answer", broken)
    page = client.post(link(office, sending), data={"q3": "Do not lose <this>"})
    assert page.status_code == 503
    assert 'name="q3" value="Do not lose &lt;this&gt;"' in page.text
    assert "Save again" in words(page)


def test_our_own_mistakes_are_answered_kindly_and_with_every_header(
    office: Office, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.ledger, "entries", lambda ask: 1 / 0)
    client = TestClient(browser(office).app, raise_server_exceptions=False)
    page = client.get(link(office, sending))
    assert page.status_code == 500
    assert "resting for a moment" in words(page)
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_flood_on_one_link_is_slowed_down_and_told_when_to_come_back(
    office: Office, client: TestClient, sending: Sending
) -> None:
    statuses = [client.get(link(office, sending)).status_code for _ in range(int(LOOKS_AT_A_LINK.burst) + 5)]
    assert statuses.count(200) >= LOOKS_AT_A_LINK.burst
    slowed = client.get(link(office, sending))
    assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "1")
    assert "Wait a minute" in words(slowed)
    assert client.get(link(office, sending, "static")).status_code == 404  # files are not counted


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def presses(limits: Limits, count: int, *, link: str = "a", client: str = "1.1.1.1") -> list[bool]:
    return [limits.wait(link=link, client=client, pressing=True) == 0 for _ in range(count)]


def test_who_waits_may_press_again() -> None:
    clock = Clock()
    limits = Limits(clock)
    burst = int(PRESSES_ON_A_LINK.burst)
    assert presses(limits, burst + 1) == [True] * burst + [False]
    assert presses(limits, 1, link="b") == [True]
    clock.now += 1 / PRESSES_ON_A_LINK.a_second
    assert presses(limits, 2) == [True, False]


def test_many_links_from_one_client_are_counted_together() -> None:
    limits = Limits(Clock())
    allowed = [presses(limits, 1, link=str(n))[0] for n in range(400)]
    assert (allowed.count(True), presses(limits, 1, client="2.2.2.2")) == (300, [True])


def test_what_is_remembered_of_clients_has_an_end() -> None:
    limits = Limits(Clock())
    for number in range(25_000):
        limits.wait(link=str(number), client=str(number), pressing=False)
    assert len(limits._buckets) <= 20_000


@pytest.mark.parametrize(
    ("proxies", "told", "limited"),
    [
        (0, "9.9.9.{n}", True),  # nobody is told to be believed: whoever floods may write what they like
        (1, "9.9.9.{n}, 7.7.7.7", True),
        (1, "9.9.9.9, 7.7.{n}.7", False),
        (2, "7.7.{n}.7, 10.0.0.1", False),
    ],
)
def test_clients_are_told_apart_by_what_our_own_proxies_say(
    office: Office, sending: Sending, proxies: int, told: str, limited: bool
) -> None:
    client = browser(office, proxies=proxies)
    statuses = {
        client.post(f"/form/{n}", headers={"X-Forwarded-For": told.format(n=n % 250)}).status_code for n in range(400)
    }
    assert statuses == ({404, 429} if limited else {404})


def test_two_readers_of_one_page_at_once_disturb_nobody(folder: Path, office: Office, sending: Sending) -> None:
    with opened(folder) as other:
        pages = [browser(each, TUESDAY).get(link(office, sending)) for each in (office, other)]
    assert [page.status_code for page in pages] == [200, 200]


def test_crawlers_are_asked_to_stay_away(client: TestClient) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert client.get("/favicon.ico").status_code == 204
