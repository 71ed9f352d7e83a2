"""Cards under a person's words: a name, best the sender's own, above ways to reach somebody, without a formula."""

from __future__ import annotations

import re

from flows.mail.endings import LONGEST_CARD, Ending
from flows.mail.rows import announces, is_cased, is_name, is_personal, is_sentence, is_whole_name, reaches

LONGEST_PIPED, SHORTEST_CARD = 8, 4  # rows

_SENTENCES = re.compile(r"[.!?]\s+\w+\s\w")


def card_start(ending: Ending, *, below_quote: bool) -> int:
    """Where a name stands above ways to reach somebody, in the last lines of all; the end, when nowhere.

    `below_quote` says that the lines stand below a quote, where nothing but an own card may be all of them.
    """
    sender = stranger = ending.end
    reached = 0
    for rows, at in enumerate(ending.worded[:LONGEST_CARD]):
        text = ending.words(at)
        if is_sentence(text):
            break
        apart = ending.stands_apart(at) or (below_quote and at == ending.first and rows > 0)
        own = apart and ending.is_own_card(text)
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
    if not (alone or ending.is_ended_above(at) or is_whole_name(text, of=above)):
        titled = sum(map(reaches, below)) < len(below)
        return _forgets_its_end(above) and len(below) >= SHORTEST_CARD - 1 and titled and any(map(is_personal, below))
    if "|" in text and 0 < rows < LONGEST_PIPED and not any("|" in row for row in below):
        return True  # with what its bearer does
    if ending.known and not any(map(is_personal, below)):
        return False  # links alone may be a list of books
    return reached > 1 or (reached == 1 and rows > 1 and not ending.known)


def _forgets_its_end(text: str) -> bool:
    """Whether it is more than one sentence, the last one without its sign: a title announces what stands below."""
    return _SENTENCES.search(text) is not None and not announces(text)
