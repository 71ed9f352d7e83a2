"""Rows are taken out of the record in Google, theirs and no other, whatever people do in the tab at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.filing import file_answers, refresh_sheet
from flows.keeping import forget
from flows.sheet.door import Erased, SheetError
from flows.sheet.google_publishing import MOVED
from tests.google_rig import CHECK_INS, Rig, answered, fill, google, office, overview, record, row
from tests.sample import ANA, BEN, MIRA, TUESDAY
from tests.standins.google_cells import Tab
from tests.standins.service import BUSY, CLOSED_AFTER, FAULTS, SLOW, Request

QUICK = tuple(fault for fault in FAULTS if fault != SLOW)
NAMES = ["Ana", "Bo", "Cleo", "Dee"]
NOTED = {"b1": ("Bo", "note of Bo"), "c1": ("Cleo", "note of Cleo"), "d1": ("Dee", "note of Dee")}


@pytest.fixture(params=[True, False], ids=["copies take tags along", "copies have no tags"])
def rig(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Rig]:
    """Four rows, with a note of people's beside each, and one that people wrote themselves."""
    with google(tmp_path) as rig:
        rig.book.copies_tags = request.param
        set_up(rig)
        yield rig


def set_up(rig: Rig) -> None:
    rig.sheet.publish([record(*(row(f"{name[0].lower()}1", name) for name in NAMES)), overview(("W1", 4))])
    tab = rig.tab("Check-ins")
    tab.type(0, 6, "Our notes")
    for number, name in enumerate(NAMES, 1):
        tab.type(number, 6, f"note of {name}")
    tab.type(5, 0, "Eve, by phone")


def filed(tab: Tab, ref: str = "Ref") -> list[tuple[object, object, object]]:
    """The Ref, the name and the note of each row with a Ref, wherever in the tab it is."""
    (top, at), (_, name), (_, note) = (tab.find(header) for header in (ref, "Name", "Our notes"))
    rows = [[*cells, *[""] * tab.width] for row, cells in enumerate(tab.table()) if row != top]
    return [(cells[at], cells[name], cells[note]) for cells in rows if cells[at]]


def noted(tab: Tab, ref: str = "Ref") -> dict[object, tuple[object, object]]:
    """Each Ref with the name and the note in its row."""
    return {ref: (name, note) for ref, name, note in filed(tab, ref)}


def others_are_whole(rig: Rig, title: str = "Check-ins", ref: str = "Ref") -> bool:
    """Whether every other row stands there once with all that is in it, and no tab is left over."""
    tab = rig.tab(title)
    handwritten = [cells for cells in tab.table() if "Eve, by phone" in cells]
    refs = sorted(str(cell) for cell in tab.column(ref) if cell)
    whole = refs == sorted(NOTED) and noted(tab, ref) == NOTED and len(handwritten) == 1
    return whole and sorted(rig.book.titles) == sorted({"Sheet1", title, "Overview"} & {*rig.book.titles})


def before_write(rig: Rig, hands: Callable[[Tab], None], *numbers: int) -> None:
    """Have people do this just before these writes, counted from 0."""
    writes = count()

    def before(request: Request) -> None:
        if ":batchUpdate" in request.path and next(writes) in numbers:
            hands(rig.tab("Check-ins"))

    rig.service.before = before


def test_a_row_is_taken_out_and_nothing_else(rig: Rig) -> None:
    rig.calls()
    assert rig.sheet.erase(["a1"]) == Erased(frozenset(["a1"]))
    assert rig.calls() == (6, 2)
    assert others_are_whole(rig)
    assert "Ana" not in str([tab.table() for tab in rig.book.tabs])
    assert rig.refs() == ["b1", "c1", "d1"]


def test_it_does_not_come_back(rig: Rig) -> None:
    rig.sheet.erase(["a1"])
    rig.again([record(row("b1"), row("c1"), row("d1"), new=[])])
    assert others_are_whole(rig)


def test_every_copy_of_a_row_is_taken_out(rig: Rig) -> None:
    tab = rig.tab("Check-ins")
    tab.rows[8] = dict(tab.rows[1])
    tab.rows[6] = dict(tab.rows[1])
    rig.sheet.erase(["a1"])
    assert others_are_whole(rig)


def test_rows_that_people_deleted_count_as_erased(rig: Rig) -> None:
    rig.tab("Check-ins").delete_rows(1)
    assert rig.sheet.erase(["a1", "never filed"]).gone == {"a1", "never filed"}
    assert others_are_whole(rig)


