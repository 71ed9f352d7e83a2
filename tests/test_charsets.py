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


MISLABELLED = [
    ("正直まだ分かりません。入社して二週間です。", ["cp932", "euc_jp"]),
    ("目标很清楚，但怎么走还不清楚。", ["gb18030"]),
    ("目標很清楚，但怎麼走還不清楚。", ["big5"]),
    ("목표는 분명하지만 가는 길은 아직입니다.", ["cp949"]),
    ("Я дважды выступил перед командой. Честно говоря, немного.", ["cp1251", "koi8-r"]),
    ("Μίλησα δύο φορές μπροστά στην ομάδα.", ["cp1253"]),
    ("דיברתי פעמיים מול הצוות. בכנות, לא הרבה.", ["cp1255"]),
    ("تحدثت مرتين أمام الفريق. بصراحة ليس كثيرا", ["cp1256"]),
    ("Été à Noël : où étais-tu ?", ["cp1252"]),
    ("Ä", ["cp1252"]),
]


@pytest.mark.parametrize("label", ["iso-8859-1", "utf-8", ""])
@pytest.mark.parametrize(("text", "charsets"), MISLABELLED)
def test_a_western_label_is_not_believed_where_the_letters_are_others(
    text: str, charsets: list[str], label: str
) -> None:
    for charset in charsets:
        assert decode(text.encode(charset), label) == text


def test_utf_8_with_a_lost_byte_is_still_utf_8() -> None:
    assert decode("Здравствуйте".encode()[:-1] + b"!", "utf-8").startswith("Здравствуйт")


def test_a_damaged_byte_spoils_only_itself() -> None:
    assert decode("是的".encode("gb18030") + b"\xff", "gb2312").startswith("是的")
