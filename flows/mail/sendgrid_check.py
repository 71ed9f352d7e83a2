"""Whether SendGrid is set up for Onward: the key, the sender, the two hooks. Looks, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from flows.mail.sendgrid_client import Answer, Api, Lost, NotReached, Untrusted
from flows.rules.findings import FINE, MISSING, NO_SENDER, UNSEEN, Finding, Wanted

EVENTS_PATH, INBOUND_PATH = "/hooks/sendgrid/events", "/hooks/sendgrid/inbound"


# What Onward goes by, as SendGrid's settings and its pages call it. Opens and clicks are none of it.
BOXES = {
    "processed": "Processed",
    "deferred": "Deferred",
    "delivered": "Delivered",
    "bounce": "Bounced",
    "dropped": "Dropped",
    "spam_report": "Spam Reports",
    "unsubscribe": "Unsubscribes",
}
NETWORK = "check the network and, if there is one, the proxy"


class _Unseen(Exception):
    """This cannot be looked at; the message says why and what to do."""

    def __init__(self, why: str, advice: str = "look in SendGrid yourself") -> None:
        super().__init__(f"{why}; {advice}")
        self.why = why


class _Refused(_Unseen):
    """The key may not look at this."""


class _Unreachable(_Unseen):
    """Nobody answered."""


def look_around(api: Api, wanted: Wanted) -> list[Finding]:
    """One finding for each thing that has to be right; without a way there, or a working key, there is just one."""
    try:
        scopes = _part(_get(api, "scopes"), "scopes")
    except _Unreachable as unseen:
        return [Finding("SendGrid", MISSING, str(unseen))]
    except _Refused as refused:
        return [Finding("SendGrid key", MISSING, f"{refused.why}; make a key in SendGrid and set SENDGRID_API_KEY")]
    except _Unseen as unseen:
        return [Finding("SendGrid key", UNSEEN, str(unseen))]
    looks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("Sender", lambda: _sender(api, wanted.sender)),
        ("Delivery events", lambda: _events(api, wanted)),
        ("Replies", lambda: _inbound(api, wanted)),
        ("Email Logs", lambda: _logs(api)),
    ]
    return [_key(scopes), *(finding for what, look in looks for finding in _seen(what, look))]


def _key(scopes: Any) -> Finding:
    if isinstance(scopes, list) and "mail.send" in scopes:
        return Finding("SendGrid key", FINE, "the key is valid and may send mail")
    return Finding("SendGrid key", MISSING, "the key is valid but may not send; give it the permission Mail Send")


def _seen(what: str, look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except _Unseen as unseen:
        return [Finding(what, UNSEEN, str(unseen))]


def _sender(api: Api, address: str) -> Iterator[Finding]:
    if not address:
        yield NO_SENDER
        return
    host = address.rpartition("@")[2].lower()
    named = [(str(each.get("domain", "")).lower(), each) for each in _listed(_get(api, "whitelabel/domains"))]
    fitting = [(name, each) for name, each in named if host == name or host.endswith(f".{name}")]
    # A domain that was set up anew stands there twice, the first time perhaps without its records.
    if valid := [name for name, each in fitting if each.get("valid")]:
        yield Finding("Sender", FINE, f"the domain {valid[0]} is authenticated")
        return
    if fitting:
        advice = f"the DNS records of {fitting[0][0]} are not verified yet; press Verify under Sender Authentication"
        yield Finding("Sender", MISSING, advice)
        return
    senders = _listed(_part(_get(api, "verified_senders"), "results"))
    if any(str(s.get("from_email", "")).lower() == address.lower() and s.get("verified") for s in senders):
        said = f"{address} is verified as a single sender; authenticating its domain keeps mails out of spam folders"
        yield Finding("Sender", FINE, said)
        return
    advice = f"nobody vouches for {address}; authenticate the domain {host} under Sender Authentication"
    yield Finding("Sender", MISSING, advice)


def _events(api: Api, wanted: Wanted) -> Iterator[Finding]:
    url = wanted.web + EVENTS_PATH
    hooks = _listed(_part(_get(api, "user/webhooks/event/settings/all"), "webhooks"))
    mine = [hook for hook in hooks if str(hook.get("url", "")).rstrip("/") == url and hook.get("enabled")]
    if not mine:
        advice = f"SendGrid posts no events to {url}; add it under Mail Settings, Event Webhook, and switch it on"
        yield Finding("Delivery events", MISSING, advice)
    elif not wanted.keys:
        advice = "events are taken unsigned; switch on Signed Event Webhook and set SENDGRID_EVENT_PUBLIC_KEY"
        yield Finding("Delivery events", MISSING, advice)
    elif wrong := _wrong_key("SENDGRID_EVENT_PUBLIC_KEY", wanted.keys, [hook.get("public_key") for hook in mine]):
        yield Finding("Delivery events", MISSING, f"{wrong} under Signed Event Webhook")
    elif unticked := _boxes(mine, lambda ticks: not any(ticks) and False in ticks):
        yield Finding("Delivery events", MISSING, f"tick {unticked} for {url} under Event Webhook")
    elif unknown := _boxes(mine, lambda ticks: not any(ticks)):
        said = f"signed events come to {url}; SendGrid does not tell whether these are ticked: {unknown}"
        yield Finding("Delivery events", UNSEEN, said)
    else:
        yield Finding("Delivery events", FINE, f"signed events come to {url}")


def _boxes(hooks: list[dict[str, Any]], wanted: Callable[[list[Any]], bool]) -> str:
    """The names of those boxes whose ticks, in all of the hooks together, are as wanted."""
    return ", ".join(name for box, name in BOXES.items() if wanted([hook.get(box) for hook in hooks]))


def _wrong_key(variable: str, ours: Collection[str], theirs: Iterable[Any]) -> str:
    """What is wrong when SendGrid signs with none of our keys; then all of its posts would be refused."""
    shown = {re.sub(r"-----[A-Z ]+-----|\s", "", str(key)) for key in theirs if key}
    if not shown:
        return f"{variable} is set, but SendGrid does not sign; switch signing on"
    return "" if shown & set(ours) else f"SendGrid signs with another key than {variable} says; copy the one shown"


def _inbound(api: Api, wanted: Wanted) -> Iterator[Finding]:
    url = wanted.web + INBOUND_PATH
    hooks = _listed(_part(_get(api, "user/webhooks/parse/settings"), "result"))
    mine = next((hook for hook in hooks if str(hook.get("hostname", "")).lower() == wanted.reply_domain), None)
    if mine is None or str(mine.get("url", "")).rstrip("/") != url:
        advice = f"add the host {wanted.reply_domain} with the URL {url} under Inbound Parse, and tick POST raw"
        yield Finding("Replies", MISSING, advice)
    elif not mine.get("send_raw"):
        yield Finding("Replies", MISSING, f"tick “POST the raw, full MIME message” for {wanted.reply_domain}")
    elif wrong := _wrong_inbound_key(api, wanted, mine):
        yield Finding("Replies", MISSING, f"{wrong} by the security policy of {wanted.reply_domain}")
    else:
        yield Finding("Replies", FINE, f"raw mail to {wanted.reply_domain} is posted to {url}")


def _wrong_inbound_key(api: Api, wanted: Wanted, hook: dict[str, Any]) -> str:
    policy, keys = hook.get("security_policy"), list[Any]()
    if wanted.inbound_keys and policy:
        signature = _part(_part(_get(api, f"user/webhooks/security/policies/{policy}"), "policy"), "signature")
        keys = [_part(signature, "public_key")] if signature else []
    return _wrong_key("SENDGRID_INBOUND_PUBLIC_KEY", wanted.inbound_keys, keys) if wanted.inbound_keys else ""


def _logs(api: Api) -> Iterator[Finding]:
    _asked(lambda: api.ask("post", "logs", {"query": 'to_email = "nobody@example.com"', "limit": 1}))
    yield Finding("Email Logs", FINE, "the key may read them: mails of unknown outcome can be settled")


def _get(api: Api, path: str) -> Any:
    return _asked(lambda: api.ask("get", path))


def _part(answer: Any, name: str) -> Any:
    if not isinstance(answer, dict):
        raise _Unseen("SendGrid's answer cannot be understood")
    return answer.get(name)


def _listed(value: Any) -> list[dict[str, Any]]:
    """The entries of a list; none where SendGrid says null."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _asked(call: Callable[[], Answer]) -> Any:
    try:
        answer = call()
    except Untrusted as error:
        raise _Unreachable(f"whoever answers is not SendGrid ({error})", "check REQUESTS_CA_BUNDLE") from None
    except (NotReached, Lost) as error:
        raise _Unreachable(f"SendGrid cannot be reached ({error})", NETWORK) from None
    if answer.status in (401, 403):
        advice = "give the key the right to read this, or look in SendGrid yourself"
        raise _Refused(f"SendGrid says: {answer.said}", advice)
    if answer.status != 200 or answer.json is None:
        raise _Unseen(f"SendGrid says: {answer.said}", "try again in a while, or look in SendGrid yourself")
    return answer.json
