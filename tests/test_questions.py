"""The questions: what is mistyped is reported and not asked, and no mistake lets more people read an answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.rules.grid import Cell, Grid, text_of
from flows.rules.problems import Problem
from flows.rules.questions import (
    CHECK_IN,
    CHOICE,
    FIRST_SKILL,
    FORMS,
    MANAGER,
    PEOPLE_OPS,
    REFLECTION,
    SCALE,
    TEXT,
    Forms,
    Question,
)
from flows.rules.questions_tab import QUESTIONS, read_questions
from flows.rules.standard_questions import DEFAULTS

SHIPPED = {form: tuple(q for q in DEFAULTS if q.form == form) for form in FORMS}
Line = tuple[Cell, ...]
FINE: Line = (CHECK_IN, "Mood", "How was it?", "text", "", "manager")


def line(
    *, form: Cell = CHECK_IN, name: Cell = "Tried", wording: Cell = "What did you try?", kind: Cell = "text",
    choices: Cell = "", audience: Cell = "manager",
) -> Line:  # fmt: skip
    return form, name, wording, kind, choices, audience


def read(*lines: Line, headers: tuple[str, ...] = QUESTIONS.headers) -> tuple[Forms, list[Problem]]:
    by_language, problems = read_questions(Grid((headers, *lines)))
    return by_language[""], problems


def test_a_new_sheet_asks_what_onward_ships() -> None:
    assert read(*QUESTIONS.rows) == (SHIPPED, [])
    assert read_questions(None)[0][""] == SHIPPED


def test_the_direction_questions_are_for_the_manager_alone_by_default() -> None:
    direction = [q for q in SHIPPED[REFLECTION] if q.name in ("Direction", "Goal", "Energy")]
    assert [q.audience for q in direction] == [MANAGER] * 3


def test_a_question_is_read_to_its_last_cell() -> None:
    forms, problems = read(
        line(form="growth check in", kind="Choice", choices=" Yes; no ;;A little;", audience="Manager and People Ops")
    )
    assert not problems
    assert forms[CHECK_IN] == (
        Question(CHECK_IN, "Tried", "What did you try?", CHOICE, ("Yes", "no", "A little"), PEOPLE_OPS),
    )


def test_questions_are_asked_in_the_sheets_order_and_other_forms_keep_theirs() -> None:
    forms, _ = read(line(name="B"), line(form=FIRST_SKILL, name="Z"), line(name="A"))
    assert [q.name for q in forms[CHECK_IN]] == ["B", "A"]
    assert [q.name for q in forms[FIRST_SKILL]] == ["Z"]
    assert forms[REFLECTION] == SHIPPED[REFLECTION]


def test_what_is_left_empty_is_free_text_for_the_manager_alone() -> None:
    (question,) = read(line(kind="", audience=None))[0][CHECK_IN]
    assert (question.kind, question.audience) == (TEXT, MANAGER)


MISTAKES: dict[str, tuple[Line, str, str]] = {
    "an unknown form": (line(form="Check-out"), "Form", "choose one of"),
    "no form": (line(form=""), "Form", "choose one of"),
    "no name": (line(name=" "), "Name", "this cell is empty"),
    "no wording": (line(wording=None), "Question", "this cell is empty"),
    "a wording that fails": (line(wording="#REF!"), "Question", "formula"),
    "a name that fails": (line(name="#N/A"), "Name", "formula"),
    "an unknown kind": (line(kind="essay"), "Kind", "choose one of: text, choice, scale"),
    "a choice without choices": (line(kind="choice"), "Choices", "two choices or more"),
    "a scale of one": (line(kind="scale", choices="1"), "Choices", "two choices or more"),
    "a scale with a dash": (line(kind="scale", choices="1-5"), "Choices", "two choices or more"),
    "an unknown audience": (line(audience="everybody"), "Audience", "choose one of: manager"),
    "a name that stands twice": (line(name="MOOD!"), "Name", "another question of that name"),
}


@pytest.mark.parametrize(("bad", "column", "advice"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistyped_question_is_reported_and_not_asked(bad: Line, column: str, advice: str) -> None:
    forms, problems = read(FINE, bad)
    assert [q.name for q in forms[CHECK_IN]] == ["Mood"]
    assert [(problem.row, problem.column) for problem in problems] == [(3, column)]
    assert advice in problems[0].advice


def test_the_same_name_may_stand_in_two_forms() -> None:
    assert not read(line(name="Energy"), line(form=REFLECTION, name="Energy"))[1]


AUDIENCES = ["manger", "manager + people ops", "people ops", "manager, people ops", "all", "me", "manager and people"]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_mistyped_audience_never_lets_people_ops_read(audience: str) -> None:
    forms, problems = read(FINE, line(audience=audience))
    assert not any(q.readable_by_people_ops for q in forms[CHECK_IN])
    assert [problem.column for problem in problems] == ["Audience"]


def test_a_form_whose_every_audience_is_mistyped_does_not_go_wider_than_typed() -> None:
    own = [line(name=q.name, wording=q.wording, audience="manger") for q in SHIPPED[CHECK_IN]]
    forms, problems = read(*own)
    assert len(problems) == len(own)
    assert not any(q.readable_by_people_ops for q in forms[CHECK_IN])


def test_a_renamed_column_does_not_let_people_ops_read_what_was_for_the_manager() -> None:
    own = [line(name=q.name, wording=q.wording) for q in SHIPPED[CHECK_IN]]
    forms, problems = read(*own, headers=("Form", "Name", "Wording", "Kind", "Choices", "Audience"))
    assert problems
    assert not any(q.readable_by_people_ops for q in forms[CHECK_IN])


@pytest.mark.parametrize("both", [(PEOPLE_OPS, MANAGER), (MANAGER, PEOPLE_OPS)], ids=["wide first", "narrow first"])
def test_two_audience_columns_that_disagree_do_not_let_people_ops_read(both: tuple[str, str]) -> None:
    wide = (*line()[:5], *both)
    forms, problems = read((*FINE, MANAGER), wide, headers=(*QUESTIONS.headers, "Audience"))
    assert problems
    assert not any(q.readable_by_people_ops for q in forms[CHECK_IN])


def test_a_scale_keeps_its_steps_in_order() -> None:
    (question,) = read(line(kind="scale", choices="1;2;3"))[0][CHECK_IN]
    assert (question.kind, question.choices) == (SCALE, ("1", "2", "3"))


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.text(max_size=6), st.floats(), st.sampled_from([*FORMS, TEXT, CHOICE, MANAGER, PEOPLE_OPS, "1; 2"])
)


@given(st.lists(st.tuples(*[CELLS] * 6), max_size=6))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_the_tab_every_form_still_asks_and_every_row_is_asked_or_reported(lines: list[Line]) -> None:
    forms, problems = read(FINE, *lines)
    assert all(forms[form] for form in FORMS)
    assert all(len(q.choices) > 1 for form in FORMS for q in forms[form] if q.kind != TEXT)
    ours = sum(q not in SHIPPED[form] for form in FORMS for q in forms[form])
    written = sum(any(text_of(cell) for cell in cells) for cells in lines)
    assert ours - 1 + len({problem.row for problem in problems}) >= written


# -- languages -------------------------------------------------------------------------------------

MOOD = line(name="Mood", wording="How was it?", kind="choice", choices="Good; Bad", audience=PEOPLE_OPS)
GERMAN: Line = (CHECK_IN, "Mood", "Wie war es?", "", "Gut; Schlecht", "", "de")


def worded(*lines: Line) -> tuple[dict[str, Question], list[Problem]]:
    """The check-in's first question by language."""
    by_language, problems = read_questions(Grid((QUESTIONS.headers, *lines)))
    return {language: forms[CHECK_IN][0] for language, forms in by_language.items()}, problems


