"""The mailer that needs no account: one .eml file per mail, in a folder that any mail program can open."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from flows.mail.door import StopSending
from flows.mail.mime import as_bytes
from flows.rules.email import LATER, REFUSED, SENT, UNKNOWN, Delivery, Email
from flows.rules.findings import FINE, MISSING, Finding, Wanted
from flows.rules.post import Sending

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?![^. ])", re.IGNORECASE)  # Windows opens a device instead


class Outbox:
    """Carries mails into a folder. Implements `Mailer`."""

    reaches_people = False
    width = 1  # a disk gets no faster by being asked twice

    def __init__(self, folder: Path) -> None:
        self.where = f"the folder {folder}"
        self.carrier = f"outbox:{folder}"[:200]
        self._folder = folder

    def send(self, email: Email) -> Delivery:
        """Write the mail as one file. A further sending of the same key replaces that file."""
        try:
            content = as_bytes(email)
        except ValueError as error:
            return Delivery(REFUSED, detail=str(error))
        try:
            _write(self._folder / file_name(email), content)
        except OSError as error:
            raise StopSending(
                f"{self._folder}: no mail can be written here ({error.strerror or error}); "
                "make room or let Onward write there, or name another folder in ONWARD_MAIL"
            ) from error
        return Delivery(SENT, provider_id=email.message_id)

    def evidence(self, sending: Sending) -> Delivery:
        """SENT when the file is there; without it the mail certainly never left. Reads the folder's names, no file."""
        try:
            names = os.listdir(self._folder)
        except (FileNotFoundError, NotADirectoryError):
            names = []
        except OSError as error:
            return Delivery(UNKNOWN, detail=f"{self._folder} cannot be read now ({error.strerror})")
        end = _end(sending.key)
        return Delivery(SENT if any(name.endswith(end) for name in names) else LATER)

    def erase(self, sendings: Iterable[Sending]) -> int:
        """Erase the files of these mails; how many there were. One of unknown outcome stays, as evidence."""
        ends = tuple(_end(sending.key) for sending in sendings if sending.status != UNKNOWN)
        names = os.listdir(self._folder) if self._folder.is_dir() and ends else []
        found = [self._folder / name for name in names if name.endswith(ends)]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def connection(self, wanted: Wanted) -> list[Finding]:
        """Whether files can be written into the folder."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
        except OSError as error:
            advice = f"{self._folder} cannot be written ({error.strerror}); let this account write there"
            return [Finding("Outbox", MISSING, advice)]
        return [Finding("Outbox", FINE, f"mails become files in {self._folder}; none leaves this machine")]

    def close(self) -> None:
        """Nothing is held open."""


def written(folder: Path, key: str) -> Path:
    """The file of the mail with this key. Raises FileNotFoundError when there is none."""
    for name in os.listdir(folder):
        if name.endswith(_end(key)):
            return folder / name
    raise FileNotFoundError(f"{folder} holds no mail with the key {key}")


def file_name(email: Email) -> str:
    """The mail's file: what it is, for whom, and a digest of its key, by which it is found again.

    Only what the key stands for is in it, so that one key never makes two files: no subject, no date, no name.
    """
    what = re.sub(r"\W[0-9a-f]{16,}$", "", email.key)  # a key may end in a digest of its own, which tells nobody much
    readable = re.sub(r"[^A-Za-z0-9@+_.-]+", " ", f"{what[:80]} {email.to.email.lower()[:80]}").strip(" .-")
    if _RESERVED.match(readable):
        readable = f"_{readable}"
    return f"{readable} {_end(email.key)}"


def _end(key: str) -> str:
    return sha256(key.encode(errors="surrogatepass")).hexdigest()[:20] + ".eml"


def _write(path: Path, content: bytes) -> None:
    """The file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
