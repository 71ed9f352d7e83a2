"""The questions of every form: wording, kind, choices and who may read the answer. People ops owns them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REFLECTION, CHECK_IN, FIRST_SKILL = "Reflection form", "Growth check-in", "Growth check-in, no skill yet"
LOOKING_BACK = "Growth check-in, after six weeks"  # asked together with the check-in's own
FORMS = (REFLECTION, CHECK_IN, FIRST_SKILL, LOOKING_BACK)
TEXT, CHOICE, SCALE = "text", "choice", "scale"
SKILL, NEXT_TIME = "Skill", "Next time"  # questions whose answers later mails quote
KINDS = (TEXT, CHOICE, SCALE)
MANAGER, PEOPLE_OPS = "manager", "manager and people ops"
AUDIENCES = (MANAGER, PEOPLE_OPS)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form. `name` heads its column in the record and identifies it for good, in every language."""

    form: str
    name: str
    wording: str
    kind: str = TEXT
    choices: tuple[str, ...] = ()
    audience: str = MANAGER
    filed_as: tuple[str, ...] = ()  # in another language: the choices as the record has them, in the same order

    @property
    def readable_by_people_ops(self) -> bool:
        """Whether the answer may stand in the sheet (design §6)."""
        return self.audience == PEOPLE_OPS

    def filed(self, text: str) -> str:
        """The text as the record has it: a choice of this wording as the one that it stands for."""
        return dict(zip(self.choices, self.filed_as, strict=False)).get(text, text)

    def shown(self, text: str) -> str:
        """The other way round: a filed text as this wording has it."""
        return dict(zip(self.filed_as, self.choices, strict=False)).get(text, text)


Forms = Mapping[str, tuple[Question, ...]]


def as_asked(text: str) -> tuple[Question, ...]:
    """The questions of a mail as they stood in it, out of the ledger's JSON."""
    return tuple(_asked(question) for question in json.loads(text))


def _asked(question: Mapping[str, Any]) -> Question:
    fields: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in question.items()}
    return Question(**fields)
