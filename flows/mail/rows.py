"""The shapes of single rows under a person's words: names, formulas, ways to reach somebody. Knows nothing of mails."""

from __future__ import annotations

import re

from flows.mail.vocabulary import lines as whole_lines
from flows.mail.vocabulary import stems

LONGEST_ROW, WIDEST_ROW, WIDEST_NOTE, LONGEST_LABEL, LONG_RULE = 70, 80, 100, 12, 20  # letters
MOST_AROUND, MOST_NAMES = 4, 4  # words beside a way to reach somebody, and of a name

FAREWELL, THANKFUL, LISTED = whole_lines("farewell"), whole_lines("thankful"), stems("listed")

_RULE = re.compile(r"(?:-{2,3}|_{2,}|[–—…]{1,3}|[-–—_=*]{5,}|(?:[*.·•] ){2,9}[*.·•])\s*")
_SENTENCE = re.compile(r"[!?。…]$|[^\W\d_]{4,}\.$")
_CALLED = re.compile(r"(?<!\w)[+(]?\d[\d\s()./-]{6,}\d")
_REACHED = re.compile(rf"https?://|www\.|[^\s@]+@[^\s@]+\.\w+|{_CALLED.pattern}")
_LINK = re.compile(r"[<(]?https?://[^\s<>()]+[>)]?")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:,? [^\W\d_][\w.'’-]*){1,4}")
_ROLE = re.compile(r"\|| [-–—] |\((?:\w{2,5}/){1,2}\w{2,6}\)")  # stands before what somebody does
_GAP = re.compile(r"\t|\s{3,}")
_FIRST_NAME = re.compile(r"[^\W\d_][\w'’-]{1,14}\.?")
_UNCASED_NAME = re.compile(r"[^\W\d_]{2,5}|[^\W\d_]{1,6}(?: [^\W\d_]{1,7}){1,2}")
_SIGNED = re.compile(r"\s*(?:[-–—]{1,2}|/)\s?([^\W\d_].*)")
_SLASHED = re.compile(r"/\s?[^\W\d_]\w{0,15}(?: [^\W\d_]\w{0,15})?\.?")  # "/Karin", as Swedes sign
_ITEM = re.compile(r"\s*(?:[-–—•]\s*|[*+]\s+|\d{1,2}[.)]\s*)\S")
_AFTERTHOUGHT = re.compile(r"\s*P\.?\s?S\b", re.I)
_ENDED = re.compile(r"[^\w\s]/?$|https?://\S+$")
_ANSWERS = re.compile(r"\d{1,2}[.):]\s|[\[(]\d{1,2}[\])]|[-*•+]\s|[^\W\d][\w ]{0,20} \d{1,2}:\s|第")
_LINKS_ON = re.compile(
    r"\b(?:is|are|was|to|with|and|or|by|from|for|of|the|ist|sind|mit|und|von|an|bei|est|avec|et|de|à|par|es|con|y|por)$",
    re.I,
)
_SMALL = re.compile("[a-zà-öø-ÿа-я]{3}")
_LABELLED = re.compile(r"[^\W\d_][\w ]{0,25}[:：]\s*\S")
_HOUR = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_SPEAKS = re.compile(r"\bI(?:'| (?!\.)[a-z])|\b(?:ich|[Jj]e|yo)\b")
_WORD = re.compile(r"[^\s\d,;:.!|*_<>()\[\]\"'“”/&-]+")  # not \w, which Indian vowels are not
_ROUND = " \t,*|_~!"


def reaches(text: str) -> bool:
    """Whether the row says how to reach somebody: a link, an address, a number to call."""
    return _REACHED.search(text) is not None


def is_contact(text: str) -> bool:
    """Whether the row is hardly anything but a way to reach somebody; a sentence with a link in it is not."""
    return reaches(text) and len(words_of(_REACHED.sub(" ", text))) <= MOST_AROUND


def is_personal(text: str) -> bool:
    """Whether it is an address or a number to call: links alone may be a reading list."""
    return "@" in text or _CALLED.search(text) is not None


def is_rule(text: str) -> bool:
    """Whether it is a line of dashes, of whatever kind."""
    return _RULE.fullmatch(text) is not None


def is_item(text: str) -> bool:
    """Whether it is one of a list's."""
    return _ITEM.match(text) is not None


def is_farewell(text: str) -> bool:
    """Whether it is a formula of closing that stands above nothing but a name."""
    return _is_formula(FAREWELL, text)


def is_thankful(text: str) -> bool:
    """Whether it is one that may stand above an answer as well."""
    return _is_formula(THANKFUL, text)


def is_cased(text: str) -> bool:
    """Whether its script has capitals."""
    return text.lower() != text.upper()


def is_name(text: str) -> bool:
    """Whether it has a name's shape, maybe with what its bearer does behind it."""
    name = bare(name_in(text))
    if is_item(text):
        return False
    if name and not is_cased(name):
        return _UNCASED_NAME.fullmatch(name) is not None
    return _NAME.fullmatch(name) is not None and all(word[0].isupper() for word in name.split() if len(word) > 3)


def name_in(text: str) -> str:
    """The text up to what its bearer does, or how they like to be called: "Jane Doe (she/her) | Sales"."""
    return _ROLE.split(first_cell(text), maxsplit=1)[0]


def first_cell(text: str) -> str:
    """The text up to the first wide gap: some write their card in columns."""
    return _GAP.split(text, maxsplit=1)[0]


def is_first_name(text: str) -> bool:
    """Whether it is one word with a capital, as people sign below a formula."""
    word = bare(text)
    return _FIRST_NAME.fullmatch(word) is not None and word[0].isupper()


def is_whole_name(text: str, *, of: str) -> bool:
    """Whether it is the one name above once more, with the rest of it."""
    return is_name(text) and len(words_of(of)) == 1 and words_of(of)[0] in words_of(text)[:MOST_NAMES]


def signed_by(text: str) -> str:
    """The name behind a dash or a slash; empty, when it is something else."""
    found = _SIGNED.fullmatch(text)
    return found[1] if found else ""


def is_slashed(text: str) -> bool:
    """Whether it is a name behind a slash."""
    return _SLASHED.fullmatch(text) is not None and text.lstrip("/ ")[:1].isupper()


def is_sentence(text: str) -> bool:
    """Whether it is no row of a signature."""
    if bare_width(text) > LONGEST_ROW or _AFTERTHOUGHT.match(text):
        return True
    if text.endswith((":", "：")) and len(text) > LONGEST_LABEL:
        return True
    said = _SENTENCE.search(text) is not None and any(map(str.isalpha, text))
    return said and not reaches(text) and not is_name(text.rstrip("."))


def bare_width(text: str) -> int:
    """How many letters it has without its links, and without wide gaps."""
    return len(" ".join(_LINK.sub("", text).split()))


def is_ended(text: str) -> bool:
    """Whether nothing has to follow: a sign, a link, or a formula ends it; "talk to" does not."""
    return _ENDED.search(text) is not None or is_farewell(text) or is_thankful(text)


def announces(text: str) -> bool:
    """Whether something has to follow: "my mentor is" needs a name below it."""
    return _LINKS_ON.search(text) is not None


def speaks(text: str) -> bool:
    """Whether somebody surely speaks on, below their name: an item, a question's number, "I"."""
    return not is_rule(text) and (_ANSWERS.match(text) is not None or _SPEAKS.search(text) is not None)


def goes_on(text: str) -> bool:
    """Whether somebody writes on, below all of a signature: they speak, or begin with small letters."""
    return speaks(text) or (_SMALL.match(text) is not None and not is_contact(text))


def may_go_on(text: str) -> bool:
    """Whether it may be more than a row of a signature, where nothing else shows one: a label, or an hour."""
    return not reaches(text) and (_LABELLED.match(text) is not None or _HOUR.search(text) is not None)


def bare(text: str) -> str:
    """The text without the signs that people and programs put around it."""
    return text.strip(_ROUND)


def words_of(text: str) -> list[str]:
    """Its words, in small letters."""
    return _WORD.findall(text.casefold())


def _is_formula(known: re.Pattern[str], text: str) -> bool:
    # Some write the same in two languages.
    return all(known.fullmatch(bare(piece)) for piece in text.split("/", 2))
