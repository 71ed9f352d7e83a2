"""The local sheet: two workbooks, read while they are open elsewhere and replaced in one step."""

from __future__ import annotations

import io
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.rules.grid import Cell, text_of
from flows.rules.layout import PEOPLE_TABS
from flows.rules.tabs import Column, Content, Tab
from flows.sheet import files, reading
from flows.sheet.cells import CUT, LONGEST
from flows.sheet.door import SheetError
from flows.sheet.workbook import Workbook

NOTES = Tab("Notes", (Column("Text", "What was said.", 30), Column("On", kind="date")), "the record")
BUSY = (0.0, 0.0, 0.0)  # seconds between tries: the tests need not wait


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return Workbook(tmp_path / "roster.xlsx", tmp_path / "answers.xlsx")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAUSES", BUSY)


def make(path: Path, draw: Callable[[Any, Any], object], *, tab: str = "Roster", **options: bool) -> None:
    """A workbook as a person may have made it."""
    with xlsxwriter.Workbook(path, options) as workbook:
        draw(workbook, workbook.add_worksheet(tab))


def bytes_of(text: str) -> bytes:
    """A whole workbook that says this in its first cell."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        workbook.add_worksheet("Roster").write_string(0, 0, text)
    return buffer.getvalue()


def notes(*texts: str) -> list[Content]:
    return [Content(NOTES, [(text, date(2026, 9, 1)) for text in texts])]


def texts_in(path: Path) -> list[Cell]:
    return [row[0] for row in Workbook(path, path).read()["Notes"].rows[1:]]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


# Reading


def test_a_missing_roster_says_how_to_make_one(book: Workbook) -> None:
    with pytest.raises(SheetError, match=re.escape(f"{book.where}: there is no roster here; `onward init` makes one")):
        book.read()


def test_the_same_file_is_read_once(book: Workbook, tmp_path: Path) -> None:
    (tmp_path / "roster.xlsx").write_bytes(bytes_of("first"))
    before = book.read()
    assert book.read() is before
    files.replace_file(tmp_path / "roster.xlsx", bytes_of("other"))
    assert book.read()["Roster"].rows == (("other",),)


def test_it_is_read_while_an_office_program_has_it_open(book: Workbook, tmp_path: Path) -> None:
    (tmp_path / "roster.xlsx").write_bytes(bytes_of("open"))
    (tmp_path / ".~lock.roster.xlsx#").write_text(",ana,desk,01.09.2026 09:00,file:///home/ana;")
    (tmp_path / "~$roster.xlsx").write_bytes(b"\x03Ana")
    assert book.read()["Roster"].rows == (("open",),)


def after_a_moment(change: Callable[[], object]) -> threading.Thread:
    thread = threading.Timer(0.15, change)
    thread.start()
    return thread


@pytest.mark.parametrize("half", [b"", b"PK\x03\x04", bytes_of("whole")[:-200]])
def test_half_a_workbook_is_tried_again_until_it_is_saved(
    book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half: bytes
) -> None:
    monkeypatch.setattr(reading, "PAUSES", (0.1,) * 20)
    (tmp_path / "roster.xlsx").write_bytes(half)
    saving = after_a_moment(lambda: (tmp_path / "roster.xlsx").write_bytes(bytes_of("whole")))
    assert book.read()["Roster"].rows == (("whole",),)
    saving.join()


def test_a_file_that_is_away_while_it_is_saved_is_waited_for(
    book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAUSES", (0.1,) * 20)
    (tmp_path / "~$roster.xlsx").write_bytes(b"\x03Ana")
    saving = after_a_moment(lambda: files.create_file(tmp_path / "roster.xlsx", bytes_of("back")))
    assert book.read()["Roster"].rows == (("back",),)
    saving.join()


def test_a_file_that_is_replaced_all_the_time_is_read_whole(
    book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAUSES", (0.003,) * 50)
    versions = [bytes_of(word) for word in ("old", "new and longer")]
    files.create_file(tmp_path / "roster.xlsx", versions[0])
    over = threading.Event()

    def save() -> None:
        while not over.wait(0.002):
            files.replace_file(tmp_path / "roster.xlsx", versions[0])
            (tmp_path / "roster.xlsx").write_bytes(versions[1])

    saving = threading.Thread(target=save)
    saving.start()
    seen, until = set(), time.monotonic() + 0.5
    while time.monotonic() < until:
        seen.add(book.read()["Roster"].rows)
    over.set()
    saving.join()
    assert seen == {(("old",),), (("new and longer",),)}


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"Name,Email\n", "not a whole workbook"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "save it as .xlsx without a password"),
    ],
)
def test_what_is_no_workbook_is_one_sentence(book: Workbook, tmp_path: Path, data: bytes, advice: str) -> None:
    (tmp_path / "roster.xlsx").write_bytes(data)
    with pytest.raises(SheetError, match=advice) as caught:
        book.read()
    assert str(caught.value).startswith(f"{book.where}: ")


def test_row_numbers_are_the_sheets_own(book: Workbook, tmp_path: Path) -> None:
    make(
        tmp_path / "roster.xlsx",
        lambda _, sheet: (sheet.write(3, 2, "here"), sheet.set_row(0, None, None, {"hidden": 1})),
    )
    assert book.read()["Roster"].rows == (("",) * 3, ("",) * 3, ("",) * 3, ("", "", "here"))


@pytest.mark.parametrize(("tab", "name"), [("ROSTER", "Roster"), ("roster ", "Roster"), ("Projects", "Projects")])
def test_peoples_tabs_are_known_however_they_are_spelt(book: Workbook, tmp_path: Path, tab: str, name: str) -> None:
    make(tmp_path / "roster.xlsx", lambda _, sheet: sheet.write(0, 0, "x"), tab=tab)
    assert list(book.read()) == [name]


def test_the_exact_spelling_of_a_tab_goes_first(book: Workbook, tmp_path: Path) -> None:
    make(
        tmp_path / "roster.xlsx",
        lambda workbook, _: (workbook.add_worksheet("Roster").write(0, 0, "exact"), workbook.add_chartsheet("Chart")),
        tab="Ro-ster",
    )
    snapshot = book.read()
    assert list(snapshot) == ["Ro-ster", "Roster"]
    assert snapshot["Roster"].rows == (("exact",),)


def test_cells_merged_across_mark_their_rows(book: Workbook, tmp_path: Path) -> None:
    def draw(_: Any, sheet: Any) -> None:
        sheet.merge_range("A2:C2", "Team North")
        sheet.merge_range("A4:B5", "both ways")
        sheet.write("A6", "Ana")

    make(tmp_path / "roster.xlsx", draw)
    assert book.read()["Roster"].merged == {2, 4, 5}


def test_a_value_merged_down_stands_in_all_its_rows(book: Workbook, tmp_path: Path) -> None:
    def draw(_: Any, sheet: Any) -> None:
        sheet.write_column("A1", ["Ana", "Bo", "Cem"])
        sheet.merge_range("B1:B3", "dee@example.com")

    make(tmp_path / "roster.xlsx", draw)
    grid = book.read()["Roster"]
    assert [row[1] for row in grid.rows] == ["dee@example.com"] * 3
    assert not grid.merged


@pytest.mark.parametrize("shown", ["#N/A", "#DIV/0!", "#ERROR!", "#BLOCKED!"])
def test_failing_formulas_are_read_as_what_they_show(book: Workbook, tmp_path: Path, shown: str) -> None:
    def draw(_: Any, sheet: Any) -> None:
        sheet.write("A1", ' <c t="e"> stays')
        sheet.write_formula("C3", "=A9", None, shown)

    make(tmp_path / "roster.xlsx", draw)
    data = (tmp_path / "roster.xlsx").read_bytes()
    # The library that writes the test's workbook does not know the last two.
    (tmp_path / "roster.xlsx").write_bytes(rewritten(data, b't="str"', b't="e"'))
    assert book.read()["Roster"].rows == ((' <c t="e"> stays', "", ""), ("", "", ""), ("", "", shown))


def rewritten(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with something else in its first tab's XML."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for item in source.infolist():
            xml = source.read(item)
            target.writestr(item, xml.replace(old, new) if item.filename == "xl/worksheets/sheet1.xml" else xml)
    return buffer.getvalue()


def test_failing_formulas_are_found_however_the_file_is_spelt(book: Workbook, tmp_path: Path) -> None:
    make(tmp_path / "roster.xlsx", lambda _, sheet: sheet.write_formula("A1", "=NA()", None, "#N/A"))
    data = (tmp_path / "roster.xlsx").read_bytes()
    (tmp_path / "roster.xlsx").write_bytes(rewritten(data, b'<c r="A1" t="e">', b"<c  t = 'e'\n r='A1' >"))
    assert book.read()["Roster"].rows == (("#N/A",),)


def test_values_keep_their_kinds(book: Workbook, tmp_path: Path) -> None:
    moment = datetime.fromisoformat("2026-09-01 09:20")

    def draw(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, [True, 4, 2.5, "text"])
        sheet.write_datetime(0, 4, moment, workbook.add_format({"num_format": "d mmm yyyy hh:mm"}))
        sheet.write_datetime(0, 5, date(2026, 9, 1), workbook.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(0, 6, 9.5 / 24, workbook.add_format({"num_format": "[h]:mm"}))

    make(tmp_path / "roster.xlsx", draw, date_1904=True)
    assert book.read()["Roster"].rows[0] == (True, 4, 2.5, "text", moment, date(2026, 9, 1), "9:30:00")


# Making the roster, and completing it


@pytest.fixture
def made(book: Workbook, tmp_path: Path) -> openpyxl.Workbook:
    book.prepare(PEOPLE_TABS)
    return openpyxl.load_workbook(tmp_path / "roster.xlsx")


def dropdowns(sheet: Any) -> dict[str, str]:
    return {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}


def test_a_new_roster_explains_itself(made: openpyxl.Workbook) -> None:
    roster = made["Roster"]
    assert [cell.value for cell in roster[1]] == [column.header for column in PEOPLE_TABS[0].columns]
    assert "As mails should greet the person." in roster["A1"].comment.text
    assert (roster.freeze_panes, roster.auto_filter.ref) == ("A2", "A1:M2001")
    assert (roster["A1"].font.bold, roster["A1"].alignment.wrap_text) == (True, True)


def test_a_new_roster_offers_choices_and_warns_of_others(made: openpyxl.Workbook) -> None:
    assert dropdowns(made["Roster"]) == {"L2:L2001": '"Active,Paused,Left"'}
    assert dropdowns(made["Settings"])["B2"] == '"Off,Preview,On"'
    rules = made["Roster"].data_validations.dataValidation
    assert {rule.errorStyle for rule in rules if rule.type == "list"} == {"warning"}


def test_choices_with_commas_are_offered_whole(made: openpyxl.Workbook) -> None:
    place = dropdowns(made["Questions"])["A2:A2001"]
    lists = made["Onward lists"]
    assert place == "'Onward lists'!$A$1:$A$4"
    assert [cell.value for cell in lists["A"]] == list(PEOPLE_TABS[2].columns[0].choices)
    assert lists.sheet_state == "hidden"


def test_dates_typed_into_a_new_roster_are_shown_as_dates(made: openpyxl.Workbook) -> None:
    formats = [made["Roster"].column_dimensions[letter].number_format for letter in "DE"]
    prompts = [rule.prompt for rule in made["Roster"].data_validations.dataValidation if rule.prompt]
    assert formats == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert all("2026-09-01" in prompt for prompt in prompts)


def test_two_at_once_make_one_roster(tmp_path: Path) -> None:
    books = [Workbook(tmp_path / "roster.xlsx", tmp_path / f"answers{n}.xlsx") for n in range(4)]
    outcomes: list[bool] = []

    def prepare(book: Workbook) -> None:
        try:
            outcomes.append(book.prepare(PEOPLE_TABS).changed)
        except SheetError as error:
            assert "just now" in str(error)  # noqa: PT017 - allowed, not expected

    threads = [threading.Thread(target=prepare, args=[book]) for book in books]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(True) == 1
    assert names_in(tmp_path) == ["roster.xlsx"]


def lacking(roster: Path) -> None:
    """A roster from before: moved about, one column and one setting less, a tab of their own, no questions."""

    def draw(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["People of the North"])
        sheet.write_row(2, 0, ["E-Mail", "Desk", "NAME", "Start date", "Manager email"])
        sheet.write_row(3, 0, ["ana@example.com", 42, "Ana", "2026-09-01", "bo@example.com", "", "beside"])
        settings_tab = workbook.add_worksheet("settings")
        settings_tab.write_row(0, 0, ["Value", "Setting", "What it does"])
        settings_tab.write_row(1, 0, ["On", "Sending", "mine"])
        workbook.add_worksheet("Lunch").write_row(0, 0, ["=soup", 3])

    make(roster, draw, strings_to_formulas=False)


def test_what_an_older_roster_lacks_is_said_and_added_in_a_copy(book: Workbook, tmp_path: Path) -> None:
    lacking(tmp_path / "roster.xlsx")
    original = (tmp_path / "roster.xlsx").read_bytes()
    prepared = book.prepare(PEOPLE_TABS)
    said = " ".join(prepared.said)
    assert prepared.changed
    assert "The tab Roster lacks the columns First 1:1, Growth skill" in said
    assert "The tab Settings lacks the settings Sender name, Sender address" in said
    assert "The tab Questions is missing" in said
    assert "roster (completed).xlsx" in said
    assert (tmp_path / "roster.xlsx").read_bytes() == original


def test_the_completed_copy_keeps_what_people_wrote_and_lacks_nothing(book: Workbook, tmp_path: Path) -> None:
    lacking(tmp_path / "roster.xlsx")
    book.prepare(PEOPLE_TABS)
    copy = Workbook(tmp_path / "roster (completed).xlsx", tmp_path / "answers.xlsx")
    snapshot = copy.read()
    ana = [text_of(cell) for cell in snapshot["Roster"].rows[3][:7]]
    assert ana == ["ana@example.com", "42", "Ana", "2026-09-01", "bo@example.com", "", "beside"]
    assert snapshot["Roster"].rows[2][7] == "First 1:1"  # not over what stands beside the table
    assert snapshot["Settings"].rows[1] == ("On", "Sending", "mine")
    assert snapshot["Settings"].rows[2][:2] == ("People team", "Sender name")
    assert snapshot["Lunch"].rows == (("=soup", 3),)
    assert not copy.prepare(PEOPLE_TABS).changed


def test_completing_twice_makes_one_copy_and_never_overwrites_another(book: Workbook, tmp_path: Path) -> None:
    lacking(tmp_path / "roster.xlsx")
    (tmp_path / "roster (completed).xlsx").write_bytes(b"mine")
    assert book.prepare(PEOPLE_TABS).changed
    assert not book.prepare(PEOPLE_TABS).changed
    assert names_in(tmp_path) == ["roster (completed) 2.xlsx", "roster (completed).xlsx", "roster.xlsx"]
    assert (tmp_path / "roster (completed).xlsx").read_bytes() == b"mine"


def test_a_misspelt_header_is_asked_about_and_not_added_again(book: Workbook, tmp_path: Path) -> None:
    book.prepare(PEOPLE_TABS)
    workbook = openpyxl.load_workbook(tmp_path / "roster.xlsx")
    workbook["Roster"]["F1"].value = "Grwoth skill"
    workbook.save(tmp_path / "roster.xlsx")
    said = " ".join(book.prepare(PEOPLE_TABS).said)
    assert "did you mean “Growth skill”?" in said
    assert "lacks" not in said


def test_a_tab_without_headers_is_kept_beside_a_new_one(book: Workbook, tmp_path: Path) -> None:
    make(tmp_path / "roster.xlsx", lambda _, sheet: sheet.write_row(0, 0, ["Ana", "ana@example.com"]))
    book.prepare(PEOPLE_TABS)
    snapshot = Workbook(tmp_path / "roster (completed).xlsx", tmp_path / "a.xlsx").read()
    assert snapshot["Roster (as it was)"].rows == (("Ana", "ana@example.com"),)
    assert snapshot["Roster"].rows == (PEOPLE_TABS[0].headers,)


def test_an_empty_workbook_gets_everything(book: Workbook, tmp_path: Path) -> None:
    make(tmp_path / "roster.xlsx", lambda *_: None, tab="Sheet1")
    assert len(book.prepare(PEOPLE_TABS).said) == 5


# Publishing


def test_answers_are_easy_to_read(book: Workbook, tmp_path: Path) -> None:
    book.publish(notes("a long thought " * 20))
    sheet = openpyxl.load_workbook(tmp_path / "answers.xlsx")["Notes"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.column_dimensions["A"].width > 29) == ("A2", "A1:B2", True)
    assert (sheet["A2"].alignment.wrap_text, sheet["A2"].alignment.vertical) == (True, "top")
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert sheet.row_dimensions[2].height > 100
    assert "What was said." in sheet["A1"].comment.text


def test_no_cell_is_a_formula_or_a_link(book: Workbook, tmp_path: Path) -> None:
    book.publish(notes("=1+1", "https://example.com", "=cmd|' /C calc'!A0"))
    cells = openpyxl.load_workbook(tmp_path / "answers.xlsx")["Notes"]["A"]
    assert [(cell.data_type, cell.hyperlink) for cell in cells] == [("s", None)] * 4
    assert cells[1].quotePrefix  # so that it stays text when somebody edits the cell


def test_text_that_is_too_long_is_cut_and_says_so(book: Workbook, tmp_path: Path) -> None:
    book.publish(notes("x" * 40_000, "😀" * 20_000, "y" * LONGEST))
    long, wide, fits = map(str, texts_in(tmp_path / "answers.xlsx"))
    assert len(long) == LONGEST
    assert long.endswith(CUT)
    assert len(wide.encode("utf-16-le")) <= LONGEST * 2
    assert wide == "😀" * (len(wide) - len(CUT)) + CUT
    assert fits == "y" * LONGEST


def test_what_a_workbook_cannot_hold_is_left_out_or_written_as_text(book: Workbook, tmp_path: Path) -> None:
    book.publish([Content(NOTES, [("a\x00b\x0bc\ud800d\ufffe", date(206, 9, 1)), (float("nan"), None)])])
    rows = Workbook(tmp_path / "answers.xlsx", tmp_path / "a.xlsx").read()["Notes"].rows
    assert rows[1:] == (("abcd", "0206-09-01"), ("nan", ""))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=20))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("any") / "answers.xlsx"
    Workbook(path, path).publish(notes(*texts))
    whole = [re.sub(r"[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", re.sub("\r\n?", "\n", t)) for t in texts]
    cells = openpyxl.load_workbook(path)["Notes"]["A"][1:]
    assert [cell.value or "" for cell in cells] == whole


def test_an_edited_answers_file_is_set_aside_under_a_dated_name(book: Workbook, tmp_path: Path) -> None:
    answers = tmp_path / "answers.xlsx"
    book.publish(notes("ours"))
    answers.write_bytes(theirs := bytes_of("theirs"))
    os.utime(answers, (saved := datetime(2026, 9, 1, 9, 30).astimezone().timestamp(), saved))
    assert book.publish(notes("ours"))
    assert names_in(tmp_path) == ["answers (edited 2026-09-01 0930).xlsx", "answers.xlsx"]
    assert (tmp_path / "answers (edited 2026-09-01 0930).xlsx").read_bytes() == theirs
    assert texts_in(answers) == ["ours"]


def test_setting_aside_never_overwrites_and_never_repeats(book: Workbook, tmp_path: Path) -> None:
    answers = tmp_path / "answers.xlsx"
    one, two = bytes_of("one"), bytes_of("two")
    for edited in (one, two, two):
        answers.write_bytes(edited)
        os.utime(answers, (1_800_000_000, 1_800_000_000))
        book.publish(notes("ours"))
    kept = sorted(path.read_bytes() for path in tmp_path.glob("answers (edited*"))
    assert kept == sorted([one, two])


def test_a_deleted_answers_file_is_written_again(book: Workbook, tmp_path: Path) -> None:
    book.publish(notes("ours"))
    (tmp_path / "answers.xlsx").unlink()
    assert book.publish(notes("ours"))


def test_a_lost_or_broken_notebook_loses_nothing(book: Workbook, tmp_path: Path) -> None:
    book.publish(notes("first"))
    (tmp_path / ".answers.xlsx.onward").write_text('{"no": "list"}')
    book.publish(notes("second"))
    assert len(list(tmp_path.glob("answers (edited*"))) == 1
    assert texts_in(tmp_path / "answers.xlsx") == ["second"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_one_sentence(book: Workbook, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SheetError, match=r"answers\.xlsx: it may not be written now"):
        book.publish(notes("x"))


def test_a_write_that_is_refused_is_one_sentence_and_leaves_nothing_behind(book: Workbook, tmp_path: Path) -> None:
    (tmp_path / "answers.xlsx").mkdir()  # nothing can be put in the place of a folder
    with pytest.raises(SheetError, match=r"answers\.xlsx: it could not be written \(.*\); mend that and run again"):
        book.publish(notes("x"))
    assert names_in(tmp_path) == ["answers.xlsx"]


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no file size limits here")
def test_a_full_disk_keeps_the_old_file(book: Workbook, tmp_path: Path) -> None:
    book.publish(notes("old"))
    before, limits = signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))  # more than this does not fit, as on a full disk
    try:
        with pytest.raises(SheetError, match="could not be written"):
            book.publish(notes("new"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert texts_in(tmp_path / "answers.xlsx") == ["old"]
    assert book.publish(notes("new"))
    assert names_in(tmp_path) == ["answers.xlsx"]


def test_another_run_that_hangs_is_one_sentence(
    book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.sheet.workbook.LONGEST_WAIT", 0.1)
    with book.publishing(), pytest.raises(SheetError, match="another run has been writing it"):
        Workbook(tmp_path / "roster.xlsx", tmp_path / "answers.xlsx").publish(notes("x"))


def test_who_has_the_old_answers_open_keeps_them_whole(book: Workbook, tmp_path: Path) -> None:
    book.publish(notes("old"))
    before = (tmp_path / "answers.xlsx").read_bytes()
    with (tmp_path / "answers.xlsx").open("rb") as opened:
        assert book.publish(notes("new", "and more"))
        assert opened.read() == before


def test_what_killed_runs_left_half_written_is_cleared_away(book: Workbook, tmp_path: Path) -> None:
    for name in (".answers.xlsx.0a1b.tmp", "..answers.xlsx.onward.0a1b.tmp"):
        (tmp_path / name).write_bytes(b"half")
    book.publish(notes("x"))
    assert not list(tmp_path.glob("*.tmp"))


def run(script: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", script, str(folder)], cwd=Path(__file__).parents[1])


PUBLISH_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
from flows.sheet.workbook import Workbook
from tests.test_workbook import notes

book = Workbook(Path(sys.argv[1], "roster.xlsx"), Path(sys.argv[1], "answers.xlsx"))
for number in count():
    book.publish(notes(*[str(number)] * 40))
"""


