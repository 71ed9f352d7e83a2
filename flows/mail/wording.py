"""Whether a machine speaks, judged by what it says; for mails whose headers do not tell. Knows nothing of headers.

No sign decides alone: people are on holiday, too, and say so.
"""

from __future__ import annotations

import re

from flows.mail.vocabulary import lines, stems

READ_AT_MOST, ENOUGH, ENOUGH_ABSENT, EVERY_SIGN = 4000, 5, 4, 5
LONG, LONGEST_RECEIPT = 1500, 60  # letters: machines are short

AWAY, UNDELIVERED = stems("away"), stems("undelivered")
ABSENT, RETURN, INSTEAD, AUTOMATIC = stems("absent"), stems("return"), stems("instead"), stems("automatic")
THANKS, NOT_DELIVERED, VERIFY, PROTECTED = stems("thanks"), stems("not delivered"), stems("verify"), stems("protected")

NO_REPLY, REGISTERED, OPENED = stems("no reply"), stems("registered"), lines("opened")
DECLARED = stems("declared")

_CODE = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b|\b55\d[ -]|\bSMTP\b", re.I)
_RECIPIENT = re.compile(r"<?[^\s<>@]{1,200}@[^\s<>@]{1,200}>?")
_ROBOT = re.compile(
    r"m(?:ail)?(?:er)?[-_.]?daemon|post_?master|mail delivery|system administrator|\bndr\b|antivirus|viruswall|gateway"
    r"|\bimss\b|mail[-_ ]?(?:service|system|admin)|jetmail|no-?reply"
    r"|majordomo|listserv|[-_](?:admin|request|owner|bounces?)@|\bowner-",
    re.I,
)
_ROUND = " \t[(*\"'«»<>_-"


def names_absence(subject: str) -> bool:
    """Whether the subject is an out-of-office mail's; a person's answer to one begins with "Re:"."""
    return AWAY.match(subject.lstrip(_ROUND)) is not None


def is_robot(sender: str) -> bool:
    """Whether the mail's sender is a server by its name."""
    return _says(_ROBOT, sender)


def absence(text: str, *, quotes: bool) -> int:
    """How much of an out-of-office mail, or another automatic answer, the text has.

    Few machines quote what they answer, and few are long: then it takes every sign there is.
    """
    said, long = text[:READ_AT_MOST], len(text) > LONG
    automatic = _says(AUTOMATIC, said)
    signs = 2 * _says(ABSENT, said) + 2 * automatic
    if not signs:
        return 0
    signs += 2 * (automatic and (_says(NO_REPLY, said) or _says(DECLARED, said)))
    signs += _says(RETURN, said) + _says(INSTEAD, said) + _says(THANKS, said) + _says(REGISTERED, said)
    return signs if signs >= EVERY_SIGN or not (quotes or long) else 0


def tells_of_reading(subject: str, text: str) -> bool:
    """Whether it is a receipt that a mail was read, as Outlook writes it into a plain mail."""
    opened, colon, _ = subject.replace("：", ":").partition(":")
    return bool(colon) and len(text) <= LONGEST_RECEIPT and OPENED.fullmatch(opened.strip()) is not None


def sounds_undelivered(sender: str, subject: str, text: str, *, unasked: bool) -> bool:
    """Whether the mail says that another one did not arrive; `unasked` when it answers none."""
    text = text[:READ_AT_MOST]
    announced = UNDELIVERED.match(subject.lstrip(_ROUND)) is not None
    told = announced + 2 * _says(UNDELIVERED, subject) + 2 * _says(NOT_DELIVERED, text)
    robot = 2 * (not sender or _says(_ROBOT, sender)) + _says(_CODE, text)
    return bool(told and (robot or unasked)) and told + robot + _says(_RECIPIENT, text) >= ENOUGH


def sounds_like_a_challenge(subject: str, text: str) -> bool:
    """Whether the mail asks its reader to prove to be human before another one gets through."""
    text = f"{subject}\n{text[:READ_AT_MOST]}"
    linked = "http" in text or "reply" in text.lower()
    return 2 * _says(VERIFY, text) + 2 * _says(PROTECTED, text) + linked >= ENOUGH


def _says(stem: re.Pattern[str], text: str) -> bool:
    return stem.search(text) is not None
