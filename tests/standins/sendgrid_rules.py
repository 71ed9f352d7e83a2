"""What SendGrid's API refuses in a mail: unknown fields, limits, headers of its own (API reference, Mail Send)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

TOP = {
    "personalizations", "from", "reply_to", "reply_to_list", "subject", "content", "attachments", "template_id",
    "headers", "categories", "custom_args", "send_at", "batch_id", "asm", "ip_pool_name", "mail_settings",
    "tracking_settings",
}  # fmt: skip
PERSONAL = {
    "from", "to", "cc", "bcc", "subject", "headers", "substitutions", "dynamic_template_data", "custom_args", "send_at",
}  # fmt: skip
RESERVED = {
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from",
    "subject", "reply-to", "cc", "bcc",
}  # fmt: skip
TRACKING = {
    "click_tracking": {"enable", "enable_text"},
    "open_tracking": {"enable", "substitution_tag"},
    "subscription_tracking": {"enable", "text", "html", "substitution_tag"},
    "ganalytics": {"enable", "utm_source", "utm_medium", "utm_term", "utm_content", "utm_campaign"},
}
ADDRESS = re.compile(r"[^@\s<>\"(),;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

Fault = tuple[str, str]  # field, message


def faults(mail: Any) -> Iterator[Fault]:
    """Everything that is wrong with a request's body."""
    if not isinstance(mail, dict):
        yield "", "Bad Request"
        return
    yield from _unknown("", mail, TOP)
    yield from _people(mail.get("personalizations"))
    yield from _sender(mail)
    yield from _contents(mail.get("content"))
    yield from _extras(mail)
    if not mail.get("subject"):
        yield "subject", "The subject is required."


def _unknown(where: str, thing: dict[str, Any], known: set[str]) -> Iterator[Fault]:
    for name in thing.keys() - known:
        yield f"{where}{name}", f"Additional property {name} is not allowed"


def _people(personalizations: Any) -> Iterator[Fault]:
    if not isinstance(personalizations, list) or not 1 <= len(personalizations) <= 1000:
        yield "personalizations", "The personalizations field is required and must have at least one personalization."
        return
    for number, person in enumerate(personalizations):
        where = f"personalizations.{number}."
        yield from _unknown(where, person, PERSONAL)
        if not person.get("to"):
            yield f"{where}to", "The to array is required, and must have at least one recipient."
        for at, address in enumerate(person.get("to", [])):
            yield from _address(f"{where}to.{at}", address, separators=True)


def _address(where: str, address: Any, *, separators: bool) -> Iterator[Fault]:
    if not isinstance(address, dict) or not ADDRESS.fullmatch(str(address.get("email", ""))):
        yield f"{where}.email", "Does not contain a valid address."
        return
    yield from _unknown(f"{where}.", address, {"email", "name"})
    if separators and set(address.get("name", "")) & set(";,"):
        yield f"{where}.name", "The name must not contain ; or ,"


def _sender(mail: dict[str, Any]) -> Iterator[Fault]:
    yield from _address("from", mail.get("from"), separators=False)
    if not str(mail.get("from", {}).get("name", "")).isascii():
        yield "from.name", "Unicode is not supported in the from field."
    if "reply_to" in mail and "reply_to_list" in mail:
        yield "reply_to", "reply_to and reply_to_list exclude each other"
    if "reply_to" in mail:
        yield from _address("reply_to", mail["reply_to"], separators=False)


def _contents(contents: Any) -> Iterator[Fault]:
    if not contents:
        yield "content", "Unless a valid template_id is provided, the content parameter is required."
        return
    kinds = [content.get("type") for content in contents]
    if kinds != sorted(kinds, key=["text/plain", "text/html"].index):
        yield "content", "text/plain needs to be first, then text/html, then others."
    for number, content in enumerate(contents):
        if not content.get("value"):
            yield f"content.{number}.value", "The content value must be a string at least one character in length."


def _extras(mail: dict[str, Any]) -> Iterator[Fault]:
    for name, value in mail.get("headers", {}).items():
        if name.lower() in RESERVED or not isinstance(value, str) or not value.isascii():
            yield "headers", f"The header {name} cannot be set."
    arguments = mail.get("custom_args", {})
    if not all(isinstance(value, str) for value in arguments.values()) or len(str(arguments)) > 10_000:
        yield "", "Bad Request"
    categories = mail.get("categories", [])
    if len(categories) > 10 or len(set(categories)) < len(categories) or any(len(c) > 255 for c in categories):
        yield "categories", "There cannot be more than 10 unique categories."
    for kind, settings in mail.get("tracking_settings", {}).items():
        if kind not in TRACKING:
            yield f"tracking_settings.{kind}", f"Additional property {kind} is not allowed"
            continue
        yield from _unknown(f"tracking_settings.{kind}.", settings, TRACKING[kind])
        if not isinstance(settings.get("enable"), bool):
            yield f"tracking_settings.{kind}.enable", "must be a boolean"
