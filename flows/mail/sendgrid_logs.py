"""Whether SendGrid accepted a mail whose answer was lost: what its Email Logs say (API reference, Email Logs).

The logs can be searched by recipient and time, not by our own arguments; those stand in the details of each hit.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any
from urllib.parse import quote

from flows.mail.sendgrid_client import Answer, Api, Lost, NotReached
from flows.mail.sendgrid_payload import SEND_KEY
from flows.rules.email import ABSENT, SENT, UNKNOWN, Delivery
from flows.rules.post import Sending

MOST = 1000  # that one search gives; there is no next page
CLOCKS_APART = timedelta(hours=1)


class _Unclear(Exception):
    """The logs cannot be read now, or not to the end."""


def look_up(api: Api, sending: Sending, mark: str) -> Delivery:
    """SENT when the logs hold the sending with this mark, ABSENT when they hold all but it, else UNKNOWN and why."""
    try:
        return _find(api, mark, _search(api, sending))
    except _Unclear as unclear:
        return Delivery(UNKNOWN, detail=str(unclear))


def _find(api: Api, mark: str, hits: list[dict[str, Any]]) -> Delivery:
    for hit in hits:
        details = _asked(api, "get", f"logs/{quote(str(hit.get('sg_message_id', '')), safe='')}")
        if (details.get("custom_args") or {}).get(SEND_KEY) == mark:
            return Delivery(SENT, str(details.get("sg_message_id", "")), "found in SendGrid's Email Logs")
    if len(hits) == MOST:
        return Delivery(UNKNOWN, detail="SendGrid's Email Logs hold too many mails to this address to see them all")
    return Delivery(ABSENT)


def _search(api: Api, sending: Sending) -> list[dict[str, Any]]:
    since = (sending.begun - CLOCKS_APART).astimezone(UTC)
    address = sending.recipient.replace('"', "")
    query = f'to_email = "{address}" AND sg_message_id_created_at > TIMESTAMP "{since:%Y-%m-%dT%H:%M:%SZ}"'
    found = _asked(api, "post", "logs", {"query": query, "limit": MOST}).get("messages")
    if not isinstance(found, list):
        raise _Unclear("SendGrid's Email Logs gave an answer that cannot be read")
    return [hit for hit in found if isinstance(hit, dict)]


def _asked(api: Api, method: str, path: str, body: object = None) -> dict[str, Any]:
    try:
        answer = api.ask(method, path, body)
    except (NotReached, Lost) as error:
        raise _Unclear(f"SendGrid's Email Logs cannot be reached now ({error})") from None
    known = answer.json
    if answer.status != 200 or not isinstance(known, dict):
        raise _Unclear(_refusal(answer))
    return known


def _refusal(answer: Answer) -> str:
    if answer.status in (401, 403):
        return f"this key may not read SendGrid's Email Logs ({answer.said}); give it that permission"
    if answer.status == 429:
        return "SendGrid's Email Logs are asked too often; the next look will tell"
    return f"SendGrid's Email Logs did not answer ({answer.said})"
