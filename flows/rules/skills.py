"""Which skill a person grows, who may know it, and when it is time to ask whether to go on with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.rules.answers import Answer, Entry
from flows.rules.company import Company
from flows.rules.proposals import PROPOSED
from flows.rules.questions import LOOKING_BACK, PEOPLE_OPS
from flows.rules.roster import Person

ROUND = 6  # answered weeks, then the check-in asks whether to go on


@dataclass(frozen=True, slots=True)
class Skill:
    """The growth skill of one person; empty while there is none."""

    name: str
    public: bool = True  # whether people ops may know it
    told: str = ""  # the manager whom it was named to, if the person named it
    proposed: str = ""  # another one that the person proposed in a check-in
    rounds: int = 0  # the answered weeks, when it is time to look back on them; else 0

    @property
    def known(self) -> str:
        """The skill as far as people ops may know it."""
        return self.name if self.public else ""

    def known_to(self, manager: str) -> str:
        """The skill as far as this manager may know it: what was for an earlier one alone stays with that one."""
        return self.name if self.public or self.told == manager else ""


def skill_of(person: Person, company: Company, chosen: Sequence[Entry], check_ins: Sequence[Entry]) -> Skill:
    """The roster's skill, else the one that the person named last, unless they said since that they are done with it.

    `chosen` are their answers to the question for a skill, `check_ins` those to the check-in, oldest first.
    """
    ended = _ended(company, check_ins)
    named = _named(company, chosen)
    since = ended.received_at if ended else None
    skill = Skill("")
    if person.growth_skill and not (ended and ended.skill == person.growth_skill):
        skill = Skill(person.growth_skill)
    elif named and (since is None or named[1].received_at > since):
        skill = Skill(named[0].text, named[0].audience == PEOPLE_OPS, named[1].manager)
    skill = replace(skill, proposed=_proposed(check_ins, skill.name))
    if not skill.name:
        return skill
    return replace(skill, rounds=_rounds(company, [e for e in check_ins if e.skill == skill.known]))


def proposed_in(entry: Entry) -> str:
    """The skill that this answering proposes; nothing when it proposes none."""
    return next((answer.text for answer in entry.answers if answer.question == PROPOSED), "")


def _proposed(check_ins: Sequence[Entry], now: str) -> str:
    found = [text for entry in check_ins if (text := proposed_in(entry))]
    return found[-1] if found and found[-1].casefold() != now.casefold() else ""


def _named(company: Company, entries: Sequence[Entry]) -> tuple[Answer, Entry] | None:
    named = [
        (answer, entry)
        for entry in entries for answer in entry.answers if answer.question == company.skill_question
    ]  # fmt: skip
    return named[-1] if named else None


def _ended(company: Company, entries: Sequence[Entry]) -> Entry | None:
    """The last answering that ended a skill: to change it, or done."""
    going_on = company.forms[LOOKING_BACK][0]
    ended: dict[str, Entry | None] = {}
    for entry in entries:  # a later answer to the same check-in replaces the earlier one
        for answer in entry.answers:
            if answer.question == going_on.name:
                ended[entry.ask] = entry if answer.text in going_on.choices[1:] else None
    return next((entry for entry in reversed(ended.values()) if entry), None)


def _rounds(company: Company, entries: Sequence[Entry]) -> int:
    """How many weeks were answered, when so many are a reason to look back: after six, and after six more."""
    going_on = company.forms[LOOKING_BACK][0].name
    weeks: dict[str, bool] = {}  # by occasion: whether it was looked back on
    for entry in entries:
        weeks[entry.ask] = weeks.get(entry.ask, False) or any(a.question == going_on for a in entry.answers)
    looked_back = [number for number, back in enumerate(weeks.values(), 1) if back]
    return len(weeks) if len(weeks) - max(looked_back, default=0) >= ROUND else 0
