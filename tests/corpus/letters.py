"""What one person answers, before a program makes a mail of it: the words, their place, and what hangs below."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.corpus.languages import Language

# Among: typed between questions that nothing marks as quoted; only who knows the mail that was sent can tell.
TOP, BELOW, BETWEEN, AMONG = "top", "below", "between", "among"

_PEOPLE = (
    ("Jane Doe", "jane.doe@example.com"), ("José Álvarez", "jose@firma.example"), ("Li Wei", "li.wei@example.cn"),
    ("Åsa Öberg", "asa@example.se"), ("O'Neil, Pat", "pat@example.org"), ("Zoë Müller-Lüdenscheid", "z@m.test"),
)  # fmt: skip
_QUESTIONS = (
    "Did you practise your skill this week?", "What went well, and how did you notice it?",
    "What will you try next, and when would be a good moment for it in the coming week?", "Is there a career goal?",
    "How much energy did your work give you?", "What would you like your manager to know before you meet next time?",
)  # fmt: skip
# What people type that looks like machinery.
_ODD = (
    "- one thing\n- another thing\n-- and a third", "From: marketing we got the copy, late.", "Subject: naming things.",
    "Before\n-----\nAfter", "Yes", "4", "👍", "a little", "Goal: lead a team\nEnergy: 4", "At 9:30 on Monday, I think.",
    "> 5 years of it", "See https://example.com/plan?a=1 for it.", "I wrote about it on 3 March 2026.", "1.5 hours",
    "My mail is bob@example.com since 2025.", "Sent the plan to Sam.", "I fixed the iPhone app.", "To: be honest, no.",
    "My answer is this:\n\nno", "Best practice\nfor all", "__init__ is my favourite", "* a\n* b", "On the whole: fine.",
    "I got Outlook to work, at last.", "Nothing confidential in this message: all is well.", "Date: not set yet",
)  # fmt: skip
_SIGNATURES = (
    "-- \n{name}\nAcme, 5th floor\n+49 30 123456", "--\n{name}\nhttps://acme.example",
    "{name}\nHead of Sales\nAcme Ltd\n5th floor, 12 Main Street\n+49 30 123456 | {address}",
    "—\n{name}\nAcme Ltd",
    "_______________________________________________\nteam mailing list\nhttps://lists.example.com/team",
)  # fmt: skip
_DISCLAIMERS = (
    "This e-mail and any files transmitted with it are confidential and intended solely for the use of the individual"
    " to whom they are addressed. If you have received this e-mail in error, please notify the sender.",
    "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte"
    " den Absender und vernichten Sie diese Mail.",
    "Ce message et ses pièces jointes sont confidentiels et destinés exclusivement à leurs destinataires. Si vous avez"
    " reçu ce message par erreur, merci de le détruire.",
    "Este mensaje y sus adjuntos son confidenciales y van dirigidos exclusivamente a su destinatario. Si no es usted el"
    " destinatario, le rogamos que lo elimine.",
    "Le informazioni contenute in questo messaggio sono riservate e destinate esclusivamente al destinatario. Se lo"
    " avete ricevuto per errore, vi preghiamo di eliminarlo.",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One person's answer to one mail of Onward's."""

    language: Language
    name: str
    address: str
    sender: str  # Onward's name and address, as that mail showed them
    sender_address: str
    layout: str
    typed: str  # above or below the quote; between the questions it is what stands above all
    between: dict[int, str]
    asked: tuple[str, ...]
    tail: str = ""  # what hangs below the words without being theirs
    date: dict[str, str] = field(default_factory=dict)

    def fill(self, form: str) -> str:
        """One of the language's forms with this letter's names and date."""
        return form.format(n=self.sender, a=self.sender_address, **self.date)

    @property
    def expected(self) -> str:
        """All that the person typed."""
        return "\n\n".join(text for text in (self.typed, *self.between.values()) if text)

    @property
    def sent(self) -> str:
        """The plain text of the mail that was answered."""
        questions = "\n\n".join(f"[{n}] {wording}\n    Read by you and Sam." for n, wording in enumerate(self.asked, 1))
        name = self.name.split()[0]
        return f"Hello {name},\n\na few short questions for this week.\n\n{questions}\n\nOnward\n\n* * *\n\n{_WHY}\n"


_WHY = (
    "You get this mail because you report to Sam Smith.\n\nTo stop these mails, reply with only the word “stop”."
    " Anything else about them: people@example.com."
)


def letter(random: Random, language: Language, layouts: tuple[str, ...], tails: tuple[str, ...]) -> Letter:
    """A letter of this language; `tails` are the footers that the program may add."""
    name, address = random.choice(_PEOPLE)
    layout = random.choice(layouts)
    asked = tuple(random.sample(_QUESTIONS, random.randint(2, 3)))
    between = {}
    if layout in (BETWEEN, AMONG):
        numbers = sorted(random.sample(range(1, len(asked) + 1), random.randint(1, len(asked))))
        between = {number: _words(random, language) for number in numbers}
    typed = _words(random, language) if layout not in (BETWEEN, AMONG) else ""
    token = "".join(random.choices("abcdefghijklmnopqrstuvwxyz234567", k=32))
    return Letter(
        language, name, address, random.choice(("Onward", "Onward for people ops", "Acme People")),
        f"r.{token}@reply.example.com", layout, typed, between, asked, _tail(random, name, address, tails),
        _date(random),
    )  # fmt: skip


def _words(random: Random, language: Language) -> str:
    own = list(language.answers)
    paragraphs = [random.choice(own)]
    if random.random() < 0.4:
        paragraphs = [random.choice(_ODD)] if random.random() < 0.3 else [*paragraphs, random.choice(_ODD)]
    return ("\n\n" if random.random() < 0.7 else "\n").join(paragraphs)


def _tail(random: Random, name: str, address: str, tails: tuple[str, ...]) -> str:
    found = [random.choice(tails)] if tails and random.random() < 0.8 else []
    if not tails and random.random() < 0.25:
        found.append(random.choice(_SIGNATURES).format(name=name, address=address))
    if random.random() < 0.1:
        found.append(random.choice(_DISCLAIMERS))
    return "\n\n".join(found)


def _date(random: Random) -> dict[str, str]:
    year = str(random.randint(2025, 2031))
    return {
        "d": str(random.randint(1, 28)), "y": year, "yy": year[2:], "h": f"{random.randint(7, 12)}",
        "m": f"{random.randint(0, 59):02}",
    }  # fmt: skip
