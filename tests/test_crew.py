"""The crew: so many mails at once, each told about, drawn as fast as they leave, stopped when going on is senseless."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.mail.crew import DOUBTS, Crew
from flows.mail.door import StopSending
from flows.mail.outbox import Outbox
from flows.rules.email import SENT, UNKNOWN, Delivery, Email
from tests.test_mailer_contract import ANA

WIDE = 4


class Pigeons(Outbox):
    """A mailer of some width that does as it is told."""

    def __init__(self, does: Callable[[Email], Delivery], width: int = WIDE) -> None:
        super().__init__(Path("nowhere"))
        self.width = width
        self.send = does  # type: ignore[method-assign, assignment]


def mails(count: int, drawn: list[str] | None = None) -> Iterator[Email]:
    for number in range(count):
        if drawn is not None:
            drawn.append(str(number))
        yield replace(ANA, key=str(number))


def told(mailer: Pigeons, emails: Iterator[Email], into: dict[str, str | None] | None = None) -> dict[str, str | None]:
    """The status of each mail, None for those that did not leave; also in `into`, for batches that raise."""
    found: dict[str, str | None] = {} if into is None else into
    for email, delivery in Crew(mailer, lambda email: True).carry(emails):
        assert email.key not in found
        found[email.key] = delivery.status if delivery else None
    return found


@pytest.mark.parametrize("width", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 6, 50])
def test_every_mail_is_carried_and_told_about_once(width: int, count: int) -> None:
    assert told(Pigeons(lambda email: Delivery(SENT), width), mails(count)) == {str(n): SENT for n in range(count)}


def test_so_many_are_under_way_at_the_same_time() -> None:
    together = threading.Barrier(WIDE, timeout=20)

    def meet(email: Email) -> Delivery:
        together.wait()
        return Delivery(SENT)

    assert len(told(Pigeons(meet), mails(5 * WIDE))) == 5 * WIDE


def test_mails_are_drawn_only_as_fast_as_they_leave() -> None:
    drawn: list[str] = []
    carrying = Crew(Pigeons(lambda email: Delivery(SENT)), lambda email: True).carry(mails(1000, drawn))
    for seen, _ in enumerate(carrying, 1):
        assert len(drawn) <= seen + 2 * WIDE


def test_a_stop_ends_the_batch_after_everything_drawn_was_told_about() -> None:
    drawn: list[str] = []

    def stop_at_ten(email: Email) -> Delivery:
        if int(email.key) >= 10:
            raise StopSending("Van: no petrol; fill it up")
        return Delivery(SENT)

    found: dict[str, str | None] = {}
    with pytest.raises(StopSending, match="no petrol"):
        told(Pigeons(stop_at_ten), mails(1000, drawn), found)
    assert found.keys() == set(drawn)
    assert {key for key, status in found.items() if status == SENT} == {str(number) for number in range(10)}


def test_doubt_after_doubt_stops_the_batch_since_each_has_to_be_settled() -> None:
    found: dict[str, str | None] = {}
    with pytest.raises(StopSending, match="unknown outcome"):
        told(Pigeons(lambda email: Delivery(UNKNOWN)), mails(1000), found)
    assert DOUBTS <= list(found.values()).count(UNKNOWN) <= DOUBTS + WIDE


def test_a_fault_of_the_mailers_leaves_its_mail_unknown_and_is_not_hidden() -> None:
    def fail(email: Email) -> Delivery:
        raise RuntimeError(email.key)

    found: dict[str, str | None] = {}
    with pytest.raises(RuntimeError):
        told(Pigeons(fail, width=1), mails(3), found)
    assert found == {"0": UNKNOWN}


def test_when_no_further_mail_can_be_made_those_under_way_are_told_about() -> None:
    def supply() -> Iterator[Email]:
        yield from mails(3)
        raise RuntimeError("the ledger is gone")

    found: dict[str, str | None] = {}
    with pytest.raises(RuntimeError, match="the ledger is gone"):
        told(Pigeons(lambda email: Delivery(SENT)), supply(), found)
    assert sorted(found) == ["0", "1", "2"]
