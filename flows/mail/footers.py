"""What stands under a person's words without being theirs: footers of phones, disclaimers, armour, signatures.

Knows nothing of questions. A footer is one paragraph that says both what sent the mail and that it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from flows.mail.lines import MACHINE, OWN, Line, from_origin
from flows.mail.signatures import signature_start
from flows.mail.vocabulary import lines as whole_lines
from flows.mail.vocabulary import stems

LONGEST_FOOTER, LONGEST_NOTICE, ENOUGH_SIGNS, MOST_APP_WORDS, MOST_PARAGRAPHS = 160, 700, 3, 6, 300
MOST_RUNS = 100  # words and quotes in turn; nobody answers fifty questions between the lines
SHORTEST_DISCLAIMER, LONGEST_DISCLAIMER = 80, 4000
MOST_FOLDED, SHORTEST_FOLDED, WIDEST_FOLDED = 40, 55, 100  # how many lines, and how wide a line is that a program broke

DEVICE, SENT = stems("device"), whole_lines("sent")
APP, SYSTEM, HAD = stems("app"), stems("system"), stems("had")
NOTICE, OUTSIDE, BEWARE, TAGGED = whole_lines("notice"), stems("outside"), stems("beware"), whole_lines("tagged")
IMPRINT, LISTED = stems("imprint"), stems("listed")
# What gateways add in one short sentence says both, of a mail.
NOTICES = [(stems("virus"), stems("scanner")), (stems("environment"), stems("print"))]
# A disclaimer says most of these.
MESSAGE = stems("message")
DISCLAIMER = [stems("secret"), stems("meant for"), MESSAGE, stems("mistake"), stems("destroy")]

_LINK = re.compile(r"[<(\[]{0,2}https?://[^\s>)\]]*[>)\]]{0,2}")
_MYSELF = re.compile(r"\bI\b|\b[Ii]ch\b")
_OURSELVES = re.compile(r"\b(?:we|people)\b", re.I)
_ARMOUR = re.compile(r"-----BEGIN PGP (SIGNATURE|SIGNED MESSAGE)-----")
_TERSE = re.compile("[\u2e80-\ud7ff]")  # scripts that say as much with a third of the signs
_ROUND = " \t<>()[]*_|\"'“”„«»·•"


def without_footers(lines: Sequence[Line], sender: Sequence[str] = ()) -> list[Line]:
    """The same lines, with what mail programs put under the person's words marked as theirs.

    `sender` are the names and addresses that the mail says it is from.
    """
    marked: list[Line] = []
    runs = [list(group) for _, group in groupby(_without_warning(lines), key=lambda line: line.origin)]
    for at, run in enumerate(runs):
        looked_at = run[0].origin == OWN and (at < MOST_RUNS or at > len(runs) - 3)
        marked += _marked(run, sender, below_quote=bool(marked)) if looked_at else run
    return marked


def _without_warning(lines: Sequence[Line]) -> list[Line]:
    """The lines without a gateway's warning above them that the mail came from outside."""
    done = 0
    for start, stop in _paragraphs(lines):
        text = _joined(lines[start:stop]) if stop - start <= MOST_FOLDED else ""
        if not _is_warning(lines[start], text):
            break
        done = stop
    if not any(line.origin == OWN and line.words for line in lines[done:]):
        return list(lines)  # nothing else was typed: "External" is an answer, too
    return [*from_origin(lines[:done], MACHINE), *lines[done:]]


def _is_warning(first: Line, text: str) -> bool:
    if first.origin != OWN or len(text) > LONGEST_NOTICE or _MYSELF.search(text) or _OURSELVES.search(text):
        return False
    bare = text.strip(_ROUND + ":!")
    tagged = TAGGED.fullmatch(bare) is not None and (bare != text.strip() or bare.isupper())
    return tagged or bool(OUTSIDE.search(text) and BEWARE.search(text))


def _marked(run: list[Line], sender: Sequence[str], *, below_quote: bool) -> list[Line]:
    # A signature may stand above a disclaimer or below a phone's footer.
    words = _without_last(_unarmoured(run))
    words = words[: signature_start(words, sender, below_quote=below_quote)]
    words = _without_last(words)
    return words + from_origin(run[len(words) :], MACHINE)


def _without_last(run: list[Line]) -> list[Line]:
    """The lines without the footers at their end, and with those in between marked."""
    marked, last, end = list(run), True, len(run)
    # From below: what is under a footer is a footer, or nothing; a disclaimer among words is the person's.
    for start, stop in islice(reversed(list(_paragraphs(run))), MOST_PARAGRAPHS):
        below = last and any(line.words for line in run[end:])
        cut = start + _cut(run[start:stop], last=last, below=below)
        marked[cut:stop] = from_origin(run[cut:stop], MACHINE)
        end = cut if last else end
        last = last and cut == start
    return marked[:end]


