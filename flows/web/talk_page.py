"""The pages of managers' mails: how the talk went (`/talk/<token>`), and that the brief was read (`/seen/<token>`)."""

from __future__ import annotations

from starlette.responses import Response

from flows.rules.messages import BRIEF
from flows.rules.talks import ABOUT_A_TALK, AGAIN_AFTER, OUTCOMES
from flows.web.desk import Desk, Visit


def talk_page(desk: Desk, visit: Visit) -> Response:
    """What the manager says of the talk; selected by the link, saved by the press."""
    sending, ledger = visit.sending, desk.office.ledger
    if sending.message not in ABOUT_A_TALK:
        return desk.show(visit, "nothing-asked", {})
    pressed = visit.fields.get("is", "")
    saved = visit.pressing and pressed in OUTCOMES
    if saved:
        ledger.say_of_talk(sending, pressed, visit.now)
    said = ledger.said_of_talk(sending)
    asked = visit.query.get("is", "")
    facts = {
        "saved": saved,
        "empty": visit.pressing and not saved,
        "selected": asked if asked in OUTCOMES and not visit.pressing else said.outcome if said else "",
        "said": said.outcome if said else "",
        "on": visit.today(said.at) if said else "",
        "again": visit.today(said.at + AGAIN_AFTER) if said else "",
        "brief": sending.message == BRIEF.name,
    }
    return desk.show(visit, "talk", facts, 422 if facts["empty"] else 200)


def seen_page(desk: Desk, visit: Visit) -> Response:
    """That the manager has read what was shared, for the report to know."""
    sending, ledger = visit.sending, desk.office.ledger
    if sending.form:  # a mail to the report, who has nothing to acknowledge
        return desk.show(visit, "nothing-asked", {})
    if visit.pressing:
        ledger.see(sending, visit.now)
    seen = ledger.seen(sending.ask)
    return desk.show(visit, "seen", {"saved": visit.pressing, "on": visit.today(seen) if seen else ""})