@pytest.mark.parametrize("pause", [0.05, 0.087])
def test_a_kill_while_publishing_leaves_a_whole_file(book: Workbook, tmp_path: Path, pause: float) -> None:
    answers, until = tmp_path / "answers.xlsx", time.monotonic() + 60
    publisher = run(PUBLISH_FOR_EVER, tmp_path)
    while not answers.exists() and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(pause)
    publisher.send_signal(signal.SIGKILL)
    publisher.wait()
    texts = texts_in(answers)
    assert (len(texts), len(set(texts))) == (40, 1)
    assert book.publish(notes("after"))
    assert names_in(tmp_path) == ["answers.xlsx"]


# Publishes again and again, each time in a child that is killed one step later: before each file that it opens for
# writing, renames or removes. Afterwards the file must be whole, and known as ours.
KILL_AT_EVERY_STEP = """
import os, signal, sys
from itertools import count
from pathlib import Path
from flows.sheet.workbook import Workbook
from tests.test_workbook import names_in, notes, texts_in

folder = Path(sys.argv[1])
places = folder / "roster.xlsx", folder / "answers.xlsx"
book = Workbook(*places)

def publish_until(step):
    steps = count()
    def hook(event, args):
        writes = event in ("os.rename", "os.remove", "os.mkdir") or (event == "open" and args[2] & os.O_CREAT)
        if writes and str(folder) in str(args[0]) and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    Workbook(*places).publish(notes("new", f"{step}"))
    os._exit(0)

for step in count():
    book.publish(notes("old", f"{step}"))
    child = os.fork()
    if not child:
        publish_until(step)
    _, status = os.waitpid(child, 0)
    assert texts_in(folder / "answers.xlsx") in (["old", f"{step}"], ["new", f"{step}"]), step
    book.publish(notes("again"))
    assert names_in(folder) == ["answers.xlsx"], (step, names_in(folder))
    assert not list(folder.glob("*.tmp")), step
    if status == 0:
        break
assert step > 5, step
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_kill_at_every_step_leaves_a_whole_file_that_is_known_as_ours(tmp_path: Path) -> None:
    assert run(KILL_AT_EVERY_STEP, tmp_path).wait(60) == 0
