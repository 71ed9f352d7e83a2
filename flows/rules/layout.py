"""The tabs of a sheet: those that people edit, as a new sheet gets them, and Onward's own. Nothing here decides."""

from __future__ import annotations

from dataclasses import replace

from flows.rules.dates import WEEKDAYS
from flows.rules.pictures import OVERVIEW, PROBLEMS, STATUS, UPCOMING
from flows.rules.policy import SETTINGS_TAB
from flows.rules.questions_tab import QUESTIONS
from flows.rules.record import CHECK_INS, REFLECTIONS
from flows.rules.roster import ROSTER
from flows.rules.values import LANGUAGES, OFF, ON, PREVIEW

SETTING_CHOICES = (("Sending", (OFF, PREVIEW, ON)), ("Check-in day", WEEKDAYS), ("Language", LANGUAGES))

PEOPLE_TABS = (ROSTER, replace(SETTINGS_TAB, cell_choices=SETTING_CHOICES), QUESTIONS)
RECORD_TABS = (REFLECTIONS, CHECK_INS)
PICTURE_TABS = (STATUS, UPCOMING, PROBLEMS, OVERVIEW)
