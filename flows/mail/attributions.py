"""The line above a quote, "On … wrote:", known by what it holds in every language. Knows nothing of quotes' marks.

What is looked for is a day, an hour, an address, a name, a verb and a colon, and a quote right below it. When unsure,
a line is the person's: words that are lost here are lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from flows.mail.evidence import ADDRESS, BRACKETS, DATE, DAY, HOUR, NAME, VERB, WROTE, evidence, weight
from flows.mail.lines import OWN, Line, quote_follows

LONGEST_ATTRIBUTION, LONGEST_LINE, LONGEST_TOLD, LONGEST_PIECE, MOST_NAMES, FOLDED_FROM = 5, 1000, 120, 40, 6, 66

_CLOSED = re.compile(r"[:：︰][\s*_\"”»>]*$|[-–—]{2,}\s*$|>{3}\s*$")
_ADDRESS = re.compile(r"[<(\[][^<>()\[\]]*@[^<>()\[\]]*[>)\]]")
_MYSELF = re.compile(r"\b(?:I|me|ich|je|yo|io|eu|jag|jeg|ik|minä|ja|já|я)\b")
_SENTENCE_END = re.compile(r"[!?。]$|[^\W\d_]{4,}\.$")
_OPEN = re.compile(r"<[^<>]*$")
_OPENS = re.compile(r"(?:On|Am|Le|El|Il|Op|Em|Den|Dnia|W dniu) ")
_OPENERS = re.compile(rf"(?<=[\w.,!?…)\-])[\s\-–—]+(?={_OPENS.pattern})")
_GOES_ON = re.compile(r"[<(\[]|(?:mailto:)?[^\s<>@]*@")
_FIRST_PERSON = re.compile(r"\bI$|\b(?:i|we|ich|wir|je|nous|yo|io|eu|jag|jeg|ik)$", re.I)


def attribution_start(lines: Sequence[Line], end: int, names: Collection[str]) -> int | None:
    """Where the attribution that ends in this line begins: programs fold it between day, name and address."""
    followed = quote_follows(lines, end + 1)
    if _is_address_and_verb(lines, end):
        return end
    closed = bool(_CLOSED.search(lines[end].words)) or _is_whole(lines, end) or _is_cut_off(lines, end)
    if not closed and not followed:
        return None
    text, start = "", None
    for at in range(end, max(end - LONGEST_ATTRIBUTION, -1), -1):
        line = lines[at].words
        if lines[at].origin != OWN or not line or len(text) + len(line) > LONGEST_LINE:
            break
        if text and (_is_sentence(line) or (start is not None and not _belongs(line, text, names))):
            break
        text = f"{line}{'' if text.startswith('@') else ' '}{text}".strip()
        if typed := split_off(line):
            text = text.removeprefix(typed)
        if _is_attribution(text, names, followed=followed, closed=closed):
            start = at
        if typed:
            break
    return start


def split_off(text: str) -> str:
    """What the person typed in front of an attribution that begins in the same line; mostly nothing."""
    for opener in _OPENERS.finditer(text[:LONGEST_LINE]):
        before, after = text[: opener.start()], text[opener.end() :]
        worded = any(character.isalnum() for character in before)
        if worded and DATE in evidence(after) and not evidence(before) & {DATE, HOUR, ADDRESS}:
            return before
    return ""


def _is_attribution(text: str, names: Collection[str], *, followed: bool, closed: bool) -> bool:
    found = evidence(text, names)
    heavy = weight(found)
    if followed and closed:
        return heavy > 2 or (heavy == 2 and not _MYSELF.search(text)) or _somebody_wrote(text)
    if followed:  # "2026/3/3 Jane <jane@example.com>", as an old Gmail wrote
        return found >= {DATE, BRACKETS} or heavy >= 5
    if not closed:
        return False
    # Nothing shows where the quote begins, and all below will be cut.
    if DAY not in found:
        return VERB in found and BRACKETS in found and _is_name_and_verb(text)
    from_whom = bool(found & {BRACKETS, NAME}) or _OPEN.search(text) is not None
    whole = heavy >= 4 and from_whom and bool(found & {HOUR, VERB})
    told = found >= {DATE, HOUR, VERB} and len(text) <= LONGEST_TOLD and not _MYSELF.search(text)
    return whole or told or (DATE in found and VERB in found and _names_its_writer(text))


def _is_sentence(text: str) -> bool:
    """Whether the line ends one; a month may be cut off with a dot, too."""
    return _SENTENCE_END.search(text[-LONGEST_PIECE:]) is not None and not evidence(text) >= {BRACKETS, VERB}


def _is_whole(lines: Sequence[Line], at: int) -> bool:
    """Whether an attribution without a colon stands alone: a day, an hour, an address and the verb, which ends it."""
    text = lines[at].words
    if "@" not in text or len(text) > LONGEST_LINE or (at + 1 < len(lines) and lines[at + 1].words):
        return False
    return evidence(text) >= {DATE, HOUR, BRACKETS, VERB} and any(v.end() == len(text) for v in WROTE.finditer(text))


def _is_cut_off(lines: Sequence[Line], at: int) -> bool:
    """Whether the mail ends inside the address of an attribution."""
    text = lines[at].words
    cut = len(text) <= LONGEST_LINE and at == len(lines) - 1 and _OPEN.search(text) is not None
    return cut and _OPENS.match(text) is not None and evidence(text) >= {DATE, HOUR, ADDRESS}


def _belongs(above: str, below: str, names: Collection[str]) -> bool:
    """Whether the line above an attribution is its beginning, cut off by a program and not by a person."""
    found = evidence(above, names)
    if _OPEN.search(above) or (len(above) <= LONGEST_PIECE and _is_piece(above, found)):
        return True
    folded = len(above) + len(below.split(" ", 1)[0]) >= FOLDED_FROM
    if DATE not in evidence(below, names):
        together = bool(found & {ADDRESS, NAME}) and DATE in evidence(f"{above} {below}", names)
        return DATE in found or together or (VERB not in found and bool(_GOES_ON.match(below)))
    return below.startswith("<") or (folded and bool(found & {ADDRESS, NAME, DATE}))


def _is_piece(text: str, found: frozenset[str]) -> bool:
    """Whether a short line is the day or the hour that an attribution begins with."""
    if found & {DATE, HOUR} and text.endswith(","):
        return True
    return (DATE in found and _OPENS.match(text) is not None) or found >= {HOUR, VERB}


def _somebody_wrote(text: str) -> bool:
    """Whether it is a name and the verb, nothing else: "Jane Doe wrote:"."""
    return VERB in evidence(text) and _is_name_and_verb(text) and _names_its_writer(text)


def _is_name_and_verb(text: str) -> bool:
    bare = _ADDRESS.sub(" ", text)
    return len(WROTE.sub(" ", bare).split()) <= MOST_NAMES and not _MYSELF.search(bare)


def _is_address_and_verb(lines: Sequence[Line], at: int) -> bool:
    """Whether it is "jane@example.com wrote:" in a paragraph of its own, below others."""
    address, _, verb = lines[at].words[:LONGEST_TOLD].partition(" ")
    alone = 0 < at < len(lines) - 1 and not lines[at - 1].words and not lines[at + 1].words
    return alone and "@" in address and WROTE.fullmatch(verb.rstrip(" :：*")) is not None


def _names_its_writer(text: str) -> bool:
    """Whether a name stands beside the verb, as nobody writes of themselves."""
    verbs = list(WROTE.finditer(text))
    if not verbs:
        return False
    verb = verbs[-1]
    before, after = text[: verb.start()].rstrip(' ,*_>)"”'), text[verb.end() :].strip(' *_"“„:：-–—.()av')
    if _FIRST_PERSON.search(before):
        return False
    named = after.split() if after else before.split()[-1:]
    return bool(named) and all(_like_a_name(word) for word in named[:3])


def _like_a_name(word: str) -> bool:
    letter = next((character for character in word if character.isalpha()), "")
    return bool(letter) and (letter.isupper() or not letter.islower() or "@" in word)
