"""What a mail that came back says of why, and whether the address is dead (RFC 3464). Knows nothing of whose it is."""

from __future__ import annotations

import re

LONGEST = 300
MOST = 200_000  # bytes; what a mail server reports stands at the front of its mail

_STATUS = re.compile(rb"^status:[ \t]{0,9}(\d)\.(\d{1,3}\.\d{1,3})", re.I | re.M)
_WORDS = re.compile(rb"^diagnostic-code:[ \t]{0,9}([^\r\n]{1,600}(?:\r?\n[ \t][^\r\n]{0,300}){0,4})", re.I | re.M)
_FAILED = re.compile(rb"^action:[ \t]{0,9}failed", re.I | re.M)


def why_returned(raw: bytes) -> tuple[str, bool]:
    """The server's words, or its status, empty when it gave neither; and whether it will never take mail there.

    Only a report in the standard's form, with a status that begins with 5, says that an address is dead.
    """
    head = raw[:MOST]
    status, words = _STATUS.search(head), _WORDS.search(head)
    code = b".".join(status.groups()).decode() if status else ""
    said = " ".join(words[1].decode(errors="replace").replace("\0", "").split())[:LONGEST] if words else ""
    return said or code, bool(status and status[1] == b"5" and _FAILED.search(head))
