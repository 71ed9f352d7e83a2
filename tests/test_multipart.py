"""Forms as bytes: what is posted comes out as it went in, and what is no form does no harm."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.mail.multipart import MOST_FIELDS, read_fields
from tests.standins.inbound_parse import BOUNDARY, form, headers

TYPE = headers()["Content-Type"]
NAMES = st.sampled_from(["email", "text", "html", "envelope", "charsets"])
DATA = st.binary(max_size=300).filter(lambda data: f"\r\n--{BOUNDARY}".encode() not in b"\r\n" + data)


def found(body: bytes, content_type: str = TYPE) -> list[tuple[str, bytes]]:
    return [(field.name, field.data) for field in read_fields(content_type, body)]


@given(st.lists(st.tuples(NAMES, DATA), min_size=1))
def test_bytes_in_are_bytes_out(fields: list[tuple[str, bytes]]) -> None:
    assert found(form(fields)) == fields


@pytest.mark.parametrize(
    "nearly", [b"\r\n--xYzZ", b"\r\n--", b"\r\n-", b"\r", b"\n--xYzZY", b"--xYzZY", b"\r\n --xYzZY"], ids=repr
)
def test_what_nearly_is_a_boundary_is_content(nearly: bytes) -> None:
    fields = [("email", b"a" + nearly), ("text", b"a" + nearly + b"b")]
    assert found(form(fields)) == fields


@given(st.binary(max_size=400), st.text(max_size=60))
def test_whatever_is_posted_does_no_harm(body: bytes, content_type: str) -> None:
    for start in (b"", b"--xYzZY\r\n", b"--xYzZY\r\nContent-Disposition: form-data; name="):
        read_fields(content_type, start + body)
        read_fields(TYPE, start + body)


@given(st.integers(0, 200))
def test_of_a_form_that_breaks_off_what_came_before_is_read(cut: int) -> None:
    body = form([("subject", b"one"), ("email", b"two" * 20)])[:-cut]
    fields = read_fields(TYPE, body)
    assert all(f.data == b"two" * 20 for f in fields if f.name == "email" and f.whole)
    assert all(f.data == b"one" for f in fields if f.name == "subject" and f.whole)
    assert body.count(b"\r\n\r\n") <= len(fields) + 1


LOST = {
    "another boundary": "multipart/form-data; boundary=other",
    "an empty one": "multipart/form-data; boundary=",
    "none": "multipart/form-data",
    "another type": "text/plain",
    "nothing": "",
    "letters beyond ASCII": "multipart/form-data; boundary=ÿ",
}


@pytest.mark.parametrize("content_type", LOST.values(), ids=LOST)
def test_a_lost_boundary_is_found_in_the_body(content_type: str) -> None:
    assert found(form([("email", b"From: a")]), content_type) == [("email", b"From: a")]


def test_what_stands_before_the_first_boundary_is_no_field() -> None:
    assert found(b"hello\r\n" + form([("email", b"From: a")])) == [("email", b"From: a")]


def test_a_field_that_came_twice_is_there_twice() -> None:
    assert found(form([("email", b"1"), ("email", b"2")])) == [("email", b"1"), ("email", b"2")]


MANY = 2**21
COSTLY = {
    "fields without end": form([("email", b"x")])[:-11] + b"\r\n--xYzZY\r\na:b\r\n\r\n" * (MANY // 4),
    "boundaries that are none": form([("email", b"\r\n--bb" * 2 * MANY)], "b"),
    "line ends": form([("email", b"\r\n-" * MANY)]),
    "headers without end": b"--xYzZY\r\n" + b"a: b\r\n" * MANY,
    "one header": b"--xYzZY\r\na: " + b"b" * 10 * MANY,
    "no boundary at all": b"\r\n--" * MANY,
}


@pytest.mark.parametrize("body", COSTLY.values(), ids=COSTLY)
def test_no_form_takes_long(body: bytes) -> None:
    begun = time.process_time()
    fields = read_fields("multipart/form-data; boundary=b" if body.startswith(b"--b\r\n") else TYPE, body)
    assert time.process_time() - begun < 3
    assert len(fields) <= MOST_FIELDS
