"""The catalogue: every kind of mail there is. A new one is an entry here, a template folder and a schedule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """One kind of mail. `name` is also its template folder; `flow` is the flow that sends it. There is one of each."""

    name: str
    title: str  # for people: in tables and tabs
    flow: str
    to_manager: bool = False


REFLECTION_FORM = Message("reflection-form", "Reflection form", "reflection-form")
REFLECTION_REMINDER = Message("reflection-reminder", "Reflection reminder", "reflection-form")
BRIEF = Message("one-on-one-brief", "1:1 brief", "reflection-form", to_manager=True)
SUCCESS_QUESTION = Message("success-question", "Success question", "success-question", to_manager=True)
CHECK_IN = Message("growth-check-in", "Growth check-in", "growth-check-in")
CHECK_IN_REMINDER = Message("growth-check-in-reminder", "Check-in reminder", "growth-check-in")
THANKS = Message("thanks", "Thanks from the manager", "reflection-form")
SKILL_PROPOSAL = Message("skill-proposal", "Skill proposal", "growth-check-in", to_manager=True)
RECEIPT = Message("receipt", "Receipt", "file-answers")

CATALOGUE = (
    REFLECTION_FORM,
    REFLECTION_REMINDER,
    BRIEF,
    THANKS,
    SUCCESS_QUESTION,
    CHECK_IN,
    CHECK_IN_REMINDER,
    SKILL_PROPOSAL,
    RECEIPT,
)
BY_NAME = {message.name: message for message in CATALOGUE}


def title_of(name: str) -> str:
    """The message's name for people; one that is no longer in the catalogue keeps its own."""
    return BY_NAME[name].title if name in BY_NAME else name


# Receipts follow from what came in, so the flow that files it sends them.
SENDING_FLOWS = tuple(dict.fromkeys(message.flow for message in CATALOGUE if message is not RECEIPT))
