"""What a raw mail says: from whom, to whom, and a person's own new words. Stores and sends nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from itertools import islice

from flows.mail.accord import marked_alike
from flows.mail.answers import sort_answers, tidy
from flows.mail.colours import says_coloured
from flows.mail.courtesy import only_closes, without_comment_marks, without_courtesy
from flows.mail.flowed import unfold
from flows.mail.footers import without_footers
from flows.mail.headers import addresses, clean, header, message_ids, names
from flows.mail.joined import apart
from flows.mail.kinds import verdict
from flows.mail.lines import MACHINE, OWN, QUOTED, Line, from_origin
from flows.mail.markup import RULE, to_text
from flows.mail.parts import Body, bodies, parse
from flows.mail.quotes import label
from flows.mail.sent import Sent

MOST_LINES, MOST_REFERENCES, MOST_LOOKED_AT = 10_000, 100, 1000

# What the mail was really sent to stands before what its writer put into To; lists and forwards change the latter.
_RECIPIENTS = (
    "X-Gm-Original-To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To", "Resent-Cc",
    "To", "Cc",
)  # fmt: skip
_PLACEHOLDER = re.compile(
    r"\[(?:image|cid|inline image|bild|imagen?|immagine|afbeelding): ?[^\[\]\n]{0,300}\]|<img\b[^<>\n]{0,400}>", re.I
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, read. `text` is all that the person typed; `answers` and `rest` are the same words, sorted.

    Around answers, a greeting and a formula of closing answer nothing, and stand in `text` alone.
    """

    kind: str  # reply, auto_reply, bounce or empty
    text: str
    answers: Mapping[int, str]
    rest: str
    sender: str
    recipients: tuple[str, ...]  # most reliable first
    references: tuple[str, ...]  # the mail answered first, then newest first
    subject: str
    message_id: str
    certain: bool = True  # else a person should look at the mail before its kind is believed


def read_mail(raw: bytes, sent: str = "") -> Mail:
    """Read any bytes as a mail. Never raises; what cannot be made sense of is an empty mail from nobody.

    `sent` is the plain text of the mail that is answered, where it is known: what comes from there is no answer.
    """
    message = parse(raw)
    subject = header(message, "Subject")
    lines, unmarked = _labelled(message, subject)
    ours = Sent(sent)
    lines = ours.sorted_out(lines, unmarked) if sent else lines
    sender = names(message, "From")
    lines = without_footers(lines, sender)
    if only_closes([line.words for line in lines if line.origin == OWN and line.words], sender):
        lines = from_origin(lines, MACHINE)
    text = tidy([line.text for line in lines if line.origin == OWN and line.text != RULE])
    lines = without_comment_marks(lines, sender)
    answers, rest = without_courtesy(*sort_answers(lines, ours.asked), sender)
    found = verdict(message, _uncited(text) or text, quotes=any(line.origin == QUOTED for line in lines))
    return Mail(
        kind=found.kind,
        certain=found.certain,
        text=text,
        answers=answers,
        rest=rest,
        sender=next(iter(addresses(message, "From", "Sender")), ""),
        recipients=addresses(message, *_RECIPIENTS),
        references=_references(message),
        subject=subject,
        message_id=next(iter(message_ids(message, "Message-ID")), ""),
    )


def _uncited(text: str) -> str:
    """The words without what the person cites: a bounce that they ask about is not theirs."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(">"))


def _labelled(message: Message, subject: str) -> tuple[list[Line], int]:
    """The lines with their origins. Where the plain text shows no quote, or no colours, the HTML beside it may."""
    known, plain = names(message, "To", "Cc"), bodies(message)
    lines, unmarked = label(_lines(plain), subject, known)
    quoted = any(line.origin == QUOTED for line in lines)
    if not message.is_multipart() or (quoted and not _speaks_of_colours(lines)):
        return lines, unmarked
    rich = bodies(message, rich=True)
    if rich == plain:
        return lines, unmarked
    seen = label(_lines(rich), subject, known)
    return seen if quoted else label(marked_alike(_lines(plain), seen[0]), subject, known)


def _speaks_of_colours(lines: Sequence[Line]) -> bool:
    return any(says_coloured(line.text) for line in islice(lines, MOST_LOOKED_AT) if line.origin == OWN)


def _references(message: Message) -> tuple[str, ...]:
    found = message_ids(message, "In-Reply-To") + message_ids(message, "References")[::-1]
    return tuple(dict.fromkeys(found))[:MOST_REFERENCES]


def _lines(texts: Sequence[Body]) -> list[str]:
    return list(islice(_worded(texts), MOST_LINES))


def _worded(texts: Sequence[Body]) -> Iterator[str]:
    """Their lines, without those that only stand for a picture."""
    for body in texts:
        for line in _plain(body):
            bare = _PLACEHOLDER.sub("", line)
            if bare == line or bare.strip():
                yield from apart(bare)


def _plain(body: Body) -> list[str]:
    lines = (clean(to_text(body.text)) if body.html else body.text).split("\n", MOST_LINES)[:MOST_LINES]
    return unfold(lines, delsp=body.delsp) if body.flowed else lines
