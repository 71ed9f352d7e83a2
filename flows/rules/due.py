"""Who is due what at a moment: what goes out now, what waits until when, what is skipped and why (design §4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flows.rules.breaks import Break
from flows.rules.company import Company
from flows.rules.dates import DAY, Calendar, short_day
from flows.rules.delivery import Pause
from flows.rules.email import REFUSED, SENT
from flows.rules.messages import (
    BRIEF,
    CHECK_IN,
    CHECK_IN_REMINDER,
    REFLECTION_FORM,
    REFLECTION_REMINDER,
    SUCCESS_QUESTION,
    THANKS,
    Message,
)
from flows.rules.occasions import Occasion, end_of_grace, key_of
from flows.rules.roster import ACTIVE, LEFT, Person
from flows.rules.talks import AGAIN_AFTER, LATER, Talk


@dataclass(frozen=True, slots=True)
class Sent:
    """What the ledger says of one sending: its status (see rules.email) and when, in UTC."""

    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger says of the past, as far as it bears on the occasions at hand."""

    sends: Mapping[str, Sent] = field(default_factory=dict)  # by key
    answered: Mapping[str, datetime] = field(default_factory=dict)  # by the occasion's key; the first answer
    stopped: Mapping[str, datetime] = field(default_factory=dict)  # by address: who asked for no more mail
    latest: Mapping[str, datetime] = field(default_factory=dict)  # by the occasion's key; the last answer
    paused: Mapping[str, Pause] = field(default_factory=dict)  # by address: where mail does not arrive
    breaks: Mapping[str, Break] = field(default_factory=dict)  # by address: who asked for no mail for a while
    talks: Mapping[str, Talk] = field(default_factory=dict)  # by key: what the manager said of the talk it is for
    seen: Mapping[str, datetime] = field(default_factory=dict)  # by the occasion's key: when the manager said thank you


