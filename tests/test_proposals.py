"""A line "skill: …" in a reply proposes a growth skill."""

from __future__ import annotations

import pytest

from flows.rules.proposals import proposed_skill, without_proposal

PROPOSED = [
    ("skill: public speaking", "public speaking"),
    ("It went well.\n\nNew skill: saying no.\nThanks", "saying no"),
    ("Growth skill : “listening”", "listening"),
    ("*Fähigkeit:* Zuhören", "Zuhören"),
    ("neue Fähigkeit: Vorträge halten", "Vorträge halten"),
    ("Compétence : parler en public", "parler en public"),
    ("Ma nouvelle compétence: écouter", "écouter"),
    ("Habilidad: hablar en público", "hablar en público"),
    ("skill: one\nskill: two", "two"),
    ("“skill: negotiation”", "negotiation"),
    ("„Fähigkeit: Zuhören“", "Zuhören"),
    ("« compétence : négocier »", "négocier"),
]
NOT_PROPOSED = [
    "I want a skill: any will do.",
    "My skills: many",
    "skill:",
    "skill: …",
    "“skill: …”",
    "skill: none",
    "Fähigkeit: keine",
    "Skill: I think I got much better at running meetings",
    "skill: what we do here every single week of the year, more or less",
    "skill: " + "x" * 200,
    "skilled: yes",
    "The new skill is hard.",
    "",
]


@pytest.mark.parametrize(("text", "skill"), PROPOSED)
def test_a_labelled_line_proposes_the_skill_behind_it(text: str, skill: str) -> None:
    assert proposed_skill(text) == skill


@pytest.mark.parametrize("text", NOT_PROPOSED)
def test_other_words_propose_nothing(text: str) -> None:
    assert proposed_skill(text) == ""


def test_the_line_that_proposes_answers_nothing_and_all_else_stays() -> None:
    assert without_proposal("Tuesday\nskill: saying no\nat ten", "saying no") == "Tuesday\nat ten"
    assert without_proposal("skill: one\nskill: two", "two") == "skill: one"
    assert without_proposal("My skills: many", "") == "My skills: many"
