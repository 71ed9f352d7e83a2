"""Words of the command line that stand for something: moments, and stretches of time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import click

YEARS = range(1970, 2100)


class Moment(click.ParamType[datetime]):
    """A moment as ISO 8601 writes it."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the moment; what has no offset is left without one, for the sheet's zone."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” is no moment; write it like 2026-09-07T09:00 or 2026-09-07T09:00+02:00", param, ctx)
        if moment.year not in YEARS:
            self.fail(f"“{value}” cannot be meant; write a moment from {YEARS[0]} to {YEARS[-1]}", param, ctx)
        return moment


class Pace(click.ParamType[timedelta]):
    """A stretch of time such as 30m, 1h or 1d."""

    name = "pace"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read the stretch."""
        match = re.fullmatch(r"([1-9]\d{0,3})\s*(m|min|h|d)", str(value).strip().lower())
        if not match:
            self.fail(f"“{value}” is no stretch of time; write it like 30m, 1h or 1d", param, ctx)
        return int(match[1]) * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[match[2][0]]
