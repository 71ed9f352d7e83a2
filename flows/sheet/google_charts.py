"""The charts on Overview: what was sent and answered, week by week."""

from __future__ import annotations

from typing import Any

from flows.rules.pictures import OVERVIEW

WEEKS = 53  # rows that a chart shows, the header included
HEADERS = OVERVIEW.headers
ROOM = 10  # columns beside the table, for the charts to lie on
CHARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Check-ins sent and answered", "COLUMN", ("Check-ins sent", "Answered")),
    ("Answered, %", "LINE", ("Answered, %",)),
)


def add_charts(sheet: int) -> list[dict[str, Any]]:
    """Both charts, beside the table and one below the other."""
    return [_chart(sheet, 1 + 19 * number, *chart) for number, chart in enumerate(CHARTS)]


def _chart(sheet: int, row: int, title: str, kind: str, series: tuple[str, ...]) -> dict[str, Any]:
    basic = {
        "chartType": kind,
        "legendPosition": "BOTTOM_LEGEND",
        "headerCount": 1,
        # The newest week is the first row, and belongs to the right.
        "domains": [{"domain": _column(sheet, HEADERS[0]), "reversed": True}],
        "series": [{"series": _column(sheet, header), "targetAxis": "LEFT_AXIS"} for header in series],
    }
    anchor = {"sheetId": sheet, "rowIndex": row, "columnIndex": len(HEADERS) + 1}
    position = {"overlayPosition": {"anchorCell": anchor, "widthPixels": 640, "heightPixels": 360}}
    return {"addChart": {"chart": {"spec": {"title": title, "basicChart": basic}, "position": position}}}


def _column(sheet: int, header: str) -> dict[str, Any]:
    at = HEADERS.index(header)
    source = {
        "sheetId": sheet,
        "startRowIndex": 0,
        "endRowIndex": WEEKS,
        "startColumnIndex": at,
        "endColumnIndex": at + 1,
    }
    return {"sourceRange": {"sources": [source]}}
