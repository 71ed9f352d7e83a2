"""Where mail to the reply domain goes: its MX record (RFC 5321, 5.1)."""

from __future__ import annotations

from collections.abc import Callable

import dns.exception
import dns.resolver

from flows.rules.findings import FINE, MISSING, UNSEEN, Finding

SENDGRIDS = "mx.sendgrid.net"
SECONDS = 5.0


def records(domain: str) -> list[str]:
    """The hosts that take the domain's mail, best first. Raises what dnspython raises."""
    found = dns.resolver.resolve(domain, "MX", lifetime=SECONDS)
    return [str(each.exchange).rstrip(".").lower() for each in sorted(found, key=lambda each: each.preference)]


def mail_exchange(domain: str, look_up: Callable[[str], list[str]] = records) -> Finding:
    """Whether mail to the reply domain reaches SendGrid's Inbound Parse."""
    try:
        hosts = look_up(domain)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        advice = (
            f"{domain} has no MX record; add one with priority 10 that names {SENDGRIDS}, or set ONWARD_REPLY_DOMAIN"
        )
        return Finding("MX record", MISSING, advice)
    except dns.exception.DNSException as error:
        return Finding("MX record", UNSEEN, f"the MX record of {domain} cannot be looked up from here ({error})")
    if SENDGRIDS in hosts:
        return Finding("MX record", FINE, f"mail to {domain} goes to {SENDGRIDS}")
    advice = f"mail to {domain} goes to {', '.join(hosts)}; for Inbound Parse it has to go to {SENDGRIDS}"
    return Finding("MX record", MISSING, advice)
