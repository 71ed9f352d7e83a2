"""Reply tokens: whatever happens to an address on its way, the right sending is found, and nobody makes one up."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.mail.tokens import Tokens, find_token, identity

KEY = "growth-check-in/2026-W37/0123456789abcdef0123"
TOKENS = Tokens("one secret", "reply.example.com")
TOKEN = TOKENS.token(KEY)
ALPHABET = string.ascii_lowercase + "234567"
KEYS = st.text(string.printable, max_size=80)

ON_THE_WAY = {
    "as it was sent": TOKENS.address(KEY),
    "in capitals": TOKENS.address(KEY).upper(),
    "in mixed case": TOKENS.address(KEY).title(),
    "with a display name": f'"People team" <{TOKENS.address(KEY)}>',
    "with a name that is a word of base32": f"abcdefgh <{TOKENS.address(KEY)}>",
    "without its dot": f"r-{TOKEN}@reply.example.com",
    "rewritten by a list": f"r.{TOKEN}=reply.example.com@lists.example.org",
    "rewritten by a list with a counter": f"bounces+1234-r.{TOKEN}=reply.example.com@lists.example.org",
    "rewritten by a forwarder": f"SRS0=HHH=TT=reply.example.com=r.{TOKEN}@forward.example.net",
    "through a relay": f"<r.{TOKEN}%reply.example.com@relay.example.net>",
    "at another host": f"r.{TOKEN}@mx1.internal",
    "as a message id": TOKENS.message_id(KEY),
    "as a message id in capitals": TOKENS.message_id(KEY).upper(),
    "behind a look-alike": f"{'a' * 32}@example.com, {TOKENS.address(KEY)}",
}


@pytest.mark.parametrize("text", ON_THE_WAY.values(), ids=ON_THE_WAY)
def test_a_token_is_found_again(text: str) -> None:
    assert TOKENS.find([text]) == identity(KEY)


@given(KEYS)
def test_every_key_has_a_token_that_leads_back_to_it(key: str) -> None:
    assert TOKENS.find([TOKENS.address(key).upper()]) == identity(key)
    assert TOKENS.find([TOKENS.message_id(key)]) == identity(key)


@given(KEYS)
def test_an_address_is_one_that_every_mail_system_takes(key: str) -> None:
    local, _, domain = TOKENS.address(key).partition("@")
    assert len(local) <= 64
    assert set(local) <= set(ALPHABET + ".")
    assert domain == "reply.example.com"


@given(KEYS, st.integers(0, 31), st.sampled_from(ALPHABET))
def test_a_token_with_one_other_letter_is_refused(key: str, place: int, letter: str) -> None:
    token = TOKENS.token(key)
    altered = token[:place] + letter + token[place + 1 :]
    assert TOKENS.find([f"r.{altered}@reply.example.com"]) == (identity(key) if altered == token else None)


@given(st.text(ALPHABET, min_size=32, max_size=32))
def test_a_made_up_token_is_refused(token: str) -> None:
    assert TOKENS.find([f"r.{token}@reply.example.com"]) is None


@given(KEYS)
def test_another_installations_token_is_refused(key: str) -> None:
    assert Tokens("another secret", "reply.example.com").find([TOKENS.address(key)]) is None


def test_the_identity_and_signature_of_two_tokens_cannot_be_put_together() -> None:
    other = TOKENS.token("another key")
    # 9 bytes are 14.4 letters: whichever letter the cut is at, no mixture of two tokens is a third.
    assert [TOKENS.find([TOKEN[:cut] + other[cut:]]) for cut in range(2, 31)] == [None] * 29


def test_a_thread_id_is_no_token() -> None:
    assert TOKENS.find([TOKENS.thread(KEY)]) is None
    assert find_token([TOKENS.thread(KEY)]) is None


def test_a_token_that_runs_on_is_none() -> None:
    assert TOKENS.find([f"r.{TOKEN}a@reply.example.com", f"ra{TOKEN}@reply.example.com"]) is None


def test_the_genuine_one_among_forged_ones_counts() -> None:
    forged = Tokens("another secret", "reply.example.com").address(KEY)
    assert TOKENS.find([forged, "nonsense", TOKENS.address(KEY)]) == identity(KEY)


@given(st.lists(st.text()))
def test_whatever_stands_in_a_header_does_no_harm(texts: list[str]) -> None:
    assert TOKENS.find(texts) is None


def test_reading_alone_finds_what_looks_like_a_token() -> None:
    assert find_token(["ana@example.com", TOKENS.address(KEY).upper()]) == TOKEN
    assert find_token(["ana@example.com"]) is None


def test_a_token_shows_nothing_of_its_key_or_the_secret() -> None:
    assert TOKENS.token("reflection-form/x") != Tokens("two", "reply.example.com").token("reflection-form/x")
    assert Tokens("one secret", "elsewhere.example").token(KEY) == TOKEN


def test_a_page_is_opened_by_its_own_token_alone() -> None:
    page, reply = TOKENS.page("a"), TOKENS.token("a")
    assert TOKENS.of_page(page) == TOKENS.of_page(page.upper()) == identity("a")
    assert page != reply
    assert (TOKENS.of_page(reply), TOKENS.find([page])) == (None, None)
    assert [TOKENS.of_page(text) for text in ("", "x", page[:-1], page + "a", "a" * 32)] == [None] * 5
