"""The record and the pictures of the present: complete for people ops, without a word that is not theirs to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.rules.answers import Answer, Entry
from flows.rules.company import Company, read_company
from flows.rules.due import History
from flows.rules.grid import Cell, Grid
from flows.rules.messages import CHECK_IN as CHECK_IN_MAIL
from flows.rules.pictures import Present, pictures
from flows.rules.post import Sending
from flows.rules.problems import Problem
from flows.rules.questions import AUDIENCES, CHECK_IN, FIRST_SKILL, FORMS, MANAGER, PEOPLE_OPS, REFLECTION
from flows.rules.questions_tab import QUESTIONS
from flows.rules.record import record
from flows.rules.roster import ROSTER
from flows.rules.skills import Skill
from flows.rules.tabs import Content, Value

NOON = datetime(2026, 9, 8, 12, tzinfo=UTC)
PEOPLE: tuple[tuple[Cell, ...], ...] = (
    ("Ana Silva", "ana@example.com", "mia@example.com", date(2026, 9, 1)),
    ("Mia Patel", "mia@example.com"),
)


def company(questions: Iterable[tuple[Cell, ...]] = (), **values: str) -> Company:
    """Ana, who reports to Mia; questions as the Questions tab's rows, settings by their names in lower case."""
    given_settings = [(name.replace("_", " "), value) for name, value in ({"sending": "On"} | values).items()]
    sheet = {
        "Roster": Grid((ROSTER.headers, *PEOPLE)),
        "Settings": Grid((("Setting", "Value"), *given_settings)),
        "Questions": Grid((QUESTIONS.headers, *questions)),
    }
    return read_company(sheet)


def answer(text: str, audience: str = PEOPLE_OPS, question: str = "Noticed") -> Answer:
    return Answer(question, f"{question}?", audience, text)


def entry(*answers: Answer, form: str = CHECK_IN, ask: str = "ask", hours: int = 0, skill: str = "Speaking") -> Entry:
    """One answering as filing makes it."""
    words = "\n".join(one.text for one in answers)
    received = NOON + timedelta(hours=hours)
    ref = f"m-{ask}-{hours}"
    person, manager = "ana@example.com", "mia@example.com"
    return Entry(ref, form, ask, person, manager, "2026-W37", skill, words, received, "mail", answers)


def sending(*, ask: str = "ask", at: datetime = NOON) -> Sending:
    people = ("ana@example.com", "mia@example.com", "ana@example.com")
    claim = (ask, ask, b"identity", CHECK_IN_MAIL.name, *people, "2026-W37", CHECK_IN, "[]", "")
    return Sending(*claim, status="sent", detail="", at=at, begun=at)


def tab(name: str, contents: Sequence[Content]) -> list[dict[str, Value]]:
    """The rows of a tab by their headers."""
    (content,) = [content for content in contents if content.tab.name == name]
    return [dict(zip(content.tab.headers, row, strict=True)) for row in content.rows]


def everything(contents: Iterable[Content]) -> str:
    """All that people ops can see: headers, notes and cells."""
    return "\n".join(f"{content.tab!r} {list(content.rows)!r}" for content in contents)


def present(
    ours: Company,
    *,
    sendings: Sequence[Sending] = (),
    problems: Sequence[Problem] = (),
    answered: Iterable[str] = (),
    stopped: Iterable[str] = (),
    chosen: Answer | None = None,
) -> Present:
    """What the pictures are made from; `chosen` is the skill that Ana named."""
    skills = {"ana@example.com": Skill(chosen.text, chosen.audience == PEOPLE_OPS)} if chosen else {}
    answers, stops = dict.fromkeys(answered, NOON), dict.fromkeys(stopped, NOON)
    return Present(NOON, ours, sendings, History({}, answers, stops), (), problems, skills)


# -- what the record holds -------------------------------------------------------------------------


