"""The mails as people get them."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.mail.mime import as_bytes
from flows.render import WIDTH, Envelope, Renderer, RenderError
from flows.rules.company import read_company
from flows.rules.email import Address, Email
from flows.rules.letters import Asked, Stored, asked
from flows.rules.links import Links
from flows.rules.questions import CHECK_IN, FIRST_SKILL, LOOKING_BACK, REFLECTION

TEMPLATES = Path(__file__).parent.parent / "templates"
NOW = datetime(2026, 9, 8, 9, 0, tzinfo=UTC)
STOP = "r.token@reply.localhost"
ENVELOPE = Envelope(
    key="growth-check-in/2026-W37/ana@example.com",
    sender=Address("onward@example.com", "The people team"),
    to=Address("ana@example.com", "Ana Silva"),
    reply_to=Address(STOP),
    message_id="<m.token@reply.localhost>",
    thread="<t.token@reply.localhost>",
    stop=STOP,
    date=NOW,
)


LINKS = Links("https://onward.example.com", "t" * 32)


def questions(form: str, language: str = "en") -> tuple[Asked, ...]:
    company = read_company({})
    return tuple(asked(number, question) for number, question in enumerate(company.questions(form, language), 1))


COMMON = {
    "to_name": "Ana Silva",
    "to_manager": False,
    "person": "Ana Silva",
    "manager": "Mira Patel",
    "links": LINKS,
    "sender_name": "The people team",
    "people_ops": "people@example.com",
    "questions": (),
}
TALK: Mapping[str, object] = COMMON | {"first_1_1": datetime(2026, 9, 10, 14)}  # noqa: DTZ001 - as on their own clock
MANAGER = {**TALK, "to_manager": True, "outcomes": ("asked", "later", "moved")}
ANSWERS = (("Is there a goal?", "Opportunities as they come"), ("What gives you energy?", "Pairing.\n\nGardens."))
KEPT = (
    Stored(1, "Did you find time?", "A little", True),
    Stored(3, "What did you notice?", "Pauses.\nThey help.", False),
    Stored(0, "Is there a goal?", "No", False),
)


@cache
def cases(language: str = "en") -> dict[str, tuple[str, Mapping[str, object]]]:
    """Every mail there is, in each shape that it takes."""
    form = {**TALK, "questions": questions(REFLECTION, language)}
    skill = {
        **COMMON,
        "skill": "Public speaking",
        "week": "2026-W37",
        "last_time": "Thursday at 10, with Jo",
        "rounds": 0,
        "questions": questions(CHECK_IN, language),
    }
    none_yet = {**skill, "skill": "", "last_time": "", "questions": questions(FIRST_SKILL, language)}
    back = (*questions(CHECK_IN, language), replace(questions(LOOKING_BACK, language)[0], number=5))
    success = {**MANAGER, "start": date(2026, 8, 3), "weeks": 5, "answers": ()}
    proposal = {**MANAGER, "proposed": "Saying no", "skill": "Writing", "has_skill": True, "tell": "ops@example.com"}
    return {
        "form": ("reflection-form", form),
        "form without a date": ("reflection-form", {**form, "first_1_1": None}),
        "form reminder": ("reflection-reminder", form),
        "form reminder without a date": ("reflection-reminder", {**form, "first_1_1": None}),
        "brief": ("one-on-one-brief", {**MANAGER, "answers": ANSWERS, "no_goal": False}),
        "brief without a goal": ("one-on-one-brief", {**MANAGER, "answers": ANSWERS, "no_goal": True}),
        "brief without answers": (
            "one-on-one-brief",
            {**MANAGER, "answers": (), "no_goal": False, "first_1_1": date(2026, 9, 10)},
        ),
        "brief without a date": ("one-on-one-brief", {**MANAGER, "answers": (), "no_goal": False, "first_1_1": None}),
        "thanks": ("thanks", TALK),
        "success question": ("success-question", success),
        "success question with answers": ("success-question", {**success, "answers": ANSWERS, "weeks": 1}),
        "check-in": ("growth-check-in", skill),
        "first check-in": ("growth-check-in", {**skill, "last_time": ""}),
        "check-in after six weeks": ("growth-check-in", {**skill, "rounds": 6, "questions": back}),
        "check-in without a skill": ("growth-check-in", none_yet),
        "check-in reminder": ("growth-check-in-reminder", skill),
        "check-in reminder without a skill": ("growth-check-in-reminder", none_yet),
        "skill proposal": ("skill-proposal", proposal),
        "skill proposal without an address": ("skill-proposal", {**proposal, "tell": ""}),
        "skill proposal of a private skill": ("skill-proposal", {**proposal, "skill": ""}),
        "skill proposal without a skill": ("skill-proposal", {**proposal, "skill": "", "has_skill": False}),
        "receipt": ("receipt", {**COMMON, "kept": KEPT}),
    }


CASES = cases()
every_case = pytest.mark.parametrize("case", CASES)
RENDERER = Renderer(TEMPLATES)


def mail(case: str, language: str = "en", **facts: object) -> Email:
    message, known = cases(language)[case]
    return RENDERER.email(message, replace(ENVELOPE, language=language), {**known, **facts})


class Shown(HTMLParser):
    """The words of an HTML mail, each block on a line of its own, as a client quotes it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._hidden = tag in ("style", "title")
        if tag in ("p", "h1", "h2", "td", "tr", "br", "div"):
            self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else data


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def test_every_message_has_a_folder_with_its_three_templates() -> None:
    assert {message for message, _ in CASES.values()} == {f.name for f in TEMPLATES.glob("email/*/") if f.is_dir()}


