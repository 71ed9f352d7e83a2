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
MOST_DAMAGED = 5  # one in so many letters
_JAPANESE = (b"\x1b$B", b"\x1b$@")  # how iso-2022-jp begins, with or without a label


def decode(data: bytes, label: str) -> str:
    """UTF-8 wherever the bytes are valid UTF-8, else what the label says, else Windows."""
    named = _named(label)
    if named == "cp1252" and any(sign in data[:10_000] for sign in _JAPANESE):
        named = "iso2022_jp_2"
    for charset in (named, "utf-8") if named.startswith(_STATEFUL) else ("utf-8", named):
        try:
            return data.decode(charset)
        except (ValueError, LookupError):
            continue
    # One damaged byte is no reason to take the rest for Western letters.
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * MOST_DAMAGED < sum(not letter.isascii() for letter in text):
        return text
    return data.decode(named if named.startswith(("iso2022", "gb18030", "cp9", "euc_jp")) else "cp1252", "replace")


def _named(label: str) -> str:
    try:
        named = codecs.lookup(_UNHEARD_OF.get(label, label)).name
    except (LookupError, ValueError):
        return "cp1252"
    return "cp1252" if named in _NO_CHARSETS else _MEANT.get(named, named)
