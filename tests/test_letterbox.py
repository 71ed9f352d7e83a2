"""The mailbox page: mails as they look, answered as people would, on this machine and for nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from flows.letterbox.round import Round
from flows.letterbox.routes import Letterbox
from flows.office import Office
from flows.web.app import make_app
from tests.sample import TUESDAY, at, cells, mails, send_due
from tests.visits import words


def opened_on(office: Office, folder: Path, *, may_travel: bool = False, base: str = "http://127.0.0.1") -> TestClient:
    """A browser in front of the mailbox of this outbox."""
    letterbox = Letterbox(office, folder / "outbox", Round(office, may_travel), "http://127.0.0.1:4200")
    return TestClient(make_app(office, [], more=letterbox.routes()), base_url=base)


@pytest.fixture
def client(office: Office, folder: Path) -> Iterator[TestClient]:
    """After Ana and Ben were asked, on that Tuesday."""
    send_due(office, TUESDAY)
    office.clock = lambda: TUESDAY + timedelta(hours=1)
    with opened_on(office, folder) as client:
        yield client


def address_of(client: TestClient, who: str = "ana@example.com") -> str:
    """The page of somebody's newest mail."""
    found = re.search(r"mailbox/mail/[0-9a-f]{20}", client.get(f"/mailbox/person/{who}").text)
    assert found
    return f"/{found[0]}"


def key_of(client: TestClient) -> str:
    found = re.search(r'name="key" value="([^"]+)"', client.get("/mailbox").text)
    assert found
    return found[1]


def test_everybody_who_got_mail_is_there(client: TestClient) -> None:
    page = words(client.get("/mailbox"))
    assert "Ana Silva 1 mail Clear writing: your check-in for week 37" in page
    assert "Ben Ode" in page
    assert "Mira" not in page


def test_a_mail_is_shown_as_it_looks_as_text_and_with_its_headers(client: TestClient) -> None:
    address = address_of(client)
    page = client.get(address + "?width=phone&look=dark").text
    assert 'class="phone"' in page
    assert f"{address[1:]}/frame?look=dark" in page
    assert "[1] Did you find time for it since last week?" in client.get(address + "?view=text").text
    assert "List-Unsubscribe" in client.get(address + "?view=headers").text


def test_the_mail_in_its_frame_is_light_or_dark_as_asked_and_can_do_nothing(client: TestClient) -> None:
    light, dark = (client.get(f"{address_of(client)}/frame?look={look}") for look in ("light", "dark"))
    assert "@media not all" in light.text
    assert "@media all" in dark.text
    assert "prefers-color-scheme: dark" not in light.text + dark.text
    for frame in (light, dark):
        assert '<base target="_blank">' in frame.text
        assert "default-src 'none'" in frame.headers["content-security-policy"]
        assert "sandbox allow-popups" in frame.headers["content-security-policy"]
        assert "allow-scripts" not in frame.headers["content-security-policy"]


def test_a_reply_goes_the_way_of_every_reply(folder: Path, office: Office, client: TestClient) -> None:
    sent = {"key": key_of(client), "words": "[1] Yes\r\n[3] Short sentences."}
    page = client.post(f"{address_of(client)}/reply", data=sent)
    assert "Done: " in words(page)
    (row,) = cells(folder, "Check-ins")
    assert (row["Practised"], row["Noticed"], row["By"]) == ("Yes", "Short sentences.", "mail")


@pytest.mark.parametrize("path", ["/mailbox/run", "{mail}/reply"])
def test_no_other_site_can_press_for_this_browser(office: Office, client: TestClient, path: str) -> None:
    where = path.format(mail=address_of(client))
    for key in ({}, {"key": "guessed"}, {"key": "é"}):
        assert client.post(where, data={"words": "Yes", **key}).status_code == 403
    assert office.ledger.entries() == []


@pytest.mark.parametrize("base", ["http://evil.example.com", "http://127.0.0.1.evil.example.com", "http://192.168.0.7"])
def test_who_comes_by_another_name_sees_nothing(folder: Path, office: Office, base: str) -> None:
    send_due(office, TUESDAY)
    page = opened_on(office, folder, base=base).get("/mailbox")
    assert (page.status_code, "Ana" in page.text) == (403, False)


@pytest.mark.parametrize("id", ["0" * 20, "..%2f..%2fsecret", "*", "a"])
def test_a_mail_that_is_not_there_leads_back(client: TestClient, id: str) -> None:
    assert client.get(f"/mailbox/mail/{id}/frame").status_code == 404
    assert client.get(f"/mailbox/mail/{id}", follow_redirects=False).status_code in (303, 404)


def test_running_everything_sends_what_is_due_now_and_nothing_later(
    folder: Path, office: Office, client: TestClient
) -> None:
    before = len(mails(folder))
    page = client.post("/mailbox/run", data={"key": key_of(client), "until": "next"})
    assert "Done: " in words(page)
    assert len(mails(folder)) == before
    assert "Let time pass" not in words(page)


def test_for_sample_people_time_can_be_let_pass_until_the_next_mail(folder: Path, office: Office) -> None:
    send_due(office, TUESDAY)
    office.clock = lambda: TUESDAY + timedelta(hours=1)
    with opened_on(office, folder, may_travel=True) as client:
        assert "Next, Thu 10 Sep, 09:00: Check-in reminder to Ana Silva" in words(client.get("/mailbox"))
        client.post("/mailbox/run", data={"key": key_of(client), "until": "next"})
        assert len(mails(folder, "growth-check-in-reminder *")) == 2
        assert office.clock() == at("2026-09-10 09:00")


def test_without_a_mailbox_there_is_none(office: Office) -> None:
    assert TestClient(make_app(office, [])).get("/mailbox").status_code == 404
