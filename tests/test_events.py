"""Delivery events: told in any order and more than once, they move a mail forward, and stop mail to dead addresses."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.filing import ledger_problems, refresh_sheet
from flows.ledger import Ledger
from flows.mail.sendgrid_events import read_events
from flows.mail.sendgrid_payload import SEND_KEY
from flows.office import Office
from flows.rules.delivery import BOUNCED, DELIVERED, DROPPED, PROCESSED, SPAM, Event
from flows.rules.email import SENT, UNKNOWN, Delivery
from tests.sample import TOKENS, TUESDAY, WEEK, cells, claim, send_due

NOW = datetime(2026, 9, 8, 12, 0, tzinfo=UTC)


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """A ledger with one mail to Ana that is on its way, and one whose answer was lost."""
    ledger = Ledger(url)
    ledger.claim([claim("known"), claim("lost")], TUESDAY, TUESDAY)
    ledger.settle({"known": Delivery(SENT, "sg-1")})
    yield ledger
    ledger.close()


def event(key: str | None, kind: str, number: int = 0, **more: Any) -> Event:
    identity = claim(key).identity if key else None
    plain = {"address": "ana@example.com", "reason": "550 no such user", "provider_id": "sg-1"}
    return Event(**{"id": f"{key}-{kind}-{number}", "identity": identity, "kind": kind, "at": NOW, **plain, **more})


def delivery(ledger: Ledger, key: str) -> tuple[str, str]:
    (found,) = [sending for sending in ledger.sendings(TUESDAY) if sending.key == key]
    return found.status, found.delivery


@pytest.mark.parametrize("order", list(permutations([PROCESSED, DELIVERED, BOUNCED])), ids="-".join)
def test_a_state_never_moves_back_whatever_the_order(ledger: Ledger, order: Sequence[str]) -> None:
    for kind in order:
        ledger.store_events([event("known", kind)], NOW)
    assert delivery(ledger, "known") == (SENT, BOUNCED)


def test_the_same_event_counts_once(ledger: Ledger) -> None:
    told = [event("known", DELIVERED), event("known", DELIVERED)]
    assert [ledger.store_events(told, NOW), ledger.store_events(told, NOW + WEEK)] == [1, 0]


def test_any_event_shows_that_a_mail_of_unknown_outcome_left(ledger: Ledger) -> None:
    assert delivery(ledger, "lost")[0] == UNKNOWN
    ledger.store_events([event("lost", PROCESSED)], NOW)
    assert delivery(ledger, "lost") == (SENT, PROCESSED)


def test_the_senders_doubt_does_not_undo_what_an_event_told(ledger: Ledger) -> None:
    ledger.store_events([event("lost", PROCESSED)], NOW)
    ledger.settle({"lost": Delivery(UNKNOWN, detail="the answer was lost")})
    assert delivery(ledger, "lost")[0] == SENT


def test_a_mail_that_was_given_up_and_then_told_of_is_not_sent_again(ledger: Ledger) -> None:
    ledger.release({mail.key: mail.batch for mail in ledger.unknown()})
    ledger.store_events([event("lost", DELIVERED)], NOW)
    assert set(ledger.claim([claim("lost"), claim("new")], TUESDAY, TUESDAY)) == {"new"}
    assert delivery(ledger, "lost")[0] == SENT


def test_a_bounce_that_lost_its_sending_is_about_the_last_mail_to_its_address(ledger: Ledger) -> None:
    ledger.claim([claim("newest")], TUESDAY + WEEK, TUESDAY + WEEK)
    ledger.settle({"newest": Delivery(SENT, "sg-2")})
    ledger.store_events([event(None, BOUNCED, provider_id="", final=True)], NOW)
    assert (delivery(ledger, "newest"), delivery(ledger, "known")) == ((SENT, BOUNCED), (SENT, ""))


def test_a_bounce_that_names_its_mail_is_about_that_one(ledger: Ledger) -> None:
    ledger.claim([claim("newest")], TUESDAY + WEEK, TUESDAY + WEEK)
    ledger.settle({"newest": Delivery(SENT, "sg-2")})
    ledger.store_events([event(None, BOUNCED, provider_id="sg-1.recvd-7c9", final=True)], NOW)
    assert (delivery(ledger, "newest"), delivery(ledger, "known")) == ((SENT, ""), (SENT, BOUNCED))


def test_a_bounce_of_somebody_elses_mail_to_the_same_person_is_theirs(ledger: Ledger) -> None:
    assert ledger.store_events([event(None, BOUNCED, provider_id="their-mail", final=True)], NOW) == 0
    assert (delivery(ledger, "known"), ledger.pauses()) == ((SENT, ""), {})


def test_threads_that_are_told_at_the_same_time_never_move_a_state_back(url: str, ledger: Ledger) -> None:
    kinds = [PROCESSED, DELIVERED, BOUNCED]
    for number in range(15):
        ledger.claim([claim(f"k{number}")], TUESDAY, TUESDAY)
        ready = threading.Barrier(len(kinds))

        def tell(kind: str, number: int = number, ready: threading.Barrier = ready) -> None:
            ready.wait()
            ledger.store_events([event(f"k{number}", kind)], NOW)

        threads = [threading.Thread(target=tell, args=(kind,)) for kind in kinds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert delivery(ledger, f"k{number}") == (SENT, BOUNCED)


def test_events_and_their_senders_do_not_wait_for_each_other_in_a_circle(url: str, ledger: Ledger) -> None:
    keys = [f"k{number:02d}" for number in range(12)]
    claimed = ledger.claim([claim(key) for key in keys], TUESDAY, TUESDAY)
    told = [replace(event(key, DELIVERED), id=str(100 - number)) for number, key in enumerate(keys)]
    failures: list[Exception] = []

    def repeat(work: Callable[[int], object]) -> None:
        try:
            for number in range(15):
                work(number)
        except Exception as error:
            failures.append(error)

    works: list[Callable[[int], object]] = [
        lambda number: ledger.store_events([replace(each, id=f"{each.id}-{number}") for each in told], NOW),
        lambda number: ledger.settle(dict.fromkeys(keys, Delivery(SENT)), claimed),
    ]
    threads = [threading.Thread(target=repeat, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_events_of_others_with_the_same_account_are_left_alone(ledger: Ledger) -> None:
    assert ledger.store_events([event(None, BOUNCED, address="stranger@example.com", final=True)], NOW) == 0
    assert ledger.pauses() == {}


def test_a_dead_address_is_paused_until_somebody_lifts_it(ledger: Ledger) -> None:
    ledger.store_events([event("known", BOUNCED, final=True)], NOW)
    assert str(ledger.history([]).paused["ana@example.com"]) == "bounced: 550 no such user"
    assert ledger.end_pause("ana@example.com")
    assert ledger.pauses() == {}
    ledger.store_events([event("known", BOUNCED, final=True)], NOW)  # told once more: known already
    assert ledger.pauses() == {}
    assert not ledger.end_pause("ana@example.com")


# -- what people ops sees --------------------------------------------------------------------------


def bounce(office: Office, address: str, kind: str = BOUNCED) -> None:
    (sending,) = [s for s in office.ledger.sendings(TUESDAY) if s.recipient == address]
    told = Event("e-1", sending.identity, kind, NOW, address, "550 no such user", "sg-1", final=True)
    office.ledger.store_events([told], NOW)


@pytest.mark.parametrize("kind", [BOUNCED, SPAM])
def test_mail_to_a_dead_address_waits_and_people_ops_is_told(office: Office, folder: Path, kind: str) -> None:
    send_due(office, TUESDAY)
    bounce(office, "ana@example.com", kind)
    later = send_due(office, TUESDAY + WEEK)
    assert {outcome.to for outcome in later.outcomes} == {"ben@example.com", "cleo@example.com"}
    company = office.timetable().company
    (problem,) = ledger_problems(office, company, NOW)
    assert (problem.value, "onward resume ana@example.com" in problem.advice) == ("ana@example.com", True)
    refresh_sheet(office, TUESDAY + WEEK)
    (row,) = [row for row in cells(folder, "Status") if row["Email"] == "ana@example.com"]
    assert f"{kind}: 550 no such user" in str(row["Now"])
    assert f"{kind} (550 no such user)" in str(row["Last mail"])


def test_a_lifted_pause_brings_the_mails_back(office: Office) -> None:
    send_due(office, TUESDAY)
    bounce(office, "ana@example.com")
    office.ledger.end_pause("ana@example.com")
    assert "ana@example.com" in {outcome.to for outcome in send_due(office, TUESDAY + WEEK).outcomes}


# -- what SendGrid's words mean --------------------------------------------------------------------

OURS = TOKENS.mark("ours")
WORDS = {
    "processed": ({"event": "processed"}, PROCESSED, False),
    "a hard bounce": ({"event": "bounce", "type": "bounce", "reason": "550 gone", "status": "5.1.1"}, BOUNCED, True),
    "a soft one": ({"event": "bounce", "type": "blocked", "reason": "greylisted"}, "blocked", False),
    "without a status": ({"event": "bounce", "type": "bounce", "reason": "no MX"}, BOUNCED, True),
    "dropped for its content": ({"event": "dropped", "reason": "Spam Content"}, DROPPED, False),
    "dropped for its address": ({"event": "dropped", "reason": "Bounced Address", "status": "5.0.0"}, DROPPED, True),
    "a spam report": ({"event": "spamreport"}, SPAM, True),
    "an unsubscription": ({"event": "unsubscribe"}, "unsubscribed", True),
}


def told(**raw: Any) -> dict[str, Any]:
    plain = {"email": "Ana@Example.com", "timestamp": int(NOW.timestamp()), "sg_event_id": "e-1", SEND_KEY: OURS}
    return {**plain, **raw}


@pytest.mark.parametrize(("raw", "kind", "final"), WORDS.values(), ids=WORDS)
def test_its_words_become_ours(raw: dict[str, Any], kind: str, final: bool) -> None:
    (found,) = read_events(json.dumps([told(**raw)]).encode(), TOKENS.of_mark, NOW + timedelta(days=1))
    assert (found.kind, found.final, found.at, found.address) == (kind, final, NOW, "ana@example.com")
    assert found.identity == TOKENS.of_mark(OURS)


@pytest.mark.parametrize("name", ["spamreport", "unsubscribe", "group_unsubscribe", "dropped", "delivered"])
@pytest.mark.parametrize("mark", ["", "theirs", "a" * 32])
def test_what_is_told_of_mails_without_our_mark_is_left_out(name: str, mark: str) -> None:
    assert read_events(json.dumps([told(**{"event": name, SEND_KEY: mark})]).encode(), TOKENS.of_mark, NOW) == []


@pytest.mark.parametrize("name", ["open", "click", "group_resubscribe", "account_status_change", "new one", None])
def test_what_says_nothing_about_delivery_is_left_out(name: str | None) -> None:
    assert (
        read_events(json.dumps([told(event=name), told(event="delivered")]).encode(), TOKENS.of_mark, NOW)[0].kind
        == DELIVERED
    )
    assert read_events(json.dumps([told(event=name)]).encode(), TOKENS.of_mark, NOW) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda each: st.lists(each) | st.dictionaries(st.text(), each)
)
FIELDS = st.sampled_from(["event", "email", "timestamp", "sg_event_id", "reason", "status", "type", SEND_KEY])


@given(st.lists(st.dictionaries(FIELDS, JSON | st.sampled_from(["bounce", "delivered", OURS])) | JSON))
def test_whatever_is_posted_the_good_events_in_it_are_read(post: list[Any]) -> None:
    good = told(event="delivered", sg_event_id="the good one")
    found = read_events(json.dumps([*post, good]).encode(), TOKENS.of_mark, NOW)
    assert "the good one" in [each.id for each in found]
    for each in found:
        each.reason.encode()
        assert "\0" not in each.reason + each.id + each.address


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"\xff\xfe", b"[", b'"x"', b"[" * 100_000])
def test_what_is_no_list_of_events_is_no_list_of_events(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is about the body
        read_events(body, TOKENS.of_mark, NOW)
