"""Mails that nobody typed, and mails of people that sound like them: what each is to be taken for."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

# Neither headers nor anything else; only what they say.
_CHALLENGES = (
    ("Please confirm your email", "I am protecting myself from spam. To deliver your message, please click the link and"
     " prove that you are human:\n\nhttps://challenge.example/c/123"),
    ("Re: Your first 1:1 [verification required]", "Your mail is in quarantine since you are not on my list of approved"
     " senders. Reply to this message to confirm that you are a person and not a robot."),
    ("Bestätigung erforderlich", "Um Spam zu vermeiden, bestätigen Sie bitte einmalig, dass Sie ein Mensch sind:"
     " klicken Sie auf https://challenge.example/c/123"),
)  # fmt: skip
_BOUNCES = (
    ("postmaster@example.com", "Undeliverable: Your first 1:1", "Your message did not reach some or all of the intended"
     " recipients.\n\n  jane@example.com\n  550 5.1.1 User unknown"),
    ("Mail System <mail@mx.example.com>", "Delivery failure", "I could not deliver your message to jane@example.com."
     " The remote server said: 550 no such user."),
    ("System Administrator <admin@example.com>", "Unzustellbar: Ihr erstes Gespräch", "Ihre Nachricht konnte nicht"
     " zugestellt werden:\n\njane@example.com\n#5.1.1"),
    ("postmaster@example.fr", "Non remis : votre premier entretien", "Le message n'a pas pu être remis à"
     " jane@example.com : 5.1.1"),
)  # fmt: skip
_PEOPLE = (
    "I was on vacation this week, so there is nothing to tell.",
    "Ich bin bis Freitag im Urlaub und antworte danach in Ruhe.",
    "The delivery failed twice, and I could not reach the customer. I learned from it.",
    "I automated my automatic replies, thank you for asking.",
    "Please confirm that you got this. I am no robot!",
    "Je suis absente jeudi, mais oui, j'ai pratiqué.",
    "I'll be back on Monday; please contact Sam if it is urgent.",
)
_SUBJECTS = (
    "Re: Automatic reply: Your first 1:1",
    "Re: Undeliverable: Your first 1:1",
    "Re: Out of office",
    "AW: Abwesend",
)


def machines() -> Iterator[tuple[str, str, bytes]]:
    """Each mail's name, what it is (`auto_reply`, `bounce` or `reply`), and its bytes."""
    for number, (language, subject, text) in enumerate(_absences()):
        yield (
            f"absence {language} {number} by its subject",
            "auto_reply",
            _mail(subject, "Jane.", sender="jane@example.com"),
        )
        yield f"absence {language} {number} by its words", "auto_reply", _mail("Re: Your first 1:1", text)
    for subject, text in _CHALLENGES:
        yield f"challenge {subject}", "auto_reply", _mail(subject, text)
    for sender, subject, text in _BOUNCES:
        yield f"bounce {subject}", "bounce", _mail(subject, text, sender=sender, answers="")
    for text in _PEOPLE:
        yield f"person {text[:20]}", "reply", _mail("Re: Your first 1:1", f"{text}\n\n> [1] How was it?\n")
        yield f"person, nothing quoted, {text[:20]}", "reply", _mail("Re: Your first 1:1", text)
    for subject in _SUBJECTS:
        yield f"person {subject}", "reply", _mail(subject, "Yes, I did.")


def _absences() -> Iterator[list[str]]:
    for line in (Path(__file__).parent / "machines.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.replace("\\n", "\n").split("\t")


def _mail(
    subject: str, text: str, *, sender: str = "jane@example.com", answers: str = "<m.1@reply.example.com>"
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "Onward <r.token@reply.example.com>", subject
    if answers:
        message["In-Reply-To"] = answers
    message.set_content(text, charset="utf-8")
    return message.as_bytes()
