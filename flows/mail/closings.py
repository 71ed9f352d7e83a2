"""Formulas of closing under a person's words, "Best regards", a name, and what stands below both of them.

"Thanks" may stand above an answer as well, so it takes more to show a signature below.
"""

from __future__ import annotations

from collections.abc import Sequence

from flows.mail.endings import LONGEST_CARD, LONGEST_LINE, MOST_ROWS, Ending
from flows.mail.rows import (
    bare,
    goes_on,
    is_contact,
    is_farewell,
    is_first_name,
    is_name,
    is_rule,
    is_sentence,
    is_thankful,
    is_whole_name,
    may_go_on,
    speaks,
)


def closing_end(ending: Ending) -> int:
    """Where a signature goes on below a formula of closing and a name, both of which stay; else the end of all."""
    for at in ending.worded:
        formula, name = _split(ending, at)
        hearty = is_farewell(formula)
        if hearty or is_thankful(formula):
            below, behind = ending.rows_after(at), bool(bare(name))
            rows = [name, *below] if behind else below
            follows = len(rows) > 1 and _is_signature(ending, rows, hearty=hearty)
            return (at if behind else ending.after(at)) + 1 if follows else ending.end
    return ending.end


def _split(ending: Ending, at: int) -> tuple[str, str]:
    """The formula, and the name behind it: with a comma between, or, if it is the sender's, without."""
    text = ending.words(at)
    formula, _, name = text.rpartition(" ")
    if ending.names_sender(name) and is_farewell(formula):
        return formula, name
    formula, _, name = text.partition(",")
    return formula, name


def _is_signature(ending: Ending, rows: Sequence[str], *, hearty: bool) -> bool:
    """Whether it is a name and more; only a hearty formula vouches for an unknown name, or for a slogan."""
    mine = ending.names_sender(rows[0])
    named = mine or is_name(rows[0]) or (hearty and is_first_name(rows[0]))
    contacts = [at for at, row in enumerate(rows) if is_contact(row)]
    last = contacts[-1] if hearty and len(contacts) > 1 else 0
    if not named or any(map(speaks, rows[1:])) or any(map(goes_on, rows[last + 1 :])):
        return False
    if hearty and len(rows) <= MOST_ROWS and (is_rule(rows[1]) or is_whole_name(rows[1], of=rows[0])):
        return True
    if last:  # what companies have to print has sentences, too
        return len(rows) <= MOST_ROWS and all(len(row) < LONGEST_LINE for row in rows)
    if len(rows) > LONGEST_CARD or any(map(is_sentence, rows)) or any(map(may_go_on, rows[1:])):
        return False
    return hearty or bool(contacts)
