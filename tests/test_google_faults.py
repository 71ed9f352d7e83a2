"""Google fails, is slow, loses its answers, or somebody else writes at the same time: everything is filed once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.filing import file_answers
from flows.rules.layout import PEOPLE_TABS
from flows.sheet.door import SheetError
from flows.sheet.google import GoogleSheet
from flows.sheet.google_client import PATIENCE
from tests.google_rig import Rig, answered, fill, google, office, overview, record, row
from tests.sample import TUESDAY
from tests.standins.service import APPLIED, BUSY, CLOSED_AFTER, FAULTS, GATEWAY, NOT_APPLIED, SLOW, Answer, Request

QUICK = tuple(fault for fault in FAULTS if fault != SLOW)
BOTH = [record(row("a1"), row("b1", "Bo")), overview(("W1", 1))]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with google(tmp_path) as rig:
        yield rig


def on_writes(*faults: str) -> object:
    """These faults for the next writes, none for anything else."""
    left = list(faults)
    return lambda request: left.pop(0) if left and ":batchUpdate" in request.path else ""


def holds_both(rig: Rig) -> bool:
    return rig.refs() == ["a1", "b1"] and rig.tab("Overview").table() == [["Week", "Sent"], ["W1", 1]]


@pytest.mark.parametrize("fault", QUICK)
def test_a_write_that_fails_is_made_up_for_and_done_once(rig: Rig, fault: str) -> None:
    rig.service.faults = on_writes(fault)  # type: ignore[assignment]
    assert rig.sheet.publish(BOTH)
    assert holds_both(rig)
    assert rig.service.calls["write"] == 1


@pytest.mark.parametrize("fault", QUICK)
@pytest.mark.parametrize("call", [0, 1], ids=["outline", "values"])
def test_a_read_that_fails_is_asked_again(rig: Rig, fault: str, call: int) -> None:
    fill(rig)
    rig.service.faults.extend([""] * (call + 1) + [fault])  # type: ignore[union-attr]
    assert set(rig.opened().read()) == {tab.name for tab in PEOPLE_TABS}


@pytest.mark.parametrize("faults", list(product(NOT_APPLIED, APPLIED[:2])))
def test_two_failures_in_a_row_are_made_up_for(rig: Rig, faults: tuple[str, str]) -> None:
    rig.service.faults = on_writes(*faults)  # type: ignore[assignment]
    assert rig.sheet.publish(BOTH)
    assert holds_both(rig)


def test_an_answer_that_comes_too_late_is_found_to_have_been_carried_out(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.sheet.google_client.TIMEOUT", (1.0, 0.3))
    rig.service.slow_seconds = 0.6
    rig.service.faults = on_writes(SLOW)  # type: ignore[assignment]
    assert rig.opened().publish(BOTH)
    assert rig.calls() == (4, 1)  # it did not wait for the answer, and looked again
    assert holds_both(rig)


def test_a_write_that_google_lost_counts_as_changed(rig: Rig) -> None:
    rig.service.faults = on_writes(CLOSED_AFTER)  # type: ignore[assignment]
    assert rig.sheet.publish(BOTH)
    assert not rig.again(BOTH)


def test_quotas_are_waited_out_for_the_next_minute(rig: Rig) -> None:
    for number in range(70):
        rig.sheet.publish([overview(("W1", number))])
    assert rig.tab("Overview").table()[1] == ["W1", 69]
    assert 60 <= rig.service.now < 300


def test_waiting_ends_when_google_stays_busy(rig: Rig) -> None:
    rig.service.faults = lambda request: "" if request.path == "/token" else BUSY
    with pytest.raises(SheetError, match="limit of requests") as caught:
        rig.sheet.publish(BOTH)
    assert caught.value.passing
    assert rig.service.now <= PATIENCE


@pytest.mark.parametrize("fault", NOT_APPLIED)
def test_google_that_stays_down_is_a_passing_failure_and_nothing_is_lost(rig: Rig, tmp_path: Path, fault: str) -> None:
    fill(rig)
    with office(rig, tmp_path) as opened:
        opened.sheet = rig.opened()
        answered(opened.ledger, ["ana@example.com"])
        rig.service.faults = lambda request: fault if ":batchUpdate" in request.path else ""
        with pytest.raises(SheetError) as caught:
            file_answers(opened, TUESDAY)
        assert caught.value.passing
        rig.service.faults = lambda request: ""
        opened.sheet = rig.opened()
        assert file_answers(opened, TUESDAY).filed == 1
    assert len(rig.refs()) == 1


def test_a_crash_between_writing_and_marking_files_nothing_twice(rig: Rig, tmp_path: Path) -> None:
    fill(rig)
    with office(rig, tmp_path) as opened:
        answered(opened.ledger, ["ana@example.com"])
        opened.ledger.mark_filed = _killed  # type: ignore[assignment, method-assign]
        with pytest.raises(KeyboardInterrupt):
            file_answers(opened, TUESDAY)
    with office(rig, tmp_path) as opened:
        assert file_answers(opened, TUESDAY).filed == 1
    assert len(rig.refs()) == 1


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


# -- two at once -----------------------------------------------------------------------------------


def looked_before(rig: Rig) -> GoogleSheet:
    """A run that has looked at the sheet and not yet written."""
    sheet = rig.opened()
    sheet.read()
    return sheet


def test_of_two_that_write_the_same_rows_at_once_one_finds_them_there(rig: Rig) -> None:
    fill(rig)
    late = looked_before(rig)
    rig.again(BOTH)
    rig.calls()
    assert not late.publish(BOTH)
    assert rig.calls()[1] == 0
    assert rig.refs() == ["a1", "b1"]


def test_of_three_that_write_different_rows_at_once_all_get_through(rig: Rig) -> None:
    fill(rig)
    runs = [looked_before(rig) for _ in range(3)]
    for run, ref in zip(runs, ["a1", "b1", "c1"], strict=True):
        assert run.publish([record(row(ref)), overview(("W1", ref))])
    assert rig.refs() == ["a1", "b1", "c1"]
    assert rig.tab("Overview").table()[1] == ["W1", "c1"]


def test_two_that_set_the_sheet_up_at_once_make_each_tab_once(rig: Rig) -> None:
    def other(request: Request) -> None:
        if ":batchUpdate" in request.path:
            rig.service.before = lambda request: None
            rig.service.handle(request)

    rig.service.before = other
    assert not rig.sheet.prepare(PEOPLE_TABS).changed
    assert len(rig.book.titles) == len(set(rig.book.titles))


def test_a_write_of_a_process_that_died_long_ago_is_turned_down(rig: Rig) -> None:
    rig.sheet.publish([record(row("z1"))])
    rig.sheet.publish([record(row("a1"))])
    late = rig.service.requests[-1]
    for number in range(15):
        rig.again([overview(("W1", number))])
    rig.tab("Check-ins").delete_rows(2)
    assert rig.service.handle(late).status == 400
    assert rig.refs() == ["z1"]


def test_the_marks_of_old_writes_are_cleared_away(rig: Rig) -> None:
    for number in range(40):
        rig.again([overview(("W1", number))])
    assert len(rig.book.metadata) == 20


@pytest.mark.parametrize("fault", [CLOSED_AFTER, GATEWAY])
def test_a_token_that_is_not_given_at_once_is_asked_for_again(rig: Rig, fault: str) -> None:
    rig.service.faults.append(fault)  # type: ignore[union-attr]
    assert rig.sheet.publish(BOTH)


def test_a_token_that_ended_is_renewed(rig: Rig) -> None:
    rig.sheet.publish([overview(("W0", 0))])
    rig.service.end_tokens()
    assert rig.sheet.publish(BOTH)
    assert holds_both(rig)


# -- a tab gets another name between the two calls of a look ------------------------------------------


def renaming(rig: Rig, title: str) -> None:
    def before(request: Request) -> None:
        if "values:" in request.path:
            rig.service.before = lambda request: None
            rig.book.tab(title).title = "Our own"

    rig.service.before = before


@pytest.mark.parametrize("title", [tab.name for tab in PEOPLE_TABS])
def test_a_tab_that_is_renamed_while_it_is_read_is_not_taken_for_missing(rig: Rig, title: str) -> None:
    fill(rig)
    renaming(rig, title)
    assert title in rig.opened().read()


def test_a_record_that_is_renamed_while_it_is_read_gets_no_second_header_row(rig: Rig) -> None:
    rig.again(BOTH)
    renaming(rig, "Check-ins")
    assert not rig.again(BOTH)
    assert [row[0] for row in rig.book.tab("Our own").table()] == ["Name", "Ana", "Bo"]


def test_a_tab_that_the_answer_leaves_out_is_looked_for_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(rig)
    answer, lost = rig.service.handle, ["Settings"]

    def handle(request: Request) -> Answer:
        given = answer(request)
        if "values:" in request.path and lost:
            title = lost.pop()
            kept = [each for each in given.body["valueRanges"] if title not in each["valueRange"]["range"]]
            return Answer(given.status, {"valueRanges": kept})
        return given

    monkeypatch.setattr(rig.service, "handle", handle)
    assert set(rig.opened().read()) == {tab.name for tab in PEOPLE_TABS}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    faults=st.lists(st.sampled_from(["", "", *QUICK]), max_size=12),
    hands=st.lists(st.sampled_from(["", "sort", "column", "title"]), max_size=6),
)
def test_whatever_fails_and_whatever_people_do_each_row_stands_there_once(
    tmp_path: Path, faults: list[str], hands: list[str]
) -> None:
    with google(tmp_path) as rig:
        rig.sheet.publish([record(row("a1"))])
        _disturb(rig, hands)
        left = list(faults)
        rig.service.faults = lambda request: left.pop(0) if left and request.path != "/token" else ""
        for rows in (["a1", "b1"], ["a1", "b1", "c1"], ["a1", "b1", "c1"]):
            contents = [record(*(row(ref, f"Name of {ref}") for ref in rows)), overview(("W1", len(rows)))]
            try:
                rig.again(contents)
            except SheetError as error:
                assert error.passing  # noqa: PT017
        rig.service.faults = lambda request: ""
        rig.service.before = lambda request: None
        rig.again(contents)
        found = dict(zip(rig.tab("Check-ins").column("Ref"), rig.tab("Check-ins").column("Name"), strict=True))
        assert [found["b1"], found["c1"]] == ["Name of b1", "Name of c1"]
        assert sorted(ref for ref in rig.refs() if len(ref) == 2) == ["a1", "b1", "c1"]


def _disturb(rig: Rig, hands: list[str]) -> None:
    left = list(hands)

    def before(request: Request) -> None:
        if not left:
            return
        tab, hand = rig.tab("Check-ins"), left.pop(0)
        if hand == "sort":
            tab.sort("Name")
        elif hand == "column":
            tab.insert_columns(1)
        elif hand == "title":
            tab.insert_rows(0)

    rig.service.before = before
