"""Connecting: whether everything that Onward talks to is there and lets it do its work. Changes nothing there."""

from __future__ import annotations

from flows.mail.exchange import mail_exchange
from flows.office import Office
from flows.rules.findings import FINE, MISSING, Finding, Wanted
from flows.rules.problems import OnwardError
from flows.settings import Settings


def look(office: Office, settings: Settings) -> list[Finding]:
    """One finding for each thing that has to be right. What depends on a sheet that is not there yet is unseen."""
    sheet, sender = office.sheet.connection(), ""
    try:
        sender = office.timetable().company.policy.sender_address
    except OnwardError as error:
        if MISSING not in {finding.state for finding in sheet}:  # else it is said already
            sheet.append(Finding("Sheet", MISSING, str(error)))
    findings = [_ledger(office), *sheet, *([office.mailbox.connection()] if office.mailbox else [])]
    wanted = Wanted(sender, settings.reply_domain, settings.web, settings.event_keys, settings.inbound_keys)
    findings += office.mailer.connection(wanted)
    return [*findings, mail_exchange(settings.reply_domain)] if office.mailer.reaches_people else findings


def _ledger(office: Office) -> Finding:
    try:
        unknown = len(office.ledger.unknown())
    except OnwardError as error:
        return Finding("Ledger", MISSING, str(error))
    said = f"{unknown} mails of unknown outcome; `onward settle` looks for evidence" if unknown else "can be used"
    return Finding("Ledger", FINE, said)
