"""What a mail server means by a refusal: something about one mail, or about Onward itself (RFC 5321, 4954, 3463)."""

from __future__ import annotations

import re
from typing import Any

LOGIN = {530, 534, 535, 538}  # whatever was asked, the server wants a login, or a better one
# 5.7 is the class of “not allowed”, which may be meant for the recipient as well; the words are those of servers that
# give no such code, as Exim does.
NOT_ALLOWED = re.compile(r"\b5\.7\.\d|relay|authenticat|log ?in\b", re.IGNORECASE)
NOT_AS_THEM = re.compile(r"send ?as", re.IGNORECASE)  # Exchange's, about the sender and after the content


class Refused(Exception):
    """The server said no to one command: its code, and its words."""

    def __init__(self, code: int, said: bytes | str) -> None:
        words = said.decode(errors="replace") if isinstance(said, bytes) else said
        super().__init__(f"{code} {' '.join(words.split())[:300]}")
        self.code = code

    @property
    def about_login(self) -> bool:
        """Whether it would be the same for every mail: who Onward is, or what it writes as its sender."""
        return self.code in LOGIN or (self.code >= 500 and bool(NOT_AS_THEM.search(str(self))))

    @property
    def maybe_about_us(self) -> bool:
        """Whether it may be meant for Onward; it may be meant for this recipient, too."""
        return self.about_login or (self.code >= 500 and bool(NOT_ALLOWED.search(str(self))))


def cause(error: Any) -> str:
    """What an exception says, in the words of the server if it has some."""
    said = getattr(error, "smtp_error", None)
    if isinstance(said, bytes):
        return f"{error.smtp_code} {said.decode(errors='replace')}"
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
