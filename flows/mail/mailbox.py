"""A mailbox that replies wait in, for teams without a public address: IMAP, by imap-tools. Deletes nothing.

Which mails are new goes by their UIDs and by the ledger's word on where it stopped, so that a mail which somebody
opened in a mail program is not missed; `\\Seen` is only set, by us, on what the ledger holds.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from flows.addresses import MailboxAt
from flows.rules.findings import FINE, MISSING, Finding
from flows.rules.post import Place
from flows.rules.problems import OnwardError

SECONDS = 30.0
MOST = 64 * 2**20  # bytes of one mail: providers stop at half of that

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"UID (\d+).*RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*UID (\d+)", re.S)


class MailboxError(OnwardError):
    """The mailbox cannot be used now; the message says where, why and what to do."""


class Visit:
    """One look into the folder, on one connection."""

    def __init__(self, box: BaseMailBox, validity: int) -> None:
        self._box, self.validity = box, validity

    def new(self, last: Place | None) -> list[int]:
        """The UIDs of the mails that are new since the place where the last visit ended, in their order."""
        found = self._search("UNSEEN")
        if last and last.validity == self.validity:
            # Of "n:*" servers always give the last mail, too, even when its number is lower.
            found |= {uid for uid in self._search(f"UID {last.uid + 1}:*") if uid > last.uid}
        elif last:  # the server numbered its mails anew
            day = last.at - timedelta(days=1)  # whatever zone the server counts its days in
            found |= self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")
        return sorted(found)

    def sizes(self, uids: list[int]) -> dict[int, int]:
        """How large these mails are; one that is gone meanwhile is not among them."""
        found: dict[int, int] = {}
        for start in range(0, len(uids), 200):
            said = self._ask("FETCH", ",".join(map(str, uids[start : start + 200])), "(UID RFC822.SIZE)")
            for line in said:
                if isinstance(line, bytes) and (match := _SIZE.search(line)):
                    found[int(match[1] or match[4])] = int(match[2] or match[3])
        return found

    def raw(self, uid: int) -> bytes | None:
        """The mail as it is, without marking it as seen; None when the server does not give it."""
        status, said = self._box.client.uid("FETCH", str(uid), "(UID BODY.PEEK[])")
        return next((bytes(part[1]) for part in said if isinstance(part, tuple)), None) if status == "OK" else None

    def mark_seen(self, uid: int) -> bool:
        """Mark the mail as read; False when the server does not let us."""
        status, _ = self._box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        return bool(status == "OK")

    def _search(self, what: str) -> set[int]:
        return {int(uid) for line in self._ask("SEARCH", what) for uid in (line or b"").split()}

    def _ask(self, command: str, *words: str) -> list[Any]:
        status, said = self._box.client.uid(command, *words)
        if status != "OK":
            raise MailboxError(_words(said), passing=True)
        return said


class Mailbox:
    """The folder at an address; connected to for one visit at a time."""

    def __init__(self, at: MailboxAt, *, ca: Path | None = None, seconds: float = SECONDS) -> None:
        self.where = f"{at.user}@{at.host}/{at.folder}"
        self._at, self._ca, self._seconds = at, ca, seconds

    @contextmanager
    def visit(self) -> Iterator[Visit]:
        """Log in, open the folder, and leave again. Raises MailboxError for whatever goes wrong meanwhile."""
        box: BaseMailBox | None = None
        try:
            with self._explained():
                box = self._connected()
                yield Visit(box, self._opened(box))
        finally:
            if box:
                _leave(box)

    def connection(self) -> Finding:
        """Whether the mailbox can be used."""
        try:
            with self.visit():
                pass
        except MailboxError as error:
            return Finding("Mailbox", MISSING, str(error))
        return Finding("Mailbox", FINE, f"{self.where} can be opened")

    def _connected(self) -> BaseMailBox:
        at = self._at
        context = ssl.create_default_context(cafile=str(self._ca) if self._ca else None)
        if at.tls:
            return MailBox(at.host, at.port, timeout=self._seconds, ssl_context=context)
        if at.here:  # nobody listens between us and this machine
            return MailBoxUnencrypted(at.host, at.port, timeout=self._seconds)
        return MailBoxStartTls(at.host, at.port, timeout=self._seconds, ssl_context=context)

    def _opened(self, box: BaseMailBox) -> int:
        """The folder's UIDVALIDITY."""
        at = self._at
        if at.user.isascii() and at.password.isascii():
            box.login(at.user, at.password, initial_folder=None)
        else:
            box.login_utf8(at.user, at.password, initial_folder=None)
        box.folder.set(at.folder)
        _, said = box.client.response("UIDVALIDITY")
        value = said[0] if said else None
        if not isinstance(value, bytes) or not value.isdigit():
            raise MailboxError("the server numbers its mails anew each time (no UIDVALIDITY); use another one")
        return int(value)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Whatever the server does to us, as one sentence."""
        try:
            yield
        except MailboxLoginError as error:
            raise self._error(
                f"the login of {self._at.user} is refused ({_words(error.command_result[1])}); check the password, or "
                "make an app password where the provider wants one"
            ) from None
        except MailboxFolderSelectError as error:
            said = _words(error.command_result[1])
            raise self._error(f"there is no folder “{self._at.folder}” to open ({said}); check its name") from None
        except ssl.SSLCertVerificationError as error:
            raise self._error(f"the server's certificate is not trusted ({error.verify_message})") from None
        except TimeoutError:
            raise self._error(f"no answer within {self._seconds:.0f} seconds", passing=True) from None
        except (ImapToolsError, imaplib.IMAP4.error, OSError, EOFError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) and error.strerror else _words([str(error)])
            raise self._error(f"it cannot be used now ({said})", passing=True) from None
        except MailboxError as error:
            raise self._error(str(error), passing=error.passing) from None

    def _error(self, said: str, *, passing: bool = False) -> MailboxError:
        advice = "; nothing is lost, the next run looks again" if passing else ""
        return MailboxError(f"ONWARD_INBOX: {self.where}: {said}{advice}.", passing=passing)


def _leave(box: BaseMailBox) -> None:
    try:
        box.logout()
    except (ImapToolsError, imaplib.IMAP4.error, OSError):
        with suppress(OSError):
            box.client.shutdown()  # who cannot say goodbye still hangs up


def _words(said: object) -> str:
    """What the server said, short, on one line."""
    parts = said if isinstance(said, list) else [said]
    texts = (part.decode(errors="replace") if isinstance(part, bytes) else str(part) for part in parts if part)
    return " ".join(" ".join(texts).split())[:200] or "no reason given"
