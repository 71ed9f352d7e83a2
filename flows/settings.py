"""The environment, read once into one frozen object; every wrong value is named at once (design §9)."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from flows.rules.problems import OnwardError

SHEET_ID = re.compile(r"(https://docs\.google\.com/spreadsheets/.*|[A-Za-z0-9_-]{30,})")
HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
PREFECT_AT_HOME = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # the default of 20 is too short for a slow machine
    "PREFECT_LOGGING_LEVEL": "WARNING",
}


class SettingsError(OnwardError):
    """One or more variables hold a value that cannot be used; the message has a line for each."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where everything is. Paths are absolute; `secret` is never shown."""

    data: Path
    roster: Path
    answers: Path
    outbox: Path
    ledger: str = field(repr=False)  # may hold a password
    reply_domain: str
    secret: str = field(repr=False)

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
    mistakes = [sentence for check in (_sheet, _answers, _mail, _domain) for sentence in check(given)]
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    roster, answers = _workbooks(given)
    return Settings(
        data=data,
        roster=roster,
        answers=answers,
        outbox=_path(given.get("ONWARD_MAIL", "").removeprefix("outbox:"), data / "outbox"),
        ledger=given.get("ONWARD_LEDGER", f"sqlite:///{data / 'ledger.sqlite'}"),
        reply_domain=given.get("ONWARD_REPLY_DOMAIN", "reply.localhost").lower(),
        secret=given.get("ONWARD_SECRET") or _kept_secret(data),
    )


def data_folder() -> Path:
    """The folder for everything local, whatever else is set; nothing is made."""
    return _data(_given(None))


def stay_in(folder: Path, environ: MutableMapping[str, str]) -> None:
    """Point everything at one folder on this machine, whatever the environment and the `.env` file say."""
    for name in [name for name in environ if name.startswith(("ONWARD_", "PREFECT_API_"))]:
        del environ[name]
    # Each variable is named, since one that is only left out would be taken from the .env file.
    environ.update(
        {
            "ONWARD_DATA": str(folder),
            "ONWARD_SHEET": str(folder / "roster.xlsx"),
            "ONWARD_ANSWERS_SHEET": str(folder / "answers.xlsx"),
            "ONWARD_MAIL": f"outbox:{folder / 'outbox'}",
            "ONWARD_LEDGER": f"sqlite:///{folder / 'ledger.sqlite'}",
            "ONWARD_REPLY_DOMAIN": "reply.localhost",
            "ONWARD_SECRET": "only sample people are mailed with this",
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_PROFILES_PATH": str(folder / "prefect" / "profiles.toml"),
        }
    )


def quiet_prefect(environ: MutableMapping[str, str]) -> None:
    """Keep Prefect from calling home and from chatting; what the environment says already stays as it is.

    Has to happen before Prefect is imported, since that is when it reads its settings.
    """
    for name, value in PREFECT_AT_HOME.items():
        environ.setdefault(name, value)


def _given(environ: Mapping[str, str] | None) -> dict[str, str]:
    if environ is None:
        environ = {**_dotenv(), **os.environ}
    return {name: value.strip() for name, value in environ.items() if name.startswith("ONWARD_") and value.strip()}


def _dotenv() -> dict[str, str]:
    try:
        return {name: value or "" for name, value in dotenv_values(".env").items()}
    except (OSError, ValueError) as error:
        raise SettingsError(f".env: this file cannot be read as text ({error}); save it as UTF-8.") from None


def _data(given: Mapping[str, str]) -> Path:
    return Path(given.get("ONWARD_DATA", "data")).expanduser().absolute()


def _path(given: str | None, default: Path) -> Path:
    return Path(given).expanduser().absolute() if given else default


def _sheet(given: Mapping[str, str]) -> list[str]:
    return _workbook("ONWARD_SHEET", given.get("ONWARD_SHEET", ""))


def _answers(given: Mapping[str, str]) -> list[str]:
    mistakes = _workbook("ONWARD_ANSWERS_SHEET", given.get("ONWARD_ANSWERS_SHEET", ""))
    roster, answers = _workbooks(given)
    if not mistakes and roster.resolve() == answers.resolve():
        return [f"ONWARD_ANSWERS_SHEET: {answers} is the roster, which Onward never writes; name another file."]
    return mistakes


def _workbooks(given: Mapping[str, str]) -> tuple[Path, Path]:
    roster = _path(given.get("ONWARD_SHEET"), _data(given) / "roster.xlsx")
    return roster, _path(given.get("ONWARD_ANSWERS_SHEET"), roster.with_name("answers.xlsx"))


def _workbook(name: str, value: str) -> list[str]:
    if not value or value.endswith(".xlsx"):
        return []
    if SHEET_ID.fullmatch(value):
        return [f"{name}: “{value}” is a Google sheet, which this version cannot open; name an .xlsx file."]
    return [f"{name}: “{value}” is no workbook; name a path that ends in .xlsx."]


def _mail(given: Mapping[str, str]) -> list[str]:
    value = given.get("ONWARD_MAIL", "")
    if not value or (value.startswith("outbox:") and len(value) > len("outbox:")):
        return []
    return [f"ONWARD_MAIL: “{value.split(':')[0]}” is no way out that this version knows; write outbox:PATH."]


def _domain(given: Mapping[str, str]) -> list[str]:
    value = given.get("ONWARD_REPLY_DOMAIN", "")
    if not value or HOST.fullmatch(value):
        return []
    return [f"ONWARD_REPLY_DOMAIN: “{value}” is no host name; write it like reply.example.com."]


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