def test_a_row_that_is_hidden_by_a_filter_is_taken_out(rig: Rig) -> None:
    rig.tab("Check-ins").filter_out(1, 3)
    rig.sheet.erase(["a1"])
    assert others_are_whole(rig)
    assert rig.tab("Check-ins").filtered_out == {2}


def test_many_rows_go_in_parts(rig: Rig) -> None:
    others = [row(f"o{n}", f"Other {n}") for n in range(600)]
    theirs = [row(f"t{n}", f"Theirs {n}") for n in range(600)]
    rig.again([record(*(each for pair in zip(others, theirs, strict=True) for each in pair))])
    gone = rig.sheet.erase(["a1", *(f"t{n}" for n in range(600))]).gone
    assert len(gone) == 601
    assert rig.refs() == ["b1", "c1", "d1", *(f"o{n}" for n in range(600))]


def test_all_rows_of_a_full_tab_can_go(rig: Rig) -> None:
    tab = rig.tab("Check-ins")
    tab.delete_rows(5)
    tab.row_count = 5
    assert len(rig.sheet.erase(["a1", "b1", "c1", "d1"]).gone) == 4
    assert rig.tab("Check-ins").table() == [["Name", "When", "Energy", "Own words", "Ref", "", "Our notes"]]
    rig.again([record(row("e1"))])
    assert rig.refs() == ["e1"]


# -- what people did before -------------------------------------------------------------------------


def test_a_renamed_column_of_refs_is_known(rig: Rig) -> None:
    rig.tab("Check-ins").rename("Ref", "Id")
    rig.sheet.erase(["a1"])
    assert others_are_whole(rig, ref="Id")


def test_a_column_of_refs_without_its_tag_is_known_by_its_header(rig: Rig) -> None:
    rig.tab("Check-ins").tags.clear()
    rig.tab("Check-ins").insert_columns(0)
    rig.sheet.erase(["a1"])
    assert others_are_whole(rig)


def test_a_tab_that_was_the_record_under_another_name_is_known_by_its_tag(rig: Rig) -> None:
    rig.tab("Check-ins").title = "Check-ins until May"
    rig.sheet.erase(["a1"])
    assert others_are_whole(rig, "Check-ins until May")


def test_a_tab_that_has_the_name_of_the_copy_is_left_alone(rig: Rig) -> None:
    rig.book.tabs.append(Tab(77, "check-ins: Being erased"))
    assert rig.sheet.erase(["a1"]).gone == {"a1"}
    assert "check-ins: Being erased" in rig.book.titles


def test_without_any_record_everything_counts_as_erased(rig: Rig) -> None:
    rig.book.tabs.remove(rig.tab("Check-ins"))
    assert rig.sheet.erase(["a1"]).gone == {"a1"}


def test_a_row_that_once_landed_in_wrong_columns_is_taken_out_too(rig: Rig) -> None:
    before_write(rig, lambda tab: tab.insert_columns(0), 0)
    rig.again([record(row("z1", "Zoe", "Zoe's own words"))])
    assert MOVED in str(rig.tab("Check-ins").table())
    assert rig.sheet.erase(["a1", "z1"]).gone == {"a1", "z1"}
    assert "Zoe" not in str(rig.tab("Check-ins").table())
    assert others_are_whole(rig)


def test_a_ref_in_a_note_beside_somebody_elses_row_is_named_and_left(rig: Rig) -> None:
    rig.tab("Check-ins").type(3, 7, "a1")
    done = rig.sheet.erase(["a1"])
    assert (done.gone, len(done.left)) == (frozenset(), 1)
    assert "Check-ins, row 3, Ref: “a1”: A forgotten person's row stands there, but not in its column" in str(
        done.left[0]
    )
    assert others_are_whole(rig)


# -- what people do at the last moment ---------------------------------------------------------------


def sort_down(tab: Tab) -> None:
    tab.sort("Name", reverse=True)


def insert_above(tab: Tab) -> None:
    tab.insert_rows(1, 2)


def title_above(tab: Tab) -> None:
    tab.insert_rows(0)
    tab.type(0, 0, "All check-ins")


def insert_column(tab: Tab) -> None:
    tab.insert_columns(0)


def rename_the_tab(tab: Tab) -> None:
    tab.title = "check-ins!"


def delete_the_row(tab: Tab) -> None:
    if "a1" in str(tab.table()):
        tab.delete_rows(tab.find("a1")[0])


def filter_while_sorting(tab: Tab) -> None:
    tab.sort("Name", reverse=True)
    tab.filter_out(1, 2)


