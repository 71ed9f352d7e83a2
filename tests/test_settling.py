"""Settling: what is unknown becomes known by evidence alone, and what never left goes out once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.addresses import SendGridAt
from flows.mail.sendgrid import SendGrid
from flows.office import Office
from flows.rules.email import ABSENT, LATER, SENT, UNKNOWN, Delivery
from flows.rules.evidence import conclude
from flows.rules.post import Claim
from flows.settling import settle_by_word, settle_unknown
from tests.sample import BEN, MIRA, TOKENS, TUESDAY, at, make_sheet, opened, send_due, sending
from tests.standins import sendgrid as standins
from tests.standins.service import CLOSED_AFTER, CLOSED_BEFORE

BEGUN = at("2026-09-08 09:00")
MINUTE = timedelta(minutes=1)

# What the provider says, minutes after the sending, minutes after a first look that found nothing → what follows.
LOOKS = {
    "found": (SENT, 0, None, SENT),
    "certainly never left": (LATER, 0, None, LATER),
    "cannot be asked": (UNKNOWN, 60, None, UNKNOWN),
    "not found at once": (ABSENT, 1, None, UNKNOWN),
    "not found after a while": (ABSENT, 6, None, ABSENT),
    "not found again, too soon": (ABSENT, 8, 2, UNKNOWN),
    "not found again, well apart": (ABSENT, 20, 12, LATER),
    "found at the second look": (SENT, 20, 12, SENT),
}


@pytest.mark.parametrize(("found", "minutes", "since_look", "follows"), LOOKS.values(), ids=LOOKS)
def test_only_two_looks_well_apart_prove_that_a_mail_was_never_accepted(
    found: str, minutes: int, since_look: int | None, follows: str
) -> None:
    now = BEGUN + minutes * MINUTE
    looked = None if since_look is None else now - since_look * MINUTE
    claimed = replace(sending("a", begun=BEGUN), looked_at=looked)
    assert conclude(claimed, Delivery(found), now).status == follows


@pytest.fixture
def service() -> Iterator[standins.SendGrid]:
    with standins.SendGrid() as service:
        yield service


@pytest.fixture
def office(folder: Path, service: standins.SendGrid) -> Iterator[Office]:
    """An office with one report, Ben, whose mails go by SendGrid."""
    make_sheet(folder, (MIRA, BEN))
    mailer = SendGrid(
        SendGridAt(service.url, standins.KEY), 1, TOKENS.mark, clock=time.time, sleep=time.sleep, read_seconds=2
    )
    with opened(folder) as office:
        yield replace(office, mailer=mailer)
    mailer.close()


def looks(office: Office, *minutes: float) -> list[str]:
    """What settling says so many minutes after now, of the one mail in doubt; empty once there is none."""
    now = office.clock()
    found = [settle_unknown(office, now + each * MINUTE) for each in minutes]
    return [outcomes[0].status if outcomes else "" for outcomes in found]


def test_a_lost_answer_is_found_in_the_logs_and_the_mail_is_never_sent_again(
    office: Office, service: standins.SendGrid
) -> None:
    service.faults = deque([CLOSED_AFTER])
    assert [o.status for o in send_due(office, TUESDAY).outcomes] == [UNKNOWN]
    assert looks(office, 6, 7) == [SENT, ""]
    assert send_due(office, TUESDAY).outcomes == []
    assert len(service.accepted) == 1


def test_a_lost_request_is_sent_again_once_two_looks_showed_nothing(office: Office, service: standins.SendGrid) -> None:
    service.faults = deque([CLOSED_BEFORE])
    send_due(office, TUESDAY)
    assert send_due(office, TUESDAY).outcomes == []
    assert looks(office, 1, 6, 7, 17) == [UNKNOWN, UNKNOWN, UNKNOWN, LATER]
    assert [o.status for o in send_due(office, TUESDAY).outcomes] == [SENT]
    assert len(service.accepted) == 1


def test_a_log_that_lags_behind_is_waited_for(office: Office, service: standins.SendGrid) -> None:
    service.faults, service.logs_lag = deque([CLOSED_AFTER]), True
    send_due(office, TUESDAY)
    assert looks(office, 6) == [UNKNOWN]
    service.accepted[0].logged = True
    assert looks(office, 17) == [SENT]


def test_what_another_process_has_in_hand_is_left_to_it(office: Office, service: standins.SendGrid) -> None:
    service.faults = deque([CLOSED_AFTER])
    send_due(office, TUESDAY)
    (mail,) = office.ledger.unknown()
    office.ledger.release({mail.key: mail.batch})
    claim = Claim(**{name: getattr(mail, name) for name in Claim.__dataclass_fields__})
    office.ledger.claim([replace(claim, claimant="another-host:1")], TUESDAY, office.clock())
    assert looks(office, 6) == [UNKNOWN]
    assert looks(office, 90) == [SENT]


WORDS = {"has it": (["ben@example.com"], [], SENT), "has it not": ([], [" Ben@Example.com"], LATER)}


@pytest.mark.parametrize(("arrived", "missing", "status"), WORDS.values(), ids=WORDS)
def test_where_nobody_else_knows_the_recipients_word_counts(
    office: Office, service: standins.SendGrid, arrived: list[str], missing: list[str], status: str
) -> None:
    service.faults = deque([CLOSED_BEFORE])
    send_due(office, TUESDAY)
    assert [o.status for o in settle_by_word(office, arrived, missing, office.clock())] == [status]
    assert office.ledger.unknown() == []
    assert len(send_due(office, TUESDAY).outcomes) == (status == LATER)
