"""The last lines that may be a person's words, looked at from below. Knows nothing of signatures' kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flows.mail.lines import Line, visible
from flows.mail.rows import is_ended, is_farewell, is_item, is_rule, name_in, reaches, words_of

LONGEST_LINE, LONGEST_CARD, MOST_ROWS, MOST_NAMES = 200, 12, 35, 4  # letters; lines with something to see (2); words
FARTHEST_ABOVE = 8  # lines


@dataclass(frozen=True)
class Ending:
    """The lines, and the words of the sender's names. Places are counted as in the lines."""

    run: Sequence[Line]
    names: frozenset[str]
    addresses: frozenset[str]
    known: bool  # whether the mail shows a name at all, and not only an address

    @classmethod
    def of(cls, run: Sequence[Line], sender: Sequence[str]) -> Ending:
        """The ending of these lines; `sender` are the names and addresses that the mail says it is from."""
        shown = {word for name in sender if "@" not in name for word in words_of(name)}
        local = {word for name in sender if "@" in name for word in words_of(name.partition("@")[0]) if len(word) > 2}
        addresses = frozenset(name.casefold() for name in sender if "@" in name)
        return cls(run, frozenset(shown | local), addresses, known=bool(shown))

    def until(self, end: int) -> Ending:
        """The same without what stands from there on."""
        return replace(self, run=self.run[:end])

    @property
    def end(self) -> int:
        """The place behind the last line."""
        return len(self.run)

    def words(self, at: int) -> str:
        """What there is to see in the line; no row of a signature is as long as what is left out."""
        return visible(self.run[at].text[:LONGEST_LINE]).strip()

    @cached_property
    def worded(self) -> list[int]:
        """Where there is something to see, from below; no more than the longest signature may have, and one."""
        found = []
        for at in range(self.end - 1, -1, -1):
            if self.words(at):
                found.append(at)
            if len(found) > MOST_ROWS:
                break
        return found

    @cached_property
    def first(self) -> int:
        """Where the first words of all stand."""
        return next((at for at in range(self.end) if self.words(at)), 0)

    @cached_property
    def rules(self) -> Counter[str]:
        """How often each line of dashes stands there."""
        return Counter(text for at in range(self.end) if is_rule(text := self.words(at)))

    def rows_after(self, at: int) -> list[str]:
        """What is to be seen below this line; no more than the longest signature may have, and one."""
        return [self.words(below) for below in reversed(self.worded) if below > at]

    def after(self, at: int) -> int:
        """The next line with something to see; this one, when there is none."""
        return next((below for below in range(at + 1, self.end) if self.words(below)), at)

    def above(self, at: int) -> int:
        """The line above with something to see; -1, when there is none, or nothing stands here."""
        return next((n for n in range(at - 1, -1, -1) if self.words(n)), -1) if at < self.end else -1

    def names_sender(self, text: str) -> bool:
        """Whether the text is a name of the sender's, whole or in part."""
        found = words_of(name_in(text))
        mine = [word in self.names for word in found]
        whole = all(mine[n] for n, word in enumerate(found) if len(word) > 1)
        return any(mine) and whole and len(found) <= MOST_NAMES and not reaches(text)

    def is_own_card(self, text: str) -> bool:
        """Whether the text is the sender's address, and a name of theirs with nothing else beside it."""
        shown = text.casefold()
        mine = next((address for address in self.addresses if address in shown), "")
        beside = words_of(shown.replace(mine, " ")) if mine else []
        return bool(beside) and all(word in self.names for word in beside)

    def stands_apart(self, at: int) -> bool:
        """Whether the line stands apart from the words above, which announce nothing and are no list with it."""
        above = self.words(self.above(at)) if at - self.above(at) < FARTHEST_ABOVE and self.above(at) >= 0 else ""
        apart = not any(map(str.isalnum, self.words(at - 1))) or is_farewell(above)
        announced = above.endswith((":", "：")) or (is_item(above) and is_item(self.words(at)))
        return bool(above) and apart and not announced

    def is_ended_above(self, at: int) -> bool:
        """Whether the words above are whole; else what stands here may complete them."""
        return self.above(at) >= 0 and is_ended(self.words(self.above(at)))