HANDS = [sort_down, insert_above, title_above, delete_the_row, filter_while_sorting]


@pytest.mark.parametrize("numbers", [(0,), (1,), (0, 1), (0, 2)], ids=str)
@pytest.mark.parametrize("hands", HANDS)
def test_whatever_people_do_at_the_last_moment_costs_nobody_else_anything(
    rig: Rig, hands: Callable[[Tab], None], numbers: tuple[int, ...]
) -> None:
    before_write(rig, hands, *numbers)
    assert rig.sheet.erase(["a1"]).gone == {"a1"}
    assert others_are_whole(rig)


@pytest.mark.parametrize("number", [0, 1])
def test_a_column_that_is_inserted_at_the_last_moment_costs_nothing(rig: Rig, number: int) -> None:
    before_write(rig, insert_column, number)
    assert rig.sheet.erase(["a1"]).gone == {"a1"}
    assert others_are_whole(rig)


@pytest.mark.parametrize("hands", [insert_column, lambda tab: tab.delete_column(25)], ids=["inserted", "deleted"])
def test_a_row_that_is_put_back_just_when_columns_move_is_still_whole(rig: Rig, hands: Callable[[Tab], None]) -> None:
    def sort_then_move(tab: Tab) -> None:
        hands(tab) if next(turns) else sort_down(tab)

    turns = count()
    before_write(rig, sort_then_move, 0, 1)
    rig.sheet.erase(["a1"])
    texts = [" ".join(map(str, cells)) for cells in rig.tab("Check-ins").table()]
    for name, note in [*NOTED.values(), ("Eve", "by phone")]:
        assert sum(str(name) in text and str(note) in text for text in texts) == 1


def test_a_tab_that_gets_another_name_at_the_last_moment_is_still_meant(rig: Rig) -> None:
    def rename(request: Request) -> None:
        if ":batchUpdate" in request.path and "Check-ins" in rig.book.titles:
            rename_the_tab(rig.tab("Check-ins"))

    rig.service.before = rename
    assert rig.sheet.erase(["a1"]).gone == {"a1"}
    assert others_are_whole(rig, "check-ins!")


def test_the_headers_go_back_on_top_when_a_title_pushed_them_down(rig: Rig) -> None:
    before_write(rig, title_above, 0)
    rig.sheet.erase(["a1"])
    assert rig.tab("Check-ins").find("Name")[0] == 1


def test_rows_that_were_taken_out_by_mistake_go_back_to_where_they_were(rig: Rig) -> None:
    before_write(rig, insert_above, 0)
    rig.sheet.erase(["a1"])
    assert [cells[:1] for cells in rig.tab("Check-ins").table()[:4]] == [["Name"], [], [], ["Bo"]]


def test_a_row_that_was_taken_out_by_mistake_goes_back_beneath_the_headers(rig: Rig) -> None:
    def sort_then_title(tab: Tab) -> None:
        sort_down(tab)
        rig.service.before = title

    def title(request: Request) -> None:
        rig.service.before = lambda request: None
        title_above(rig.tab("Check-ins"))

    before_write(rig, sort_then_title, 0)
    rig.sheet.erase(["a1"])
    assert [str(cells[0]) for cells in rig.tab("Check-ins").table()[:3]] == ["All check-ins", "Name", "Eve, by phone"]
    assert others_are_whole(rig)


def names(rig: Rig) -> list[str]:
    return [str(name).partition(",")[0] for name in rig.tab("Check-ins").column("Name")]


def test_rows_that_were_taken_out_by_mistake_keep_their_order(rig: Rig) -> None:
    before_write(rig, sort_down, 0)
    assert rig.sheet.erase(["a1", "d1"]).gone == {"a1", "d1"}
    assert names(rig) == ["Eve", "Cleo", "Bo"]


def test_a_row_goes_back_to_its_place_even_if_people_changed_the_one_above(rig: Rig) -> None:
    def sort_then_note(tab: Tab) -> None:
        sort_down(tab)
        rig.service.before = note

    def note(request: Request) -> None:
        tab = rig.tab("Check-ins")
        tab.type(tab.find("Cleo")[0], 7, "one more note")

    before_write(rig, sort_then_note, 0)
    assert rig.sheet.erase(["d1"]).gone == {"d1"}
    assert names(rig) == ["Eve", "Cleo", "Bo", "Ana"]


def test_a_last_row_that_was_taken_out_by_mistake_goes_back_behind_the_others(rig: Rig) -> None:
    rig.tab("Check-ins").delete_rows(6, rig.tab("Check-ins").row_count - 6)
    rig.tab("Check-ins").sort("Name", reverse=True)
    before_write(rig, lambda tab: tab.sort("Name"), 0)
    assert rig.sheet.erase(["a1"]).gone == {"a1"}
    assert others_are_whole(rig)