@every_case
def test_every_mail_has_a_subject_a_text_and_an_html_body(case: str) -> None:
    email = mail(case)
    assert email.subject
    assert email.text.startswith("Hello Ana Silva,\n")
    assert email.html.startswith("<!doctype html>")
    assert email.kind == CASES[case][0]


@every_case
def test_every_question_opens_a_line_with_its_marker_and_says_who_reads_it(case: str) -> None:
    email = mail(case)
    facts = CASES[case][1]
    questions = facts.get("kept", facts["questions"])
    assert isinstance(questions, tuple)
    for body in (email.text, Shown(email.html).text):
        assert re.findall(r"^\[(\d+)\] ", body, re.MULTILINE) == [str(q.number) for q in questions if q.number]
        for q in questions:
            assert f"[{q.number}] {q.wording}".removeprefix("[0] ") in unwrapped(body)
            assert f"Read by your manager Mira Patel {'and people ops' if q.people_ops else 'only'}." in unwrapped(body)


@pytest.mark.parametrize("case", ["form", "check-in", "check-in reminder"])
def test_choices_stand_on_one_line(case: str) -> None:
    email = mail(case)
    questions = CASES[case][1]["questions"]
    assert isinstance(questions, tuple)
    for choices in (" · ".join(q.choices) for q in questions if q.choices):
        assert choices in (line.strip() for line in email.text.splitlines())


@every_case
def test_every_mail_says_how_to_stop(case: str) -> None:
    email = mail(case)
    for body in (email.text, Shown(email.html).text):
        assert "reply with only the word “stop”" in unwrapped(body)


@pytest.mark.parametrize("case", [case for case in CASES if CASES[case][1]["questions"]])
def test_every_mail_that_asks_says_how_to_answer(case: str) -> None:
    for body in (mail(case).text, Shown(mail(case).html).text):
        assert "Just reply to this mail. Put your answers under the numbers, or write freely: both work." in unwrapped(
            body
        )


@pytest.mark.parametrize("case", ["form", "form reminder"])
def test_the_form_says_that_no_plan_is_as_good_as_one(case: str) -> None:
    assert "Having no plan is as good an answer as having one" in unwrapped(mail(case).text)


@every_case
def test_text_bodies_are_tidy(case: str) -> None:
    text = mail(case).text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert "\n\n\n" not in text
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= WIDTH


@every_case
def test_no_mail_is_over_50_kb(case: str) -> None:
    assert len(mail(case).html.encode()) < 50_000
    assert len(as_bytes(mail(case))) < 50_000


@every_case
def test_html_needs_no_images_forms_or_scripts(case: str) -> None:
    html = mail(case).html
    assert not Shown(html).tags & {"img", "form", "input", "button", "script", "link"}
    assert 'lang="en"' in html
    assert "<table" in html
    assert not [table for table in re.findall("<table[^>]*>", html) if 'role="presentation"' not in table]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("form", "form reminder"),
        ("form without a date", "form reminder without a date"),
        ("check-in", "check-in reminder"),
    ],
)
def test_a_reminder_keeps_the_subject_so_that_it_joins_the_thread(first: str, second: str) -> None:
    assert mail(first).subject == mail(second).subject


