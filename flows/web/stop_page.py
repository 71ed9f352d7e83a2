"""Fewer mails or none: `/stop/<token>`. Each press takes effect at once, and the same page takes it back."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from flows.rules.breaks import WEEKS, Break, end_of_break
from flows.web.desk import Desk, Visit

ONE_CLICK = "List-Unsubscribe"


def stop_page(desk: Desk, visit: Visit) -> Response:
    """The page, before and after a press; and the press of a mail program's own button, which gets no page."""
    if visit.pressing and visit.fields.get(ONE_CLICK) == "One-Click":
        return stop_unseen(desk, visit)
    done = visit.pressing and _press(desk, visit)
    ledger, who = desk.office.ledger, visit.sending.recipient
    stopped, rest = ledger.stopped(who), ledger.break_of(who)
    resting = rest if rest and visit.now < rest.until else None
    facts = {
        "stopped": visit.today(stopped) if stopped else "",
        "until": visit.today(resting.until) if resting else "",
        "weeks": [(weeks, visit.today(end_of_break(visit.calendar, visit.now, weeks))) for weeks in WEEKS],
        "done": done,
        "unclear": visit.pressing and not done,
        "reports": visit.sending.recipient == visit.sending.person,
    }
    return desk.show(visit, "stop", facts, 422 if facts["unclear"] else 200)


def stop_unseen(desk: Desk, visit: Visit) -> Response:
    """Stop by RFC 8058: no page, no way to another address."""
    desk.office.ledger.stop_mail(visit.sending.recipient, visit.now)
    return PlainTextResponse("Stopped.\n")


def left_page(desk: Desk, visit: Visit) -> Response:
    """For whoever has left: a mail program's button still works, and everything else is said kindly."""
    if visit.pressing and visit.fields.get(ONE_CLICK) == "One-Click":
        return stop_unseen(desk, visit)
    return desk.show(visit, "left", {}, 410)


def _press(desk: Desk, visit: Visit) -> bool:
    """Do what was pressed; whether it was something that the page offers."""
    ledger, who, wish = desk.office.ledger, visit.sending.recipient, visit.fields.get("wish", "")
    breaks = {str(weeks): weeks for weeks in WEEKS}
    if wish == "stop":
        ledger.stop_mail(who, visit.now)
    elif wish == "start":
        ledger.start_mail(who)
    elif wish in breaks:
        ledger.take_break(who, Break(visit.now, end_of_break(visit.calendar, visit.now, breaks[wish])))
    else:
        return False
    return True
