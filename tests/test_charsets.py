"""Bytes are read whatever their label says."""

from __future__ import annotations

import pytest

from flows.mail.charsets import decode

READ = [
    ("Größe – „gut“", "utf-8", "iso-8859-1"),
    ("Größe – „gut“", "cp1252", "utf-8"),
    ("Größe – „gut“", "cp1252", "us-ascii"),
    ("Größe", "cp1252", "no such charset"),
    ("是的，很好", "gb18030", "gb2312"),
    ("是的，很好", "big5", "big5"),
    ("네, 좋아요", "cp949", "ks_c_5601-1987"),
    ("はい、①です", "cp932", "shift_jis"),
    ("はい", "iso2022_jp", "iso-2022-jp"),
    ("はい", "iso2022_jp", ""),
    ("כן", "iso8859-8", "iso-8859-8-i"),
    ("ใช่", "cp874", "windows-874"),
    ("да", "koi8-r", "koi8-r"),
    ("да", "utf-8", "koi8-r"),
    ("evet, güçlü", "cp1254", "iso-8859-9"),
    ("yes", "ascii", "rot13"),
    ("yes", "ascii", "idna"),
]


@pytest.mark.parametrize(("text", "written", "label"), READ)
def test_the_text_is_read(text: str, written: str, label: str) -> None:
    assert decode(text.encode(written), label) == text


def test_a_damaged_byte_spoils_only_itself() -> None:
    assert decode("是的".encode("gb18030") + b"\xff", "gb2312").startswith("是的")
