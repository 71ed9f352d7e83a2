"""Sending: everything that is due goes out once, one bad mail stops one mail, and what is unknown is never repeated."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows import services
from flows.filing import file_answers, ledger_problems, refresh_sheet
from flows.mail.door import StopSending
from flows.mail.outbox import Outbox
from flows.office import Office
from flows.planning import make_plan
from flows.rehearsal import moments, rehearse
from flows.render import Renderer
from flows.report import report_sending
from flows.rules.email import LATER, REFUSED, SENT, UNKNOWN, Delivery, Email
from flows.rules.messages import CATALOGUE
from flows.rules.post import Sending
from flows.rules.problems import OnwardError
from flows.rules.questions import CHECK_IN, REFLECTION
from flows.rules.standard_questions import DEFAULTS
from flows.sending import FAILED, PREVIEWED, send
from flows.settling import settle_unknown
from tests.sample import (
    ANA,
    BEN,
    CLEO,
    FORM_DAY,
    MIRA,
    TEAM,
    TUESDAY,
    WEEK,
    at,
    cells,
    drop,
    mails,
    make_sheet,
    opened,
    outcomes,
    reply_to,
    send_due,
    text_of,
    the_mail,
)

FOR_ANA, FOR_BEN = ("growth-check-in", "ana@example.com", SENT), ("growth-check-in", "ben@example.com", SENT)
BOTH = {FOR_ANA, FOR_BEN}
HOUR = timedelta(hours=1)


class Van(Outbox):
    """A mailer that does with each recipient's mail what it was told; it carries the others."""

    def __init__(self, fates: Mapping[str, str], known: Mapping[str, Delivery] | None = None) -> None:
        self.where, self.carrier, self.fates, self.known = "a van", "", fates, known or {}
        self.carried: list[str] = []

    def send(self, email: Email) -> Delivery:
        fate = self.fates.get(email.to.email, SENT)
        if fate == "stop":
            raise StopSending("The van is out of petrol; fill it up.")
        if fate == "kill":
            raise KeyboardInterrupt
        self.carried.append(email.to.email)
        return Delivery(fate, detail="so it was told")

    def evidence(self, sending: Sending) -> Delivery:
        return self.known.get(sending.key, Delivery(UNKNOWN))


def driven(office: Office, *told: tuple[str, str]) -> Office:
    """The same office, whose mails a van carries."""
    return replace(office, mailer=Van({f"{name}@example.com": fate for name, fate in told}))


def statuses(office: Office) -> dict[str, str]:
    """What the ledger says, by recipient."""
    return {sending.recipient.split("@")[0]: sending.status for sending in office.ledger.sendings(at("2026-01-01"))}


def test_everything_due_goes_out(office: Office, folder: Path) -> None:
    assert outcomes(send_due(office, TUESDAY)) == BOTH
    assert len(mails(folder)) == 2
    assert statuses(office) == {"ana": SENT, "ben": SENT}


def test_running_twice_sends_once(office: Office, folder: Path) -> None:
    send_due(office, TUESDAY)
    assert [send_due(office, TUESDAY + n * HOUR).outcomes for n in range(3)] == [[], [], []]
    assert len(mails(folder)) == 2


def test_two_runs_that_decided_at_the_same_moment_send_once(office: Office) -> None:
    plans = [make_plan(office, CATALOGUE, TUESDAY) for _ in range(2)]
    sent = [outcomes(send(office, plan, plan.going)) for plan in plans]
    assert sent == [BOTH, set()]


def test_a_bad_row_keeps_nobody_else_from_mail(folder: Path) -> None:
    make_sheet(folder, [*TEAM, {**ANA, "email": "nobody"}, {**ANA, "email": "eve@example.com", "start_date": "soon"}])
    with opened(folder) as office:
        plan = make_plan(office, CATALOGUE, TUESDAY)
        assert [(problem.row, problem.column) for problem in plan.company.problems] == [(6, "Email"), (7, "Start date")]
        assert outcomes(send(office, plan, plan.going)) == BOTH


