"""The record: one row for every answering, with what people ops may read and nothing else (design §3, §6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flows.rules.answers import Entry
from flows.rules.company import Company
from flows.rules.questions import CHECK_IN, FIRST_SKILL, LOOKING_BACK, PEOPLE_OPS, REFLECTION
from flows.rules.tabs import Column, Content, Tab, Value

RECEIVED = Column("Received", "In the time zone of the settings.", 17, kind="moment")
WORDS = Column("Own words", "All that was written, when people ops may read all of it.", 50)
TAIL = (
    RECEIVED,
    Column("By", "How the answer came.", 8),
    Column("Remark", "A later answer replaces the earlier one.", 24),
    Column("Ref", "What Onward knows the row by. Leave it as it is.", 20),
)


def record(company: Company, entries: Sequence[Entry]) -> list[Content]:
    """The tabs Reflections and Check-ins as they shall be, oldest row first; rows that were never filed are `new`."""
    corrected = _earlier(entries)
    return [
        _content(REFLECTIONS, (REFLECTION,), company, entries, corrected),
        _content(CHECK_INS, (CHECK_IN, LOOKING_BACK, FIRST_SKILL), company, entries, corrected),
    ]


def _who(first: Column) -> tuple[Column, ...]:
    return (first, Column("Name", "", 22), Column("Email", "", 28), Column("Manager", "", 22))


REFLECTIONS = Tab("Reflections", _who(Column("Start date", "", 12)), "what people ops may read of the reflection forms")
CHECK_INS = Tab(
    "Check-ins", (*_who(Column("Week", "", 10)), Column("Growth skill", "", 24)), "the answers to the weekly check-ins"
)


def _content(
    tab: Tab, forms: Iterable[str], company: Company, entries: Sequence[Entry], corrected: Mapping[str, datetime]
) -> Content:
    mine = [entry for entry in entries if entry.form in forms]
    names = _readable_names(forms, company, mine)
    columns = (*tab.columns, *(Column(name, "", 26) for name in names), WORDS, *TAIL)
    rows = [_row(entry, tab, names, company, corrected.get(entry.ref)) for entry in mine]
    new = frozenset(entry.ref for entry in mine if entry.filed_at is None)
    return Content(Tab(tab.name, columns, tab.about), rows, appended=True, new=new)


def _readable_names(forms: Iterable[str], company: Company, entries: Iterable[Entry]) -> list[str]:
    """Today's questions that people ops may read, then those that were asked earlier."""
    today = [q.name for form in forms for q in company.forms[form] if q.readable_by_people_ops]
    earlier = [a.question for entry in entries for a in entry.answers if a.audience == PEOPLE_OPS]
    return list(dict.fromkeys([*today, *earlier]))


def _row(
    entry: Entry, tab: Tab, names: Sequence[str], company: Company, corrects: datetime | None
) -> tuple[Value, ...]:
    # The audience that was promised when the question was asked counts, not what the sheet says today.
    readable = {answer.question: answer.text for answer in entry.answers if answer.audience == PEOPLE_OPS}
    all_readable = bool(entry.answers) and all(answer.audience == PEOPLE_OPS for answer in entry.answers)
    person, manager = company.by_email.get(entry.person), company.by_email.get(entry.manager)
    return (
        entry.label,
        person.name if person else entry.person,
        entry.person,
        manager.name if manager else entry.manager,
        *((entry.skill,) if tab is CHECK_INS else ()),
        *(readable.get(name, "") for name in names),
        entry.words if all_readable else "",
        _local(company, entry.received_at),
        entry.by,
        f"replaces the answer of {_local(company, corrects):%Y-%m-%d %H:%M}" if corrects else "",
        entry.ref,
    )


def _earlier(entries: Sequence[Entry]) -> dict[str, datetime]:
    """For each entry that came after another of the same occasion: when that one came."""
    last: dict[str, datetime] = {}
    found: dict[str, datetime] = {}
    for entry in entries:
        if entry.ask in last:
            found[entry.ref] = last[entry.ask]
        last[entry.ask] = entry.received_at
    return found


def _local(company: Company, moment: datetime) -> datetime:
    return company.policy.calendar.local(moment).replace(tzinfo=None)
