"""A reply compared with what is known of it: the mail that was sent, and its own HTML version."""

from __future__ import annotations

from email.message import EmailMessage
from textwrap import wrap

import pytest

from flows.mail.reading import Mail, read_mail

SENT = """\
Hello Jane,

two short questions for this week.

[1] What will you try next, and when would be a good moment for it in the
    coming week?
    Read by you and Sam.

[2] Did you practise?
    Yes · A little · Not this week
    Read by you and Sam.

Onward

* * *

You get this mail because you report to Sam Smith.
"""
HEAD = "From: Onward <r@example.com>\nSent: Tuesday, March 3, 2026 9:00 AM\nTo: Jane\nSubject: Your first 1:1\n\n"


def read(text: str, html: str = "", sent: str = SENT) -> Mail:
    """A reply with this plain text, and this HTML beside it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Jane <jane@example.com>",
        "r@example.com",
        "Re: Your first 1:1",
    )
    message.set_content(text, charset="utf-8")
    if html:
        message.add_alternative(html, subtype="html")
    return read_mail(message.as_bytes(), sent)


def answered(first: str, second: str) -> str:
    """The mail that was sent, with words under its questions, and nothing to tell them from it."""
    text = SENT.replace("Sam.\n\n[2]", f"Sam.\n{first}\n\n[2]")
    return text.replace("Sam.\n\nOnward", f"Sam.\n{second}\n\nOnward")


def test_answers_come_out_of_a_quote_that_nothing_marks() -> None:
    mail = read(HEAD + answered("Speaking up.\n\nOn Monday!", "a little"))
    assert mail.answers == {1: "Speaking up.\n\nOn Monday!", 2: "a little"}
    assert mail.text == "Speaking up.\n\nOn Monday!\na little"


def test_an_answer_that_is_a_choice_of_ours_is_still_typed() -> None:
    assert read(HEAD + SENT.replace("    Yes ·", "Yes\n    Yes ·")).text == "Yes"


def test_words_below_a_quote_that_nothing_marks_are_typed() -> None:
    assert read(f"{HEAD}{SENT}\nAll is well.\n\n-- \nJane\n").text == "All is well."


def test_without_what_was_sent_nothing_is_guessed() -> None:
    assert read(HEAD + answered("Speaking up.", "a little"), sent="").kind == "empty"


def test_another_mail_in_the_quote_stays_quoted() -> None:
    assert (
        read(f"Yes.\n\n{HEAD}Dear Jane,\n\nsomething else altogether was asked here, by somebody else.\n").text
        == "Yes."
    )


@pytest.mark.parametrize("width", [30, 50, 200])
def test_a_quote_without_any_sign_is_known_by_its_words(width: int) -> None:
    quote = "\n".join(wrap(SENT, width))
    assert read(f"All is well.\n\n{quote}\n").text == "All is well."


def test_questions_that_lost_their_numbers_are_found_by_their_wording() -> None:
    quote = "> What will you try next, and when would be a good\n> moment for it in the coming week?\n"
    mail = read(f"{quote}Speaking up.\n> Did you practise?\nA bit.\n")
    assert mail.answers == {1: "Speaking up.", 2: "A bit."}


def test_a_plain_quote_without_marks_is_known_by_the_html_beside_it() -> None:
    quote = "<p>What was asked at length here?</p><p>Thanks</p><p>And a second question?</p>"
    html = f"<div>Yes.</div><div class='yahoo_quoted'>{quote}</div>"
    plain = "Yes.\n\nWhat was asked at length here?\nThanks\nAnd a second question?\n"
    assert read(plain, html, sent="").text == "Yes."


def test_short_words_typed_between_stay_though_the_html_quotes_around_them() -> None:
    quote = "<blockquote type='cite'>"
    html = f"{quote}What was asked at length here?</blockquote>Yes<br>{quote}And a second question, too?</blockquote>No"
    plain = "What was asked at length here?\nYes\nAnd a second question, too?\nNo\n"
    assert read(plain, html, sent="").text == "Yes\nNo"
