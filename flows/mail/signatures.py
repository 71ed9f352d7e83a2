"""Where a person's signature begins under their words. Knows nothing of quotes.

Dashes say so by standard. Without them it takes a name (best the sender's own) above ways to reach somebody, or a
formula of closing above a name and more. When unsure, a line is the person's: "Thanks" may stand above an answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flows.mail.lines import Line, visible
from flows.mail.vocabulary import lines as whole_lines
from flows.mail.vocabulary import stems

LONGEST_SIGNATURE, LONGEST_CARD, SHORTEST_CARD, LONGEST_SIGNED, LONGEST_IMPRINT = (
    8,
    12,
    4,
    4,
    35,
)  # lines with something to see
LONGEST_LINE, LONGEST_ROW, WIDEST_ROW, LONGEST_LABEL, LONG_RULE = 200, 70, 80, 12, 20  # letters

FAREWELL, THANKFUL, LISTED = whole_lines("farewell"), whole_lines("thankful"), stems("listed")

_DELIMITER = re.compile(r"(?:-{2,3}|_{2,}|[–—]{1,3})\s*")
_RULE = re.compile(r"[-–—_=*]{5,}\s*")
_SENTENCE = re.compile(r"[!?。…]$|[^\W\d_]{4,}\.$")
_REACHED = re.compile(r"https?://|www\.|[^\s@]+@[^\s@]+\.\w|(?<!\w)[+(]?\d[\d\s()./-]{6,}\d")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:,? [^\W\d_][\w.'’-]*){1,4}")
_WORD = re.compile(r"[^\s\d,;:.!|*_<>()\[\]\"'“”/&-]+")  # not \w, which Indian vowels are not
_UNCASED_NAME = re.compile(r"[^\W\d_]{2,5}|[^\W\d_]{1,6}(?: [^\W\d_]{1,7}){1,2}")
_SIGNED = re.compile(r"\s*(?:[-–—]{1,2}|/)\s?([^\W\d_].*)")
_SLASHED = re.compile(r"/\s?[^\W\d_]\w{0,15}(?: [^\W\d_]\w{0,15})?\.?")  # "/Karin", as Swedes sign
_ITEM = re.compile(r"\s*(?:[-–—•]\s*|[*+]\s+|\d{1,2}[.)]\s*)\S")
_AFTERTHOUGHT = re.compile(r"\s*P\.?\s?S\b", re.I)
_ROUND = " \t,*|_~!"


def signature_start(run: Sequence[Line], sender: Sequence[str] = ()) -> int:
    """Where the signature begins in the last lines that may be the person's; the end, when there is none.

    `sender` are the names and addresses that the mail says it is from.
    """
    shown = frozenset(word for name in sender if "@" not in name for word in _words(name))
    local = frozenset(
        word for name in sender if "@" in name for word in _words(name.partition("@")[0]) if len(word) > 2
    )
    ending = _Ending(run, shown | local, known=bool(shown))
    delimited = next((at for at, line in enumerate(run) if line.text == "-- " or _delimits(ending, at)), len(run))
    ending = replace(ending, run=run[:delimited])
    below = ending.below_farewell()
    found = min(below, ending.card(), ending.signed(), ending.named())
    return below if found == ending.above(below) else found  # the name under a formula stays with it


def _delimits(ending: _Ending, at: int) -> bool:
    """Whether the line separates the words from a signature, as far as the lines below show."""
    text = ending.words(at)
    if not (_DELIMITER.fullmatch(text) or _RULE.fullmatch(text)):
        return False
    below = ending.rows_after(at)
    if not 0 < len(below) <= LONGEST_CARD:
        return False
    if any(LISTED.search(row) for row in below[:2]):
        return True
    reached = any(_REACHED.search(row) for row in below)
    named = ending.names_sender(below[0]) or (_is_name(below[0]) and (reached or len(below) <= 4))
    if any(len(row) > (WIDEST_ROW if reached or named else LONGEST_ROW) for row in below):
        return False
    if len(below) <= LONGEST_SIGNATURE and text == "--" and ending.words(at + 1):
        return True
    if len(text) >= LONG_RULE and text.startswith("__") and reached:
        return True  # a mailing list's footer
    apart = (at == 0 or not ending.words(at - 1)) and (len(text) >= LONG_RULE or (reached and not ending.words(at + 1)))
    return (named or (apart and len(below) <= 4) or (apart and reached)) and not any(_is_sentence(row) for row in below)


@dataclass(frozen=True)
class _Ending:
    """The last lines that may be a person's words, and the words of the sender's names."""

    run: Sequence[Line]
    sender: frozenset[str]
    known: bool  # whether the mail shows a name at all, and not only an address

    def words(self, at: int) -> str:
        """What there is to see in the line; no row of a signature is as long as what is left out."""
        return visible(self.run[at].text[:LONGEST_LINE]).strip()

    @cached_property
    def worded(self) -> list[int]:
        """Where there is something to see, from below; no more than the longest signature may have, and one."""
        found = []
        for at in range(len(self.run) - 1, -1, -1):
            if self.words(at):
                found.append(at)
            if len(found) > LONGEST_IMPRINT:
                break
        return found

    def rows_after(self, at: int) -> list[str]:
        """What is to be seen below this line; no more than the longest signature may have, and one."""
        return [self.words(below) for below in reversed(self.worded) if below > at]

    def names_sender(self, text: str) -> bool:
        """Whether the text is a name of the sender's, whole or in part."""
        found = _words(text)
        known = any(word in self.sender for word in found) and all(
            word in self.sender for word in found if len(word) > 1
        )
        return known and len(found) <= 4 and not _REACHED.search(text)

    def below_farewell(self) -> int:
        """Where a signature goes on below a formula of closing and a name, both of which stay."""
        for at in self.worded:
            formula, _, name = self.words(at).partition(",")
            hearty = _is_formula(FAREWELL, formula)
            if hearty or _is_formula(THANKFUL, formula):
                below = self.rows_after(at)
                named = [name, *below] if name.strip(_ROUND) else below
                last = (
                    at if named is not below else next((n for n in range(at + 1, len(self.run)) if self.words(n)), at)
                )
                return last + 1 if len(named) > 1 and self._is_signature(named, hearty=hearty) else len(self.run)
        return len(self.run)

    def above(self, at: int) -> int:
        """The line above with something to see; -1, when there is none, or nothing ends here."""
        return next((n for n in range(at - 1, -1, -1) if self.words(n)), -1) if at < len(self.run) else -1

    def card(self) -> int:
        """Where a name stands above ways to reach somebody, in the last lines of all; best the sender's own."""
        end = sender = stranger = len(self.run)
        reached = 0
        for rows, at in enumerate(self.worded[:LONGEST_CARD]):
            text = self.words(at)
            if _is_sentence(text):
                break
            if self.names_sender(text) and reached > (at == self._first and rows < 2):
                sender = at
            elif self._is_strangers(at, reached, rows) and (stranger == end or _is_cased(text)):
                stranger = at  # a script without capitals does not tell a name from two words
            reached += _REACHED.search(text) is not None
        return sender if sender < end else stranger

    @cached_property
    def _first(self) -> int:
        """Where the first words of all stand; only a signature that is one beyond doubt leaves none."""
        return next((at for at in range(len(self.run)) if self.words(at)), 0)

    def named(self) -> int:
        """Where the sender's whole name is the last line; a first name alone may stay."""
        at = self.worded[0] if self.worded else 0
        text = self.words(at) if at else ""
        whole = len(text.split()) > 1 and not self.words(at - 1) and self.names_sender(text)
        return at if whole and self._opens_card(at) else len(self.run)

    def signed(self) -> int:
        """Where a name stands behind a dash, in the last line or above an address; behind two, above a few more."""
        for below, at in enumerate(self.worded[:LONGEST_SIGNED]):
            text = self.words(at)
            found = _SIGNED.fullmatch(text) if at and self._opens_card(at) else None
            if found and (
                below == 0 or text.startswith("--") or (below == 1 and _REACHED.search(self.rows_after(at)[0]))
            ):
                slashed = _SLASHED.fullmatch(text) is not None and found[1][0].isupper()
                return at if slashed or self.names_sender(found[1]) or _is_name(found[1]) else len(self.run)
            if _is_sentence(text):
                break
        return len(self.run)

    def _opens_card(self, at: int) -> bool:
        """Whether the line stands apart from the words above, which announce nothing and are no list."""
        above = next((self.words(n) for n in range(at - 1, max(at - 4, -1), -1) if self.words(n)), "")
        apart = not self.words(at - 1) or FAREWELL.fullmatch(above.strip(_ROUND)) is not None
        announced = above.endswith((":", "：")) or (_ITEM.match(above) and _ITEM.match(self.words(at)))
        return bool(above) and apart and not announced

    def _is_signature(self, rows: Sequence[str], *, hearty: bool) -> bool:
        """Whether it is a name and more; only a hearty formula vouches for an unknown name, or for a slogan."""
        named = self.names_sender(rows[0]) or _is_name(rows[0])
        reached = sum(_REACHED.search(row) is not None for row in rows)
        if hearty and named and reached > 1:  # what companies have to print has sentences, too
            return len(rows) <= LONGEST_IMPRINT and all(len(row) < LONGEST_LINE for row in rows)
        if len(rows) > LONGEST_CARD or any(_is_sentence(row) for row in rows):
            return False
        return named and (hearty or reached > 0 or self.names_sender(rows[0]))

    def _is_strangers(self, at: int, reached: int, rows: int) -> bool:
        """Whether a card begins here with a name that need not be the sender's; one alone in a mail must be long."""
        text = self.words(at)
        alone = at == self._first and rows >= SHORTEST_CARD and _is_cased(text)
        if not _is_name(text) or not (alone or self._opens_card(at)):
            return False
        titled = "|" in text and 0 < rows < LONGEST_SIGNATURE
        return titled or reached > 1 or (reached == 1 and rows > 1 and not self.known)


def _is_formula(known: re.Pattern[str], text: str) -> bool:
    """Whether it is one, or the same in two languages."""
    return all(known.fullmatch(piece.strip(_ROUND)) for piece in text.split("/", 2))


def _is_name(text: str) -> bool:
    """Whether it has a name's shape, maybe with what its bearer does behind it."""
    name = text.split("|", 1)[0].strip(_ROUND)
    if _ITEM.match(text):
        return False
    if name and not _is_cased(name):
        return _UNCASED_NAME.fullmatch(name) is not None
    return _NAME.fullmatch(name) is not None and all(word[0].isupper() for word in name.split() if len(word) > 3)


def _is_cased(text: str) -> bool:
    return text.lower() != text.upper()


def _is_sentence(text: str) -> bool:
    """Whether it is no row of a signature."""
    if len(text) > LONGEST_ROW or _AFTERTHOUGHT.match(text):
        return True
    if text.endswith((":", "：")) and len(text) > LONGEST_LABEL:
        return True
    return _SENTENCE.search(text) is not None and not _REACHED.search(text) and not _is_name(text.rstrip("."))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
