"""One word or sign sets a choice or a point of a scale, in four languages; anything more stays words."""

from __future__ import annotations

import pytest

from flows.rules.answers import assign
from flows.rules.choices import chosen
from flows.rules.questions import CHOICE, SCALE, TEXT, Question

PRACTISED = ("Yes", "A little", "Not this week")
GERMAN = ("Ja", "Ein wenig", "Diese Woche nicht")
SCALED = ("1", "2", "3", "4", "5")

MEANT = [
    *(
        (PRACTISED, word, "Yes")
        for word in ("yes", "YES!", "Yep", "ja", "Oui.", "sí", "Si", "👍", "👍🏽", "✅", "claro", "Done")
    ),
    *(
        (PRACTISED, word, "A little")
        for word in ("a little", "A bit", "ein bisschen", "etwas", "un peu", "un poco", "🤏")
    ),
    *(
        (PRACTISED, word, "Not this week")
        for word in ("no", "Nein", "non", "not this week", "👎", "pas encore", "I didn’t")
    ),
    (GERMAN, "yes", "Ja"),
    (GERMAN, "Ein bißchen", "Ein wenig"),
    (GERMAN, "nein", "Diese Woche nicht"),
    *((SCALED, word, "4") for word in ("4", "4.", "4/5", "4 / 5", "4 von 5", "4 out of 5", "4 sur 5", "4 de 5")),
    *((SCALED, word, "4") for word in ("four", "vier", "Quatre", "cuatro", "4️⃣", "⭐⭐⭐⭐")),
]
NOT_MEANT = [
    (PRACTISED, "Yes, twice"),
    (PRACTISED, "no idea"),
    (PRACTISED, "4"),
    (PRACTISED, ""),
    (PRACTISED, "..."),
    (SCALED, "4/10"),
    (SCALED, "6"),
    (SCALED, "40"),
    (SCALED, "4 or 5"),
    (SCALED, "yes"),
    (("Yes, at work", "Yes, at home"), "yes"),
    (("No", "Not yet"), "nope"),
    (("Definitely", "Sure", "No"), "👍"),
]


@pytest.mark.parametrize(("choices", "words", "choice"), MEANT)
def test_a_word_or_a_sign_sets_the_choice_that_it_means(choices: tuple[str, ...], words: str, choice: str) -> None:
    assert chosen(choices, words) == choice


@pytest.mark.parametrize(("choices", "words"), NOT_MEANT)
def test_what_says_more_or_might_be_several_sets_none(choices: tuple[str, ...], words: str) -> None:
    assert chosen(choices, words) == ""


FORM = (
    Question("Form", "Practised", "Did you?", CHOICE, PRACTISED),
    Question("Form", "Energy", "How much?", SCALE, SCALED),
    Question("Form", "Story", "How was it?", TEXT),
)
REPLIES = [
    ("👍", {1: "Yes"}),
    ("4/5", {2: "4"}),
    ("yes\n4\n\nI spoke up.", {1: "Yes", 2: "4", 3: "I spoke up."}),
    ("un peu\n\nquatre", {1: "A little", 2: "4"}),
    ("4\n\nI spoke up.", {2: "4", 3: "I spoke up."}),
    ("4\nthings went well", {3: "4\nthings went well"}),
    ("I spoke up.\n\nyes", {3: "I spoke up.\n\nyes"}),
    ("yes\n\nyes", {1: "Yes", 3: "yes"}),
]


@pytest.mark.parametrize(("words", "answers"), REPLIES)
def test_bare_choices_at_the_beginning_go_to_the_questions_that_offer_them(words: str, answers: dict[int, str]) -> None:
    assert assign(FORM, {}, words) == answers
