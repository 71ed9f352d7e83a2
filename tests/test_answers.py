"""From a reply to answers: every word finds a question, and none is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.rules.answers import assign, wants_to_start, wants_to_stop
from flows.rules.questions import CHOICE, KINDS, SCALE, TEXT, Question


def question(kind: str = TEXT, *choices: str) -> Question:
    return Question("Form", "Name", "Wording?", kind, choices)


PRACTISED = question(CHOICE, "Yes", "A little", "Not this week")
ENERGY = question(SCALE, "1", "2", "3", "4", "5")
FREE = question()
FORM = (PRACTISED, ENERGY, FREE, FREE)

ASSIGNED = [
    pytest.param({1: "yes", 3: "I spoke."}, "", {1: "Yes", 3: "I spoke."}, id="each under its number"),
    pytest.param({}, "I spoke twice.", {3: "I spoke twice."}, id="free words go to the first free question"),
    pytest.param({}, "A LITTLE!", {1: "A little"}, id="a bare choice is recognised"),
    pytest.param({}, "4", {2: "4"}, id="a bare number is recognised on the scale"),
    pytest.param({1: "yes"}, "4", {1: "Yes", 2: "4"}, id="a bare number beside a marked answer"),
    pytest.param({3: "I spoke."}, "And again.", {3: "I spoke.", 4: "And again."}, id="the rest to the next free one"),
    pytest.param({3: "a", 4: "b"}, "c", {3: "a", 4: "b\nc"}, id="with none free, the last one takes it"),
    pytest.param({9: "What was 9?"}, "", {3: "What was 9?"}, id="a number never asked is rest"),
    pytest.param({0: "zero", 3: "three"}, "", {3: "three", 4: "zero"}, id="nor is there a question 0"),
    pytest.param({1: "Yes, twice"}, "", {1: "Yes, twice"}, id="more than the choice stays as written"),
    pytest.param({2: "six"}, "", {2: "six"}, id="what is not on the scale stays as written"),
    pytest.param({1: ""}, "", {}, id="a number with nothing after it says nothing"),
    pytest.param({1: "yes"}, "", {1: "Yes"}, id="one answer is enough"),
    pytest.param({3: "a"}, "yes", {1: "Yes", 3: "a"}, id="a bare choice beside a marked answer"),
]


@pytest.mark.parametrize(("marked", "rest", "expected"), ASSIGNED)
def test_words_go_to_their_question(marked: dict[int, str], rest: str, expected: dict[int, str]) -> None:
    assert assign(FORM, marked, rest) == expected


def test_a_form_of_choices_alone_keeps_free_words_at_its_last_question() -> None:
    assert assign((PRACTISED, ENERGY), {}, "hard to say") == {2: "hard to say"}


LOOK_ALIKE = [
    pytest.param(question(CHOICE, "😀", "😐", "🙁"), "🙁", id="faces"),
    pytest.param(question(SCALE, "-1", "0", "1"), "1", id="a scale below zero"),
    pytest.param(question(CHOICE, "C", "C++", "C#"), "C++", id="letters and signs"),
    pytest.param(question(CHOICE, "+", "-"), "-", id="signs"),
    pytest.param(question(CHOICE, "😀", "🙁"), "...", id="faces, and dots instead"),
]


@pytest.mark.parametrize(("asked", "text"), LOOK_ALIKE)
def test_a_choice_is_never_taken_for_another(asked: Question, text: str) -> None:
    assert assign((asked,), {1: text}, "") == {1: text}


WORDS = st.text("abcde \n", max_size=12)
QUESTIONS = st.lists(
    st.builds(question, st.sampled_from(KINDS), st.sampled_from(["a", "b"]), st.sampled_from(["c", "d e"])),
    min_size=1,
    max_size=5,
)


@given(QUESTIONS, st.dictionaries(st.integers(-1, 7), WORDS, max_size=5), WORDS)
@settings(max_examples=300, deadline=None)
def test_no_word_is_lost_and_none_is_added(asked: list[Question], marked: dict[int, str], rest: str) -> None:
    found = assign(asked, marked, rest)
    assert all(1 <= number <= len(asked) for number in found)
    said = Counter(" ".join([*marked.values(), rest]).split())
    # A choice that was recognised is written as it was offered, so blanks inside it do not count.
    assert Counter("".join(said.elements())) == Counter("".join("".join(found.values()).split()))


@given(st.dictionaries(st.integers(1, 4), st.text(min_size=1), min_size=1))
@settings(max_examples=100, deadline=None)
def test_what_stands_under_a_number_stays_there(marked: dict[int, str]) -> None:
    assert assign([FREE] * 4, marked, "") == marked


@pytest.mark.parametrize("text", ["stop", "STOP", " Stop. ", "Unsubscribe", "“STOP”", "Stopp!"])
def test_the_one_word_that_stops_the_mails_is_recognised(text: str) -> None:
    assert wants_to_stop(text)


@pytest.mark.parametrize("text", ["", "Please do not stop", "I had to stop early", "stop it", "non-stop", "yes"])
def test_a_word_within_a_sentence_stops_nothing(text: str) -> None:
    assert not wants_to_stop(text)


@pytest.mark.parametrize(("text", "starts"), [("START", True), ("resume.", True), ("I will start Monday", False)])
def test_the_one_word_that_starts_them_again_is_recognised(text: str, starts: bool) -> None:
    assert wants_to_start(text) is starts
    assert not wants_to_stop(text)


GERMAN = Question("Growth check-in", "Practised", "Zeit?", CHOICE, ("Ja", "Nein"), filed_as=("Yes", "No"))


@pytest.mark.parametrize("words", ["Ja", "ja!", "yes", "Yes."])
def test_a_choice_in_any_wording_is_filed_under_the_sheets_own(words: str) -> None:
    assert assign([GERMAN], {1: words}, "") == {1: "Yes"}
    assert assign([GERMAN], {}, words) == {1: "Yes"}


def test_other_words_than_a_choice_stay_as_they_are() -> None:
    assert assign([GERMAN], {1: "ja, zweimal"}, "") == {1: "ja, zweimal"}
    assert (GERMAN.filed("Nein"), GERMAN.shown("No"), GERMAN.shown("nichts")) == ("No", "Nein", "nichts")