def _cut(paragraph: list[Line], *, last: bool, below: bool) -> int:
    """From which of its lines on the paragraph is a footer; its length, when none is. `below` says that one follows."""
    if len(paragraph) > MOST_FOLDED:
        return len(paragraph)
    text = _joined(paragraph)
    if _is_footer(text) or (last and len(text) > 1 and not text.strip("-_ ")):
        return 0
    if below and len(paragraph) == 1 and not _MYSELF.search(text) and NOTICE.fullmatch(text.strip(_ROUND + ":-–—")):
        return 0  # the title of what was cut
    if last and _has_signs(text):
        return _disclaimer_start(paragraph)
    if last and (_is_imprint(text) or _is_listed(text)):
        return 0
    if last and all(_is_footer(line.words) for line in paragraph):
        return 0
    cut = len(paragraph)
    while last and cut > 1 and (_is_footer(paragraph[cut - 1].words) or not paragraph[cut - 1].words.strip("-_ ")):
        cut -= 1
    return cut


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    start = 0
    for worded, paragraph in groupby(lines, key=lambda line: bool(line.words)):
        end = start + sum(1 for _ in paragraph)
        if worded:
            yield start, end
        start = end


def _is_footer(text: str) -> bool:
    text = text[:LONGEST_NOTICE]
    bare = _LINK.sub(" ", text).strip(_ROUND)
    if not bare or _MYSELF.search(bare):
        return False
    noticed = any(of.search(text) and what.search(text) for of, what in NOTICES)
    if noticed and ("www." in text or MESSAGE.search(text)):
        return True
    if len(bare) > LONGEST_FOOTER or not DEVICE.search(_first_clause(bare)):
        return False
    return bool(SENT.fullmatch(bare)) or _offers_an_app(bare, linked=bool(_LINK.search(text)))


def _first_clause(text: str) -> str:
    """The text up to its first comma, and what is short behind: what sent a mail stands in front."""
    first, _, rest = text.partition(",")
    return text if len(rest.split()) <= 4 else first


def _offers_an_app(text: str, *, linked: bool) -> bool:
    """Whether the line is an app's name for a system, and a link or a verb for having it: "Get Outlook for iOS"."""
    if len(text.split()) > MOST_APP_WORDS or not (APP.search(text) and SYSTEM.search(text)):
        return False
    return linked or bool(HAD.match(text) or HAD.search(text.split()[-1]))


def _disclaimer_start(paragraph: list[Line]) -> int:
    """From which line on it is one: the person's words may stand right above, on a line that is not full."""
    if _says(paragraph[0].words) > 1:
        return 0
    at = next((at for at in reversed(range(len(paragraph))) if _is_disclaimer(_joined(paragraph[at:]))), None)
    if at is None:
        return len(paragraph)
    widths = [len(line.words) for line in paragraph]
    while at and max(widths[at:]) <= WIDEST_FOLDED and widths[at - 1] >= SHORTEST_FOLDED:
        at -= 1
    return at


def _is_imprint(text: str) -> bool:
    """Whether it is what the law makes companies write: several of its words, and nobody speaks."""
    short = len(text) <= LONGEST_NOTICE and not _MYSELF.search(text)
    return short and len({found.casefold() for found in IMPRINT.findall(text)}) >= ENOUGH_SIGNS


def _is_listed(text: str) -> bool:
    """Whether it is what mailing lists write under each mail."""
    if len(text) > LONGEST_NOTICE or not LISTED.search(text):
        return False
    begins = LISTED.match(text.lstrip(_ROUND)) is not None and _LINK.search(text) is not None
    return begins or len(LISTED.findall(text)) > 1


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.words for line in lines)


def _is_disclaimer(text: str) -> bool:
    return _has_signs(text) and not _MYSELF.search(text)  # lawyers never speak of themselves


def _has_signs(text: str) -> bool:
    said = len(text) + 2 * len(_TERSE.findall(text[:LONGEST_DISCLAIMER]))
    fits = said >= SHORTEST_DISCLAIMER and len(text) <= LONGEST_DISCLAIMER
    return fits and _says(text) >= ENOUGH_SIGNS


def _says(text: str) -> int:
    """How many of the signs of a disclaimer the text has."""
    return sum(sign.search(text) is not None for sign in DISCLAIMER)


def _unarmoured(run: list[Line]) -> list[Line]:
    """The lines without what a signed mail has around its words: how it was signed, and the signature."""
    done: list[Line] = []
    at = 0
    while at < len(run):
        begun = _ARMOUR.match(run[at].text)
        if begun and begun[1] == "SIGNATURE":
            return done + from_origin(run[at:], MACHINE)
        end = next((n for n in range(at, len(run)) if not run[n].words), len(run)) if begun else at + 1
        done += from_origin(run[at:end], MACHINE) if begun else run[at:end]
        at = end
    return done
