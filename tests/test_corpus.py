"""What the reading makes of mails in forty languages through nineteen programs, and of mails that nobody typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.mail.reading import read_mail
from tests.corpus.__main__ import table
from tests.corpus.beside import folder, score
from tests.corpus.figures import Figures, corpus, measure
from tests.corpus.machines import machines

# Not the seeds that the engine was made with.
UNSEEN = 20_260
MACHINES = {name: (kind, raw) for name, kind, raw in machines()}


@pytest.fixture(scope="module", params=[False, True], ids=["alone", "with the mail that was sent"])
def figures(request: pytest.FixtureRequest) -> Figures:
    return measure(corpus(UNSEEN, each=2), known=request.param)


def test_the_words_typed_are_read_and_no_others(figures: Figures, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("", *table(figures), sep="\n")
    assert figures.share("exact") >= 98
    assert figures.f1 >= 99.5


def test_no_program_and_no_language_is_left_behind(figures: Figures) -> None:
    groups = [key for key in figures.total if key.startswith(("client", "language"))]
    assert {key: figures.share(key) for key in groups if figures.share(key) < 95} == {}


def test_answers_between_the_questions_go_to_their_questions(figures: Figures) -> None:
    assert figures.share("placed") >= 97


def test_hardly_a_typed_word_is_lost(figures: Figures) -> None:
    assert figures.lost <= 0.001 * figures.wanted


def test_mails_of_ones_own_are_measured_by_what_lies_beside_them(tmp_path: Path) -> None:
    (tmp_path / "yes.txt").write_text("Yes\n\nOn 3/3/26 09:00, Onward wrote:\n> A goal?\n", "utf-8")
    (tmp_path / "yes.want").write_text("Yes\n", "utf-8")
    (tmp_path / "away.eml").write_bytes(b"From: a@example.com\nAuto-Submitted: auto-replied\n\nAway\n")
    (tmp_path / "away.kind").write_text("auto_reply\n", "utf-8")
    (tmp_path / "unknown.txt").write_text("nobody says what was typed here", "utf-8")
    found = score(folder(tmp_path))["Onward"]
    assert (found.mails, found.exact, found.machines, found.taken, found.failed) == (1, 1, 1, 0, 0)


@pytest.mark.parametrize("name", MACHINES)
def test_machines_are_told_from_people_by_what_they_say(name: str) -> None:
    kind, raw = MACHINES[name]
    mail = read_mail(raw)
    assert mail.kind == kind
    assert not mail.certain or kind == "reply", "words alone are never certain"