def test_preview_says_what_would_go_and_sends_nothing(folder: Path) -> None:
    make_sheet(folder, sending="Preview")
    with opened(folder) as office:
        sent = send_due(office, TUESDAY)
        assert outcomes(sent) == {(message, to, PREVIEWED) for message, to, _ in BOTH}
        assert (mails(folder), statuses(office)) == ([], {})
        make_sheet(folder)
        assert outcomes(send_due(office, TUESDAY)) == BOTH


def test_off_does_nothing_at_all(folder: Path) -> None:
    make_sheet(folder, sending="Off")
    with opened(folder) as office:
        assert send_due(office, TUESDAY).outcomes == []
        assert (mails(folder), statuses(office)) == ([], {})


def test_a_setting_that_is_not_understood_stops_all_sending(folder: Path) -> None:
    make_sheet(folder, send_time="early")
    with opened(folder) as office:
        assert {outcome.status for outcome in send_due(office, TUESDAY).outcomes} == {PREVIEWED}
        assert mails(folder) == []


def test_a_mail_that_cannot_be_made_stops_only_itself_and_goes_once_mended(office: Office, folder: Path) -> None:
    shutil.copytree(services.TEMPLATES, folder / "templates")
    body = folder / "templates/email/growth-check-in/body.txt"
    good = body.read_text()
    body.write_text(good + '{% block why %}{% if person == "Ana Silva" %}{{ personn }}{% endif %}{% endblock %}')
    sent = send_due(replace(office, renderer=Renderer(folder / "templates")), TUESDAY)
    assert outcomes(sent) == {("growth-check-in", "ana@example.com", FAILED), FOR_BEN}
    assert "templates/email/growth-check-in/body.txt" in sent.problems[0].advice
    assert statuses(office) == {"ben": SENT}
    body.write_text(good)
    mended = replace(office, renderer=Renderer(folder / "templates"))
    assert outcomes(send_due(mended, TUESDAY + HOUR)) == {FOR_ANA}


FATES = {
    "refused": (REFUSED, {"ana": REFUSED, "ben": SENT}, []),
    "later": (LATER, {"ben": SENT}, ["ana@example.com"]),
    "unknown": (UNKNOWN, {"ana": UNKNOWN, "ben": SENT}, []),
}


@pytest.mark.parametrize(("fate", "kept", "next_time"), FATES.values(), ids=FATES)
def test_what_became_of_a_mail_is_kept(office: Office, fate: str, kept: dict[str, str], next_time: list[str]) -> None:
    sent = send_due(driven(office, ("ana", fate)), TUESDAY)
    assert outcomes(sent) == {("growth-check-in", "ana@example.com", fate), FOR_BEN}
    assert statuses(office) == kept
    assert [outcome.to for outcome in send_due(office, TUESDAY + HOUR).outcomes] == next_time


def test_a_mailer_that_stops_ends_the_batch_with_its_reason(office: Office) -> None:
    plan = make_plan(office, CATALOGUE, TUESDAY)
    last = plan.going[-1].to.email
    sent = send(driven(office, (last.split("@")[0], "stop")), plan, plan.going)
    assert (len(sent.outcomes), sent.stopped) == (1, "The van is out of petrol; fill it up.")
    assert report_sending("all", plan, sent).failed
    assert last.split("@")[0] not in statuses(office)
    assert [outcome.to for outcome in send_due(office, TUESDAY + HOUR).outcomes] == [last]


def test_a_mailer_that_stops_at_once_leaves_everything_for_the_next_run(office: Office) -> None:
    assert send_due(driven(office, ("ana", "stop"), ("ben", "stop")), TUESDAY).outcomes == []
    assert statuses(office) == {}
    assert outcomes(send_due(office, TUESDAY + HOUR)) == BOTH


def test_a_mail_of_unknown_outcome_is_sent_by_no_later_run(office: Office) -> None:
    send_due(driven(office, ("ana", UNKNOWN)), TUESDAY)
    van = driven(office)
    sent = [outcome for hours in range(1, 100) for outcome in send_due(van, TUESDAY + hours * HOUR).outcomes]
    assert [(outcome.message, outcome.to) for outcome in sent] == [("growth-check-in-reminder", "ben@example.com")]
    assert statuses(office)["ana"] == UNKNOWN


