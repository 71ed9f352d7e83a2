"""The tab Questions: what people ops may change in it, and reading it so that no mistake widens who reads an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from flows.rules.grid import ERROR_VALUE, Grid, Row, read_table, squash
from flows.rules.problems import Problem
from flows.rules.questions import AUDIENCES, FORMS, KINDS, MANAGER, TEXT, Forms, Question
from flows.rules.standard_questions import DEFAULTS, rows, translated
from flows.rules.tabs import Column, Tab
from flows.rules.values import LANGUAGES, Wrong, read_language

_COLUMNS = "Week/Start date/Name/Email/Manager/Growth skill/Own words/Received/By/Remark/Ref"
TAKEN = {squash(header) for header in _COLUMNS.split("/")}  # what else the record tabs are headed with

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
        Column(
            "Language",
            "Empty: asked of everybody who has no row of that name in their own language. A row in a language needs "
            "only the wording and the choices, in the same order; the rest is as in the row without a language.",
            10,
            choices=LANGUAGES,
        ),
    ),
    "the wording of every question and who reads its answer; yours to edit, a new question is a new row",
    tuple(rows()),
    required=False,
)

Rows = dict[tuple[str, str], Row]  # by form and name, in the sheet's order


def read_questions(grid: Grid | None) -> tuple[Mapping[str, Forms], list[Problem]]:
    """Every form's questions by language, in the sheet's order, and what is wrong with the tab.

    Under "" stands what everybody is asked who has nothing in their own language. A form without a usable question
    keeps those that Onward ships, so that its mail still goes, but for the manager alone when something in the tab is
    wrong.
    """
    table = read_table(QUESTIONS, grid)
    problems = list(table.problems)
    base: Rows = {}
    others: dict[str, Rows] = {}
    for row in sorted(table.rows, key=lambda row: bool(row.text("Language"))):  # a wording is read with its question
        language, mistakes = _language_of(row), list(_mistakes(row, base, others))
        problems += mistakes
        if not mistakes:
            mine = base if _key(row) not in base else others.setdefault(language or "", {})
            mine[_key(row)] = row
    order = [_key(row) for row in table.rows]
    questions = [_question(base[key]) for key in dict.fromkeys(order) if key in base]
    worded = {language: {key: _worded(base[key], row) for key, row in of.items()} for language, of in others.items()}
    return _by_language(questions, worded, bool(problems)), sorted(problems, key=lambda problem: problem.row)


def _by_language(
    questions: list[Question], worded: Mapping[str, Mapping[tuple[str, str], Question]], doubtful: bool
) -> dict[str, Forms]:
    asked = {form: [q for q in questions if q.form == form] or _standard(form, doubtful) for form in FORMS}
    shipped = {
        (language, question): version
        for those in asked.values() for question in those for language, version in translated(question)
    }  # fmt: skip

    def version(language: str, question: Question) -> Question:
        own = worded.get(language, {}).get((question.form, squash(question.name)))
        return own or shipped.get((language, question), question)

    languages = ("", *dict.fromkeys([*LANGUAGES, *worded]))
    return {
        language: {form: tuple(version(language, q) for q in those) for form, those in asked.items()}
        for language in languages
    }


def _standard(form: str, doubtful: bool) -> list[Question]:
    # A row that could not be read may have narrowed their audience.
    return [replace(q, audience=MANAGER) if doubtful else q for q in DEFAULTS if q.form == form]


def _pick(value: str, allowed: tuple[str, ...], default: str = "") -> str | None:
    if not value:
        return default
    return next((choice for choice in allowed if squash(choice) == squash(value)), None)


def _choices(row: Row) -> tuple[str, ...]:
    return tuple(part.strip() for part in row.text("Choices").split(";") if part.strip())


def _key(row: Row) -> tuple[str, str]:
    return _pick(row.text("Form"), FORMS) or "", squash(row.text("Name"))


def _language_of(row: Row) -> str | None:
    """The row's language; None when it is none."""
    try:
        return read_language(row.text("Language")) if row.text("Language") else ""
    except Wrong:
        return None


def _question(row: Row) -> Question:
    return Question(
        form=_pick(row.text("Form"), FORMS) or "",
        name=row.text("Name"),
        wording=row.text("Question"),
        kind=_pick(row.text("Kind"), KINDS, TEXT) or TEXT,
        choices=_choices(row),
        audience=_pick(row.text("Audience"), AUDIENCES, MANAGER) or MANAGER,
    )


def _worded(base: Row, row: Row) -> Question:
    """The same question in another language: only what is read differs, never who reads the answer."""
    question = _question(base)
    choices = _choices(row) or question.choices
    return replace(question, wording=row.text("Question"), choices=choices, filed_as=question.choices)


def _failing(row: Row) -> Iterator[tuple[str, str]]:
    for header in QUESTIONS.headers:
        if ERROR_VALUE.fullmatch(row.text(header)):
            yield header, "a formula in this cell fails; mend it or type the text"


def _mistakes(row: Row, base: Rows, others: Mapping[str, Rows]) -> Iterator[Problem]:
    for header, values in row.clashes.items():
        advice = f"two columns are headed “{header}” and say different things in this row; keep one"
        yield Problem(QUESTIONS.name, row.number, header, values, advice)
    earlier = base.get(_key(row))
    shape = _unlike(row, earlier) if earlier and row.text("Language") else _misshaped(row)
    for header, advice in (*_failing(row), *_misnamed(row, _is_doubled(row, earlier, others)), *shape):
        yield Problem(QUESTIONS.name, row.number, header, row.text(header), advice)


def _is_doubled(row: Row, earlier: Row | None, others: Mapping[str, Rows]) -> bool:
    language = _language_of(row)
    return earlier is not None and (language == _language_of(earlier) or _key(row) in others.get(language or "", {}))


def _misnamed(row: Row, doubled: bool) -> Iterator[tuple[str, str]]:
    form, name = _key(row)
    if not form:
        yield "Form", f"choose one of: {' · '.join(FORMS)}"
    for header in ("Name", "Question"):
        if not row.text(header):
            yield header, "this cell is empty; without it the question is not asked"
    if name in TAKEN:
        yield "Name", "the answers have a column of that name already; choose another"
    elif form and doubled:
        yield "Name", "this form has another question of that name; give this one a name of its own"
    if _language_of(row) is None:
        yield "Language", f"write the language as its code: {', '.join(LANGUAGES)}; or leave it empty"


def _misshaped(row: Row) -> Iterator[tuple[str, str]]:
    kind = _pick(row.text("Kind"), KINDS, TEXT)
    if kind is None:
        yield "Kind", f"choose one of: {', '.join(KINDS)}"
    elif kind != TEXT and len(_choices(row)) < 2:
        yield "Choices", f"a {kind} needs two choices or more, with semicolons between"
    if _pick(row.text("Audience"), AUDIENCES, MANAGER) is None:
        yield "Audience", f"choose one of: {', '.join(AUDIENCES)}"


def _unlike(row: Row, base: Row) -> Iterator[tuple[str, str]]:
    """In what a wording in another language contradicts its question."""
    question = _question(base)
    if _choices(row) and len(_choices(row)) != len(question.choices):
        yield "Choices", f"row {base.number} has {len(question.choices)} choices; give as many, in the same order"
    for header, meant in (("Kind", question.kind), ("Audience", question.audience)):
        if row.text(header) and squash(row.text(header)) != squash(meant):
            yield header, f"row {base.number} says “{meant}” for this question; write the same, or leave it empty"
