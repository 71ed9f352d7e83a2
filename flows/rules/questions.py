"""The questions of every form: wording, kind, choices and who may read the answer. People ops owns them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flows.rules.grid import ERROR_VALUE, Grid, Row, read_table, squash
from flows.rules.problems import Problem
from flows.rules.tabs import Column, Tab

REFLECTION, CHECK_IN, FIRST_SKILL = "Reflection form", "Growth check-in", "Growth check-in, no skill yet"
FORMS = (REFLECTION, CHECK_IN, FIRST_SKILL)
TEXT, CHOICE, SCALE = "text", "choice", "scale"
SKILL, NEXT_TIME = "Skill", "Next time"  # questions whose answers later mails quote
KINDS = (TEXT, CHOICE, SCALE)
MANAGER, PEOPLE_OPS = "manager", "manager and people ops"
AUDIENCES = (MANAGER, PEOPLE_OPS)


_COLUMNS = "Week/Start date/Name/Email/Manager/Growth skill/Own words/Received/By/Remark/Ref"
TAKEN = {squash(header) for header in _COLUMNS.split("/")}  # what else the record tabs are headed with


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form. `name` heads its column in the record and identifies it for good."""

    form: str
    name: str
    wording: str
    kind: str = TEXT
    choices: tuple[str, ...] = ()
    audience: str = MANAGER

    @property
    def readable_by_people_ops(self) -> bool:
        """Whether the answer may stand in the sheet (design §6)."""
        return self.audience == PEOPLE_OPS


DEFAULTS = (
    Question(
        REFLECTION,
        "Direction",
        "Is there a long-term goal you are working towards, or do you take good opportunities as they come?",
        CHOICE,
        ("A long-term goal", "Opportunities as they come", "Somewhere in between"),
    ),
    Question(
        REFLECTION,
        "Goal",
        "If there is a goal, what is it? If there is none, what kind of work would you like more of?",
    ),
    Question(REFLECTION, "Energy", "Which part of your work gives you energy, and which part takes it?"),
    Question(
        REFLECTION,
        "First skill",
        "Which one skill would you like to grow first: useful now, and in whatever you do later?",
        audience=PEOPLE_OPS,
    ),
    Question(
        REFLECTION,
        "Working together",
        "What should your manager know about how you like to work and to hear feedback?",
    ),
    Question(
        CHECK_IN,
        "Practised",
        "Did you find time for it since last week?",
        CHOICE,
        ("Yes", "A little", "Not this week"),
        PEOPLE_OPS,
    ),
    Question(
        CHECK_IN,
        "Energy",
        "How much energy did it give you, from 1 (none) to 5 (a lot)?",
        SCALE,
        ("1", "2", "3", "4", "5"),
        PEOPLE_OPS,
    ),
    Question(CHECK_IN, "Noticed", "What did you try, or notice?", audience=PEOPLE_OPS),
    Question(
        CHECK_IN,
        "Next time",
        "When will you work on it next? A day and an hour work best.",
        audience=PEOPLE_OPS,
    ),
    Question(
        FIRST_SKILL,
        "Skill",
        "Which one skill would you like to grow: useful now, and in any later job?",
        audience=PEOPLE_OPS,
    ),
    Question(FIRST_SKILL, "First step", "What could be a small first step this week?", audience=PEOPLE_OPS),
)

QUESTIONS = Tab(
    "Questions",
    (
        Column("Form", "Which mail asks it.", 28, choices=FORMS, required=True),
        Column(
            "Name",
            "Short and lasting: it heads the column of the answers. Later mails quote Skill and Next time.",
            18,
            required=True,
        ),
        Column("Question", "The wording, as people read it in the mail.", 70, required=True),
        Column("Kind", "text: free words. choice: one of the choices. scale: a number.", 10, choices=KINDS),
        Column("Choices", "For choice and scale, with semicolons between: Yes; A little; Not this week", 44),
        Column(
            "Audience",
            "Who reads the answer. It is printed beside the question. Answers for the manager alone are never "
            "written into a sheet; they reach the manager in the 1:1 brief, so ask for them in the reflection form.",
            24,
            choices=AUDIENCES,
        ),
    ),
    "the wording of every question and who reads its answer; yours to edit, a new question is a new row",
    tuple((q.form, q.name, q.wording, q.kind, "; ".join(q.choices), q.audience) for q in DEFAULTS),
    required=False,
)

