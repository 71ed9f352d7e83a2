"""What stands under a person's words without being theirs: footers of phones, notices, armour, signatures.

Knows nothing of questions. A footer is one paragraph that says both what sent the mail and that it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from flows.mail.lines import MACHINE, OWN, Line, from_origin, joined
from flows.mail.notices import LINK, LONGEST_NOTICE, MYSELF, ROUND, disclaimer_start, has_signs, is_imprint, is_listed
from flows.mail.signatures import signature_start
from flows.mail.vocabulary import lines as whole_lines
from flows.mail.vocabulary import stems

LONGEST_FOOTER, MOST_APP_WORDS, MOST_PARAGRAPHS = 160, 6, 300
MOST_RUNS = 100  # words and quotes in turn; nobody answers fifty questions between the lines
MOST_FOLDED = 40  # lines of one paragraph

DEVICE, SENT = stems("device"), whole_lines("sent")
APP, SYSTEM, HAD = stems("app"), stems("system"), stems("had")
NOTICE, OUTSIDE, BEWARE, TAGGED = whole_lines("notice"), stems("outside"), stems("beware"), whole_lines("tagged")
# What gateways add in one short sentence says both, of a mail.
NOTICES = [(stems("virus"), stems("scanner")), (stems("environment"), stems("print"))]
MESSAGE = stems("message")

BANNER_END = "ZjQcmQRYFpfptBannerEnd"
_OURSELVES = re.compile(r"\b(?:we|people)\b", re.I)
_ARMOUR = re.compile(r"-----BEGIN PGP (SIGNATURE|SIGNED MESSAGE)-----")


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
    done = _banner_end(lines)
    for start, stop in _paragraphs(lines):
        if start < done:
            continue
        text = joined(lines[start:stop]) if stop - start <= MOST_FOLDED else ""
        if not _is_warning(lines[start], text):
            break
        done = stop
    if not any(line.origin == OWN and line.words for line in lines[done:]):
        return list(lines)  # nothing else was typed: "External" is an answer, too
    return [*from_origin(lines[:done], MACHINE), *lines[done:]]


def _banner_end(lines: Sequence[Line]) -> int:
    """Where what Proofpoint puts on top ends, whose signs it leaves in plain texts; 0, when it is not there."""
    looked_at = islice(enumerate(lines), MOST_FOLDED)
    return next((at + 1 for at, line in looked_at if line.origin == OWN and line.words == BANNER_END), 0)


def _is_warning(first: Line, text: str) -> bool:
    if first.origin != OWN or len(text) > LONGEST_NOTICE or MYSELF.search(text) or _OURSELVES.search(text):
        return False
    bare = text.strip(ROUND + ":!")
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
    text = joined(paragraph)
    if last and len(text) > 1 and _is_line(text):
        return 0
    if _is_footer(text):
        typed = any(map(str.isalnum, paragraph[0].words)) or not paragraph[0].words.isascii()
        return int(typed and _is_footer(joined(paragraph[1:])))  # "Yes" may stand right above it
    if below and len(paragraph) == 1 and not MYSELF.search(text) and NOTICE.fullmatch(text.strip(ROUND + ":-–—")):
        return 0  # the title of what was cut
    if last and has_signs(text):
        return disclaimer_start(paragraph)
    if last and (is_imprint(text) or is_listed(text)):
        return 0
    if last and all(_is_footer(line.words) for line in paragraph):
        return 0
    cut = len(paragraph)
    while last and cut > 1 and (_is_footer(paragraph[cut - 1].words) or _is_line(paragraph[cut - 1].words)):
        cut -= 1
    return cut


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    start = 0
    for worded, paragraph in groupby(lines, key=lambda line: bool(line.words)):
        end = start + sum(1 for _ in paragraph)
        if worded:
            yield start, end
        start = end


def _is_line(text: str) -> bool:
    """Whether it is nothing but dashes."""
    return not text.strip("-_ ")


def _is_footer(text: str) -> bool:
    text = text[:LONGEST_NOTICE]
    bare = LINK.sub(" ", text).strip(ROUND)
    if not bare or MYSELF.search(bare):
        return False
    noticed = any(of.search(text) and what.search(text) for of, what in NOTICES)
    if noticed and ("www." in text or MESSAGE.search(text)):
        return True
    if len(bare) > LONGEST_FOOTER or not DEVICE.search(_first_clause(bare)):
        return False
    return bool(SENT.fullmatch(bare)) or _offers_an_app(bare, linked=bool(LINK.search(text)))


def _first_clause(text: str) -> str:
    """The text up to its first comma, and what is short behind: what sent a mail stands in front."""
    first, _, rest = text.partition(",")
    return text if len(rest.split()) <= 4 else first


def _offers_an_app(text: str, *, linked: bool) -> bool:
    """Whether the line is an app's name for a system, and a link or a verb for having it: "Get Outlook for iOS"."""
    if len(text.split()) > MOST_APP_WORDS or not (APP.search(text) and SYSTEM.search(text)):
        return False
    return linked or bool(HAD.match(text) or HAD.search(text.split()[-1]))


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
