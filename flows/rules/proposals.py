"""A growth skill that somebody proposes in an answer, "skill: …". Knows nothing of who may."""

from __future__ import annotations

import re

LONGEST_SKILL, MOST_WORDS = 100, 10
PROPOSED = "Proposed skill"  # the question that such an answer is kept under, and the column of the record

_LABEL = re.compile(
    r"[\s*_\-–•\"'“„«]*(?:(?:my |a )?(?:new |next )?(?:growth )?skill"
    r"|(?:meine )?(?:neue |nächste )?(?:fähigkeit|kompetenz|skill)"
    r"|(?:ma |une )?(?:nouvelle |prochaine )?(?:compétence|aptitude)"
    r"|(?:mi |una )?(?:nueva |próxima )?(?:habilidad|competencia|aptitud))[\s*_]*[:：](.*)",
    re.I,
)

_TOLD = re.compile(r"(?:I|Ich|Je|Yo)\b|J['’]|(?:none|nothing|no|keine?|aucune?|ninguna?)\W*$", re.I)


def proposed_skill(text: str) -> str:
    """The skill named in a line "skill: …", in English, German, French or Spanish; the last one counts.

    The label opens its line: "a skill: what is it?" in the middle of a sentence proposes nothing.
    """
    return next((name for name in map(_named, reversed(text.split("\n"))) if name), "")


def without_proposal(text: str, skill: str) -> str:
    """The same words without the line that proposes this skill: it answers no question."""
    return "\n".join(line for line in text.split("\n") if not skill or _named(line) != skill).strip("\n")


def _named(line: str) -> str:
    """The skill that the line proposes, if it does; a sentence is none, and no sign or "none" either."""
    found = _LABEL.fullmatch(line[:1000])
    name = " ".join(found[1].split()).strip(" *_.;\"'“”„«»…") if found else ""
    told = len(name) > LONGEST_SKILL or len(name.split()) > MOST_WORDS or _TOLD.match(name)
    return "" if told or not any(map(str.isalpha, name)) else name