Forms = Mapping[str, tuple[Question, ...]]


def read_questions(grid: Grid | None) -> tuple[Forms, list[Problem]]:
    """Every form's questions in the sheet's order, and what is wrong with the tab.

    A form without a usable question keeps those that Onward ships, so that its mail still goes, but for the manager
    alone when something in the tab is wrong.
    """
    table = read_table(QUESTIONS, grid)
    problems = list(table.problems)
    found: dict[str, dict[str, Question]] = {form: {} for form in FORMS}
    for row in table.rows:
        mistakes = list(_mistakes(row, found))
        problems += mistakes
        if not mistakes:
            question = _question(row)
            found[question.form][squash(question.name)] = question
    defaults = {form: tuple(q for q in DEFAULTS if q.form == form) for form in FORMS}
    if problems:
        # A row that could not be read may have narrowed their audience.
        defaults = {form: tuple(replace(q, audience=MANAGER) for q in those) for form, those in defaults.items()}
    return {form: tuple(found[form].values()) or defaults[form] for form in FORMS}, problems


def _pick(value: str, allowed: tuple[str, ...], default: str = "") -> str | None:
    if not value:
        return default
    return next((choice for choice in allowed if squash(choice) == squash(value)), None)


def _choices(row: Row) -> tuple[str, ...]:
    return tuple(part.strip() for part in row.text("Choices").split(";") if part.strip())


def _question(row: Row) -> Question:
    return Question(
        form=_pick(row.text("Form"), FORMS) or "",
        name=row.text("Name"),
        wording=row.text("Question"),
        kind=_pick(row.text("Kind"), KINDS, TEXT) or TEXT,
        choices=_choices(row),
        audience=_pick(row.text("Audience"), AUDIENCES, MANAGER) or MANAGER,
    )


def _failing(row: Row) -> Iterator[tuple[str, str]]:
    for header in QUESTIONS.headers:
        if ERROR_VALUE.fullmatch(row.text(header)):
            yield header, "a formula in this cell fails; mend it or type the text"


def _mistakes(row: Row, found: Mapping[str, Mapping[str, Question]]) -> Iterator[Problem]:
    for header, values in row.clashes.items():
        advice = f"two columns are headed “{header}” and say different things in this row; keep one"
        yield Problem(QUESTIONS.name, row.number, header, values, advice)
    for header, advice in (*_failing(row), *_misnamed(row, found), *_misshaped(row)):
        yield Problem(QUESTIONS.name, row.number, header, row.text(header), advice)


def _misnamed(row: Row, found: Mapping[str, Mapping[str, Question]]) -> Iterator[tuple[str, str]]:
    form, name = _pick(row.text("Form"), FORMS), squash(row.text("Name"))
    if not form:
        yield "Form", f"choose one of: {' · '.join(FORMS)}"
    for header in ("Name", "Question"):
        if not row.text(header):
            yield header, "this cell is empty; without it the question is not asked"
    if name in TAKEN:
        yield "Name", "the answers have a column of that name already; choose another"
    elif form and name in found[form]:
        yield "Name", "this form has another question of that name; give this one a name of its own"


def _misshaped(row: Row) -> Iterator[tuple[str, str]]:
    kind = _pick(row.text("Kind"), KINDS, TEXT)
    if kind is None:
        yield "Kind", f"choose one of: {', '.join(KINDS)}"
    elif kind != TEXT and len(_choices(row)) < 2:
        yield "Choices", f"a {kind} needs two choices or more, with semicolons between"
    if _pick(row.text("Audience"), AUDIENCES, MANAGER) is None:
        yield "Audience", f"choose one of: {', '.join(AUDIENCES)}"
