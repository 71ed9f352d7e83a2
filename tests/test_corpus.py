"""What the reading makes of mails in forty languages through nineteen programs, and of mails that nobody typed."""

from __future__ import annotations

import pytest

from flows.mail.reading import read_mail
from tests.corpus.__main__ import table
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


@pytest.mark.parametrize("name", MACHINES)
def test_machines_are_told_from_people_by_what_they_say(name: str) -> None:
    kind, raw = MACHINES[name]
    mail = read_mail(raw)
    assert mail.kind == kind
    assert not mail.certain or kind == "reply", "words alone are never certain"
