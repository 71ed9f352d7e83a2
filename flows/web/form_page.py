"""The form: `/form/<token>`. Looking at it stores nothing; pressing the button does."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from flows.rules.answers import Entry
from flows.rules.email import SENT, UNKNOWN, Delivery
from flows.rules.form import LONGEST, Filled, entry_of, field_of, preselected, read_form
from flows.rules.questions import CHECK_IN, FIRST_SKILL, REFLECTION, SCALE, TEXT, Question, as_asked
from flows.web.day import remember, remembered
from flows.web.desk import Desk, Visit

KINDS = {REFLECTION: "reflection", CHECK_IN: "check-in", FIRST_SKILL: "skill"}
OPEN_FOR = timedelta(days=180)  # an answer may be late, but not about another life


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as the page shows it."""

    field: str
    wording: str
    kind: str  # text, choice or scale
    choices: Sequence[str]
    people_ops: bool
    said: str
    too_long: bool = False


def form_page(desk: Desk, visit: Visit) -> Response:
    """The page, before and after the press."""
    if not visit.sending.form:
        return desk.show(visit, "nothing-asked", {})
    if visit.now - visit.sending.at > OPEN_FOR:
        return desk.show(visit, "expired", {"sent": visit.today(visit.sending.at)}, 410)
    if not visit.pressing:
        return _ask(desk, visit)
    filled = read_form(as_asked(visit.sending.questions), visit.fields)
    if filled.too_long or not filled.words:
        return _ask(desk, visit, filled)
    return _save(desk, visit, filled)


def _ask(desk: Desk, visit: Visit, wrong: Filled | None = None) -> Response:
    questions = as_asked(visit.sending.questions)
    entries = desk.office.ledger.entries(visit.sending.ask)
    mine = _given_here(desk, visit, entries)
    said = dict(wrong.words) if wrong else _said(questions, mine) | preselected(questions, visit.query)
    shown = tuple(_shown(questions, said, wrong.too_long if wrong else frozenset()))
    facts = _about(desk, visit) | {
        "questions": shown,
        "empty": bool(wrong and not wrong.words),
        "wrong": [question for question in shown if question.too_long],
        "longest": LONGEST,
        "answered": visit.today(entries[-1].received_at) if entries else "",
        "today": bool(mine),
        "restore": not wrong and not mine,
        "load": visit.fields.get("load") or secrets.token_hex(8),
    }
    return desk.show(visit, "form", facts, 422 if wrong else 200)


def _save(desk: Desk, visit: Visit, filled: Filled) -> Response:
    ledger, sending = desk.office.ledger, visit.sending
    entry = entry_of(sending, filled, visit.fields.get("load", "")[:64], visit.now)
    mine = _given_here(desk, visit, ledger.entries(sending.ask))
    ledger.answer(entry)
    if sending.status == UNKNOWN:
        ledger.settle({sending.key: Delivery(SENT, detail="it was answered on its page")})
    shown = tuple(_shown(as_asked(sending.questions), filled.words, frozenset()))
    facts = _about(desk, visit) | {"questions": [q for q in shown if q.said], "corrected": bool(mine)}
    # The answer to the press itself, not a way to another address: it works without cookies, and loading it again
    # sends the same words of the same page, which is no second answer.
    response = desk.show(visit, "saved", facts)
    refs = list(dict.fromkeys([*(earlier.ref for earlier in mine), entry.ref]))
    remember(response, desk.office.tokens, visit.token, refs, visit.now, visit.calendar, desk.secure)
    return response


def _about(desk: Desk, visit: Visit) -> dict[str, object]:
    person = visit.known(visit.sending.person)
    talk = person.first_1_1 if person and person.first_1_1 else None
    ahead = talk and talk >= visit.calendar.local(visit.now).date()
    seen = desk.office.ledger.seen(visit.sending.ask)
    return {
        "kind": KINDS.get(visit.sending.form, "check-in"),
        "skill": visit.sending.skill,
        "first_1_1": visit.speech.date(talk) if talk and ahead else "",
        "seen": visit.today(seen) if seen else "",
    }


def _given_here(desk: Desk, visit: Visit, entries: Sequence[Entry]) -> list[Entry]:
    """What this browser answered today; nobody else is shown it."""
    today = visit.calendar.local(visit.now).date()
    refs = remembered(desk.office.tokens, visit.cookie, visit.token, today)
    return [entry for entry in entries if entry.ref in refs]


def _said(questions: Sequence[Question], entries: Sequence[Entry]) -> dict[int, str]:
    words = {answer.question: answer.text for entry in entries for answer in entry.answers}  # the last one counts
    return {
        n: question.shown(words[question.name]) for n, question in enumerate(questions, 1) if question.name in words
    }


def _shown(questions: Sequence[Question], said: Mapping[int, str], too_long: frozenset[int]) -> Iterator[Shown]:
    for number, question in enumerate(questions, 1):
        kind = question.kind if question.kind == TEXT or question.choices else TEXT
        if kind == SCALE and max(map(len, question.choices)) > 4:
            kind = "choice"  # long names of steps need a line each
        yield Shown(
            field=field_of(number),
            wording=question.wording,
            kind=kind,
            choices=question.choices,
            people_ops=question.readable_by_people_ops,
            said=said.get(number, ""),
            too_long=number in too_long,
        )
