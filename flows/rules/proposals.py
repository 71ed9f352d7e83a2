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
    found = [_LABEL.match(line[:1000]) for line in text.split("\n")]
    names = [" ".join(match[1].split()).strip(" *_.;\"'“”„«»") for match in found if match]
    return next((name for name in reversed(names) if 0 < len(name) <= LONGEST_SKILL), "")