def test_an_answering_is_one_row_with_each_answer_under_its_question() -> None:
    said = entry(answer("I spoke."), answer("Thursday", question="Next time"))
    (row,) = tab("Check-ins", record(company(), [said]))
    assert (row["Name"], row["Manager"], row["Week"]) == ("Ana Silva", "Mia Patel", "2026-W37")
    assert (row["Noticed"], row["Next time"], row["Growth skill"]) == ("I spoke.", "Thursday", "Speaking")
    assert (row["Own words"], row["By"], row["Ref"]) == ("I spoke.\nThursday", "mail", "m-ask-0")


def test_reflections_and_check_ins_stand_in_their_own_tabs() -> None:
    contents = record(company(), [entry(answer("a"), form=REFLECTION), entry(answer("b"), ask="2", form=FIRST_SKILL)])
    assert len(tab("Reflections", contents)) == len(tab("Check-ins", contents)) == 1


def test_times_are_in_the_zone_of_the_settings() -> None:
    (row,) = tab("Check-ins", record(company(time_zone="Asia/Kolkata"), [entry(answer("a"))]))
    assert row["Received"] == datetime(2026, 9, 8, 17, 30)  # noqa: DTZ001 - a sheet's times know no zone


def test_a_later_answer_says_which_it_replaces_and_the_earlier_row_stays() -> None:
    first, other, second = entry(answer("a")), entry(answer("x"), ask="other"), entry(answer("b"), hours=2)
    rows = tab("Check-ins", record(company(), [first, other, second]))
    assert [row["Remark"] for row in rows] == ["", "", "replaces the answer of 2026-09-08 12:00"]


def test_a_question_that_is_asked_no_more_keeps_its_column() -> None:
    (row,) = tab("Check-ins", record(company(), [entry(answer("Blue", question="Colour"))]))
    assert row["Colour"] == "Blue"


def test_somebody_who_is_no_longer_in_the_roster_keeps_their_address() -> None:
    nobody = read_company({"Roster": Grid((ROSTER.headers,))})
    (row,) = tab("Check-ins", record(nobody, [entry(answer("a"))]))
    assert (row["Name"], row["Manager"]) == ("ana@example.com", "mia@example.com")


# -- what it does not hold -------------------------------------------------------------------------


def test_an_answer_for_the_manager_alone_is_not_in_the_sheet_nor_are_the_whole_words() -> None:
    said = entry(answer("HIDDEN", MANAGER, "Goal"), answer("Listening", PEOPLE_OPS, "First skill"), form=REFLECTION)
    contents = record(company(), [said])
    assert "HIDDEN" not in everything(contents)
    (row,) = tab("Reflections", contents)
    assert (row["First skill"], row["Own words"], "Goal" in row) == ("Listening", "", False)


def test_what_was_promised_when_it_was_asked_counts_and_not_what_the_sheet_says_today() -> None:
    wider = company([(CHECK_IN, "Noticed", "What?", "text", "", PEOPLE_OPS)])
    assert "HIDDEN" not in everything(record(wider, [entry(answer("HIDDEN", MANAGER))]))
    assert "shown" in everything(record(company(), [entry(answer("shown", PEOPLE_OPS))]))


def test_a_skill_named_for_the_manager_alone_is_not_in_the_sheet() -> None:
    skill = answer("HIDDEN", MANAGER, "Skill")
    said = entry(skill, answer("shown", PEOPLE_OPS, "First step"), form=FIRST_SKILL, skill="")
    seen = everything([*record(company(), [said]), *pictures(present(company(), chosen=skill))])
    assert "HIDDEN" not in seen
    assert "shown" in seen


def test_words_that_answer_no_question_are_not_in_the_sheet() -> None:
    said = Entry("r", CHECK_IN, "a", "ana@example.com", "", "2026-W37", "", "HIDDEN", NOON, "mail", ())
    assert "HIDDEN" not in everything(record(company(), [said]))


AUDIENCE = st.sampled_from(AUDIENCES)
NAMES = ["Direction", "Goal", "Energy", "Skill", "First step", "Noticed", "Ref", "Name"]
ANSWERS = st.lists(st.tuples(st.sampled_from(NAMES), AUDIENCE), max_size=5, unique_by=lambda pair: pair[0])
TODAY = st.lists(st.tuples(st.sampled_from(FORMS), st.sampled_from(NAMES), AUDIENCE), max_size=8)
ASKED = st.lists(st.tuples(st.sampled_from(FORMS), st.integers(0, 2), ANSWERS), max_size=5)