def test_headers_keep_machines_from_answering_and_offer_a_way_out() -> None:
    assert mail("check-in").headers == {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply, DR, RN, NRN",
        "List-Unsubscribe": f"<mailto:{STOP}?subject=stop>",
        "References": ENVELOPE.thread,
    }


def test_where_the_pages_are_reached_safely_one_press_stops_the_mails() -> None:
    envelope = replace(ENVELOPE, stop_page=LINKS.stop)
    headers = RENDERER.email("thanks", envelope, TALK).headers
    assert headers["List-Unsubscribe"] == f"<{LINKS.stop}>, <mailto:{STOP}?subject=stop>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = RENDERER.email("thanks", replace(ENVELOPE, stop_page="http://127.0.0.1/stop/x"), TALK).headers
    assert "List-Unsubscribe-Post" not in plain


@pytest.mark.parametrize("case", [case for case in CASES if CASES[case][1]["questions"]])
def test_every_choice_is_a_button_that_opens_the_page_with_it_selected(case: str) -> None:
    html, text = mail(case).html, mail(case).text
    for question in cases()[case][1]["questions"]:  # type: ignore[attr-defined]
        for number, choice in enumerate(question.choices, 1):
            assert f'<a href="{LINKS.form}?{question.number}={number}"' in html
            assert re.search(rf">{re.escape(choice)}</a>", html)
    assert f'href="{LINKS.form}"' in html
    assert LINKS.form in text


@pytest.mark.parametrize("case", [case for case in CASES if "brief" in case or "success" in case])
def test_a_managers_mail_asks_where_the_talk_stands(case: str) -> None:
    for outcome in ("asked", "later", "moved"):
        assert f'href="{LINKS.talk_is(outcome)}"' in mail(case).html
        assert LINKS.talk_is(outcome) in mail(case).text
    assert LINKS.calendar in mail(case).text
    assert (LINKS.seen in mail(case).text) is (LINKS.seen in mail(case).html)


@pytest.mark.parametrize(("case", "offered"), [("brief", True), ("brief without answers", False), ("form", False)])
def test_thanks_are_offered_where_there_is_something_to_thank_for(case: str, offered: bool) -> None:
    assert (LINKS.seen in mail(case).html) is offered


@every_case
def test_every_mail_has_the_page_that_stops_it(case: str) -> None:
    assert f'href="{LINKS.stop}"' in mail(case).html
    assert LINKS.stop in mail(case).text


def test_a_short_scale_stands_in_a_row_and_other_choices_below_each_other() -> None:
    row, column = questions(CHECK_IN)[1], questions(CHECK_IN)[0]
    assert (row.in_a_row, column.in_a_row) == (True, False)
    assert not replace(row, choices=tuple(map(str, range(1, 11)))).in_a_row


def test_mails_are_made_fast_once_the_templates_are_held() -> None:
    mail("form")
    began = process_time()
    for _ in range(50):
        mail("form")
    # A tenth of that here; MJML compiled for each mail would take more.
    assert (process_time() - began) / 50 < 0.006


def test_last_weeks_words_are_quoted_back() -> None:
    assert "“Thursday at 10, with Jo”" in mail("check-in").text
    assert "“Thursday" not in mail("first check-in").text


def test_long_words_from_last_week_are_shortened() -> None:
    assert "…”" in mail("check-in", last_time="word " * 500).text


def test_the_brief_shows_each_answer_in_its_lines() -> None:
    email = mail("brief")
    assert "What gives you energy?\n\n    Pairing.\n\n    Gardens.\n" in email.text
    assert "Pairing.<br /><br />Gardens." in email.html


@pytest.mark.parametrize(
    ("case", "follow_up"),
    [
        ("brief", "What could we change in the next three months"),
        ("brief without a goal", "Which piece of work would you gladly do again"),
        ("brief without answers", "do you take good opportunities as they come?"),
    ],
)
def test_the_brief_fits_its_follow_up_to_what_was_shared(case: str, follow_up: str) -> None:
    for body in (mail(case).text, Shown(mail(case).html).text):
        assert follow_up in unwrapped(body)


