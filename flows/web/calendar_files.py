"""Calendar files behind links: the talk that a manager's mail is for, and the weekly hour for a growth skill."""

from __future__ import annotations

from starlette.responses import Response

from flows.calendars import calendar_file
from flows.rules.messages import BRIEF
from flows.rules.slots import Slot, first_talk, next_talk, weekly_hour
from flows.web.desk import Desk, Visit


def talk_file(desk: Desk, visit: Visit) -> Response:
    """The talk between manager and report."""
    say, sending = visit.speech.gettext, visit.sending
    person = visit.known(sending.person)
    planned = first_talk(person, visit.calendar) if person and sending.message == BRIEF.name else None
    title = say("1:1 with %(name)s") % {"name": visit.name(sending.person)}
    about = "" if planned else say("A proposal: move it to where it suits you both.")
    return _file(visit, planned or next_talk(visit.calendar, sending.at), "talk", title, about)


def slot_file(desk: Desk, visit: Visit) -> Response:
    """An hour a week for the growth skill."""
    say, skill = visit.speech.gettext, visit.sending.skill
    title = say("Growth time: %(skill)s") % {"skill": skill} if skill else say("Growth time")
    about = say("An hour a week for one skill. Move it to where it suits you.")
    return _file(visit, weekly_hour(visit.calendar, visit.sending.at), "slot", title, about)


def _file(visit: Visit, slot: Slot, what: str, title: str, about: str) -> Response:
    uid = f"{what}-{visit.sending.identity.hex()}@onward"
    content = calendar_file(slot, uid, title, about, visit.sending.at)
    headers = {"Content-Disposition": f'attachment; filename="{what}.ics"'}
    return Response(content, headers=headers, media_type="text/calendar; charset=utf-8")
