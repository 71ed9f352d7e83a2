"""The sample team: a dozen people in two countries, and how each of them answers mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flows.rules.questions import CHECK_IN, FIRST_SKILL, REFLECTION
from flows.rules.tabs import Value

FIRST_DAY = date(2026, 9, 7)
WEEKS = 6
LONDON, TOKYO = ("Europe/London", "GB-ENG"), ("Asia/Tokyo", "JP")


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody answers: from which mail client, after how many hours, in which weeks not at all, in what words."""

    client: str = "gmail"
    hours: float = 2
    silent: tuple[str, ...] = ()  # labels of the occasions that go unanswered
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by form; check-ins take turns


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the sample roster, and the person's habit; without one they never answer."""

    name: str
    email: str
    manager: str = ""
    start: Value = None
    first_1_1: Value = None
    skill: str = ""
    place: tuple[str, str] = LONDON
    away: tuple[Value, Value] = (None, None)
    status: str = ""
    language: str = "en"
    habit: Habit | None = None

    @property
    def row(self) -> tuple[Value, ...]:
        """The person as a row of the tab Roster."""
        who = (self.name, self.email, self.manager, self.start, self.first_1_1, self.skill)
        return (*who, *self.place, self.language, *self.away, self.status)


def _at(name: str) -> str:
    return f"{name}@harbour.example"


MIRA, KENJI = _at("mira.patel"), _at("kenji.sato")
OUT_OF_OFFICE, FROM_ELSEWHERE, INLINE = "out of office", "from elsewhere", "thunderbird"

TEAM = (
    Member("Mira Patel", MIRA, start=date(2021, 3, 1)),
    Member(
        "Kenji Sato", KENJI, MIRA, date(2023, 4, 3), None, "Delegating well", TOKYO,
        habit=Habit("apple", 1.5, words={CHECK_IN: (
            "[1] A little\n[2] 3\n[3] Gave Hana the release notes from start to finish and kept my hands off.\n"
            "[4] Wednesday at ten, with the budget sheet",
            "[1] Yes\n[2] 4\n[3] Asked \"what would you do\" three times before saying anything.\n[4] Thursday morning",
        )}),
    ),
    Member(
        "Zoë Clarke", _at("zoe.clarke"), MIRA, FIRST_DAY, datetime(2026, 9, 10, 14, 0), "Writing for executives",  # noqa: DTZ001
        habit=Habit("gmail", 1, words={
            REFLECTION: (
                "[1] A long-term goal\n[2] I would like to lead a product area one day, in four or five years.\n"
                "[3] Talking to customers gives it, long status meetings take it.\n[4] Writing for executives\n"
                "[5] Tell me straight away, and in private please.",
            ),
            CHECK_IN: (
                "[1] Yes\n[2] 4\n[3] Cut a four-page update to one. Two people answered, which never happened before.\n"
                "[4] Tuesday, 9 to 10",
                "[1] A little\n[2] 2\n[3] Hard to find the one sentence that matters.\n[4] Friday after lunch",
                "[1] Yes\n[2] 5\n[3] One page is a habit by now.\nskill: Leading meetings that end on time\n"
                "[4] Monday at nine",
            ),
        }),
    ),
    Member(
        "Liam O’Connor", _at("liam.oconnor"), MIRA, date(2026, 9, 14), None, "",
        habit=Habit("outlook", 5, silent=("2026-W41",), words={
            REFLECTION: (
                "Hi, honestly I take opportunities as they come. I have never had a five-year plan and so far that "
                "worked out well. I would love more work close to the data.",
            ),
            FIRST_SKILL: ("[1] SQL beyond the basics\n[2] Rewrite the weekly report as one query",),
            CHECK_IN: ("[1] Yes\n[2] 5\n[3] Window functions! The report runs in seconds.\n[4] Monday 16:00",),
        }),
    ),
    Member(
        "Priya Nair", _at("priya.nair"), MIRA, date(2024, 1, 15), None, "",
        habit=Habit(INLINE, 3, words={
            FIRST_SKILL: ("[1] Running workshops\n[2] Ask Zoë to let me open the next one",),
            CHECK_IN: (
                "[1] Not this week\n[2] 2\n[3] Quarter end ate it.\n[4] Thursday at 11, it is in my calendar",
                "[1] Yes\n[2] 4\n[3] =SUM of all feedback: fewer slides, more silence.\n[4] Wednesday",
            ),
        }),
    ),
    Member("Sofia Rossi", _at("sofia.rossi"), MIRA, date(2022, 6, 1), None, "Public speaking", language="es"),
    Member(
        "Hana Suzuki", _at("hana.suzuki"), KENJI, FIRST_DAY, date(2026, 9, 11), "Estimating", TOKYO,
        habit=Habit("iphone", 20, words={
            REFLECTION: ("[1] Somewhere in between\n[4] Estimating, I am always too hopeful",),
            CHECK_IN: ("[1] A little\n[2] 3\n[3] Doubled every guess and was right twice",),
        }),
    ),
    Member(
        "佐々木 結衣", _at("yui.sasaki"), KENJI, date(2020, 4, 1), None, "Facilitation", TOKYO,
        habit=Habit("gmail", 4, silent=("2026-W38", "2026-W40"), words={
            CHECK_IN: ("[1] Yes\n[2] 5\n[3] 静かな人から先に聞いてみた。よかった。\n[4] 木曜の午後",),
        }),
    ),
    Member(
        "Aiko Mori", _at("aiko.mori"), KENJI, date(2022, 10, 3), None, "Negotiating", TOKYO,
        (date(2026, 9, 14), date(2026, 10, 2)),
        habit=Habit(FROM_ELSEWHERE, 6, silent=("2026-W41", "2026-W42"), words={
            CHECK_IN: ("[1] Yes\n[2] 4\n[3] Asked three suppliers for a quote before lunch.",),
        }),
    ),
    Member(
        "Daniel Kim", _at("daniel.kim"), KENJI, date(2026, 9, 1), None, "Incident reviews", TOKYO, language="de",
        habit=Habit(OUT_OF_OFFICE, 0.2, words={CHECK_IN: ("I am travelling this week and will read mail on Monday.",)}),
    ),
    Member("Tom Becker", _at("tom.becker"), MIRA, date(2019, 2, 4), None, "Coaching", status="Left"),
    Member("Ben Hughes", _at("ben.hughes"), MIRA, "5/10/2026", None, "", LONDON),
)  # fmt: skip

SETTINGS = {
    "Sending": "On",
    "Sender name": "Harbour people team",
    "Sender address": "people@harbour.example",
    "People ops address": "people@harbour.example",
    "Time zone": "Europe/London",
    "Country": "GB-ENG",
}