def test_a_mail_of_unknown_outcome_is_shown_until_it_is_settled(office: Office, folder: Path) -> None:
    send_due(driven(office, ("ana", UNKNOWN)), TUESDAY)
    refresh_sheet(office, TUESDAY)
    status = {row["Email"]: row["Last mail"] for row in cells(folder, "Status")}
    assert status["ana@example.com"] == "Growth check-in, 2026-W37: unknown"
    (shown,) = cells(folder, "Problems")
    assert "unknown whether it left" in str(shown["What to do"])
    (problem,) = ledger_problems(office, office.timetable().company, TUESDAY)
    assert problem.value == "ana@example.com"
    assert sum("unknown outcome" in verdict.reason for verdict in make_plan(office, CATALOGUE, TUESDAY).skipped) == 1


EVIDENCE = {
    "that it left": (SENT, SENT, []),
    "that it never left": (LATER, None, ["ana@example.com"]),
    "none": (None, UNKNOWN, []),
}


@pytest.mark.parametrize(("found", "kept", "next_time"), EVIDENCE.values(), ids=EVIDENCE)
def test_unknown_mails_are_settled_by_evidence(
    office: Office, found: str | None, kept: str | None, next_time: list[str]
) -> None:
    send_due(driven(office, ("ana", UNKNOWN)), TUESDAY)
    (sending,) = office.ledger.unknown()
    known = {sending.key: Delivery(found)} if found else {}
    (outcome,) = settle_unknown(replace(office, mailer=Van({}, known)), TUESDAY)
    assert (outcome.to, outcome.status) == ("ana@example.com", found or UNKNOWN)
    assert statuses(office).get("ana") == kept
    assert [outcome.to for outcome in send_due(office, TUESDAY + HOUR).outcomes] == next_time


