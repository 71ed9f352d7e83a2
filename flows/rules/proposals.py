"""A growth skill that somebody proposes in an answer, "skill: …". Knows nothing of who may."""

from __future__ import annotations

import re

LONGEST_SKILL = 100
PROPOSED = "Proposed skill"  # the question that such an answer is kept under, and the column of the record

_LABEL = re.compile(
    r"[\s*_\-–•]*(?:(?:my |a )?(?:new |next )?(?:growth )?skill"
    r"|(?:meine )?(?:neue |nächste )?(?:fähigkeit|kompetenz|skill)"
    r"|(?:ma |une )?(?:nouvelle |prochaine )?(?:compétence|aptitude)"
    r"|(?:mi |una )?(?:nueva |próxima )?(?:habilidad|competencia|aptitud))[\s*_]*[:：](.*)",
    re.I,
)


def proposed_skill(text: str) -> str:
    """The skill named in a line "skill: …", in English, German, French or Spanish; the last one counts.

    The label opens its line: "a skill: what is it?" in the middle of a sentence proposes nothing.
    """
    return next((name for name in map(_named, reversed(text.split("\n"))) if name), "")


def without_proposals(text: str) -> str:
    """The same words without the lines that propose a skill: they answer no question."""
    return "\n".join(line for line in text.split("\n") if not _named(line)).strip("\n")


def _named(line: str) -> str:
    """The skill that the line proposes, if it does."""
    found = _LABEL.fullmatch(line[:1000])
    name = " ".join(found[1].split()).strip(" *_.;\"'“”„«»") if found else ""
    return name if len(name) <= LONGEST_SKILL else ""
