"""Mails made to hurt: none crashes the reading, none costs more than its size, and what was typed is still read."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from time import process_time

import pytest

from flows.mail.reading import Mail, read_mail
from flows.mail.shown import as_shown
from tests.corpus.figures import corpus

PLAIN = b"From: jane@example.com\nSubject: Re: x\nContent-Type: text/plain; charset=utf-8\n\n"
HTML = PLAIN.replace(b"plain", b"html")
MIXED = b"From: jane@example.com\nContent-Type: multipart/mixed; boundary=b\n\n"
LONG, SIZE, MUTATIONS = 1.0, 300_000, 400  # seconds, bytes, mails

# What each line scanner, pattern and tree walk might stumble over, repeated without end.
BAIT = [
    "On ", "a On ", "\n ", "\t", "\xa0", "a:\n", "a: b\n", "From: a\n", "From: a@b\n\n", "> ", "> a\n", ">", "-",
    "_", "-- \n", "__\n", "wrote:\n", "On 3/3/26 09:00, X wrote:\n", "<a@b> ", "<a@b", "@", "<", "[1] ",
    "[image: ", "1. a\n", "http://a ", "sent from ", "Sent from my iPhone\n\n", "-----Original Message-----\n",
    "a b ", "3/3/26 ", "9:00 ", "0", "confidential intended message ", "confidential\n", "\u202b", "\U0001f600",
    "-----BEGIN PGP SIGNED MESSAGE-----\n", "A B\n+49 30 1234567\n", "out of office ", ">>> a <<<\n", "De : a\n",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", "\x00", "\ud800",
    "[EXTERNAL]\n\n", "x" * 900 + ":\n", "Ab: " * 240 + "\n", "von " + "x " * 70 + "gesendet x\n\n",
    "This e-mail is confidential and intended for the recipient only. Got in error? Destroy this message.\n\n",
    "caution : : : : " * 10 + "\n\n", "Best regards,\nJane Doe\n", "--\n\n", "- Jane Doe\n",
    ">>> a@b.c 2026-01-01 10:00\n", "out of the office ", "2026-01-01 wrote: > ", "---- Original message ----From: a ",
    "AB> a\n", "on 1.1.2026:\nAB> a\n", "aFrom:", "FromTo: " * 120 + "\n", "A <a@b>\n1.1.26 09:00\nTo\na\ncc\n",
    "jane@example.com Jane\n", "* * *\n", "*-*-*\njane@example.com\n", "jane@example.com wrote:\n",
    "2026-01-01 " * 14 + "\n> a\n", "word " * 130 + "\n> a\n", "2026-01-01 " * 12 + "wrote: > a\n",
]  # fmt: skip
TAGS = [
    "<blockquote>", "<blockquote type=cite>", "a:<blockquote>", "<div>", "<font>", "<table><tr><td>", "<p>",
    "<br>", "<hr>", "<div class=gmail_quote>", "<!--", "<![", "&", "&#", "<", "</", "<b a=\"",
    "<div class=moz-cite-prefix>a:", "<ul><li>", "<pre>\n", "<script>", "<div a b c d ", " a=b", "&#xd800;&#0;",
    "<div style='border-top:solid #E1E1E1 1.0pt'>", "<div id=appendonsend>", "<div class=a_quote>",
    "1.1.26 a:<blockquote>",     "<div style='border-top: solid 1.0'>", "<div title=a data-type=a>",
]  # fmt: skip
ODD_HEADS = {
    "no charset that is one": b"Content-Type: text/plain; charset=" + b"x" * 5000,
    "a codec that is no charset": b"Content-Type: text/plain; charset=rot13",
    "a header without end": b"Subject: " + b"a" * 9_000_000,
    "headers without number": b"X-A: b\n" * 200_000 + b"X-A: b",
    "folds without number": b"Subject: a" + b"\n b" * 300_000,
    "a name that could be an address": b"From: " + b"a" * 8_000,
    "recipients without number": b"To: " + b"a@b.example, " * 100_000,
    "brackets that never close": b"To: " + b"(" * 100_000,
    "parameters without number": b"Content-Type: text/plain; " + b"a=b; " * 50_000,
    "references without number": b"References: " + b"<a@b> " * 100_000,
    "bytes that are no text": b"Subject: \xff\xfe\x00\xed\xa0\x80",
}


def storable(mail: Mail) -> bool:
    """Whether every database takes what was read."""
    texts = [mail.text, mail.rest, mail.sender, mail.subject, mail.message_id, *mail.answers.values(), *mail.recipients]
    return all("\0" not in text and text.encode() is not None for text in [*texts, *mail.references])


def read_in_time(raw: bytes) -> Mail:
    begun = process_time()
    mail = read_mail(raw)
    assert process_time() - begun < LONG
    assert storable(mail)
    return mail


@pytest.mark.parametrize("bait", BAIT)
def test_no_line_is_read_in_more_than_its_time(bait: str) -> None:
    unit = bait.encode(errors="surrogatepass")
    read_in_time(PLAIN + b"Yes.\n\n" + unit * (SIZE // len(unit)))


# What a comparison with the mail that was sent might stumble over.
SENT_BAIT = [
    "[1] Is there a goal that you work for? yes\n", "goal that you work for? yes\n", "Yes\nNo\n", "Yes\n", "a?\n",
    "Read by your manager only. yes\n", "1) a 2) b 3) c\n", "1 a 2 b 3 c ", "Q1: a\n", "[Jane Doe] a\n", "> Yes\n",
]  # fmt: skip
SENT = as_shown(
    "[1] Is there a goal that you work for?\n    Yes · No\n    Read by your manager only.\n",
    "<h2>[1] Is there a goal that you work for?</h2><a>Yes</a><a>No</a><p>Read by your manager only.</p>",
)


@pytest.mark.parametrize("bait", [*BAIT, *SENT_BAIT])
def test_comparing_with_the_mail_sent_takes_no_more_than_its_time(bait: str) -> None:
    unit = bait.encode(errors="surrogatepass")
    begun = process_time()
    assert storable(read_mail(PLAIN + b"Yes.\n\n" + unit * (SIZE // len(unit)), SENT))
    assert process_time() - begun < LONG


@pytest.mark.parametrize("tag", TAGS)
def test_no_tag_is_read_in_more_than_its_time(tag: str) -> None:
    read_in_time(HTML + b"<p>Yes.</p>" + tag.encode() * (SIZE // len(tag)))


def test_two_versions_that_differ_in_every_line_are_compared_in_time() -> None:
    plain = "".join(f"plain line number {number}, nowhere else\n" for number in range(9_000))
    rich = "<blockquote type=cite>" + "".join(f"rich line number {number}<br>" for number in range(9_000))
    head = (
        b"From: jane@example.com\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
    )
    read_in_time(head + plain.encode() + b"\n--b\nContent-Type: text/html\n\n" + rich.encode() + b"\n--b--\n")


@pytest.mark.parametrize("name", ODD_HEADS)
def test_odd_heads_leave_the_words_as_they_are(name: str) -> None:
    assert read_in_time(ODD_HEADS[name] + b"\n\nYes.\n").text == "Yes."


def test_parts_by_the_thousand_leave_the_first_words_as_they_are() -> None:
    many = b"--b\n\nYes.\n" + b"--b\nContent-Type: text/html\n\n<p>x\n" * 20_000
    assert read_in_time(MIXED + many).text.startswith("Yes.")


def test_attachments_are_never_opened() -> None:
    head = b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
    assert read_in_time(MIXED + b"--b\n\nYes.\n--b\n" + head + b"UEsDBA" * 1_000_000 + b"\n--b--\n").text == "Yes."


def test_a_line_of_ten_megabytes_is_cut_and_read() -> None:
    assert read_in_time(PLAIN + b"Yes " + b"x" * 10_000_000).text.startswith("Yes x")


def _damaged(seed: int, number: int) -> Iterator[bytes]:
    """Real-looking mails with pieces cut out, doubled, turned, or put in from elsewhere."""
    random = Random(seed)
    mails = [raw for _, _, raw in corpus(seed)]
    for _ in range(number):
        raw = bytearray(random.choice(mails))
        for _ in range(random.randint(1, 12)):
            at, size = random.randrange(len(raw) + 1), random.choice((1, 1, 4, 40, 400))
            other = random.choice(mails)
            put = random.choice(
                (b"", bytes(random.randbytes(size)), raw[at : at + size] * 3, other[at : at + size], b"\n")
            )
            raw[at : at + random.choice((0, size))] = put
        yield bytes(raw)


def test_damaged_mails_are_read_and_can_be_stored() -> None:
    slow = []
    for raw in _damaged(seed=11, number=MUTATIONS):
        begun = process_time()
        assert storable(read_mail(raw)), raw
        slow.append(process_time() - begun)
    assert max(slow) < LONG
