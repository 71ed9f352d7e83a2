"""Calendar files (RFC 5545), for any calendar program. Icalendar is used here and nowhere else."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from flows.rules.slots import Slot


def calendar_file(slot: Slot, uid: str, title: str, about: str, made: datetime) -> bytes:
    """One file with one event, repeated every week when the slot is. The same slot gives the same bytes."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", made)
    event.add("summary", title)
    event.add("description", about)
    event.add("class", "PRIVATE")  # what somebody wants to grow in is not for every colleague's eyes
    if slot.start is None:
        event.add("dtstart", slot.day)
        event.add("transp", "TRANSPARENT")
    else:
        start = datetime.combine(slot.day, slot.start, ZoneInfo(slot.zone))
        event.add("dtstart", start)
        event.add("dtend", start + slot.length)
    if slot.weeks > 1:
        event.add("rrule", {"freq": "weekly", "count": slot.weeks})
    calendar = Calendar()
    calendar.add("prodid", "-//Onward//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
