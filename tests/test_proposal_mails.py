"""A proposed skill reaches the manager: once, in their own hours, nothing else with it, and only while it is true."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from flows.filing import file_answers, refresh_sheet
from flows.keeping import forget
from flows.office import Office
from flows.planning import look_ahead, make_plan
from flows.rehearsal import rehearse
from flows.rules.answers import Answer, Entry
from flows.rules.company import Company, read_company
from flows.rules.grid import Grid
from flows.rules.links import mailto
from flows.rules.messages import CATALOGUE, SKILL_PROPOSAL
from flows.rules.occasions import Occasion
from flows.rules.post import ASIDE
from flows.rules.proposal_mails import proposal_keys, proposal_mail
from flows.rules.proposals import LONGEST_SKILL, PROPOSED
from flows.rules.questions import CHECK_IN, PEOPLE_OPS
from flows.rules.roster import ROSTER
from flows.rules.skills import skill_of
from flows.rules.standard_questions import DEFAULTS
from flows.sending import PREVIEWED, send
from tests.sample import (
    ANA,
    BEN,
    MIRA,
    TUESDAY,
    WEEK,
    Row,
    at,
    cells,
    drop,
    mails,
    make_sheet,
    outcomes,
    parsed,
    reply_to,
    send_due,
    text_of,
    the_mail,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN, EVENING, MORNING = TUESDAY + HOUR, TUESDAY + 11 * HOUR, TUESDAY + DAY
ANAS, TOLD = "growth-check-in 2026-W37 ana@*", "skill-proposal *"
NUMBERS = count()
OPS = "ops@example.com"


@pytest.fixture
def asked(office: Office) -> Office:
    """The office on the Tuesday on which Ana was asked about clear writing."""
    send_due(office, TUESDAY)
    return office


def say(office: Office, folder: Path, words: str, now: datetime, pattern: str = ANAS) -> None:
    """Answer a check-in; the reply is read at that moment."""
    drop(folder, reply_to(the_mail(folder, pattern), words, Message_ID=f"<{next(NUMBERS)}@example.com>"))
    file_answers(office, now)


def told(folder: Path) -> list[str]:
    """The proposals in the mails that went out, sorted."""
    return sorted(re.findall(r"grow this skill next: “(.*?)”", " ".join(map(text_of, mails(folder, TOLD)))))


def reasons(office: Office, now: datetime) -> list[str]:
    return [v.reason for v in make_plan(office, CATALOGUE, now).skipped if v.due.message is SKILL_PROPOSAL]


# -- when it goes out ------------------------------------------------------------------------------


def test_the_manager_hears_at_once_who_proposes_what_instead_of_what(asked: Office, folder: Path) -> None:
    say(asked, folder, "[1] yes\nskill: Saying no", TEN)
    assert outcomes(send_due(asked, TEN)) == {("skill-proposal", "mira@example.com", "sent")}
    mail = parsed(the_mail(folder, TOLD))
    assert (mail["To"], mail["Subject"]) == (
        "Mira Patel <mira@example.com>",
        "Ana Silva proposes a new growth skill",
    )
    assert "grow this skill next: “Saying no” It would take the place of “Clear writing”." in text_of(
        the_mail(folder, TOLD)
    )


HOURS = {
    "in the evening it waits for the morning": (MIRA, EVENING, "Wed 09 Sep 09:00"),
    "on a Friday evening for Monday": (MIRA, at("2026-09-11 17:00"), "Mon 14 Sep 09:00"),
    "for the manager's own morning": ({**MIRA, "time_zone": "America/New_York"}, TEN, "Tue 08 Sep 09:00"),
    "over the manager's holiday": ({**MIRA, "country": "US"}, at("2026-09-04 18:00"), "Tue 08 Sep 09:00"),
    "for the end of a leave, however long": (
        {**MIRA, "away_from": date(2026, 9, 7), "away_until": date(2026, 9, 25)},
        TEN,
        "Mon 28 Sep 09:00",
    ),
}


@pytest.mark.parametrize("case", HOURS)
def test_it_goes_out_in_the_managers_own_working_hours(case: str) -> None:
    manager, said, expected = HOURS[case]
    there = company(manager)
    occasion = mail_about(there, [proposing("Saying no", said)])
    assert occasion
    assert f"{there.by_email['mira@example.com'].calendar.local(occasion.opens):%a %d %b %H:%M}" == expected


def test_an_evening_is_not_too_late_even_without_any_grace(asked: Office, folder: Path) -> None:
    make_sheet(folder, grace=0)
    say(asked, folder, "skill: Saying no", EVENING)
    send_due(asked, MORNING)
    assert told(folder) == ["Saying no"]


def test_what_is_late_by_more_than_the_grace_is_skipped_and_says_so(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", EVENING)
    assert reasons(asked, at("2026-09-16 16:30")) == []
    assert reasons(asked, at("2026-09-16 17:00")) == ["was due on Wed 9 Sep 2026, more than 5 working days ago"]


def test_an_answer_of_the_week_before_is_passed_on_in_the_next(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", at("2026-09-13 20:00"))
    send_due(asked, at("2026-09-14 09:00"))
    assert told(folder) == ["Saying no"]


# -- when nothing goes out -------------------------------------------------------------------------

Change = Callable[[Office, Path], None]


def sheet(*people: Row, **settings: str) -> Change:
    """The sheet as it is in the morning."""
    return lambda office, folder: make_sheet(folder, people, **settings)


def stop(office: Office, folder: Path) -> None:
    office.ledger.stop_mail("mira@example.com", EVENING)


NEO: Row = {"name": "Neo", "email": "neo@example.com"}
NOT_TOLD = {
    "people ops were quicker": (sheet(MIRA, {**ANA, "growth_skill": "saying NO"}), []),
    "the report has left": (sheet(MIRA, {**ANA, "status": "Left"}), ["has left"]),
    "the report is paused": (sheet(MIRA, {**ANA, "status": "Paused"}), ["paused in the roster"]),
    "the report is in no row any more": (sheet(MIRA, BEN), []),
    "another manager was not told": (
        sheet(MIRA, NEO, {**ANA, "manager_email": "neo@example.com"}),
        ["it was written for the manager before"],
    ),
    "no manager": (sheet(MIRA, {**ANA, "manager_email": None}), ["no manager in the roster"]),
    "the manager has left": (sheet({**MIRA, "status": "Left"}, ANA), ["the manager has left"]),
    "the manager is paused": (sheet({**MIRA, "status": "Paused"}, ANA), ["the manager is paused in the roster"]),
    "the manager wants no mail": (stop, ["asked on Tue 8 Sep 2026 for no more mail"]),
    "sending is off": (sheet(MIRA, ANA, sending="Off"), []),
}


@pytest.mark.parametrize("case", NOT_TOLD)
def test_nothing_goes_out_when(case: str, asked: Office, folder: Path) -> None:
    change, why = NOT_TOLD[case]
    say(asked, folder, "skill: Saying no", EVENING)
    change(asked, folder)
    assert reasons(asked, MORNING) == why
    send_due(asked, MORNING)
    assert mails(folder, TOLD) == []


@pytest.mark.parametrize("words", ["skill: clear WRITING", "[3] it went well"])
def test_what_proposes_nothing_new_is_not_told(words: str, asked: Office, folder: Path) -> None:
    say(asked, folder, words, TEN)
    send_due(asked, TEN)
    assert mails(folder, TOLD) == []


def test_while_sending_is_preview_it_is_shown_and_does_not_leave(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", TEN)
    make_sheet(folder, sending="Preview")
    assert outcomes(send_due(asked, TEN)) == {("skill-proposal", "mira@example.com", PREVIEWED)}
    assert mails(folder, TOLD) == []


def test_a_reason_is_not_given_for_ever(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", EVENING)
    make_sheet(folder, [MIRA, NEO, {**ANA, "manager_email": "neo@example.com"}])
    assert reasons(asked, at("2026-09-16 16:59"))
    assert reasons(asked, at("2026-09-16 17:00")) == []


# -- once ------------------------------------------------------------------------------------------


def test_running_again_and_saying_it_again_sends_nothing_more(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", TEN)
    for words in ("skill: Saying no\n[3] a word more", "skill: SAYING NO"):
        send_due(asked, TEN)
        say(asked, folder, words, TEN + HOUR)
    send_due(asked, TEN + HOUR)
    assert told(folder) == ["Saying no"]


def test_two_runs_at_once_send_one(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", TEN)
    plans = [make_plan(asked, CATALOGUE, TEN) for _ in range(2)]
    assert [len(send(asked, plan, plan.going).outcomes) for plan in plans] == [1, 0]


def test_who_thinks_again_before_it_went_out_has_only_the_last_one_told(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", EVENING)
    say(asked, folder, "skill: Estimating", EVENING + HOUR)
    send_due(asked, MORNING)
    send_due(asked, MORNING + HOUR)
    assert told(folder) == ["Estimating"]


def test_who_thinks_again_after_it_has_one_more_told_and_no_third(asked: Office, folder: Path) -> None:
    for skill, hour in (("One", 1), ("Two", 2), ("One", 3), ("Three", 4)):
        say(asked, folder, f"skill: {skill}", TEN + hour * HOUR)
        send_due(asked, TEN + hour * HOUR)
    assert told(folder) == ["One", "Two"]
    assert reasons(asked, TEN + 5 * HOUR) == ["2 other proposals of that week were passed on already"]


def test_who_says_it_in_another_week_is_heard_again(asked: Office, folder: Path) -> None:
    for week, name in enumerate(("2026-W37", "2026-W38")):
        send_due(asked, TUESDAY + week * WEEK)
        say(asked, folder, "skill: Saying no", TEN + week * WEEK, f"growth-check-in {name} ana@*")
        send_due(asked, TEN + week * WEEK)
    assert told(folder) == ["Saying no", "Saying no"]


def test_a_manager_who_was_away_hears_only_what_is_proposed_now(asked: Office, folder: Path) -> None:
    make_sheet(folder, [{**MIRA, "away_from": date(2026, 9, 8), "away_until": date(2026, 9, 16)}, ANA])
    say(asked, folder, "skill: Saying no", TEN)
    send_due(asked, TUESDAY + WEEK)
    say(asked, folder, "skill: Estimating", TEN + WEEK, "growth-check-in 2026-W38 ana@*")
    send_due(asked, at("2026-09-17 09:00"))
    assert told(folder) == ["Estimating"]


# -- what is in it ---------------------------------------------------------------------------------


def body_of(path: Path, kind: str) -> str:
    part = parsed(path).get_body((kind,))
    assert part
    return str(part.get_content())


def ready(path: Path) -> dict[str, list[str]]:
    """The mail to people ops that the button opens: its recipient and everything else that it sets."""
    (link,) = re.findall(r'href="(mailto:[^"]*)"', body_of(path, "html"))
    address = urlsplit(unescape(link))
    return {"to": [address.path], **parse_qs(address.query, keep_blank_values=True, strict_parsing=True)}


def test_nothing_else_of_the_answer_is_in_it(asked: Office, folder: Path) -> None:
    say(asked, folder, "[2] 2\n[3] Long silent mornings\n[4] Friday at ten\nskill: Saying no", TEN)
    send_due(asked, TEN)
    for kind in ("plain", "html"):
        body = body_of(the_mail(folder, TOLD), kind)
        assert "Saying no" in body
        assert "silent mornings" not in body
        assert "Friday" not in body


def test_the_button_opens_a_mail_to_people_ops_with_everything_said(asked: Office, folder: Path) -> None:
    make_sheet(folder, people_ops_address=OPS)
    say(asked, folder, "skill: Saying “no” & meaning it", TEN)
    send_due(asked, TEN)
    assert ready(the_mail(folder, TOLD)) == {
        "to": ["ops@example.com"],
        "subject": ["Growth skill of Ana Silva"],
        "body": [
            "We have agreed on a new growth skill for Ana Silva: “Saying “no” & meaning it”. "
            "Please write it into the sheet."
        ],
    }
    assert "write to people ops (ops@example.com). For example: Growth skill of Ana Silva We have agreed" in text_of(
        the_mail(folder, TOLD)
    )


def test_an_address_of_odd_signs_adds_nothing_to_the_mail() -> None:
    address = urlsplit(mailto("ops+a?cc=all@x.example&b%@example.com", "Hi", "a+b"))
    assert unquote(address.path) == "ops+a?cc=all@x.example&b%@example.com"
    assert parse_qs(address.query.replace("+", "%2B")) == {"subject": ["Hi"], "body": ["a+b"]}


def test_without_an_address_of_people_ops_words_have_to_do(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", TEN)
    send_due(asked, TEN)
    assert "mailto:" not in body_of(the_mail(folder, TOLD), "html")
    assert "When you agree, tell people ops, who write it into their sheet." in text_of(the_mail(folder, TOLD))


def private_choices() -> list[Sequence[str]]:
    """The tab Questions with the choice of a skill for the manager alone."""
    return [
        (q.form, q.name, q.wording, q.kind, "; ".join(q.choices), "manager" if q.name == "Skill" else q.audience)
        for q in DEFAULTS
    ]


@pytest.mark.parametrize(("first_manager", "shown"), [("mira@example.com", True), ("neo@example.com", False)])
def test_a_skill_named_for_one_manager_alone_is_shown_to_that_one_only(
    office: Office, folder: Path, first_manager: str, shown: bool
) -> None:
    make_sheet(folder, [MIRA, NEO, {**BEN, "manager_email": first_manager}], questions=private_choices())
    send_due(office, TUESDAY)
    say(office, folder, "[1] Standing up to my boss", TEN, "growth-check-in 2026-W37 ben@*")
    make_sheet(folder, [MIRA, NEO, BEN], questions=private_choices(), people_ops_address=OPS)
    send_due(office, TUESDAY + WEEK)
    say(office, folder, "skill: Saying no", TEN + WEEK, "growth-check-in 2026-W38 ben@*")
    send_due(office, TEN + WEEK)
    assert ("Standing up to my boss" in text_of(the_mail(folder, TOLD))) is shown
    assert "the check-ins go on as before" in text_of(the_mail(folder, TOLD))
    assert "Standing up" not in str(ready(the_mail(folder, TOLD)))
    assert "Standing up" not in " ".join(sending.skill for sending in office.ledger.sendings(TUESDAY))


def test_who_is_done_with_the_present_skill_is_asked_for_one_and_it_says_so(office: Office, folder: Path) -> None:
    for week in range(7):
        send_due(office, TUESDAY + week * WEEK)
        words = "[3] a bit further" if week < 6 else "skill: Saying no\n[5] done"
        say(office, folder, words, TEN + week * WEEK, f"growth-check-in 2026-W{37 + week} ana@*")
    send_due(office, TEN + 6 * WEEK)
    text = text_of(the_mail(folder, TOLD))
    assert "Ana Silva has no growth skill at the moment." in text
    assert "Clear writing" not in text


HOSTILE = [
    "<img src=x onerror=alert(1)> & <b>bold</b>",
    "a&bcc=all@example.com&subject=Hi",
    "{{ 7 * 7 }} {% raw %} %(person)s %s",
    '=HYPERLINK("http://evil.example")',
    "[1] no\x00body\u2028Bcc: all@example.com",
    "\u202eevil\u200b 🦊 ＜script＞",
    "x" * LONGEST_SKILL,
]


@pytest.mark.parametrize("skill", HOSTILE)
def test_any_words_are_shown_on_one_line_and_never_do_anything(skill: str, asked: Office, folder: Path) -> None:
    make_sheet(folder, people_ops_address=OPS)
    say(asked, folder, f"skill: {skill}", TEN)
    assert [status for _, _, status in outcomes(send_due(asked, TEN))] == ["sent"]
    mail = parsed(the_mail(folder, TOLD))
    assert mail["Subject"] == "Ana Silva proposes a new growth skill"
    assert mail.keys() == parsed(the_mail(folder, ANAS)).keys()
    (shown,) = told(folder)
    assert re.search(rf"^    “{re.escape(shown[:40])}", body_of(the_mail(folder, TOLD), "plain"), re.MULTILINE)
    assert not re.search(r"<(img|b|script)\b", body_of(the_mail(folder, TOLD), "html"))
    assert ready(the_mail(folder, TOLD)).keys() == {"to", "subject", "body"}


def test_it_is_written_in_the_managers_language(office: Office, folder: Path) -> None:
    make_sheet(folder, [{**MIRA, "language": "de"}, {**ANA, "language": "fr"}])
    send_due(office, TUESDAY)
    say(office, folder, "compétence : dire non", TEN)
    send_due(office, TEN)
    assert "Damit würde „Clear writing“ abgelöst." in text_of(the_mail(folder, TOLD))
    assert "„dire non“" in text_of(the_mail(folder, TOLD))


# -- around it -------------------------------------------------------------------------------------


def test_a_reply_to_it_is_filed_nowhere_and_stop_stops(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", TEN)
    send_due(asked, TEN)
    say(asked, folder, "Fine with me!", TEN + HOUR, TOLD)
    assert [reply.note for reply in asked.ledger.replies(ASIDE)] == [
        "the mail that it answers asks nothing that is filed"
    ]
    assert len(asked.ledger.entries()) == 1
    say(asked, folder, "stop", TEN + HOUR, TOLD)
    assert asked.ledger.stopped("mira@example.com")


def test_preview_and_upcoming_show_what_the_run_does(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", EVENING)
    ahead = look_ahead(asked, [SKILL_PROPOSAL], EVENING, EVENING + WEEK)
    assert [(v.at, v.due.to.email) for v in ahead] == [(MORNING, "mira@example.com")]
    assert make_plan(asked, CATALOGUE, EVENING).holds_until <= MORNING
    refresh_sheet(asked, EVENING)
    (row,) = [row for row in cells(folder, "Upcoming") if row["Mail"] == "Skill proposal"]
    assert (row["To"], row["About"]) == ("mira@example.com", "Ana Silva")
    send_due(asked, MORNING)
    assert look_ahead(asked, [SKILL_PROPOSAL], MORNING, MORNING + WEEK) == []


def test_a_rehearsal_plays_it(asked: Office, folder: Path) -> None:
    drop(folder, reply_to(the_mail(folder, ANAS), "skill: Saying no"))
    rehearse(asked, EVENING, days=1, every=HOUR)
    assert told(folder) == ["Saying no"]
    assert parsed(the_mail(folder, TOLD))["Date"].datetime == MORNING


def test_other_flows_do_not_send_it(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", TEN)
    others = [message for message in CATALOGUE if message.flow != "growth-check-in"]
    assert outcomes(send_due(asked, TEN, others)) == set()


def test_what_is_forgotten_is_not_told(asked: Office, folder: Path) -> None:
    say(asked, folder, "skill: Saying no", EVENING)
    forget(asked, "ana@example.com", EVENING)
    send_due(asked, MORNING)
    assert mails(folder, TOLD) == []


# -- the rules by themselves -----------------------------------------------------------------------

HEADERS = {"".join(c for c in header.lower() if c.isalnum() or c == " "): header for header in ROSTER.headers}


def company(*people: Row) -> Company:
    """Ana, who reports to Mira, and these people."""
    known = [{HEADERS[name.replace("_", " ")]: value for name, value in row.items()} for row in (ANA, *people)]
    rows = [tuple(row.get(header) for header in ROSTER.headers) for row in known]
    return read_company({"Roster": Grid((ROSTER.headers, *rows))})


def proposing(skill: str, said: datetime, ref: str = "m-1", week: str = "2026-W37") -> Entry:
    answers = (Answer(PROPOSED, "skill: …", PEOPLE_OPS, skill),)
    who = ("ana@example.com", "mira@example.com")
    return Entry(ref, CHECK_IN, f"ask {week}", *who, week, "Clear writing", "", said, "mail", answers)


def mail_about(there: Company, said: Sequence[Entry], gone: Sequence[str] = ()) -> Occasion | None:
    ana = there.by_email["ana@example.com"]
    return proposal_mail(ana, skill_of(ana, there, (), said), said, there, gone, said[-1].received_at)


def test_the_key_is_the_answerings_and_not_the_words() -> None:
    one = proposing("Saying no", TEN)
    assert proposal_keys([one]) == proposal_keys([replace(one, answers=proposing("Other", TEN).answers)])
    assert proposal_keys([one]) != proposal_keys([proposing("Saying no", TEN, "m-2")])
    assert proposal_keys([one]) != proposal_keys([proposing("Saying no", TEN, week="2026-W38")])
    assert proposal_keys([replace(one, answers=())]) == []


def test_an_older_mail_that_comes_in_late_makes_no_second_one() -> None:
    first, older = proposing("Saying no", TEN), proposing("Saying no", TEN - HOUR, "m-0")
    gone = proposal_keys([first])
    occasion = mail_about(company(MIRA), [older, first], gone)
    assert occasion
    assert [occasion.key] == gone
