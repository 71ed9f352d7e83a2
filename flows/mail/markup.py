"""HTML mails as lines of text, what the clients mark as quote with '> ' before it. Knows nothing of answers.

Only the clients' marks are read here; what their words mean is decided on the lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from flows.mail.colours import says_coloured
from flows.mail.evidence import VERB, evidence, weight
from flows.mail.lines import TYPED, compares
from flows.mail.marks import DIVIDER, Marks
from flows.mail.tags import BLOCKS, HIDDEN, tame

RULE = "―" * 5  # what a line across the page becomes; no mail program and no person types it

MOST_MARKS, LONGEST_ATTRIBUTION, ENOUGH = 9, 200, 2
_OUT = "\u2062"  # stands unseen before a line of a quote that stands out by its colour

_BLANKS = re.compile(r"[ \t\r\n\f]+")


def to_text(html: str) -> str:
    """The lines that a reader of this HTML sees, quotes marked as in plain mails."""
    tree = LexborHTMLParser(tame(html))
    writer = _Writer(divided=tree.css_first(DIVIDER) is not None)
    for node, entering in _walk(tree.root):
        writer.enter(node) if entering else writer.leave(node)
    writer.end_line()
    return "\n".join(_with_coloured(writer.lines))


def _with_coloured(lines: list[str]) -> Iterator[str]:
    """The lines, those that stand out by their colour as typed where the words above say so, else as quoted."""
    said = False
    for line in lines:
        said = said or (not line.startswith((">", _OUT)) and says_coloured(line))
        yield line.removeprefix(_OUT) if said else line.replace(_OUT, "> ", 1)


def _walk(root: LexborNode | None) -> Iterator[tuple[LexborNode, bool]]:
    """Each node on the way in and on the way out; without recursion, as mails may nest by the thousand."""
    node = root
    while node is not None:
        yield node, True
        if node.first_child is not None:
            node = node.first_child
            continue
        yield node, False
        while node.next is None:
            if node.parent is None or node.parent.tag == "-document":
                return
            node = node.parent
            yield node, False
        node = node.next


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree the writer stands, as far as it matters for the text."""

    quotes: int = 0
    in_open_quote: bool = False
    silent: bool = False
    verbatim: bool = False
    coloured: bool = False


class _Writer:
    """Lines in the making: those done, the one begun, and the places that lead here."""

    def __init__(self, *, divided: bool) -> None:
        self.lines: list[str] = []
        self._divided = divided
        self._text = ""
        self._coloured = True  # all of the line begun stands out
        self._places = [_Place()]
        self._numbers: list[int | None] = []  # the next number of each open list
        self._rest_is_quote = self._bare_quotes = False

    def enter(self, node: LexborNode) -> None:
        """Take in what the node says: its text, or what its tag does to the lines."""
        here = self._places[-1]
        if node.is_element_node:
            place = self._place(here, node)
            if node.tag in BLOCKS or place.quotes != here.quotes:
                self.end_line()
            self._places.append(place)
            self._begin(node)
        else:
            self._places.append(here)
            if node.is_text_node and not here.silent:
                text = node.text_content or ""
                self._coloured = self._coloured and (here.coloured or not text.strip())
                self._write(text, verbatim=here.verbatim)

    def leave(self, node: LexborNode) -> None:
        """End the lines that this node holds."""
        if node.tag in BLOCKS or self._places[-1].quotes != self._places[-2].quotes:
            self.end_line()
        if node.tag == "p" and not (node.attributes.get("class") or "").startswith("Mso"):
            self._end_paragraph()  # Outlook's own paragraphs have no space between them
        if node.tag in ("ol", "ul") and self._numbers:
            self._numbers.pop()
        self._places.pop()

    def end_line(self, *, even_empty: bool = False) -> None:
        """Put the line begun with the others, unless there is none."""
        if self._text or even_empty:
            quotes = self._places[-1].quotes or int(self._rest_is_quote)
            text = self._text.strip(" \xa0")
            text = TYPED + text if not quotes and compares(text) else text
            # However deep a quote is, it is one: marks by the thousand would only cost time.
            mark = _OUT if self._coloured and text else f"{'>' * min(quotes, MOST_MARKS)} "
            self.lines.append(f"{mark}{text}".rstrip() if quotes else text)
        self._text, self._coloured = "", True

    def _end_paragraph(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.end_line(even_empty=True)

    def _write(self, text: str, *, verbatim: bool) -> None:
        if not verbatim:
            text = _BLANKS.sub(" ", text)
            self._text += text if self._text else text.lstrip(" ")
            return
        *whole, last = text.split("\n")
        for line in whole:
            self._text += line
            self.end_line(even_empty=True)
        self._text += last

    def _begin(self, node: LexborNode) -> None:
        if node.tag == "br":
            self.end_line(even_empty=True)
        elif node.tag == "hr":
            self._text = RULE
            self.end_line()
        elif node.tag in ("ol", "ul"):
            start = node.attributes.get("start") or "1"
            self._numbers.append((int(start) if start.isdecimal() else 1) if node.tag == "ol" else None)
        elif node.tag == "li":
            self._text = self._bullet()
        elif node.tag in ("td", "th") and self._text:
            self._text += " "

    def _bullet(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return "- "
        # Mail programs make a list of "1. yes": the number is an answer's marker.
        self._numbers[-1] = number + 1
        return f"{number}. "

    def _is_announced(self, marks: Marks) -> bool:
        """Whether an attribution stands above; or did so above the first of several quotes that look the same."""
        if marks.bare and self._bare_quotes:
            return True
        above = self._text.strip() or next(filter(None, reversed(self.lines[-3:])), "")
        found = evidence(above[-LONGEST_ATTRIBUTION:]) if above.endswith((":", "：")) else frozenset()
        told = VERB in found or weight(found) >= ENOUGH
        self._bare_quotes = self._bare_quotes or (marks.bare and told)
        return told

    def _place(self, here: _Place, node: LexborNode) -> _Place:
        marks = Marks(node)
        silent = here.silent or node.tag in HIDDEN or marks.dropped
        if not (here.quotes or silent or self._rest_is_quote) and marks.starts_quote(divided=self._divided):
            self._rest_is_quote = True
            if self.lines[-1:] == [RULE]:
                self.lines[-1] = f"> {RULE}"  # it is above the quote, not below the words
        announced = node.tag == "blockquote" and self._is_announced(marks)  # nothing else asks for it
        quotes = here.quotes + marks.is_quote(in_open_quote=here.in_open_quote, announced=announced)
        inside = here.in_open_quote or marks.open_quote
        coloured = here.coloured if marks.stands_out is None else marks.stands_out
        return _Place(quotes, inside, silent, here.verbatim or node.tag == "pre", coloured)
