"""Bytes as text, whatever their label says: labels are often wrong, or names that nobody but mail programs uses."""

from __future__ import annotations

import codecs

# Names whose bytes are also valid UTF-8, so that the label must be asked first.
_STATEFUL = ("iso2022", "utf-7", "utf-16", "utf-32", "hz")
# Python's own codecs, no charsets of mails; some of them are slow on purpose-made bytes.
_NO_CHARSETS = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"}
# What programs call their charsets, and what they mean: mostly more than the name has.
_MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "euc_kr": "cp949", "shift_jis": "cp932", "big5": "cp950", "tis-620": "cp874",
}  # fmt: skip
_UNHEARD_OF = {
    "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8", "iso-8859-6-i": "iso8859-6", "windows-874": "cp874",
    "x-sjis": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8", "ks_c_5601": "cp949", "windows-949": "cp949", "cp-850": "cp850", "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
}  # fmt: skip
MOST_DAMAGED, GUESSED_FROM, FEWEST = 5, 2000, 6  # one in so many letters; bytes; bytes beyond ASCII
_KANA = "のにはをたがでてとしれさいるまかっなうスンルーイトリクアです"
# Which letters are frequent where, and what share of a text they are at least.
_FREQUENT = {
    "cp932": (0.3, _KANA),
    "euc_jp": (0.3, _KANA),
    "cp949": (0.2, "이다는에의고하을가지한로기은도를서리사어해아나그시대있게자정일수인니라들않습제"),
    "gb18030": (0.12, "的一是不了在有我人这中大来上个国到说们为子和你地出道也时年得就那要下以会么多天还很好"),
    "big5": (0.12, "的一是不了在有我人這中大來上個國到說們為子和你地出道也時年得就那要下以會麼多天還很好"),
    "cp1251": (0.5, "оеаинтсрвлкмдпуя"),
    "koi8-r": (0.5, "оеаинтсрвлкмдпуя"),
    "cp1253": (0.5, "αοιετσνηυρπκμλ"),
    "cp1255": (0.5, "יוהלארבתםמשנ"),
    "cp1256": (0.5, "الينمورتبعدسكه"),
}
_JAPANESE = (b"\x1b$B", b"\x1b$@")  # how iso-2022-jp begins, with or without a label


def decode(data: bytes, label: str) -> str:
    """UTF-8 wherever the bytes are valid UTF-8, else what the label says, else what the letters say, else Windows."""
    named = _named(label)
    if named == "cp1252" and any(sign in data[:10_000] for sign in _JAPANESE):
        named = "iso2022_jp_2"
    for charset in (named, "utf-8") if named.startswith(_STATEFUL) else ("utf-8", named):
        try:
            text = data.decode(charset)
        except (ValueError, LookupError):
            continue
        return text if charset != "cp1252" else data.decode(_guessed(data), "replace")
    if named.startswith(("iso2022", "gb18030", "cp9", "euc_jp")):
        return data.decode(named, "replace")  # one damaged byte is no reason to take the rest for Western letters
    text = data.decode("utf-8", "replace")
    mostly_whole = text.count("\ufffd") * MOST_DAMAGED < sum(not letter.isascii() for letter in text)
    return text if mostly_whole else data.decode(_guessed(data), "replace")


def _guessed(data: bytes) -> str:
    """The charset of bytes that are said to be Western, by the letters that are frequent in it: labels are often wrong.

    A library that knows many more charsets took short Western mails for Korean, and Chinese ones as well.
    """
    data = data[:GUESSED_FROM]
    beyond, ascii_letters = sum(byte > 0x7F for byte in data), sum(chr(byte).isalpha() for byte in data if byte < 0x80)
    if beyond < max(2 * ascii_letters, FEWEST):
        return "cp1252"  # no Western language has so many accents
    shares = {charset: _share(data, charset, letters) / least for charset, (least, letters) in _FREQUENT.items()}
    best = max(shares, key=lambda charset: shares[charset])
    return best if shares[best] >= 1 else "cp1252"


def _share(data: bytes, charset: str, frequent: str) -> float:
    """How many of the letters beyond ASCII are frequent ones; none where the bytes are not of this charset."""
    try:
        found = [letter for letter in data.decode(charset) if not letter.isascii() and letter.isalpha()]
    except UnicodeDecodeError:
        return 0
    return sum(letter in frequent for letter in found) / len(found) if found else 0


def _named(label: str) -> str:
    try:
        named = codecs.lookup(_UNHEARD_OF.get(label, label)).name
    except (LookupError, ValueError):
        return "cp1252"
    return "cp1252" if named in _NO_CHARSETS else _MEANT.get(named, named)