def test_a_question_can_have_a_row_for_a_language() -> None:
    asked, problems = worded(MOOD, GERMAN)
    assert not problems
    assert asked["de"] == Question(
        CHECK_IN, "Mood", "Wie war es?", CHOICE, ("Gut", "Schlecht"), PEOPLE_OPS, ("Good", "Bad")
    )
    assert asked["fr"] == asked[""] == Question(CHECK_IN, "Mood", "How was it?", CHOICE, ("Good", "Bad"), PEOPLE_OPS)


def test_the_row_without_a_language_is_the_question_wherever_it_stands() -> None:
    assert worded(GERMAN, MOOD) == worded(MOOD, GERMAN)


def test_without_such_a_row_the_first_one_is_for_everybody() -> None:
    asked, problems = worded((*GERMAN[:3], "choice", *GERMAN[4:]))
    assert not problems
    assert {question.wording for question in asked.values()} == {"Wie war es?"}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param((*GERMAN[:4], "Gut; Mittel; Schlecht", "", "de"), "Choices", id="another number of choices"),
        pytest.param((*GERMAN[:5], "manager", "de"), "Audience", id="other readers"),
        pytest.param((*GERMAN[:3], "text", *GERMAN[4:]), "Kind", id="another kind"),
        pytest.param((*GERMAN[:6], "Klingonisch"), "Language", id="no language"),
        pytest.param((*GERMAN[:2], "", *GERMAN[3:]), "Question", id="no wording"),
    ],
)
def test_a_row_for_a_language_that_contradicts_its_question_is_reported_and_not_used(row: Line, column: str) -> None:
    asked, problems = worded(MOOD, row)
    assert [(problem.row, problem.column) for problem in problems] == [(3, column)]
    assert asked["de"].wording == "How was it?"


def test_two_rows_for_one_language_are_one_too_many() -> None:
    _, problems = worded(MOOD, GERMAN, GERMAN)
    assert [(problem.row, problem.column) for problem in problems] == [(4, "Name")]


def test_a_question_as_it_ships_is_translated_even_without_rows() -> None:
    shipped = next(q for q in SHIPPED[CHECK_IN] if q.name == "Practised")
    row = line(name="Practised", wording=shipped.wording, kind="choice", choices="; ".join(shipped.choices))
    asked, _ = worded(row)
    assert (asked["es"].choices, asked["es"].audience) == (("Sí", "Un poco", "Esta semana no"), MANAGER)
    changed, _ = worded(line(name="Practised", wording="Did you do it?", kind="choice", choices="Yes; No"))
    assert changed["es"].wording == "Did you do it?"
