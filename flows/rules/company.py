"""All that the sheet says, read together: who there is, how Onward shall behave, what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.rules.grid import Snapshot
from flows.rules.policy import SETTINGS_TAB, Policy, read_policy
from flows.rules.problems import Problem
from flows.rules.questions import FIRST_SKILL, SKILL, Forms, Question
from flows.rules.questions_tab import QUESTIONS, read_questions
from flows.rules.roster import ACTIVE, LEFT, ROSTER, Person, Roster, read_roster


@dataclass(frozen=True, slots=True)
class Company:
    """The sheet at one moment."""

    roster: Roster
    policy: Policy
    forms: Forms  # for everybody who has none in their own language; their choices are what is filed
    problems: tuple[Problem, ...]
    by_email: Mapping[str, Person]
    worded: Mapping[str, Forms]  # by language

    def manager_of(self, person: Person) -> Person | None:
        """The person's manager; one without a row of their own goes by the settings; None if none is named."""
        if not person.manager_email:
            return None
        return self.by_email.get(person.manager_email) or self._outsider(person.manager_email)

    def questions(self, form: str, language: str) -> tuple[Question, ...]:
        """The questions of a form as they are asked in a language."""
        return self.worded.get(language, self.forms)[form]

    @property
    def skill_question(self) -> str:
        """The name of the question that asks to choose a growth skill: Skill, else the first one that asks for it."""
        names = [question.name for question in self.forms[FIRST_SKILL]]
        return SKILL if SKILL in names else names[0]

    def _outsider(self, email: str) -> Person:
        policy = self.policy
        return Person(0, email, email, "", None, None, None, "", policy.calendar, policy.language, ACTIVE)


def read_company(snapshot: Snapshot) -> Company:
    """Read people's tabs; whatever is wrong in them is among the problems."""
    policy, policy_problems = read_policy(snapshot.get(SETTINGS_TAB.name))
    worded, form_problems = read_questions(snapshot.get(QUESTIONS.name))
    roster = read_roster(snapshot.get(ROSTER.name), policy)
    by_email = {person.email: person for person in roster.people}
    problems = (*roster.problems, *_gone_managers(by_email), *policy_problems, *form_problems)
    return Company(roster, policy, worded[""], problems, by_email, worded)


def _gone_managers(by_email: Mapping[str, Person]) -> Iterator[Problem]:
    for person in by_email.values():
        manager = by_email.get(person.manager_email)
        if manager and manager.status == LEFT and person.status == ACTIVE:
            advice = f"{manager.name} has left; write the new manager's address, or leave it empty"
            yield Problem(ROSTER.name, person.row, "Manager email", person.manager_email, advice)
