"""Replies read beside the mail that they answer: what it shows, in text and in HTML, is never an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.mail.reading import Mail, read_mail
from flows.mail.shown import Shown, as_shown

TEXT = """\
Hello Jane Doe,

A minute for the skill you are growing: SQL beyond the basics.

Just reply to this mail. Put your answers under the numbers, or write
freely: both work.

[1] Did you find time for it since last week, or before it, when you
    were away?
    Yes · A little · Not this week
    Read by your manager Sam Lee and people ops.

[2] How much energy did it give you, from 1 (none) to 5 (a lot)?
    1 · 2 · 3 · 4 · 5
    Read by your manager Sam Lee only.

[3] When will you work on it next? A day and an hour work best.
    Read by your manager Sam Lee only.

Acme people team
"""
PAGE = """\
<html><head><title>Your check-in</title><style>p { color: red }</style></head><body>
<p>It takes a minute: press a choice, or reply.</p><h1>SQL beyond the basics, week 40</h1><p>Hello Jane Doe,</p>
<p>A minute for the skill you are growing: SQL beyond the basics.</p>
<p>Just reply to this mail. Put your answers under the numbers, or write freely: both work.</p><a>Answer on the page</a>
<h2>[1] Did you find time for it since last week, or before it, when you were away?</h2>
<a>Yes</a><a>A little</a><a>Not this week</a><p>Read by your manager Sam Lee and people ops.</p>
<h2>[2] How much energy did it give you, from 1 (none) to 5 (a lot)?</h2>
<a>1</a><a>2</a><a>3</a><a>4</a><a>5</a><p>Read by your manager Sam Lee only.</p>
<h2>[3] When will you work on it next? A day and an hour work best.</h2><p>Read by your manager Sam Lee only.</p>
<p>Acme people team</p></body></html>
"""
SENT = as_shown(TEXT, PAGE)
ONE, TWO = (
    "[1] Did you find time for it since last week, or before it, when you were away?",
    "[2] How much energy did it give",
)
# The mail as programs show its HTML: a line for each choice, and the button with its link.
QUOTED = f"""\
It takes a minute: press a choice, or reply.
SQL beyond the basics, week 40
Hello Jane Doe,

A minute for the skill you are growing: SQL beyond the basics.
Just reply to this mail. Put your answers under the numbers, or write freely: both work.
Answer on the
page <http://example.com/form/x>
{ONE}
Yes<http://example.com/form/x?1=1>
A little<http://example.com/form/x?1=2>
Not this week<http://example.com/form/x?1=3>
Read by your manager Sam Lee and people ops.
{TWO} you, from 1 (none) to 5 (a lot)?
1 <http://example.com/form/x?2=1>  2
<http://example.com/form/x?2=2>  3
<http://example.com/form/x?2=3>  4
<http://example.com/form/x?2=4>  5
<http://example.com/form/x?2=5>
Read by your manager Sam Lee only.
[3] When will you work on it next? A day and an hour work best.
Read by your manager Sam Lee only.

