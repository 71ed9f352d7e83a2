"""The environment, read once into one frozen object; every wrong value is named at once (design §9)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from dotenv import dotenv_values

from flows.addresses import (
    PORTS,
    BadAddress,
    MailAt,
    MailboxAt,
    OutboxAt,
    SendGridAt,
    SheetAt,
    Spreadsheet,
    host_at,
    mailbox_at,
    path_at,
    public_keys,
    relay_at,
    sheet_at,
    web_at,
)
from flows.rules.problems import OnwardError

T = TypeVar("T")

OWN = ("ONWARD_", "SENDGRID_", "GOOGLE_")
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")  # as requests and curl know them
WEB = "http://127.0.0.1:8020"
SENDGRID, GOOGLE = "https://api.sendgrid.com", "https://sheets.googleapis.com"
PREFECT_AT_HOME = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # the default of 20 is too short for a slow machine
    "PREFECT_LOGGING_LEVEL": "WARNING",
}


class SettingsError(OnwardError):
    """One or more variables hold a value that cannot be used; the message has a line for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where everything is. Paths are absolute; secrets are never shown."""

    data: Path
    roster: SheetAt
    answers: SheetAt
    mail: MailAt
    ledger: str = field(repr=False)  # may hold a password
    reply_domain: str
    secret: str = field(repr=False)
    google: str = GOOGLE  # where the API of Google Sheets is
    credentials: Path | None = None  # the key of a Google service account
    width: int = 16  # mails on their way at the same time
    rate: float = 0.0  # mails a second at most, over all workers; 0 for no limit
    web: str = WEB  # the base of the pages, as people reach them
    proxies: int = 0  # proxies of our own in front of the pages, whose X-Forwarded-For is believed
    ca: Path | None = None  # certificates to trust instead of the usual ones
    event_keys: tuple[str, ...] = ()  # public keys; delivery events are signed with one of them
    mailbox: MailboxAt | None = None  # where replies wait, beside the folder and the hook
    inbound_keys: tuple[str, ...] = ()  # public keys; posts of replies are signed with one of them

    @property
    def inbox(self) -> Path:
        """The folder in which raw mails wait to be taken in."""
        return self.data / "inbox"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process: the environment, else the `.env` file here, else the local default.

    Makes the secret in the data folder when there is none yet. Raises SettingsError.
    """
    given = _given(environ)
    data = _data(given)
    read = _Reader(given)
    roster = read("ONWARD_SHEET", sheet_at) or data / "roster.xlsx"
    answers = read("ONWARD_ANSWERS_SHEET", sheet_at) or _beside(roster)
    mail = read("ONWARD_MAIL", partial(_mail, read)) or OutboxAt(data / "outbox")
    values: dict[str, Any] = {
        "google": read("ONWARD_GOOGLE_API", web_at),
        "credentials": read("GOOGLE_APPLICATION_CREDENTIALS", path_at),
        "width": read("ONWARD_MAIL_WIDTH", _width),
        "rate": read("ONWARD_MAIL_RATE", _rate),
        "web": read("ONWARD_WEB_URL", web_at),
        "proxies": read("ONWARD_WEB_PROXIES", _proxies),
        "ca": next((path for name in CERTIFICATES if (path := read(name, path_at))), None),
        "event_keys": read("SENDGRID_EVENT_PUBLIC_KEY", public_keys),
        "mailbox": read("ONWARD_INBOX", lambda value: mailbox_at(value, given.get("ONWARD_INBOX_PASSWORD", ""))),
        "inbound_keys": read("SENDGRID_INBOUND_PUBLIC_KEY", public_keys),
    }
    reply_domain = read("ONWARD_REPLY_DOMAIN", host_at) or "reply.localhost"
    read.mistakes += _together(roster, answers, given)
    if read.mistakes:
        raise SettingsError("\n".join(read.mistakes))
    return Settings(
        data=data,
        roster=roster,
        answers=answers,
        mail=mail,
        ledger=given.get("ONWARD_LEDGER", f"sqlite:///{data / 'ledger.sqlite'}"),
        reply_domain=reply_domain,
        secret=given.get("ONWARD_SECRET") or _kept_secret(data),
        **{name: value for name, value in values.items() if value is not None},
    )


class _Reader:
    """Reads variables one by one and collects what is wrong with them."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.mistakes: list[str] = []

    def __call__(self, name: str, reader: Callable[[str], T]) -> T | None:
        """The variable's value; None where it is not set or wrong."""
        if name not in self._given:
            return None
        try:
            return reader(self._given[name])
        except BadAddress as error:
            self.mistakes.append(f"{name}: {error}.")
            return None


def _mail(read: _Reader, value: str) -> MailAt:
    kind = value.partition(":")[0]
    if kind == "outbox" and value != "outbox:":
        return OutboxAt(path_at(value.removeprefix("outbox:")))
    if kind in PORTS and "://" in value:
        return relay_at(value)
    if value == "sendgrid":
        key = read("SENDGRID_API_KEY", str)
        if not key:
            raise BadAddress("“sendgrid” needs the variable SENDGRID_API_KEY; make a key in SendGrid's settings")
        return SendGridAt(read("ONWARD_SENDGRID_API", web_at) or SENDGRID, key)
    raise BadAddress(f"“{kind}” is no way out for mail; write sendgrid, smtp://HOST, smtps://HOST or outbox:PATH")


