"""All that the sheet says, read together: what a tab that is not there means for everybody's mail."""

from __future__ import annotations

import pytest

from flows.rules.company import read_company
from flows.rules.grid import Grid, Snapshot
from flows.rules.policy import SETTINGS_TAB
from flows.rules.questions_tab import QUESTIONS
from flows.rules.roster import ROSTER

ANA = ("Ana", "ana@example.com")
WHOLE: Snapshot = {
    "Roster": Grid((ROSTER.headers, ANA)),
    "Settings": Grid((("Setting", "Value"), ("Sending", "On"), ("Sender name", "Uni"))),
    "Questions": Grid((QUESTIONS.headers,)),
}


def renamed(name: str, title: str, grid: Grid | None = None) -> Snapshot:
    """The sheet with one of its tabs under another name."""
    return {title if key == name else key: grid or tab if key == name else tab for key, tab in WHOLE.items()}


def test_a_whole_sheet_sends() -> None:
    company = read_company(WHOLE)
    assert (company.policy.sending, company.problems) == ("On", ())


@pytest.mark.parametrize("tab", [ROSTER, SETTINGS_TAB, QUESTIONS], ids=lambda tab: tab.name)
def test_without_one_of_its_tabs_nothing_is_sent_and_it_says_why(tab: object) -> None:
    name = tab.name  # type: ignore[attr-defined]
    company = read_company({key: grid for key, grid in WHOLE.items() if key != name})
    (problem,) = company.problems
    assert (company.policy.sending, problem.tab) == ("Preview", name)
    assert "`onward init` adds it" in problem.advice
    assert problem.advice.endswith("Until then nothing is sent")


TITLES = {
    "more words": ("Questions", "Our questions"),
    "a copy": ("Settings", "Copy of Settings"),
    "a slip": ("Settings", "Setings"),
    "one of many": ("Questions", "Question"),
}


@pytest.mark.parametrize("empty", [True, False], ids=["by its name alone", "with its cells"])
@pytest.mark.parametrize(("name", "title"), TITLES.values(), ids=TITLES)
def test_a_tab_under_another_name_is_asked_about(name: str, title: str, empty: bool) -> None:
    (problem,) = read_company(renamed(name, title, Grid(()) if empty else None)).problems
    assert f"did you mean “{title}”? Rename it back" in problem.advice


def test_a_tab_under_quite_another_name_is_known_by_its_headers() -> None:
    (problem,) = read_company(renamed("Questions", "Fragen")).problems
    assert "did you mean “Fragen”?" in problem.advice


def test_a_tab_of_people_s_own_is_not_asked_about() -> None:
    sheet = {**renamed("Questions", "Budget"), "Budget": Grid((("Month", "Money"), ("May", 3)))}
    assert "did you mean" not in read_company(sheet).problems[0].advice


def test_sending_that_is_off_stays_off() -> None:
    sheet = {**WHOLE, "Settings": Grid((("Setting", "Value"), ("Sending", "Off")))}
    assert read_company({key: grid for key, grid in sheet.items() if key != "Questions"}).policy.sending == "Off"