def test_a_run_that_was_killed_while_sending_is_settled_and_sent_once(office: Office, folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        send_due(driven(office, ("ana", "kill")), TUESDAY)
    assert statuses(office)["ana"] == UNKNOWN
    settle_unknown(office, TUESDAY)  # the outbox has no such file, so it certainly never left
    send_due(office, TUESDAY + HOUR)
    assert statuses(office) == {"ana": SENT, "ben": SENT}
    assert len(mails(folder)) == 2


def answer(office: Office, folder: Path, mail: str, *words: str, days: int = 0) -> None:
    """Reply to a mail and have the replies filed, one after the other, so many days later."""
    for number, text in enumerate(words):
        drop(folder, reply_to(the_mail(folder, mail), text))
        file_answers(office, TUESDAY + timedelta(days=days, hours=1 + number))


def test_without_a_growth_skill_the_check_in_asks_for_one_and_then_uses_it(office: Office, folder: Path) -> None:
    send_due(office, TUESDAY)
    asked = text_of(the_mail(folder, "growth-check-in 2026-W37 ben@*"))
    assert "[1] Which one skill would you like to grow" in asked
    answer(office, folder, "growth-check-in 2026-W37 ben@*", "[1] Negotiating\n[2] A book")
    send_due(office, TUESDAY + WEEK)
    asked = text_of(the_mail(folder, "growth-check-in 2026-W38 ben@*"))
    assert "the skill you are growing: Negotiating." in asked
    assert "[1] Did you find time for it" in asked


def test_a_skill_in_the_roster_counts_more_than_the_chosen_one(office: Office, folder: Path) -> None:
    send_due(office, TUESDAY)
    answer(office, folder, "growth-check-in 2026-W37 ben@*", "Negotiating")
    make_sheet(folder, [MIRA, ANA, {**BEN, "growth_skill": "Delegating"}])
    send_due(office, TUESDAY + WEEK)
    assert "growing: Delegating." in text_of(the_mail(folder, "growth-check-in 2026-W38 ben@*"))


def test_a_skill_that_was_chosen_stays_chosen_when_only_another_answer_is_corrected(
    office: Office, folder: Path
) -> None:
    send_due(office, TUESDAY)
    answer(office, folder, "growth-check-in 2026-W37 ben@*", "[1] Negotiating", "[2] A book")
    send_due(office, TUESDAY + WEEK)
    assert "growing: Negotiating." in text_of(the_mail(folder, "growth-check-in 2026-W38 ben@*"))


def test_last_weeks_intention_is_quoted_back(office: Office, folder: Path) -> None:
    send_due(office, TUESDAY)
    assert "Last week you said" not in text_of(the_mail(folder, "growth-check-in 2026-W37 ana@*"))
    answer(office, folder, "growth-check-in 2026-W37 ana@*", "[1] Yes\n[4] Friday at ten, in the library")
    send_due(office, TUESDAY + WEEK)
    assert "“Friday at ten, in the library”" in text_of(the_mail(folder, "growth-check-in 2026-W38 ana@*"))


def test_an_intention_is_quoted_after_another_answer_was_corrected(office: Office, folder: Path) -> None:
    send_due(office, TUESDAY)
    answer(office, folder, "growth-check-in 2026-W37 ana@*", "[1] Yes\n[4] Friday at ten", "[1] A little")
    send_due(office, TUESDAY + WEEK)
    assert "“Friday at ten”" in text_of(the_mail(folder, "growth-check-in 2026-W38 ana@*"))


def test_an_intention_of_long_ago_is_not_quoted(office: Office, folder: Path) -> None:
    send_due(office, TUESDAY)
    answer(office, folder, "growth-check-in 2026-W37 ana@*", "[4] Friday at ten")
    send_due(office, TUESDAY + 3 * WEEK)
    assert "Friday at ten" not in text_of(the_mail(folder, "growth-check-in 2026-W40 ana@*"))


def test_nobody_is_quoted_to_somebody_else(office: Office, folder: Path) -> None:
    send_due(office, TUESDAY)
    answer(office, folder, "growth-check-in 2026-W37 ana@*", "[4] Friday at ten")
    send_due(office, TUESDAY + WEEK)
    quoted = [path.name.split()[2] for path in mails(folder) if "Friday at ten" in text_of(path)]
    assert set(quoted) == {"ana@example.com"}


MAIL_OF = {REFLECTION: "reflection-form * cleo@*", CHECK_IN: "growth-check-in * ana@*"}
AUDIENCES = {q.name + " of the " + q.form: q for q in DEFAULTS if q.form in MAIL_OF}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The words of a mail for each form."""
    folder = tmp_path_factory.mktemp("asked")
    make_sheet(folder, [MIRA, ANA, {**CLEO, "start_date": date(2026, 9, 10), "first_11": date(2026, 9, 14)}])
    with opened(folder) as office:
        send_due(office, TUESDAY)
        send_due(office, at("2026-09-10 10:00"))
    return {form: text_of(the_mail(folder, pattern)) for form, pattern in MAIL_OF.items()}


@pytest.mark.parametrize("name", AUDIENCES)
def test_beside_each_question_stands_who_reads_the_answer(asked: dict[str, str], name: str) -> None:
    question = AUDIENCES[name]
    behind = asked[question.form].partition(question.wording)[2].partition("Read by ")[2].partition(".")[0]
    assert (
        behind
        == {
            "manager": "your manager Mira Patel only",
            "manager and people ops": "your manager Mira Patel and people ops",
        }[question.audience]
    )


def test_a_manager_gets_the_brief_with_the_answers_and_only_they(office: Office, folder: Path) -> None:
    send_due(office, FORM_DAY)
    drop(folder, reply_to(the_mail(folder, "reflection-form * cleo@*"), "[2] Lead a lab\n[3] Long talks"))
    file_answers(office, FORM_DAY + HOUR)
    send_due(office, FORM_DAY + 24 * HOUR)
    shared = [path.name.split()[0::2][:2] for path in mails(folder) if "Lead a lab" in text_of(path)]
    assert shared == [["one-on-one-brief", "mira@example.com"], ["receipt", "cleo@example.com"]]


def test_a_new_manager_does_not_get_what_was_written_for_the_old_one(office: Office, folder: Path) -> None:
    send_due(office, FORM_DAY)
    drop(folder, reply_to(the_mail(folder, "reflection-form * cleo@*"), "[2] Lead a lab"))
    file_answers(office, FORM_DAY + HOUR)
    make_sheet(folder, [MIRA, {**CLEO, "manager_email": "kenji@example.com"}])
    sent = [send_due(office, FORM_DAY + hours * HOUR) for hours in range(2, 48)]
    assert ("one-on-one-brief", "kenji@example.com", SENT) in set().union(*map(outcomes, sent))
    shown = [path.name.split()[2] for path in mails(folder) if "Lead a lab" in text_of(path)]
    assert shown == ["cleo@example.com"]  # in the receipt


def test_a_rehearsal_does_what_runs_at_every_hour_do(tmp_path: Path) -> None:
    start, days = at("2026-09-10 00:00"), 14
    seen = []
    for name in ("rehearsed", "run"):
        (tmp_path / name).mkdir()
        make_sheet(tmp_path / name, [*TEAM, {**ANA, "email": "raj@example.com", "time_zone": "Asia/Kolkata"}])
        with opened(tmp_path / name) as office:
            if name == "rehearsed":
                reports = rehearse(office, start, days, HOUR)
                seen.append({(report.at, o.key, o.status) for report in reports for o in report.outcomes})
            else:
                each = ((moment, send_due(office, moment)) for moment in moments(start, days, HOUR))
                seen.append({(moment, o.key, o.status) for moment, sent in each for o in sent.outcomes})
    assert seen[0] == seen[1]
    assert len(seen[0]) > 10


def test_a_rehearsal_refuses_to_reach_people(office: Office) -> None:
    van = Van({})
    van.reaches_people = True
    with pytest.raises(OnwardError, match="never mails people"):
        rehearse(replace(office, mailer=van), TUESDAY, 1, HOUR)
    assert van.carried == []


def test_a_mail_that_waited_too_long_goes_back_before_others_may_take_it_for_abandoned(office: Office) -> None:
    moments = iter([TUESDAY, TUESDAY + HOUR] * 10)  # the machine sleeps each time right after it claimed
    asleep = driven(office)
    assert send_due(replace(asleep, clock=lambda: next(moments)), TUESDAY).outcomes == []
    assert statuses(office) == {}
    assert {outcome.status for outcome in send_due(office, TUESDAY).outcomes} == {SENT}
    assert statuses(office) == {"ana": SENT, "ben": SENT}


def test_what_the_ledger_could_not_take_at_once_is_written_down_in_the_end(office: Office) -> None:
    class Busy:
        """The ledger, which fails once to write an outcome down."""

        def __init__(self) -> None:
            self.failures = 1

        def __getattr__(self, name: str) -> object:
            return getattr(office.ledger, name)

        def settle(self, *what: object) -> None:
            self.failures -= 1
            if self.failures == 0:
                raise OnwardError("The ledger cannot be used now (locked); nothing was lost, try again.", passing=True)
            office.ledger.settle(*what)  # type: ignore[arg-type]

    van = Van({})
    van.width = 2
    busy = replace(office, ledger=Busy(), mailer=van)  # type: ignore[arg-type]
    with pytest.raises(OnwardError, match="cannot be used now"):
        send_due(busy, TUESDAY)
    assert set(statuses(office).values()) == {SENT}


def test_mail_that_went_by_another_way_is_not_judged_by_this_ones_evidence(office: Office) -> None:
    van = Van({"ana@example.com": UNKNOWN})
    van.carrier = "smtp:relay:25"
    send_due(replace(office, mailer=van), TUESDAY)
    (outcome,) = settle_unknown(office, TUESDAY)  # the outbox never had it, which proves nothing
    assert (outcome.status, "another way out" in outcome.detail) == (UNKNOWN, True)