def test_a_tab_that_people_delete_meanwhile_stays_deleted(rig: Rig) -> None:
    def sort_then_delete(tab: Tab) -> None:
        rig.book.tabs.remove(tab) if next(turns) else sort_down(tab)

    turns = count()
    before_write(rig, sort_then_delete, 0, 1)
    assert rig.sheet.erase(["a1"]).gone == {"a1"}
    assert rig.book.titles == ["Sheet1", "Overview"]


def test_people_who_never_rest_lose_nothing_and_the_row_is_left_for_later(rig: Rig) -> None:
    turns = count()
    before_write(rig, lambda tab: tab.sort("Name", reverse=next(turns) // 2 % 2 == 0), *range(100))
    done = rig.sheet.erase(["a1"])
    assert (done.gone, "kept moving rows" in str(done.left)) == (frozenset(), True)
    rig.service.before = lambda request: None
    assert rig.opened().erase(["a1"]).gone == {"a1"}
    assert others_are_whole(rig)


# -- failures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", QUICK)
@pytest.mark.parametrize("number", [0, 1])
def test_a_write_that_fails_is_made_up_for(rig: Rig, fault: str, number: int) -> None:
    writes = count()
    rig.service.faults = lambda r: fault if ":batchUpdate" in r.path and next(writes) == number else ""
    assert rig.sheet.erase(["a1"]).gone == {"a1"}
    assert others_are_whole(rig)


@pytest.mark.parametrize("hands", HANDS)
def test_what_a_killed_run_left_behind_is_put_right_by_the_next(rig: Rig, hands: Callable[[Tab], None]) -> None:
    writes = count()
    before_write(rig, hands, 0)
    rig.service.faults = lambda r: "" if ":batchUpdate" not in r.path or next(writes) == 0 else BUSY
    with pytest.raises(SheetError, match="limit of requests"):
        rig.sheet.erase(["a1"])
    rig.service.faults = lambda request: ""
    assert any("being erased" in title for title in rig.book.titles)
    assert rig.opened().erase(["a1"]).gone == {"a1"}
    assert others_are_whole(rig)


def test_a_write_of_a_killed_run_that_comes_late_neither_takes_nor_brings_rows(rig: Rig) -> None:
    rig.again([record(row("z1", "Zoe"))])
    appending = rig.service.requests[-1]
    rig.tab("Check-ins").delete_rows(rig.tab("Check-ins").find("z1")[0])
    rig.service.faults = lambda r: BUSY if ":batchUpdate" in r.path else ""
    with pytest.raises(SheetError):
        rig.sheet.erase(["a1"])
    erasing = next(r for r in reversed(rig.service.requests) if ":batchUpdate" in r.path)
    rig.service.faults = lambda request: ""
    rig.tab("Check-ins").delete_rows(1)
    assert rig.opened().erase(["a1", "z1"]).gone == {"a1", "z1"}
    assert [rig.service.handle(late).status for late in (appending, erasing)] == [400, 400]
    assert others_are_whole(rig)


def test_protected_rows_are_left_with_the_reason_and_taken_out_later(rig: Rig) -> None:
    rig.tab("Check-ins").protected.append({"range": {"startRowIndex": 1, "endRowIndex": 2}})
    done = rig.sheet.erase(["a1"])
    assert (done.gone, "protected" in str(done.left[0])) == (frozenset(), True)
    assert rig.refs() == ["a1", "b1", "c1", "d1"]
    rig.tab("Check-ins").protected.pop()
    assert rig.opened().erase(["a1"]) == Erased(frozenset(["a1"]))


def test_a_protected_tab_keeps_no_other_tabs_rows(rig: Rig) -> None:
    reflections = replace(record(row("r1"), row("r2", "Ben")), tab=replace(CHECK_INS, name="Reflections"))
    rig.again([record(*(row(ref, name) for ref, name in zip(rig.refs(), NAMES, strict=True)), new=[]), reflections])
    rig.tab("Check-ins").protected.append({"range": {}})
    done = rig.opened().erase(["a1", "r1"])
    assert done.gone == {"r1"}
    assert [(each.tab, each.value, "protected" in each.advice) for each in done.left] == [("Check-ins", "a1", True)]
    assert (rig.refs(), rig.refs("Reflections")) == (["a1", "b1", "c1", "d1"], ["r2"])


# -- forgetting --------------------------------------------------------------------------------------


@pytest.mark.parametrize("apart", [False, True], ids=["one spreadsheet", "answers apart"])
def test_of_a_forgotten_person_no_word_is_left_in_google(tmp_path: Path, apart: bool) -> None:
    with google(tmp_path, apart=apart) as rig:
        fill(rig, [MIRA, ANA, BEN])
        with office(rig, tmp_path) as opened:
            answered(opened.ledger, ["ana@example.com", "ben@example.com"])
            file_answers(opened, TUESDAY)
            done = forget(opened, "ana@example.com", TUESDAY)
            assert "Refs:" not in str(done.left)
            assert opened.ledger.to_erase() == []
        assert rig.tab("Check-ins").column("Email") == ["ben@example.com"]
        assert not any("erased" in title for book in (rig.book, rig.answers or rig.book) for title in book.titles)


def test_who_protects_the_record_is_told_so_and_everything_else_goes_on(tmp_path: Path) -> None:
    with google(tmp_path) as rig:
        fill(rig, [MIRA, ANA, BEN])
        with office(rig, tmp_path) as opened:
            answered(opened.ledger, ["ana@example.com"])
            file_answers(opened, TUESDAY)
            (ref,) = rig.refs()
            rig.tab("Check-ins").protected.append({"range": {}})
            said = " ".join(forget(opened, "ana@example.com", TUESDAY).left)
            assert ("people protected what Onward has to change" in said, f"Refs: {ref}" in said) == (True, True)
            assert "people protected" in str(rig.tab("Problems").table())
            rig.tab("Check-ins").protected.pop()
            assert refresh_sheet(opened, TUESDAY).unerased == ()
            assert opened.ledger.to_erase() == []


# -- by chance ---------------------------------------------------------------------------------------

ANYTHING = ["", "", "sort", "sort down", "blank row", "title", "copy", "delete"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    faults=st.lists(st.sampled_from(["", "", "", *QUICK, CLOSED_AFTER]), max_size=12),
    hands=st.lists(st.sampled_from(ANYTHING), max_size=12),
    more=st.sets(st.sampled_from(["e1", "f1"])),
)
def test_whatever_fails_and_whatever_people_do_only_these_rows_are_gone(
    tmp_path: Path, faults: list[str], hands: list[str], more: set[str]
) -> None:
    refs = {"a1", *more}
    with google(tmp_path) as rig:
        set_up(rig)
        rig.again([record(row("e1", "Eli"), row("f1", "Fay"))])
        deleted = _disturb(rig, hands)
        left = list(faults)
        rig.service.faults = lambda request: left.pop(0) if left and request.path != "/token" else ""
        for _ in range(3):
            try:
                rig.opened().erase(sorted(refs))
                rig.again([record(row("g1", "Gus"))])
            except SheetError as error:
                assert error.passing  # noqa: PT017
        rig.service.faults = lambda request: ""
        rig.service.before = lambda request: None
        assert rig.opened().erase(sorted(refs)).gone == refs
        rig.again([record(row("g1", "Gus"))])
        found = noted(rig.tab("Check-ins"))
        assert found.keys() == {*NOTED, "e1", "f1", "g1"} - refs - deleted
        assert {ref: found[ref] for ref in NOTED if ref not in deleted}.items() <= NOTED.items()
        assert len(filed(rig.tab("Check-ins"))) == len(found)
        assert str(rig.tab("Check-ins").table()).count("Eve, by phone") == 1
        assert not any("erased" in title for title in rig.book.titles)


def _disturb(rig: Rig, hands: list[str]) -> set[str]:
    """Between any two requests people do the next of these things; the Refs that they deleted come to be in the set."""
    left, deleted = list(hands), set[str]()

    def before(request: Request) -> None:
        if not left:
            return
        tab, hand = rig.tab("Check-ins"), left.pop(0)
        standing = [ref for ref in rig.refs() if ref not in deleted] if hand in ("copy", "delete") else []
        if hand.startswith("sort"):
            tab.sort("Name", reverse=hand == "sort down")
        elif hand == "blank row":
            tab.insert_rows(2)
        elif hand == "title":
            tab.insert_rows(0)
        elif hand == "copy" and "a1" in standing:
            at, _ = tab.find("a1")
            tab.insert_rows(at)
            tab.rows[at] = deepcopy(tab.rows[at + 1])
        elif hand == "delete" and "d1" in standing:
            tab.delete_rows(tab.find("d1")[0])
            deleted.add("d1")

    rig.service.before = before
    return deleted