def test_the_success_question_counts_its_weeks_in_grammar() -> None:
    assert "1 week ago" in mail("success question", weeks=1).text
    assert "5 weeks ago" in mail("success question").text


@every_case
def test_markup_in_a_name_is_shown_not_executed(case: str) -> None:
    name = "<b>Bob</b> & {{ questions }} {% raw %}"
    email = mail(case, person=name, manager=name, to_name=name)
    assert f"Hello {name}," in unwrapped(email.text)
    assert markup.escape(name) in email.html
    assert "b" not in Shown(email.html).tags


@pytest.mark.parametrize("name", ["Ana\nBcc: all@example.com", "Ana\r\n\r\nSilva", "A\x00n\x1ba\u2028Silva"])
def test_a_subject_stays_one_line(name: str) -> None:
    for case in ("form", "brief", "success question", "skill proposal"):
        assert mail(case, person=name, manager=name).subject.isprintable()


def test_a_fact_cannot_pose_as_a_question() -> None:
    text = mail("check-in", last_time="[4] Friday", manager="[9] Mira", person="x\n[7] y").text
    assert re.findall(r"\[(\d)\]", text) == ["1", "2", "3", "4"]
    assert "[" not in mail("skill proposal", proposed="[1] Saying\n[2] no").text


def test_an_address_too_long_for_the_line_stays_whole() -> None:
    address = f"people-operations@{'department.' * 8}example.com"
    assert address in mail("check-in", people_ops=address).text


BROKEN = {
    "an undefined name": ("{{ persn }}", "email/hello/body.txt, line 3: 'persn' is undefined; did you mean “person”?"),
    "an undefined part": ("{{ person.age }}", "email/hello/body.txt, line 3: .*no attribute 'age'"),
    "a syntax error": ("{% if person %}", "email/hello/body.txt, line 3: .*end of template"),
    "an unknown filter": ("{{ person|shout }}", "email/hello/body.txt, line 3: .*'shout'"),
    "a missing layout": ("{% extends 'email/_none.txt' %}", "email/_none.txt: there is no such template"),
    "any other failure": ("{{ person + 1 }}", "email/hello/body.txt, line 3: this line failed with TypeError"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_template_is_named_with_its_line(case: str, tmp_path: Path) -> None:
    body, complaint = BROKEN[case]
    folder = tmp_path / "email" / "hello"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("Hello")
    (folder / "body.mjml").write_text("<mjml><mj-body></mj-body></mjml>")
    (folder / "body.txt").write_text(f"Hello\n\n{body}")
    with pytest.raises(RenderError, match=complaint):
        Renderer(tmp_path).email("hello", ENVELOPE, COMMON)


def test_a_message_without_templates_is_named() -> None:
    with pytest.raises(RenderError, match=r"templates/email/hello/subject\.txt: there is no such template"):
        RENDERER.email("hello", ENVELOPE, COMMON)


@every_case
def test_a_forgotten_fact_is_named(case: str) -> None:
    message, facts = CASES[case]
    with pytest.raises(RenderError, match="'sender_name' is undefined"):
        RENDERER.email(message, ENVELOPE, {k: v for k, v in facts.items() if k != "sender_name"})


ANYTHING = st.text(st.characters(), max_size=60) | st.sampled_from(["\r\nBcc: x@y.z", "=?utf-8?q?a?=", "[1] a\n[2] b"])


@settings(deadline=None, max_examples=60)
@given(case=st.sampled_from(list(CASES)), name=ANYTHING, skill=ANYTHING, words=ANYTHING)
def test_any_words_reach_the_reader_and_never_a_header(case: str, name: str, skill: str, words: str) -> None:
    email = mail(
        case, person=name, manager=name, skill=skill, proposed=skill, last_time=words, answers=((words, words),)
    )
    parsed = message_from_bytes(as_bytes(replace(email, to=Address("ana@example.com", name))), policy=default)
    usual = message_from_bytes(as_bytes(mail("form")), policy=default)
    assert parsed.keys() == usual.keys()
    assert not parsed.defects
    assert parsed["Subject"] == email.subject
    for kind, body in (("plain", email.text), ("html", email.html)):
        part = parsed.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n") == body
