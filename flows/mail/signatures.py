"""Where a person's signature begins under their words. Knows nothing of quotes.

Dashes say so by standard. Without them it takes a card, a formula of closing and a name above something more, or the
sender's name at the end. When unsure, a line is the person's.
"""

from __future__ import annotations

from collections.abc import Sequence

from flows.mail.cards import card_start
from flows.mail.closings import closing_end
from flows.mail.endings import LONGEST_CARD, Ending
from flows.mail.lines import Line
from flows.mail.rows import (
    LISTED,
    LONG_RULE,
    LONGEST_ROW,
    WIDEST_NOTE,
    WIDEST_ROW,
    bare_width,
    is_farewell,
    is_first_name,
    is_item,
    is_name,
    is_personal,
    is_rule,
    is_sentence,
    is_slashed,
    reaches,
    signed_by,
)

# How many lines with something to see.
LONGEST_SIGNATURE, LONGEST_NAME, LONGEST_SIGNED = 8, 4, 4

DELIMITER = "-- "  # the standard's (RFC 3676, 4.3)


def signature_start(run: Sequence[Line], sender: Sequence[str] = (), *, below_quote: bool = False) -> int:
    """Where the signature begins in the last lines that may be the person's; the end, when there is none.

    `sender` are the names and addresses that the mail says it is from.
    """
    standard = next((at for at, line in enumerate(run) if line.text == DELIMITER), len(run))
    ending = Ending.of(run[:standard], sender)
    ending = ending.until(next((at for at in range(ending.end) if _delimits(ending, at)), ending.end))
    below = closing_end(ending)
    found = min(below, card_start(ending, below_quote=below_quote), _signed(ending), _named(ending))
    return below if found == ending.above(below) else found  # the name under a formula stays with it


def _delimits(ending: Ending, at: int) -> bool:
    """Whether the line separates the words from a signature, as far as the lines below show."""
    text, below = ending.words(at), ending.rows_after(at)
    if not is_rule(text) or not 0 < len(below) <= LONGEST_CARD:
        return False
    mine, reached = ending.names_sender(below[0]), any(map(reaches, below))
    if ending.rules[text] == 2 and below[-1] == text and any(map(is_personal, below)):
        return True  # a frame, as around a Japanese card
    if ending.rules[text] > 1 and not mine:
        return False  # it stands between answers
    if any(LISTED.search(row) for row in below[:2]):
        return True
    named = mine or (is_name(below[0]) and (reached or (len(below) <= LONGEST_NAME and _is_break(ending, at))))
    named = named or (is_first_name(below[0]) and any(map(is_personal, below)) and _is_break(ending, at))
    noted = text.startswith("__") and len(text) >= LONG_RULE and reached  # by a mailing list, or a mail service
    widest = WIDEST_ROW if reached or named or text == "--" else LONGEST_ROW
    if max(map(bare_width, below)) > (WIDEST_NOTE if noted else widest):
        return False
    if text == "--" and len(below) <= LONGEST_SIGNATURE and ending.words(at + 1):
        return True
    if noted:
        return True
    return (named or _is_apart(ending, at, below)) and not any(map(is_sentence, below))


def _is_break(ending: Ending, at: int) -> bool:
    """Whether the words above are whole, or an empty line stands beside the dashes; else they underline a title."""
    return ending.is_ended_above(at) or not (ending.words(at - 1) if at else "") or not ending.words(at + 1)


def _is_apart(ending: Ending, at: int, below: Sequence[str]) -> bool:
    """Whether a rule has empty lines around it, or is a long one below an empty line."""
    if at and ending.words(at - 1):
        return False
    reached = any(map(reaches, below))
    long = len(ending.words(at)) >= LONG_RULE
    return (reached and (long or not ending.words(at + 1))) or (long and len(below) <= LONGEST_NAME)


def _named(ending: Ending) -> int:
    """Where the sender's whole name is the last line; a first name alone may stay."""
    at = ending.worded[0] if ending.worded else 0
    signed = at > 0 and is_farewell(ending.words(ending.above(at)).partition(",")[0])  # the name stays with its formula
    if signed or not at or ending.words(at - 1) or len(ending.words(at).split()) < 2:
        return ending.end
    return at if ending.names_sender(ending.words(at)) and ending.stands_apart(at) else ending.end


def _signed(ending: Ending) -> int:
    """Where a name stands behind a dash, in the last line or above an address; behind two, above a few more."""
    for below, at in enumerate(ending.worded[:LONGEST_SIGNED]):
        text = ending.words(at)
        listed = any(map(is_item, [ending.words(max(at - 1, 0)), *ending.rows_after(at)]))
        apart = (text.startswith("-- ") and not listed) or ending.stands_apart(at)
        name = signed_by(text) if at and apart else ""
        if name and (below == 0 or text.startswith("--") or (below == 1 and reaches(ending.rows_after(at)[0]))):
            strangers = ending.is_ended_above(at) and (is_slashed(text) or is_name(name))
            return at if strangers or ending.names_sender(name) else ending.end
        if is_sentence(text):
            break
    return ending.end