@dataclass(frozen=True, slots=True)
class Due:
    """One message to one person for one occasion, and between when it may go out (UTC)."""

    message: Message
    occasion: Occasion
    opens: datetime
    closes: datetime
    key: str

    @property
    def to(self) -> Person:
        """Who gets it."""
        manager = self.occasion.manager
        return manager if self.message.to_manager and manager else self.occasion.person

    @property
    def stops_when_answered(self) -> bool:
        """Whether an answer that comes in time keeps the mail from going out."""
        return self.message in (REFLECTION_REMINDER, CHECK_IN_REMINDER)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one due message at a moment: it goes out (`at` is now), waits until `at`, or is skipped."""

    due: Due
    at: datetime | None = None
    reason: str = ""
    now: bool = False

    @property
    def skipped(self) -> bool:
        """Whether it will not go out at all."""
        return bool(self.reason)


def dues(occasion: Occasion, company: Company, history: History) -> Iterator[Due]:
    """The asking itself and what follows from it, in the order in which it goes out."""
    ask = Due(occasion.message, occasion, occasion.opens, occasion.closes, occasion.key)
    yield ask
    sent = history.sends.get(occasion.key)
    if sent is None or sent.status != SENT:
        return
    if occasion.key not in history.answered:
        yield from _reminders(occasion, company, history, sent)
    if occasion.message is REFLECTION_FORM:
        yield from _brief(occasion, company, history)
        yield from _thanks(occasion, company, history)
    if occasion.message is SUCCESS_QUESTION:
        yield from _again(SUCCESS_QUESTION, occasion, occasion.key, company, history)


def judge(due: Due, company: Company, history: History, now: datetime) -> Verdict | None:
    """What becomes of the due message at `now` (UTC); None when nothing is to be done or said about it any more."""
    if earlier := history.sends.get(due.key):
        return None if earlier.status == SENT else Verdict(due, reason=_doubt(due, earlier))
    if reason := obstacle(due, company, history):
        return Verdict(due, reason=reason)
    opens, rest = due.opens, history.breaks.get(due.to.email)
    if rest and rest.at < due.closes and now < rest.until:
        if rest.until >= due.closes:
            return Verdict(due, reason=_resting(due, rest))
        opens = max(opens, rest.until)
    if now >= due.closes:
        return Verdict(due, reason=_too_late(due, company))
    if now < opens:
        return Verdict(due, opens)
    opening = due.to.calendar.next_open(now)
    if opening is None or opening >= due.closes:
        return Verdict(due, reason=_too_late(due, company))
    return Verdict(due, opening, now=opening == now)


def foresee(
    occasion: Occasion, company: Company, history: History, now: datetime, until: datetime
) -> Iterator[Verdict]:
    """The verdicts of every run from `now` to `until`, if nobody answers and the sheet stays as it is.

    It is the same judgement as a run's, stepped from one moment at which something happens to the next.
    """
    moment, past, said = now, history, set[str]()
    while moment <= until:
        verdicts = [v for due in dues(occasion, company, past) if (v := judge(due, company, past, moment))]
        for verdict in verdicts:
            if verdict.skipped and verdict.due.key not in said:
                said.add(verdict.due.key)
                yield verdict
        going = [verdict for verdict in verdicts if verdict.now]
        yield from going
        if going:
            sent = {verdict.due.key: Sent(SENT, moment) for verdict in going}
            past = replace(past, sends={**past.sends, **sent})
        elif later := [verdict.at for verdict in verdicts if verdict.at]:
            moment = min(later)
        else:
            return


def _reminders(occasion: Occasion, company: Company, history: History, asked: Sent) -> Iterator[Due]:
    message = {REFLECTION_FORM: REFLECTION_REMINDER, CHECK_IN: CHECK_IN_REMINDER}.get(occasion.message)
    calendar, previous = occasion.person.calendar, asked
    for number in range(1, company.policy.reminders + 1):
        day = calendar.add(calendar.local(previous.at).date(), company.policy.reminder_after)
        if message is None or day is None:
            return
        key = _follow_up_key(message, occasion, number)
        opens, closes = calendar.at(day), _end_of_reminding(occasion, end_of_grace(calendar, day, company.policy.grace))
        if opens < closes:
            yield Due(message, occasion, opens, closes, key)
        if key not in history.sends:
            return
        previous = history.sends[key]


def _end_of_reminding(occasion: Occasion, latest: datetime) -> datetime:
    if occasion.message is CHECK_IN:
        return min(latest, occasion.closes)
    return min(latest, occasion.talk) if occasion.talk else latest


def _brief(occasion: Occasion, company: Company, history: History) -> Iterator[Due]:
    """The brief of the first 1:1, and a second one when an answer came after it: nobody else passes those on."""
    if occasion.manager is None:
        return
    calendar, answered = occasion.manager.calendar, history.answered.get(occasion.key)
    first = _follow_up_key(BRIEF, occasion, 1)
    briefed = history.sends.get(first)
    latest = history.latest.get(occasion.key, answered) if briefed else answered
    since_the_answer = (
        (latest, end_of_grace(calendar, calendar.local(latest).date(), company.policy.grace)) if latest else None
    )
    before_the_talk = _before_the_talk(occasion, calendar, history.sends[occasion.key].at, answered)
    if briefed and since_the_answer and briefed.at < since_the_answer[0]:
        yield Due(BRIEF, occasion, *since_the_answer, _follow_up_key(BRIEF, occasion, 2))
    elif before_the_talk and not (answered and answered >= before_the_talk[1]):
        yield Due(BRIEF, occasion, *before_the_talk, first)
    elif since_the_answer:
        yield Due(BRIEF, occasion, *since_the_answer, first)
    second = _follow_up_key(BRIEF, occasion, 2)
    yield from _again(BRIEF, occasion, second if second in history.sends else first, company, history)


def _before_the_talk(
    occasion: Occasion, calendar: Calendar, asked: datetime, answered: datetime | None
) -> tuple[datetime, datetime] | None:
    """From the working day before the first 1:1 until the talk; None when there was none ahead at the asking."""
    talk, day = occasion.talk, occasion.person.first_1_1
    if talk is None or day is None or talk <= asked:
        return None
    if occasion.person.first_1_1_time:
        day = calendar.local(talk).date()  # the manager's day may be another one
    eve = calendar.add(day, -1)
    opens = calendar.at(eve) if eve else asked
    if asked >= opens and not answered:
        # The form went out late: give the person the day before saying that nothing came, if there is one.
        following = calendar.on_or_after(calendar.local(asked).date() + DAY)
        soon = asked + timedelta(minutes=30)  # else with a run soon after
        opens = calendar.at(following) if following and calendar.at(following) < talk else soon
    return opens, talk


def _thanks(occasion: Occasion, company: Company, history: History) -> Iterator[Due]:
    """The manager's “seen, thank you” passed on.

    In a mail of its own: the next one may be a week off, and the ledger lets this out once like any other.
    """
    if (seen := history.seen.get(occasion.key)) and occasion.key in history.answered:
        calendar = occasion.person.calendar
        closes = end_of_grace(calendar, calendar.local(seen).date(), company.policy.grace)
        yield Due(THANKS, occasion, seen, closes, _follow_up_key(THANKS, occasion, 1))


def _again(message: Message, occasion: Occasion, head: str, company: Company, history: History) -> Iterator[Due]:
    """The same mail once more, a week after each time that the manager pressed “not yet”. `head` is the first one."""
    if occasion.manager is None:
        return
    calendar, key, number = occasion.manager.calendar, head, 0
    while (talk := history.talks.get(key)) and talk.outcome == LATER and key in history.sends:
        number += 1
        about = occasion.person.manager_email
        key = key_of(message.name, f"{occasion.label}-again-{number}", occasion.person.email, about)
        if day := calendar.on_or_after(calendar.local(talk.at).date() + AGAIN_AFTER):
            closes = end_of_grace(calendar, day, company.policy.grace)
            yield Due(message, occasion, calendar.at(day), closes, key)


def _follow_up_key(message: Message, occasion: Occasion, number: int) -> str:
    manager = occasion.person.manager_email if occasion.message is not CHECK_IN else ""
    label = occasion.label if number == 1 else f"{occasion.label}-{number}"
    return key_of(message.name, label, occasion.person.email, manager)


def obstacle(due: Due, company: Company, history: History) -> str:
    """What keeps the message from going out at any time, as things stand."""
    person, manager = due.occasion.person, due.occasion.manager
    if due.occasion.never:
        return due.occasion.never
    if person.status != ACTIVE:
        return "has left" if person.status == LEFT else "paused in the roster"
    if manager is None:
        return "no manager in the roster"
    if due.to.email in history.stopped:
        asked = due.to.calendar.local(history.stopped[due.to.email])
        return f"asked on {short_day(asked.date())} for no more mail"
    if pause := history.paused.get(due.to.email):
        return f"mail to {due.to.email} is paused since {short_day(due.to.calendar.local(pause.at).date())} ({pause})"
    if due.message is not CHECK_IN and due.message is not CHECK_IN_REMINDER and manager.status == LEFT:
        return "the manager has left"
    if due.to.status != ACTIVE:
        return "the manager is paused in the roster"
    if due.to.row == 0 and due.to.email in company.roster.set_aside:
        return f"the manager's row {company.roster.set_aside[due.to.email]} needs mending first"
    return ""


def _resting(due: Due, rest: Break) -> str:
    asked, back = (short_day(due.to.calendar.local(moment).date()) for moment in (rest.at, rest.until))
    return f"asked on {asked} for no mail until {back}"


def _doubt(due: Due, earlier: Sent) -> str:
    day = short_day(due.to.calendar.local(earlier.at).date())
    if earlier.status == REFUSED:
        return f"the mail was refused on {day}"
    return f"sent on {day} with an unknown outcome; it is not sent again by itself"


def _too_late(due: Due, company: Company) -> str:
    day = short_day(due.to.calendar.local(due.opens).date())
    if due.message in (CHECK_IN, CHECK_IN_REMINDER):
        return f"was due on {day}; the week's working hours are over"
    if due.occasion.talk and due.closes == due.occasion.talk:
        return f"was due on {day}; the first 1:1 is over"
    return f"was due on {day}, more than {company.policy.grace} working days ago"
