"""The sheet in Google: what a run costs, what it writes, and what people may do to the tabs in the meantime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import monotonic

import pytest

from flows.filing import file_answers, refresh_sheet
from flows.rules.layout import PEOPLE_TABS
from flows.rules.policy import DEFAULT_POLICY
from flows.rules.problems import OnwardError
from flows.rules.roster import read_roster
from flows.sheet.google_publishing import MOVED
from tests.google_rig import NINE, Rig, answered, fill, google, office, overview, record, row
from tests.sample import ANA, MIRA, TUESDAY, Row, send_due
from tests.standins.google_cells import Tab
from tests.standins.service import Request


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with google(tmp_path) as rig:
        yield rig


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Rig]:
    with google(tmp_path, apart=True) as rig:
        yield rig


def team(size: int) -> list[Row]:
    return [MIRA, *({**ANA, "name": f"Person {n}", "email": f"p{n}@example.com"} for n in range(size))]


# -- what a run costs ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [10, 2000])
def test_a_run_takes_two_reads_and_one_write_however_many_people_there_are(rig: Rig, tmp_path: Path, size: int) -> None:
    fill(rig, team(size))
    with office(rig, tmp_path) as opened:
        answered(opened.ledger, [f"p{n}@example.com" for n in range(size)])
        rig.calls()
        assert file_answers(opened, TUESDAY).filed == size
    assert rig.calls() == (2, 1)
    assert len(rig.refs()) == size


def test_a_run_that_has_nothing_to_say_writes_nothing(rig: Rig, tmp_path: Path) -> None:
    fill(rig)
    with office(rig, tmp_path) as opened:
        assert refresh_sheet(opened, TUESDAY).published
    rig.calls()
    with office(rig, tmp_path) as opened:
        assert not refresh_sheet(opened, TUESDAY).published
    assert rig.calls() == (2, 0)


def test_sending_takes_two_reads(rig: Rig, tmp_path: Path) -> None:
    fill(rig)
    rig.calls()
    with office(rig, tmp_path) as opened:
        assert len(send_due(opened, TUESDAY).outcomes) == 2
    assert rig.calls() == (2, 0)


def test_answers_in_a_spreadsheet_of_their_own_take_two_reads_and_one_write_there(apart: Rig, tmp_path: Path) -> None:
    fill(apart)
    with office(apart, tmp_path) as opened:
        answered(opened.ledger, ["ana@example.com"])
        apart.calls()
        file_answers(opened, TUESDAY)
    assert apart.calls() == (4, 1)
    assert len(apart.refs()) == 1
    assert apart.book.titles == [tab.name for tab in PEOPLE_TABS]


def test_reading_again_within_a_run_asks_nothing(rig: Rig) -> None:
    fill(rig)
    rig.calls()
    sheet = rig.opened()
    assert sheet.read() is sheet.read()
    assert rig.calls() == (2, 0)


def test_a_long_append_is_split_and_comes_through_whole(rig: Rig) -> None:
    rows = [row(f"r{n}", words="x" * 40_000) for n in range(210)]
    rig.calls()
    assert rig.sheet.publish([record(*rows), overview(("2026-W37", 210))])
    assert rig.calls()[1] == 3
    assert rig.refs() == [f"r{n}" for n in range(210)]
    assert rig.tab("Overview").table()[1] == ["2026-W37", 210]


def test_everybody_is_read(rig: Rig) -> None:
    fill(rig, team(300))
    assert len(read_roster(rig.opened().read()["Roster"], DEFAULT_POLICY).people) == 301


def test_what_people_change_is_seen_after_half_a_minute(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(rig)
    sheet, now = rig.opened(), monotonic()
    before = sheet.read()
    rig.book.tab("Roster").type(1, 0, "Mira P.")
    monkeypatch.setattr("flows.sheet.google.time.monotonic", lambda: now + 25)
    assert sheet.read() is before
    monkeypatch.setattr("flows.sheet.google.time.monotonic", lambda: now + 35)
    assert sheet.read()["Roster"].rows[1][0] == "Mira P."


def test_a_sheet_that_nobody_changed_stays_the_same_object(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(rig)
    sheet, now = rig.opened(), monotonic()
    before = sheet.read()
    monkeypatch.setattr("flows.sheet.google.time.monotonic", lambda: now + 3600)
    rig.calls()
    assert sheet.read() is before
    assert rig.calls() == (2, 0)


# -- what is written -------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ['=HYPERLINK("https://example.com","x")', "+1", "-", "'quoted", "007", "1/2"])
def test_a_reply_stays_text_and_is_no_formula(rig: Rig, words: str) -> None:
    rig.sheet.publish([record(row("r1", words=words))])
    assert rig.tab("Check-ins").rows[1][3]["userEnteredValue"] == {"stringValue": words}


def test_a_moment_is_a_real_date(rig: Rig) -> None:
    rig.sheet.publish([record(row("r1"))])
    cell = rig.tab("Check-ins").rows[1][1]
    assert cell["userEnteredFormat"]["numberFormat"]["type"] == "DATE_TIME"
    assert rig.tab("Check-ins").table()[1][1] == NINE


def test_a_text_that_no_cell_can_hold_is_cut_and_says_where_the_rest_is(rig: Rig) -> None:
    rig.sheet.publish([record(row("r1", words="😀" * 40_000))])
    text = str(rig.tab("Check-ins").table()[1][3])
    assert text.endswith("(the rest is kept in the ledger)")
    assert len(text.encode("utf-16-le")) // 2 <= 50_000


def test_a_shorter_picture_leaves_nothing_of_the_longer_one(rig: Rig) -> None:
    rig.sheet.publish([overview(*[(f"W{n}", n) for n in range(500)])])
    rig.again([overview(("W1", 1))])
    assert rig.tab("Overview").table() == [["Week", "Sent"], ["W1", 1]]


@pytest.mark.parametrize("locale", ["en_US", "de_DE"])
def test_the_language_of_the_spreadsheet_does_not_matter(rig: Rig, locale: str) -> None:
    fill(rig, [MIRA, {**ANA, "start_date": date(2026, 4, 3), "first_11": "2026-09-16 14:30"}])
    rig.book.locale = locale
    roster = read_roster(rig.opened().read()["Roster"], DEFAULT_POLICY)
    assert [person.start for person in roster.people] == [None, date(2026, 4, 3)]


def test_a_date_that_is_text_is_reported_and_not_guessed(rig: Rig) -> None:
    fill(rig, [MIRA, {**ANA, "start_date": "04/03/2026"}])
    (problem,) = read_roster(rig.opened().read()["Roster"], DEFAULT_POLICY).problems
    assert (problem.row, problem.column, problem.value) == (3, "Start date", "04/03/2026")
    assert "day first or month first" in problem.advice


def test_failing_formulas_merged_notes_and_odd_titles_are_read_like_in_a_workbook(rig: Rig) -> None:
    fill(rig, [MIRA, ANA, {**ANA, "email": "bo@example.com", "start_date": "#N/A"}])
    tab = rig.book.tab("Roster")
    tab.title = " roster!"
    tab.insert_rows(2)
    tab.type(2, 0, "From here on: Berlin")
    tab.merges.append({"startRowIndex": 2, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 4})
    roster = read_roster(rig.opened().read()["Roster"], DEFAULT_POLICY)
    assert [person.row for person in roster.people] == [2, 4]
    assert [(problem.row, problem.column) for problem in roster.problems] == [(5, "Start date")]


# -- what people do to the record ------------------------------------------------------------------

ORDER = ["a1", "b1", "c1"]


@pytest.fixture
def filed(rig: Rig) -> Rig:
    """A record with two rows in it, whose filing the ledger knows of."""
    rig.sheet.publish([record(row("a1", "Ana"), row("b1", "Bo"))])
    return rig


def by_name(tab: Tab) -> dict[object, tuple[object, object]]:
    names, energy, refs = tab.column("Name"), tab.column("Energy"), tab.column("Ref")
    return {name: (points, ref) for name, points, ref in zip(names, energy, refs, strict=True) if name}


def sort_down(tab: Tab) -> None:
    tab.sort("Name", reverse=True)


def annotate(tab: Tab) -> None:
    tab.type(0, 5, "Talked about it")
    tab.type(1, 5, "yes")
    tab.type(40, 6, "a stray note")


def insert_column(tab: Tab) -> None:
    tab.insert_columns(0)
    tab.type(0, 0, "Mark")


def insert_before_ref(tab: Tab) -> None:
    tab.insert_columns(4)


def title_above(tab: Tab) -> None:
    tab.insert_rows(0, 2)
    tab.type(0, 0, "All check-ins")


def rename_ref(tab: Tab) -> None:
    tab.rename("Ref", "Id")


HANDS: dict[str, Callable[[Tab], None]] = {
    f.__name__: f for f in (sort_down, annotate, insert_column, insert_before_ref, title_above)
}


@pytest.mark.parametrize("hands", HANDS.values(), ids=list(HANDS))
def test_a_row_lands_under_its_headers_whatever_people_did_before(filed: Rig, hands: Callable[[Tab], None]) -> None:
    hands(filed.tab("Check-ins"))
    filed.again([record(row("a1", "Ana"), row("b1", "Bo"), row("c1", "Cleo"), new=["c1"])])
    assert by_name(filed.tab("Check-ins")) == {"Ana": (4, "a1"), "Bo": (4, "b1"), "Cleo": (4, "c1")}


@pytest.mark.parametrize("hands", HANDS.values(), ids=list(HANDS))
def test_a_row_lands_under_its_headers_whatever_people_do_at_the_last_moment(
    filed: Rig, hands: Callable[[Tab], None]
) -> None:
    def at_the_last_moment(request: Request) -> None:
        if ":batchUpdate" in request.path:
            filed.service.before = lambda request: None
            hands(filed.tab("Check-ins"))

    filed.service.before = at_the_last_moment
    filed.again([record(row("a1", "Ana"), row("b1", "Bo"), row("c1", "Cleo"), new=["c1"])])
    found = by_name(filed.tab("Check-ins"))
    assert found["Cleo"] == (4, "c1")
    assert {name: found[name] for name in ("Ana", "Bo")} == {"Ana": (4, "a1"), "Bo": (4, "b1")}
    assert sorted(filed.refs())[:3] == ORDER


def test_a_row_that_landed_wrong_is_marked_and_written_once_more(filed: Rig) -> None:
    def shift(request: Request) -> None:
        if ":batchUpdate" in request.path:
            filed.service.before = lambda request: None
            insert_column(filed.tab("Check-ins"))

    filed.service.before = shift
    filed.again([record(row("c1", "Cleo"))])
    rows = filed.tab("Check-ins").table()
    assert [cells.count("c1") for cells in rows] == [0, 0, 0, 0, 1]
    assert f"{MOVED} c1" in rows[3]


def test_a_header_that_is_missing_is_added_at_the_right(filed: Rig) -> None:
    filed.tab("Check-ins").rename("Energy", "Points")
    annotate(filed.tab("Check-ins"))
    filed.again([record(row("c1", "Cleo"))])
    tab = filed.tab("Check-ins")
    assert tab.table()[0] == ["Name", "When", "Points", "Own words", "Ref", "Talked about it", "Energy"]
    assert tab.column("Energy")[-1] == 4
    assert "a stray note" in tab.table()[40]


def test_a_renamed_ref_column_is_still_known(filed: Rig) -> None:
    rename_ref(filed.tab("Check-ins"))
    filed.again([record(row("a1"), row("c1", "Cleo"))])
    assert [ref for ref in filed.tab("Check-ins").column("Id") if ref] == ["a1", "b1", "c1"]


def test_a_copied_tab_without_its_tag_is_understood_and_tagged_again(filed: Rig) -> None:
    filed.tab("Check-ins").tags.clear()
    assert not filed.again([record(row("a1"))])
    filed.again([record(row("a1"), row("c1", "Cleo"))])
    assert filed.refs() == ["a1", "b1", "c1"]
    assert len(filed.tab("Check-ins").tags) == 1


def test_what_people_deleted_does_not_come_back(filed: Rig) -> None:
    filed.tab("Check-ins").delete_rows(1)
    assert not filed.again([record(row("a1"), row("b1"), new=[])])
    assert filed.refs() == ["b1"]


def test_a_tab_that_was_deleted_at_the_last_moment_is_made_again(filed: Rig) -> None:
    def throw_away(request: Request) -> None:
        if ":batchUpdate" in request.path:
            filed.service.before = lambda request: None
            filed.book.tabs.remove(filed.tab("Check-ins"))

    filed.service.before = throw_away
    assert filed.again([record(row("c1", "Cleo")), overview(("W1", 1))])
    assert filed.refs() == ["c1"]
    assert filed.tab("Overview").table() == [["Week", "Sent"], ["W1", 1]]


def test_a_tab_without_an_empty_row_or_column_is_given_some(filed: Rig) -> None:
    tab = filed.tab("Check-ins")
    tab.rename("Energy", "Points")
    tab.row_count, tab.column_count = tab.height, tab.width
    filed.again([record(row("c1", "Cleo"), row("d1", "Dee"))])
    assert filed.refs() == ["a1", "b1", "c1", "d1"]
    assert filed.tab("Check-ins").column("Energy")[-2:] == [4, 4]
    assert "appendDimension" in str(filed.service.requests[-1].json["requests"])


def test_a_deleted_picture_is_drawn_again(rig: Rig) -> None:
    rig.sheet.publish([overview(("W1", 1))])
    rig.book.tabs.remove(rig.tab("Overview"))
    assert rig.again([overview(("W1", 1))])
    assert rig.tab("Overview").table()[1] == ["W1", 1]


def test_rows_of_the_roster_that_move_while_a_run_goes_on_are_of_no_concern(rig: Rig, tmp_path: Path) -> None:
    fill(rig)

    def shuffle(request: Request) -> None:
        if ":batchUpdate" in request.path:
            sort_down(rig.book.tab("Roster"))

    rig.service.before = shuffle
    before = sorted(map(str, rig.book.tab("Roster").table()))
    with office(rig, tmp_path) as opened:
        refresh_sheet(opened, TUESDAY)
    assert sorted(map(str, rig.book.tab("Roster").table())) == before


def test_a_sheet_without_tabs_says_how_to_make_them(rig: Rig) -> None:
    with pytest.raises(OnwardError, match="onward init"):
        rig.sheet.read()


@pytest.mark.parametrize("title", ["Settings", "Questions"])
def test_a_tab_that_somebody_renamed_holds_the_mail_and_is_asked_about(rig: Rig, tmp_path: Path, title: str) -> None:
    fill(rig)
    rig.book.tab(title).title = f"Our {title}"
    with office(rig, tmp_path) as opened:
        (problem,) = opened.timetable().company.problems
        assert {outcome.status for outcome in send_due(opened, TUESDAY).outcomes} == {"preview"}
    assert (problem.tab, f"did you mean “Our {title}”?" in problem.advice) == (title, True)
