"""All that a mail of ours shows: programs quote its HTML, which has a heading and buttons that its text has not."""

from __future__ import annotations

import re
from html import unescape

from flows.mail.sent import APART, squashed

_UNSEEN = re.compile(r"<style.*?</style>|<!--.*?-->|<[^>]*>", re.S)


def as_shown(text: str, html: str) -> str:
    """The text, and behind APART the lines that only the HTML shows; what `Sent` compares replies with."""
    seen = squashed(text)
    lines = (" ".join(line.split()) for line in unescape(_UNSEEN.sub("\n", html)).split("\n"))
    more = (line for line in dict.fromkeys(lines) if (bare := squashed(line)) and bare not in seen)
    return f"{text}{APART}" + "\n".join(more)
