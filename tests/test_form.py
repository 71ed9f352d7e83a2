"""From the fields of a page to answers: whatever is sent, only what was asked and offered is taken."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from flows.rules.form import LONGEST, Filled, entry_of, preselected, read_form
from flows.rules.questions import AUDIENCES, CHECK_IN, CHOICE, KINDS, TEXT, Question, as_asked
from flows.web.bodies import fields
from tests.sample import TUESDAY, sending

NAMES = st.text(min_size=1, max_size=8)
QUESTIONS = st.lists(
    st.builds(
        Question,
        form=st.just(CHECK_IN),
        name=NAMES,
        wording=NAMES,
        kind=st.sampled_from(KINDS),
        choices=st.lists(NAMES, max_size=4).map(tuple),
        audience=st.sampled_from(AUDIENCES),
    ),
    max_size=6,
)
VALUES = st.one_of(st.text(max_size=30), st.integers(-3, 12).map(str), st.just("x" * (LONGEST + 1)))
FIELDS = st.dictionaries(st.one_of(st.integers(0, 9).map("q{}".format), st.text(max_size=5)), VALUES, max_size=8)


@given(QUESTIONS, FIELDS)
def test_only_questions_that_were_asked_get_words_and_choices_only_those_offered(
    questions: list[Question], sent: dict[str, str]
) -> None:
    filled = read_form(questions, sent)
    assert set(filled.words) <= set(range(1, len(questions) + 1))
    assert all(filled.words.values())
    for number, said in filled.words.items():
        question = questions[number - 1]
        assert said in question.choices or question.kind == TEXT or not question.choices
        assert (number in filled.too_long) == (len(said) > LONGEST)
        json.dumps(said).encode()


@given(QUESTIONS, FIELDS)
def test_each_answer_keeps_the_wording_and_the_audience_that_were_printed(
    questions: list[Question], sent: dict[str, str]
) -> None:
    mail = replace(sending("a"), questions=json.dumps([asdict(question) for question in questions]))
    assert as_asked(mail.questions) == tuple(questions)
    entry = entry_of(mail, read_form(questions, sent), "load", TUESDAY)
    asked = [(question.name, question.wording, question.audience) for question in questions]
    assert all((answer.question, answer.wording, answer.audience) in asked for answer in entry.answers)


@given(QUESTIONS, st.dictionaries(st.text(max_size=4), st.text(max_size=8), max_size=5))
def test_a_link_selects_only_choices_that_are_offered(questions: list[Question], query: dict[str, str]) -> None:
    for number, said in preselected(questions, query).items():
        assert said in questions[number - 1].choices


@given(FIELDS)
def test_a_form_arrives_as_it_was_filled_in(sent: dict[str, str]) -> None:
    def plain(text: str) -> str:
        return text.encode(errors="replace").decode()

    body = urlencode({plain(name): plain(value) for name, value in sent.items()}).encode()
    arrived = fields("application/x-www-form-urlencoded; charset=utf-8", body)
    assert arrived == {plain(name): plain(value) for name, value in sent.items()}


@given(st.sampled_from(["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]),
       st.binary(max_size=200))  # fmt: skip
def test_no_body_breaks_the_reading(kind: str, body: bytes) -> None:
    arrived = fields(kind, body)
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in arrived.items())


@given(st.text(max_size=80), st.binary(max_size=300))
def test_no_kind_of_body_breaks_the_reading(kind: str, body: bytes) -> None:
    fields(f"multipart/form-data{kind}", b"--x\r\n" + body)


def test_both_kinds_of_forms_are_read() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    assert fields("multipart/form-data; boundary=x", body) == {"List-Unsubscribe": "One-Click"}


def test_the_mark_of_an_answering_tells_another_loading_and_other_words_apart() -> None:
    question = Question(CHECK_IN, "Practised", "Did you?", CHOICE, ("Yes", "No"))
    mail = replace(sending("a"), questions=json.dumps([asdict(question)]))
    yes, no = Filled({1: "Yes"}), Filled({1: "No"})
    refs = [
        entry_of(mail, filled, load, TUESDAY).ref for filled, load in ((yes, "1"), (yes, "1"), (no, "1"), (yes, "2"))
    ]
    assert refs[0] == refs[1]
    assert len(set(refs)) == 3
