"""The growth skill: whose word counts, and when it is time to ask whether to go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.rules.answers import Answer, Entry
from flows.rules.company import read_company
from flows.rules.grid import Grid
from flows.rules.proposals import PROPOSED
from flows.rules.questions import CHECK_IN, FIRST_SKILL, MANAGER, PEOPLE_OPS
from flows.rules.roster import ROSTER, Person
from flows.rules.skills import Skill, skill_of

NOON = datetime(2026, 9, 8, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
ROWS = (("Ana", "ana@example.com", "mia@example.com", date(2025, 1, 1)), ("Mia", "mia@example.com"))
COMPANY = read_company({"Roster": Grid((ROSTER.headers, *ROWS))})
ANA = COMPANY.by_email["ana@example.com"]
SPEAKER = replace(ANA, growth_skill="Speaking")


def entry(week: float, *answers: tuple[str, str], form: str = CHECK_IN, skill: str = "Speaking") -> Entry:
    said = tuple(Answer(name, "?", PEOPLE_OPS, text) for name, text in answers)
    at = NOON + week * WEEK
    return Entry(f"{week}", form, f"ask {week:.0f}", ANA.email, "", "", skill, "", at, "mail", said)


def weeks(*numbers: float) -> list[Entry]:
    return [entry(number, ("Noticed", "x")) for number in numbers]


def named(text: str, week: float = 0, audience: str = PEOPLE_OPS) -> Entry:
    said = entry(week, ("Skill", text), form=FIRST_SKILL, skill="")
    return replace(said, answers=tuple(replace(answer, audience=audience) for answer in said.answers))


def go_on(text: str, week: float, skill: str = "Speaking") -> Entry:
    return entry(week, ("Going on", text), skill=skill)


CASES = {
    "none": (ANA, [], [], Skill("")),
    "the roster's": (SPEAKER, [], [], Skill("Speaking")),
    "the one named": (ANA, [named("Listening")], [], Skill("Listening")),
    "the one named last": (ANA, [named("Listening"), named("Writing", 1)], [], Skill("Writing")),
    "named for the manager alone": (ANA, [named("Listening", 0, MANAGER)], [], Skill("Listening", public=False)),
    "the roster's before the named one": (SPEAKER, [named("Listening")], [], Skill("Speaking")),
    "kept": (SPEAKER, [], [go_on("Keep it", 1)], Skill("Speaking")),
    "done with": (SPEAKER, [], [go_on("Done", 1)], Skill("")),
    "changed, and a new one named": (SPEAKER, [named("Writing", 2)], [go_on("Change it", 1)], Skill("Writing")),
    "an older one does not come back": (SPEAKER, [named("Writing", 0)], [go_on("Change it", 1)], Skill("")),
    "taken back": (SPEAKER, [], [go_on("Done", 1), go_on("Keep it", 1.1)], Skill("Speaking")),
    "a new one in the roster": (SPEAKER, [], [go_on("Done", 1, skill="Writing")], Skill("Speaking")),
}


@pytest.mark.parametrize("case", CASES)
def test_the_last_word_counts(case: str) -> None:
    person, chosen, check_ins, skill = CASES[case]
    assert isinstance(person, Person)
    assert skill_of(person, COMPANY, chosen, check_ins) == skill


ROUNDS = {
    "five weeks": (weeks(1, 2, 3, 4, 5), 0),
    "six weeks": (weeks(1, 2, 3, 4, 5, 6), 6),
    "six answers in five weeks": (weeks(1, 2, 3, 4, 5, 5.1), 0),
    "seven, and not asked yet": (weeks(1, 2, 3, 4, 5, 6, 7), 7),
    "asked and kept": ([*weeks(1, 2, 3, 4, 5, 6), go_on("Keep it", 7)], 0),
    "six more since": ([*weeks(1, 2, 3, 4, 5, 6), go_on("Keep it", 7), *weeks(8, 9, 10, 11, 12, 13)], 13),
    "about another skill": ([entry(n, ("Noticed", "x"), skill="Writing") for n in range(6)], 0),
}


@pytest.mark.parametrize("case", ROUNDS)
def test_after_six_answered_weeks_it_is_time_to_look_back(case: str) -> None:
    check_ins, rounds = ROUNDS[case]
    assert isinstance(check_ins, list)
    assert skill_of(SPEAKER, COMPANY, [], check_ins).rounds == rounds


@pytest.mark.parametrize(("audience", "known"), [(PEOPLE_OPS, True), (MANAGER, False)])
def test_a_skill_named_for_one_manager_alone_is_known_to_that_one_only(audience: str, known: bool) -> None:
    entry = replace(named("Listening", audience=audience), manager="mia@example.com")
    skill = skill_of(ANA, COMPANY, [entry], [])
    assert skill.known_to("mia@example.com") == "Listening"
    assert bool(skill.known_to("neo@example.com")) is known


def test_the_rosters_skill_is_known_to_every_manager() -> None:
    assert skill_of(SPEAKER, COMPANY, [], []).known_to("neo@example.com") == "Speaking"


PROPOSALS = {
    "another one": ((PROPOSED, "Writing"), "Writing"),
    "the present one": ((PROPOSED, "SPEAKING"), ""),
    "none": (("Noticed", "skill"), ""),
}


@pytest.mark.parametrize("case", PROPOSALS)
def test_what_is_proposed_is_another_skill(case: str) -> None:
    said, proposed = PROPOSALS[case]
    assert skill_of(SPEAKER, COMPANY, [], [entry(1, said)]).proposed == proposed
