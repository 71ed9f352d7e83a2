"""One Email as the request that SendGrid takes (API reference, Mail Send; limits of its personalizations)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sendgrid.helpers.mail import (
    Category,
    ClickTracking,
    CustomArg,
    From,
    Ganalytics,
    Header,
    HtmlContent,
    Mail,
    OpenTracking,
    Personalization,
    PlainTextContent,
    ReplyTo,
    Subject,
    SubscriptionTracking,
    To,
    TrackingSettings,
)
from sendgrid.helpers.mail.exceptions import ApiKeyIncludedException

from flows.mail.mime import checked_mailbox
from flows.rules.email import Address, Email

SEND_KEY = "onward_send"  # prefixed: an argument named like one of the events' own fields would be lost

_TRACKING = TrackingSettings(
    ClickTracking(enable=False, enable_text=False),
    OpenTracking(enable=False),
    SubscriptionTracking(enable=False),
    Ganalytics(enable=False),
)


def payload(email: Email, mark: str) -> dict[str, Any]:
    """The request's body; `mark` is what SendGrid knows the mail by. Raises ValueError for what cannot be sent."""
    to = Personalization()
    to.add_to(To(checked_mailbox(email.to), _name(email.to)))
    mail = Mail()
    mail.add_personalization(to)
    mail.from_email = From(checked_mailbox(email.sender), _ascii(email.sender))
    mail.reply_to = ReplyTo(checked_mailbox(email.reply_to), _ascii(email.reply_to))
    mail.subject = Subject(" ".join(email.subject.split()))
    mail.content = _contents(email)
    for name, value in {"Message-ID": email.message_id, **email.headers}.items():
        mail.add_header(Header(name, value))
    mail.category = Category(email.kind)
    mail.custom_arg = CustomArg(SEND_KEY, mark)
    mail.tracking_settings = _TRACKING
    made: dict[str, Any] = mail.get()
    return made


def _contents(email: Email) -> list[Any]:
    try:
        return [PlainTextContent(email.text), HtmlContent(email.html)]
    except ApiKeyIncludedException:  # the library guards against sending one's own key about
        raise ValueError("the mail begins with what looks like a SendGrid API key") from None


def _name(address: Address) -> str | None:
    """The name that is shown; SendGrid refuses the two signs that separate addresses."""
    return " ".join(re.sub(r"[;,\x00-\x1f\x7f]", " ", address.name).split()) or None


def _ascii(address: Address) -> str | None:
    """The name in ASCII, which is all that SendGrid takes here: Müller becomes Muller, 山田 becomes nothing."""
    plain = unicodedata.normalize("NFKD", _name(address) or "").encode("ascii", "ignore").decode()
    return " ".join(plain.split()) or None
