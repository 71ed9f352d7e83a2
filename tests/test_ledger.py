"""The ledger: what is claimed is claimed once, what came in is kept once, and a kill leaves the truth behind."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from flows.ledger import Ledger, LedgerError
from flows.ledger.schema import BUSY_SECONDS
from flows.rules.answers import Answer, Entry
from flows.rules.email import REFUSED, SENT, UNKNOWN, Delivery
from flows.rules.post import ASIDE, DOUBTFUL, NEW, TAKEN, Reply
from flows.rules.questions import CHECK_IN, FIRST_SKILL, PEOPLE_OPS
from tests.sample import TUESDAY, WEEK, claim, race

ENTRY = Entry(
    ref="m-1",
    form=CHECK_IN,
    ask="ask",
    person="ana@example.com",
    manager="mira@example.com",
    label="2026-W37",
    skill="Clear writing",
    words="All went well.",
    received_at=TUESDAY,
    by="mail",
    answers=(Answer("Noticed", "What did you notice?", "manager and people ops", "All went well."),),
)


IN_A_FILE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    ledger = Ledger(url)
    yield ledger
    ledger.close()


def kept(ledger: Ledger, raw: bytes = b"mail") -> Reply:
    """A reply that has just come in."""
    ledger.keep(raw, "a.eml", TUESDAY)
    return ledger.replies(NEW)[-1]


def test_a_key_is_claimed_once(ledger: Ledger) -> None:
    won = [ledger.claim([claim("a")], TUESDAY + n * WEEK, TUESDAY) for n in range(3)]
    assert [set(each) for each in won] == [{"a"}, set(), set()]
    assert [sending.at for sending in ledger.unknown()] == [TUESDAY]


def test_a_claim_is_unknown_until_it_is_settled(ledger: Ledger) -> None:
    ledger.claim([claim("a")], TUESDAY, TUESDAY)
    assert ledger.history(["a"]).sends["a"].status == UNKNOWN
    ledger.settle({"a": Delivery(SENT, "id-1")})
    assert ledger.history(["a"]).sends["a"].status == SENT
    assert (ledger.unknown(), ledger.needing_eyes(TUESDAY)) == ([], [])


def test_a_claim_outlives_the_process_that_made_it(ledger: Ledger, url: str) -> None:
    ledger.claim([claim("a")], TUESDAY, TUESDAY)
    ledger.close()
    again = Ledger(url)
    assert [sending.key for sending in again.unknown()] == ["a"]
    assert not again.claim([claim("a")], TUESDAY, TUESDAY)
    again.close()


def test_a_released_claim_can_be_made_again(ledger: Ledger) -> None:
    ledger.release(ledger.claim([claim("a")], TUESDAY, TUESDAY))
    assert ledger.history(["a"]).sends == {}
    assert ledger.claim([claim("a")], TUESDAY + WEEK, TUESDAY)


@pytest.mark.parametrize("status", [SENT, REFUSED])
def test_what_has_an_outcome_is_never_released(ledger: Ledger, status: str) -> None:
    claimed = ledger.claim([claim("a")], TUESDAY, TUESDAY)
    ledger.settle({"a": Delivery(status)})
    ledger.release(claimed)
    assert not ledger.claim([claim("a")], TUESDAY, TUESDAY)
    assert ledger.history(["a"]).sends["a"].status == status


def test_a_claim_that_somebody_else_made_anew_is_theirs(ledger: Ledger) -> None:
    old = ledger.claim([claim("a")], TUESDAY, TUESDAY)
    ledger.release(old)
    new = ledger.claim([claim("a")], TUESDAY, TUESDAY)
    ledger.release(old)
    ledger.settle({"a": Delivery(REFUSED)}, old)
    ledger.remember_look("a", old["a"], TUESDAY)
    (standing,) = ledger.unknown()
    assert (standing.batch, standing.looked_at) == (new["a"], None)


def test_refused_and_unknown_sendings_need_eyes(ledger: Ledger) -> None:
    for key, status in (("a", SENT), ("b", REFUSED), ("c", UNKNOWN)):
        ledger.claim([claim(key)], TUESDAY, TUESDAY)
        ledger.settle({key: Delivery(status, detail=f"why {key}")})
    assert [(sending.key, sending.detail) for sending in ledger.needing_eyes(TUESDAY)] == [
        ("b", "why b"),
        ("c", "why c"),
    ]


def test_history_knows_follow_ups_by_their_occasion(ledger: Ledger) -> None:
    ledger.claim([claim("ask")], TUESDAY, TUESDAY)
    ledger.claim([claim("reminder", ask="ask")], TUESDAY + WEEK, TUESDAY)
    ledger.claim([claim("other")], TUESDAY, TUESDAY)
    sends = ledger.history(["ask", "never"]).sends
    assert {key: sent.at for key, sent in sends.items()} == {"ask": TUESDAY, "reminder": TUESDAY + WEEK}


def test_history_holds_for_more_occasions_than_a_query_can_name(ledger: Ledger) -> None:
    for number in (0, 899, 900, 1999):
        ledger.claim([claim(f"{number:08d}")], TUESDAY, TUESDAY)
    found = ledger.history(f"{number:08d}" for number in range(2000)).sends
    assert sorted(map(int, found)) == [0, 899, 900, 1999]


def test_a_sending_is_found_by_what_its_token_carries(ledger: Ledger) -> None:
    ledger.claim([claim("a", questions='[{"name": "x"}]')], TUESDAY, TUESDAY)
    found = ledger.sending(claim("a").identity)
    assert found
    assert (found.key, found.recipient, found.questions) == ("a", "ana@example.com", '[{"name": "x"}]')
    assert ledger.sending(b"nobody's") is None


def test_sendings_come_oldest_first_from_a_moment_on(ledger: Ledger) -> None:
    for key, weeks in (("c", 2), ("a", 0), ("b", 1)):
        ledger.claim([claim(key)], TUESDAY + weeks * WEEK, TUESDAY)
    assert [sending.key for sending in ledger.sendings(TUESDAY)] == ["a", "b", "c"]
    assert [sending.key for sending in ledger.sendings(TUESDAY + WEEK)] == ["b", "c"]


def test_the_same_mail_is_kept_once_whatever_its_file_is_called(ledger: Ledger) -> None:
    assert ledger.keep(b"mail", "a.eml", TUESDAY)
    assert not ledger.keep(b"mail", "b.eml", TUESDAY + WEEK)
    assert ledger.keep(b"mail ", "c.eml", TUESDAY)
    assert [reply.origin for reply in ledger.replies(NEW)] == ["a.eml", "c.eml"]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\r\n\r\n", bytes(range(256)) * 5000], ids=["empty", "bytes", "big"])
def test_a_raw_mail_comes_out_as_it_came_in(ledger: Ledger, raw: bytes) -> None:
    assert ledger.raw(kept(ledger, raw)) == raw


def test_a_taken_reply_leaves_its_entry(ledger: Ledger) -> None:
    ledger.take(kept(ledger), "ana@example.com", ENTRY)
    assert ledger.entries() == [ENTRY]
    assert (ledger.replies(NEW), [reply.sender for reply in ledger.replies(TAKEN)]) == ([], ["ana@example.com"])
    assert ledger.history(["ask"]).answered == {"ask": TUESDAY}


def test_taking_a_reply_again_changes_nothing(ledger: Ledger) -> None:
    reply = kept(ledger)
    ledger.take(reply, "ana@example.com", ENTRY)
    ledger.mark_filed([ENTRY.ref], TUESDAY)
    ledger.take(reply, "ana@example.com", ENTRY)
    assert ledger.entries() == [replace(ENTRY, filed_at=TUESDAY)]


@IN_A_FILE
def test_a_reply_that_cannot_be_marked_leaves_no_entry(ledger: Ledger, tmp_path: Path) -> None:
    reply = kept(ledger)
    broken = sqlite3.connect(tmp_path / "ledger.sqlite")
    broken.execute("CREATE TRIGGER full BEFORE UPDATE ON replies BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    broken.close()
    with pytest.raises(Exception, match="disk full"):
        ledger.take(reply, "ana@example.com", ENTRY)
    assert ledger.entries() == []
    assert ledger.replies(NEW) == [reply]


@pytest.mark.parametrize("state", [ASIDE, DOUBTFUL])
def test_a_reply_that_is_set_aside_says_why(ledger: Ledger, state: str) -> None:
    ledger.set_aside(kept(ledger), "ben@example.com", state, "not from Ana")
    (reply,) = ledger.replies(state)
    assert (reply.sender, reply.note, reply.received_at) == ("ben@example.com", "not from Ana", TUESDAY)


def test_entries_come_in_the_order_in_which_they_came_in(ledger: Ledger) -> None:
    for ref, weeks in (("m-c", 1), ("m-b", 0), ("m-a", 2)):
        ledger.take(kept(ledger, ref.encode()), "a", replace(ENTRY, ref=ref, received_at=TUESDAY + weeks * WEEK))
    assert [entry.ref for entry in ledger.entries()] == ["m-b", "m-c", "m-a"]
    assert ledger.history(["ask"]).answered == {"ask": TUESDAY}


def test_of_entries_of_one_moment_the_one_taken_first_is_first(ledger: Ledger) -> None:
    for ref in ("m-c", "m-a", "m-b"):
        ledger.take(kept(ledger, ref.encode()), "a", replace(ENTRY, ref=ref))
    assert [entry.ref for entry in ledger.entries()] == ["m-c", "m-a", "m-b"]
    assert ledger.entries_of(["ana@example.com"], CHECK_IN)["ana@example.com"][-1].ref == "m-b"


def test_entries_can_be_asked_for_by_occasion(ledger: Ledger) -> None:
    ledger.take(kept(ledger, b"1"), "a", ENTRY)
    ledger.take(kept(ledger, b"2"), "a", replace(ENTRY, ref="m-2", ask="other"))
    assert [entry.ref for entry in ledger.entries("other")] == ["m-2"]


def test_the_entries_of_a_form_are_found_for_each_person(ledger: Ledger) -> None:
    later = replace(ENTRY, ref="m-2", received_at=TUESDAY + WEEK)
    for entry in (ENTRY, later, replace(later, ref="m-3", form=FIRST_SKILL), replace(later, ref="m-4", person="b")):
        ledger.take(kept(ledger, entry.ref.encode()), "a", entry)
    found = ledger.entries_of(["ana@example.com", "nobody"], CHECK_IN)
    assert found == {"ana@example.com": [ENTRY, later]}


def test_who_answered_a_question_lately_is_found_and_not_who_only_spoke_of_it(ledger: Ledger) -> None:
    said = {
        "ana": Answer("Next skill", "?", PEOPLE_OPS, "é"),
        "ben": Answer("Noticed", "?", PEOPLE_OPS, '"question": "Next skill"'),
        "old": Answer("Next skill", "?", PEOPLE_OPS, "x"),
    }
    for name, answer in said.items():
        received = TUESDAY - WEEK if name == "old" else TUESDAY
        entry = replace(ENTRY, ref=name, person=name, answers=(answer,), received_at=received)
        ledger.take(kept(ledger, name.encode()), name, entry)
    assert ledger.who_answered("Next skill", TUESDAY) == ["ana"]
    assert ledger.who_answered("Next%", TUESDAY) == []


def test_an_entry_is_marked_as_filed_once(ledger: Ledger) -> None:
    ledger.take(kept(ledger), "a", ENTRY)
    ledger.mark_filed([ENTRY.ref, "m-unknown"], TUESDAY)
    ledger.mark_filed([ENTRY.ref], TUESDAY + WEEK)
    assert [entry.filed_at for entry in ledger.entries()] == [TUESDAY]


def test_who_stops_is_stopped_until_they_start_again(ledger: Ledger) -> None:
    ledger.stop(kept(ledger, b"stop"), "ana@example.com", TUESDAY)
    ledger.stop(kept(ledger, b"stop!"), "ana@example.com", TUESDAY + WEEK)
    assert ledger.history([]).stopped == {"ana@example.com": TUESDAY}
    ledger.resume(kept(ledger, b"start"), "ana@example.com")
    assert ledger.history([]).stopped == {}
    assert len(ledger.replies(ASIDE)) == 3


BAD_URLS = {
    "no URL": ("ledger.sqlite", "ONWARD_LEDGER"),
    "an unknown database": ("oracle9://db/onward", "ONWARD_LEDGER"),
    "a driver that is not installed": ("mysql+pymysql://db/onward", "ONWARD_LEDGER"),
    "a port that is no number": ("postgresql://db:five/onward", "ONWARD_LEDGER"),
    "a folder that is not there": ("sqlite:////nowhere/at/all/ledger.sqlite", "ONWARD_LEDGER"),
    "a driver for another way of working": ("sqlite+aiosqlite:///ledger.sqlite", "ONWARD_LEDGER"),
}


@pytest.mark.parametrize(("address", "named"), BAD_URLS.values(), ids=BAD_URLS)
def test_an_address_that_is_no_database_is_a_sentence(address: str, named: str) -> None:
    with pytest.raises(LedgerError, match=named):
        Ledger(address)


def test_a_wrong_address_does_not_show_its_password() -> None:
    with pytest.raises(LedgerError) as caught:
        Ledger("postgres://onward:hunter2@db/onward")
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"My shopping list, which is no database at all" * 40)
    with pytest.raises(LedgerError, match="not a database"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


@IN_A_FILE
def test_a_ledger_that_fails_in_use_is_a_sentence_and_may_be_tried_again(ledger: Ledger, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "ledger.sqlite")
    other.execute("DROP TABLE sends")
    other.close()
    with pytest.raises(LedgerError, match=r"The ledger cannot be used now .*nothing was lost") as caught:
        ledger.claim([claim("a")], TUESDAY, TUESDAY)
    assert caught.value.passing


@IN_A_FILE
def test_a_damaged_ledger_is_a_sentence(ledger: Ledger, url: str, tmp_path: Path) -> None:
    ledger.close()
    file = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(file)) as book:
        (size,) = book.execute("PRAGMA page_size").fetchone()
        roots = [page for (page,) in book.execute("SELECT rootpage FROM sqlite_master WHERE rootpage > 1")]
    with file.open("r+b") as pages:  # all but the list of tables, which may take several pages
        for root in roots:
            pages.seek((root - 1) * size)
            pages.write(b"\xa5" * size)
    with pytest.raises(LedgerError, match="malformed"), closing(Ledger(url)) as damaged:
        damaged.history(["a"])


@IN_A_FILE
def test_readers_do_not_wait_for_a_writer(ledger: Ledger, tmp_path: Path) -> None:
    holding = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    assert ledger.history(["a"]).sends == {}
    holding.close()
    assert BUSY_SECONDS >= 30


CLAIMS = """
import json
from datetime import UTC, datetime
from flows.ledger import Ledger
from tests.sample import claim
ready()
ledger = Ledger(sys.argv[1])
now, won = datetime(2026, 9, 8, tzinfo=UTC), []
for first in range(0, 200, 8):
    won += ledger.claim([claim(f"{number:08d}") for number in range(first, first + 8)], now, now)
print(json.dumps(won))
ledger.close()
"""


def test_of_four_processes_exactly_one_gets_each_key(url: str) -> None:
    won = [json.loads(said) for said in race(CLAIMS, url)]
    counts = Counter(key for keys in won for key in keys)
    assert len(counts) == 200
    assert set(counts.values()) == {1}