def _beside(roster: SheetAt) -> SheetAt:
    return roster.with_name("answers.xlsx") if isinstance(roster, Path) else roster


def _together(roster: SheetAt, answers: SheetAt, given: Mapping[str, str]) -> Iterator[str]:
    """What is wrong only with two values together."""
    if isinstance(roster, Path) and isinstance(answers, Path) and roster.resolve() == answers.resolve():
        yield f"ONWARD_ANSWERS_SHEET: {answers} is the roster, which Onward never writes; name another file."
    on_google = isinstance(roster, Spreadsheet)
    if on_google != isinstance(answers, Spreadsheet):
        yield f"ONWARD_ANSWERS_SHEET: {answers} is not where the roster is; name two workbooks or two Google sheets."
    if on_google and "GOOGLE_APPLICATION_CREDENTIALS" not in given:
        yield "GOOGLE_APPLICATION_CREDENTIALS: not set; name the JSON file with the key of a Google service account."


def _width(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 64:
        raise BadAddress(f"“{value}” is no number of mails at a time; write 1 to 64")
    return int(value)


def _proxies(value: str) -> int:
    if not value.isdecimal() or not 0 <= int(value) <= 9:
        raise BadAddress(
            f"“{value}” is no number of proxies; write 0 when people reach the pages directly, else mostly 1"
        )
    return int(value)


def _rate(value: str) -> float:
    try:
        rate = float(value)
    except ValueError:
        rate = -1
    if not 0 <= rate <= 10_000:
        raise BadAddress(f"“{value}” is no number of mails a second; write for example 50, or 0 for no limit")
    return rate


def data_folder() -> Path:
    """The folder for everything local, whatever else is set; nothing is made."""
    return _data(_given(None))


def stay_in(folder: Path, environ: MutableMapping[str, str]) -> None:
    """Point everything at one folder on this machine, whatever the environment and the `.env` file say."""
    for name in [name for name in environ if name.startswith((*OWN, "PREFECT_API_"))]:
        del environ[name]
    # Each variable is named, since one that is only left out would be taken from the .env file.
    environ.update(
        {
            "ONWARD_DATA": str(folder),
            "ONWARD_SHEET": str(folder / "roster.xlsx"),
            "ONWARD_ANSWERS_SHEET": str(folder / "answers.xlsx"),
            "ONWARD_MAIL": f"outbox:{folder / 'outbox'}",
            "ONWARD_LEDGER": f"sqlite:///{folder / 'ledger.sqlite'}",
            "ONWARD_INBOX": "",
            "ONWARD_REPLY_DOMAIN": "reply.localhost",
            "ONWARD_SECRET": "only sample people are mailed with this",
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_PROFILES_PATH": str(folder / "prefect" / "profiles.toml"),
        }
    )


def keep_secret(data: Path, secret: str) -> None:
    """Put the secret into the data folder: whoever goes on in it then knows the replies to what was sent."""
    path = data / "secret"
    path.touch(mode=0o600)
    path.write_text(secret)


def quiet_prefect(environ: MutableMapping[str, str]) -> None:
    """Keep Prefect from calling home and from chatting; what the environment says already stays as it is.

    Has to happen before Prefect is imported, since that is when it reads its settings.
    """
    for name, value in PREFECT_AT_HOME.items():
        environ.setdefault(name, value)


def _given(environ: Mapping[str, str] | None) -> dict[str, str]:
    if environ is None:
        environ = {**_dotenv(), **os.environ}
    return {
        name: value.strip()
        for name, value in environ.items()
        if name.startswith((*OWN, *CERTIFICATES)) and value.strip()
    }


def _dotenv() -> dict[str, str]:
    try:
        return {name: value or "" for name, value in dotenv_values(".env").items()}
    except (OSError, ValueError) as error:
        raise SettingsError(f".env: this file cannot be read as text ({error}); save it as UTF-8.") from None


def _data(given: Mapping[str, str]) -> Path:
    return path_at(given.get("ONWARD_DATA", "data"))


def make_data_folder(data: Path) -> None:
    """Make the folder for everything local where it is missing. Raises SettingsError."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"ONWARD_DATA: {data} cannot be made ({error.strerror}); name a folder to write in."
        ) from None


def _kept_secret(data: Path) -> str:
    """The secret of this data folder, made at the first need. Two processes at once end up with the same one."""
    path = data / "secret"
    make_data_folder(data)
    try:
        if not path.exists():
            draft = data / f".secret.{secrets.token_hex(4)}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32))
            try:
                os.link(draft, path)  # unlike a rename, never replaces what another process just made
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        if secret := path.read_text().strip():
            return secret
        raise SettingsError(
            f"{path}: this file is empty; delete it. Replies to mails already sent are then no longer recognised."
        )
    except OSError as error:
        raise SettingsError(
            f"ONWARD_DATA: {data} cannot be used ({error.strerror}); name a folder to write in."
        ) from None
