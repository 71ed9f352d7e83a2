"""Where a person's signature begins under their words. Knows nothing of quotes.

Dashes say so by standard. Without them it takes a name (best the sender's own) above ways to reach somebody, or a
formula of closing above a name and more. When unsure, a line is the person's: "Thanks" may stand above an answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from flows.mail.endings import LONGEST_LINE, MOST_ROWS, Ending
from flows.mail.lines import Line
from flows.mail.rows import (
    LISTED,
    LONG_RULE,
    LONGEST_ROW,
    WIDEST_ROW,
    announces,
    bare,
    goes_on,
    is_cased,
    is_contact,
    is_farewell,
    is_first_name,
    is_name,
    is_personal,
    is_rule,
    is_sentence,
    is_slashed,
    is_thankful,
    may_go_on,
    reaches,
    signed_by,
    words_of,
)

# How many lines with something to see.
LONGEST_SIGNATURE, LONGEST_CARD, SHORTEST_CARD, LONGEST_NAME, LONGEST_SIGNED = 8, 12, 4, 4, 4

DELIMITER = "-- "  # the standard's (RFC 3676, 4.3)


def signature_start(run: Sequence[Line], sender: Sequence[str] = (), *, below_quote: bool = False) -> int:
    """Where the signature begins in the last lines that may be the person's; the end, when there is none.

    `sender` are the names and addresses that the mail says it is from.
    """
    standard = next((at for at, line in enumerate(run) if line.text == DELIMITER), len(run))
    ending = Ending.of(run[:standard], sender)
    ending = ending.until(next((at for at in range(ending.end) if _delimits(ending, at)), ending.end))
    below = _below_farewell(ending)
    found = min(below, _card(ending, below_quote=below_quote), _signed(ending), _named(ending))
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
    if max(map(len, below)) > (WIDEST_ROW if reached or named or text == "--" else LONGEST_ROW):
        return False
    if text == "--" and len(below) <= LONGEST_SIGNATURE and ending.words(at + 1):
        return True
    if text.startswith("__") and len(text) >= LONG_RULE and reached:
        return True  # a mailing list's footer
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


def _below_farewell(ending: Ending) -> int:
    """Where a signature goes on below a formula of closing and a name, both of which stay."""
    for at in ending.worded:
        formula, _, name = ending.words(at).partition(",")
        hearty = is_farewell(formula)
        if hearty or is_thankful(formula):
            below, behind = ending.rows_after(at), bool(bare(name))
            rows = [name, *below] if behind else below
            follows = len(rows) > 1 and _is_signature(ending, rows, hearty=hearty)
            return (at if behind else ending.after(at)) + 1 if follows else ending.end
    return ending.end


def _is_signature(ending: Ending, rows: Sequence[str], *, hearty: bool) -> bool:
    """Whether it is a name and more; only a hearty formula vouches for an unknown name, or for a slogan."""
    mine = ending.names_sender(rows[0])
    named = mine or is_name(rows[0]) or (hearty and is_first_name(rows[0]))
    if not named or any(map(goes_on, rows[1:])):
        return False
    if hearty and len(rows) <= MOST_ROWS and (is_rule(rows[1]) or _is_whole_name(rows[1], of=rows[0])):
        return True
    reached = sum(map(is_contact, rows))
    if hearty and reached > 1:  # what companies have to print has sentences, too
        return len(rows) <= MOST_ROWS and all(len(row) < LONGEST_LINE for row in rows)
    if len(rows) > LONGEST_CARD or any(map(is_sentence, rows)) or any(map(may_go_on, rows[1:])):
        return False
    return hearty or reached > 0


def _is_whole_name(text: str, *, of: str) -> bool:
    """Whether it is the name above once more, with the rest of it."""
    return is_name(text) and len(words_of(of)) == 1 and words_of(text)[:1] == words_of(of)


def _card(ending: Ending, *, below_quote: bool) -> int:
    """Where a name stands above ways to reach somebody, in the last lines of all; best the sender's own."""
    sender = stranger = ending.end
    reached = 0
    for rows, at in enumerate(ending.worded[:LONGEST_CARD]):
        text = ending.words(at)
        if is_sentence(text):
            break
        own = ending.is_own_card(text) and (ending.stands_apart(at) or (below_quote and at == ending.first))
        if own or (ending.names_sender(text) and reached > (at == ending.first and rows < 2)):
            sender = at
        elif _is_strangers(ending, at, reached, rows) and (stranger == ending.end or is_cased(text)):
            stranger = at  # a script without capitals does not tell a name from two words
        reached += reaches(text)
    return sender if sender < ending.end else stranger


def _is_strangers(ending: Ending, at: int, reached: int, rows: int) -> bool:
    """Whether a card begins here with a name that need not be the sender's; one alone in a mail must be long."""
    text = ending.words(at)
    alone = at == ending.first and rows >= SHORTEST_CARD and is_cased(text)
    if not is_name(text) or not (alone or ending.stands_apart(at)):
        return False
    below = ending.rows_after(at)
    above = ending.words(ending.above(at)) if at != ending.first else ""
    if not (alone or ending.is_ended_above(at) or _is_whole_name(text, of=above)):
        titled = sum(map(reaches, below)) < len(below)
        return len(below) >= SHORTEST_CARD - 1 and titled and any(map(is_personal, below)) and not announces(above)
    if "|" in text and 0 < rows < LONGEST_SIGNATURE and not any("|" in row for row in below):
        return True  # with what its bearer does
    if ending.known and not any(map(is_personal, below)):
        return False  # links alone may be a list of books
    return reached > 1 or (reached == 1 and rows > 1 and not ending.known)


def _named(ending: Ending) -> int:
    """Where the sender's whole name is the last line; a first name alone may stay."""
    at = ending.worded[0] if ending.worded else 0
    if not at or ending.words(at - 1) or len(ending.words(at).split()) < 2:
        return ending.end
    return at if ending.names_sender(ending.words(at)) and ending.stands_apart(at) else ending.end


def _signed(ending: Ending) -> int:
    """Where a name stands behind a dash, in the last line or above an address; behind two, above a few more."""
    for below, at in enumerate(ending.worded[:LONGEST_SIGNED]):
        text = ending.words(at)
        name = signed_by(text) if at and ending.stands_apart(at) else ""
        if name and (below == 0 or text.startswith("--") or (below == 1 and reaches(ending.rows_after(at)[0]))):
            strangers = ending.is_ended_above(at) and (is_slashed(text) or is_name(name))
            return at if strangers or ending.names_sender(name) else ending.end
        if is_sentence(text):
            break
    return ending.end