Acme people team
"""
HEAD = (
    "From: Acme people team <r.x@reply.example.com>\nSent: Tuesday, March 3, 2026 9:00 AM\nTo: Jane Doe\n"
    "Subject: Your week\n\n"
)
ATTRIBUTION = "On Tue, Mar 3, 2026 at 9:00 AM Acme people team <r.x@reply.example.com> wrote:\n\n"


def read(body: str) -> Mail:
    head = "From: Jane Doe <jane@example.com>\nTo: r.x@reply.example.com\nSubject: Re: Your week\n"
    return read_mail(f"{head}Content-Type: text/plain; charset=utf-8\n\n{body}".encode(), SENT)


def marked(text: str) -> str:
    return ATTRIBUTION + "".join(f"> {line}\n" for line in text.split("\n"))


def unmarked(text: str) -> str:
    return HEAD + text


def typed(*pairs: tuple[str, str]) -> str:
    """The quoted mail with words put in behind others."""
    text = QUOTED
    for place, words in pairs:
        assert place in text
        text = text.replace(place, place + words, 1)
    return text


def test_what_a_mail_asks_is_read_from_its_html_and_else_from_its_text() -> None:
    first, second, third = Shown.read(SENT).questions
    assert first.wording == "Did you find time for it since last week, or before it, when you were away?"
    assert (first.choices, first.readers) == (
        ("Yes", "A little", "Not this week"),
        "Read by your manager Sam Lee and people ops.",
    )
    assert (second.choices, third.choices) == (("1", "2", "3", "4", "5"), ())
    assert [asked.wording for asked in Shown.read(TEXT).questions][:2] == [first.wording, second.wording]


@pytest.mark.parametrize("quote", [marked, unmarked])
def test_the_heading_and_the_buttons_of_the_html_are_no_words(quote: Callable[[str], str]) -> None:
    assert read(f"All fine.\n\n{quote(QUOTED)}").text == "All fine."
    assert read(f"All fine.\n\n{quote(TEXT)}").text == "All fine."


ANSWERED = {
    "below the questions": (
        typed((ONE, "\nNo time at all"), ("(a lot)?", "\n2, I was tired"), ("work best.", "\nFriday at 9")),
        {1: "No time at all", 2: "2, I was tired", 3: "Friday at 9"},
    ),
    "behind the questions": (
        typed((ONE, " No time at all"), ("(a lot)?", " 2, I was tired"), ("work best.", " Friday at 9")),
        {1: "No time at all", 2: "2, I was tired", 3: "Friday at 9"},
    ),
    "behind who reads them": (
        typed(("people ops.", " --> No time"), ("Lee only.", " --> 2")),
        {1: "--> No time", 2: "--> 2"},
    ),
    "a choice again": (typed((ONE, "\nYes"), ("(a lot)?", "\n5")), {1: "Yes", 2: "5"}),
    "a choice behind the question": (typed((ONE, " A little")), {1: "A little"}),
    "a choice below all of them": (typed(("x?1=3>", "\nNot this week")), {1: "Not this week"}),
    "a picture": (typed((ONE, "\n👍")), {1: "👍"}),
}


@pytest.mark.parametrize("quote", [marked, unmarked])
@pytest.mark.parametrize("name", ANSWERED)
def test_words_typed_into_the_quoted_mail_are_answers_also_where_no_mark_breaks(
    name: str, quote: Callable[[str], str]
) -> None:
    text, answers = ANSWERED[name]
    assert read(f"See below.\n\n{quote(text)}").answers == answers


def test_a_closing_below_the_last_question_is_no_answer_to_it() -> None:
    text = typed((ONE, "\nNo time"), ("work best.", "\n\nBest\nJane"))
    assert read(marked(text)).answers == {1: "No time"}
    assert read(marked(typed(("work best.", "\nJane")))).answers == {3: "Jane"}


def test_a_heading_inside_the_quote_is_no_answer() -> None:
    inner = "On Mon, Mar 2, 2026, Acme people team <people@example.com> wrote:\n> Hello Jane Doe,\n"
    text = typed((ONE, "\nNo time")).replace("Acme people team\n", f"{inner}Acme people team\n")
    assert read(marked(text)).answers == {1: "No time"}


def test_half_of_the_quote_is_enough_to_know_it() -> None:
    half = QUOTED[QUOTED.index("[2]") :].split("Acme")[0].replace("(a lot)?", "(a lot)?\n4, at last")
    assert read(f"Hello,\n\n{unmarked(half)}").answers == {2: "4, at last"}


def test_what_a_gateway_puts_above_the_quoted_mail_is_no_answer() -> None:
    banner = "You don't often get email from people@example.com. Learn why this is important\n"
    assert read(f"All fine.\n\n{unmarked(banner + QUOTED)}").text == "All fine."


NUMBERED = {
    "a word and a colon": ("Q1: no\nQ2: 3\nQ3: Friday", {1: "no", 2: "3", 3: "Friday"}),
    "german": ("zu 1.: nein\nzu 3.: Freitag", {1: "nein", 3: "Freitag"}),
    "a word and no sign": ("ad 1 nein\nad 3 Freitag", {1: "nein", 3: "Freitag"}),
    "a sharp": ("#1 no\n#3 Friday", {1: "no", 3: "Friday"}),
    "japanese": ("質問1：はい\n質問3：金曜日", {1: "はい", 3: "金曜日"}),
    "korean": ("1번 네\n3번 금요일", {1: "네", 3: "금요일"}),
    "circles": ("① yes\n③ Friday", {1: "yes", 3: "Friday"}),
    "keycaps": ("1️⃣ yes\n3️⃣ Friday", {1: "yes", 3: "Friday"}),
    "tabs": ("1\tno\n2\t3\n3\tFriday", {1: "no", 2: "3", 3: "Friday"}),
    "nothing but numbers": ("1 no\n2 three\n3 Friday", {1: "no", 2: "three", 3: "Friday"}),
    "nothing but numbers, and a closing": ("1 no\n2 three\n3 Friday\nLG Jane", {1: "no", 2: "three", 3: "Friday"}),
    "two that leave one out": ("1 no\n3 Friday", {1: "no", 3: "Friday"}),
    "in one line": ("(1) no (2) 3 (3) Friday", {1: "no", 2: "3", 3: "Friday"}),
    "in one line, bare": ("1 no 2 three 3 on Friday", {1: "no", 2: "three", 3: "on Friday"}),
    "turned round": ("3) Friday\n1) no", {1: "no", 3: "Friday"}),
    "one alone": ("One more thing:\n3) Friday", {3: "Friday"}),
    "a list inside an answer": (
        "2. Two rules:\n1. calm\n2. loud\n3. Friday",
        {2: "Two rules:\n1. calm\n2. loud", 3: "Friday"},
    ),
    "comments": ("[Jane Doe] no\n[Jane Doe] 3", {}),
}


@pytest.mark.parametrize("name", NUMBERED)
def test_numbers_name_the_questions_in_whatever_way_people_write_them(name: str) -> None:
    text, answers = NUMBERED[name]
    assert read(f"{text}\n\n{marked(QUOTED)}").answers == answers


@pytest.mark.parametrize(
    "text",
    [
        "I talked to 3 people about it.",
        "Item 3 of my list is done.",
        "1. FC Cologne won.",
        "1 hour on Monday 2 on Tuesday",
        "Point 2 I will think about.",
        "2 hours\n3 tries",
        "I had:\n1 talk\n2 tries\n3 hours",
        "It cost 1.5 hours.",
        "12. May the talk\n15. June the course",
        "10: 30 a call\n11: 15 a walk",
        "4:)",
        "4 :)",
        "2: a good week",
        "3)",
        "2/5 :(",
        "1) yes",
    ],
)
def test_numbers_in_sentences_name_no_question(text: str) -> None:
    mail = read(f"{text}\n\n{marked(QUOTED)}")
    assert (mail.answers, mail.rest) == ({}, text)