@given(TODAY, ASKED)
@settings(max_examples=100, deadline=None)
def test_whatever_is_asked_of_whom_people_ops_see_theirs_and_nothing_else(
    today: list[tuple[str, str, str]], asked: list[tuple[str, int, list[tuple[str, str]]]]
) -> None:
    ours = company((form, name, "?", "text", "", audience) for form, name, audience in today)
    entries = [
        entry(
            *(answer(f"<{n}.{m} {audience}>", audience, name) for m, (name, audience) in enumerate(answers)),
            form=form,
            ask=f"ask {ask}",
            hours=n,
        )
        for n, (form, ask, answers) in enumerate(asked)
    ]
    chosen = next((a for e in entries for a in e.answers if a.question == "Skill"), None)
    seen = everything([*record(ours, entries), *pictures(present(ours, sendings=[sending()], chosen=chosen))])
    assert f"{MANAGER}>" not in seen
    assert all(f"<{n}.{m} {PEOPLE_OPS}>" in seen for n, m in _theirs(asked))


def _theirs(asked: list[tuple[str, int, list[tuple[str, str]]]]) -> Iterable[tuple[int, int]]:
    for n, (_, _, answers) in enumerate(asked):
        yield from ((n, m) for m, (_, audience) in enumerate(answers) if audience == PEOPLE_OPS)


# -- pictures --------------------------------------------------------------------------------------


def test_the_status_shows_who_was_asked_and_who_answered() -> None:
    sendings = [sending(ask="1"), sending(ask="2", at=NOON + timedelta(days=7))]
    ana, mia = tab("Status", pictures(present(company(), sendings=sendings, answered=["1"])))
    assert (ana["Check-ins asked"], ana["Check-ins answered"]) == (2, 1)
    assert ana["Last answer"] == NOON.replace(tzinfo=None)
    assert mia["Now"] == "No manager in the roster: gets no mail as a report"


@pytest.mark.parametrize("state", ["Off", "Preview"])
def test_the_status_says_when_nothing_leaves(state: str) -> None:
    ana = tab("Status", pictures(present(company(sending=state))))[0]
    assert ana["Now"] == f"Sending is {state}: nothing leaves"


def test_the_status_says_who_asked_for_no_more_mail() -> None:
    picture = present(company(), stopped=["ana@example.com"])
    assert tab("Status", pictures(picture))[0]["Now"] == "Asked on Tue 8 Sep 2026 for no more mail"


def test_the_overview_counts_each_week() -> None:
    sendings = [sending(ask="1"), sending(ask="2")]
    (week,) = tab("Overview", pictures(present(company(), sendings=sendings, answered=["2"])))
    assert (week["Week"], week["Check-ins sent"], week["Answered"], week["Answered, %"]) == ("2026-W37", 2, 1, 50)


@pytest.mark.parametrize(("audience", "shown"), [(PEOPLE_OPS, True), (MANAGER, False)])
def test_the_status_shows_a_named_skill_to_those_who_may_read_it(audience: str, shown: bool) -> None:
    ana = tab("Status", pictures(present(company(), chosen=answer("Listening", audience))))[0]
    assert ("Listening" in str(ana["Growth skill"])) is shown


def test_problems_are_shown_with_their_place_and_what_to_do() -> None:
    picture = present(company(), problems=[Problem("Roster", 3, "Email", "x", "mend it"), Problem("R", 0, "", "", "y")])
    assert [row["Row"] for row in tab("Problems", pictures(picture))] == [3, None]
    assert tab("Problems", pictures(picture))[0]["What to do"] == "mend it"


def test_the_same_present_makes_the_same_pictures() -> None:
    assert pictures(present(company(), sendings=[sending()])) == pictures(present(company(), sendings=[sending()]))
