"""The settings: read once from the environment, every wrong value named at once, the secret made once and kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from flows.addresses import OutboxAt
from flows.services import open_office
from flows.settings import SettingsError, read_settings, stay_in
from tests.sample import race, settings_for
from tests.standins import sendgrid as standins

WRONG = {
    "a folder as sheet": ("ONWARD_SHEET", "people", ".xlsx"),
    "a csv as sheet": ("ONWARD_SHEET", "people.csv", ".xlsx"),
    "a csv for the answers": ("ONWARD_ANSWERS_SHEET", "answers.csv", ".xlsx"),
    "an unknown way out": ("ONWARD_MAIL", "pigeon:loft", "outbox:"),
    "an outbox without a path": ("ONWARD_MAIL", "outbox:", "outbox:PATH"),
    "an address as reply domain": ("ONWARD_REPLY_DOMAIN", "me@example.com", "reply.example.com"),
    "a URL as reply domain": ("ONWARD_REPLY_DOMAIN", "https://example.com", "reply.example.com"),
    "a word for a number of proxies": ("ONWARD_WEB_PROXIES", "yes", "mostly 1"),
    "more proxies than anybody has": ("ONWARD_WEB_PROXIES", "10", "mostly 1"),
    "a reply domain with a blank": ("ONWARD_REPLY_DOMAIN", "reply example.com", "reply.example.com"),
}


def test_everything_is_in_the_data_folder_by_default(tmp_path: Path) -> None:
    settings = read_settings({"ONWARD_DATA": str(tmp_path)})
    assert settings.data == tmp_path
    assert settings.roster == tmp_path / "roster.xlsx"
    assert settings.answers == tmp_path / "answers.xlsx"
    assert (settings.inbox, settings.mail) == (tmp_path / "inbox", OutboxAt(tmp_path / "outbox"))
    assert settings.ledger == f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    assert settings.reply_domain == "reply.localhost"


def test_with_nothing_set_the_data_folder_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings({}).data == tmp_path / "data"
    assert read_settings() == read_settings({})


def test_an_empty_value_is_the_default(tmp_path: Path) -> None:
    given = {"ONWARD_DATA": str(tmp_path), "ONWARD_MAIL": " ", "ONWARD_SHEET": "", "ONWARD_REPLY_DOMAIN": ""}
    assert read_settings(given) == read_settings({"ONWARD_DATA": str(tmp_path)})


def test_the_answers_are_beside_the_sheet(tmp_path: Path) -> None:
    given = {"ONWARD_DATA": str(tmp_path / "data"), "ONWARD_SHEET": str(tmp_path / "people.xlsx")}
    assert read_settings(given).answers == tmp_path / "answers.xlsx"


def test_what_is_given_is_taken(tmp_path: Path) -> None:
    given = {
        "ONWARD_DATA": str(tmp_path),
        "ONWARD_MAIL": f"outbox:{tmp_path}/mails",
        "ONWARD_LEDGER": "postgresql://onward@db/onward",
        "ONWARD_REPLY_DOMAIN": "Reply.Example.COM",
        "ONWARD_SECRET": "ours",
    }
    settings = read_settings(given)
    assert (settings.mail, settings.ledger) == (OutboxAt(tmp_path / "mails"), "postgresql://onward@db/onward")
    assert (settings.reply_domain, settings.secret) == ("reply.example.com", "ours")


def test_a_env_file_is_read_and_the_environment_counts_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("# ours\nONWARD_DATA=from-file\nONWARD_REPLY_DOMAIN='reply.file.example'\n")
    monkeypatch.setenv("ONWARD_DATA", "from-environment")
    settings = read_settings()
    assert (settings.data, settings.reply_domain) == (tmp_path / "from-environment", "reply.file.example")


def test_a_env_file_that_is_no_text_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes("ONWARD_DATA=Büro\n".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"\.env"):
        read_settings()


@pytest.mark.parametrize(("name", "value", "advice"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_named_with_what_to_write(name: str, value: str, advice: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"ONWARD_DATA": str(tmp_path), name: value})
    assert name in str(caught.value)
    assert value.split(":")[0] in str(caught.value)
    assert advice in str(caught.value)


KEY = standins.SendGrid().public_key
KEYS = {
    "bare": (KEY, 1),
    "two while one takes the other's place": (f"{KEY}, {KEY}", 2),
    "in its frame": (f"-----BEGIN PUBLIC KEY-----\n{KEY[:64]}\n{KEY[64:]}\n-----END PUBLIC KEY-----\n", 1),
}


@pytest.mark.parametrize("name", ["SENDGRID_EVENT_PUBLIC_KEY", "SENDGRID_INBOUND_PUBLIC_KEY"])
@pytest.mark.parametrize(("value", "count"), KEYS.values(), ids=KEYS)
def test_a_public_key_is_taken_as_it_is_shown(name: str, value: str, count: int, tmp_path: Path) -> None:
    settings = read_settings({"ONWARD_DATA": str(tmp_path), name: value})
    assert settings.event_keys + settings.inbound_keys == (KEY,) * count


@pytest.mark.parametrize("name", ["SENDGRID_EVENT_PUBLIC_KEY", "SENDGRID_INBOUND_PUBLIC_KEY"])
@pytest.mark.parametrize("value", ["SG.not-a-key", KEY[:-8], "aGVsbG8=", f"{KEY} half-a-key"])
def test_a_public_key_that_is_none_is_refused(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=rf"{name}: .* no public key; copy the whole one"):
        read_settings({"ONWARD_DATA": str(tmp_path), name: value})


def test_every_wrong_value_is_named_at_once(tmp_path: Path) -> None:
    wrong = {
        "ONWARD_SHEET": "a.csv",
        "ONWARD_ANSWERS_SHEET": "b.csv",
        "ONWARD_MAIL": "pigeon:",
        "ONWARD_REPLY_DOMAIN": "@",
    }
    with pytest.raises(SettingsError) as caught:
        read_settings({"ONWARD_DATA": str(tmp_path / "new"), **wrong})
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == list(wrong)
    assert not (tmp_path / "new").exists()


def test_the_roster_is_never_named_as_the_answers_too(tmp_path: Path) -> None:
    given = {"ONWARD_DATA": str(tmp_path), "ONWARD_SHEET": "a.xlsx", "ONWARD_ANSWERS_SHEET": "./a.xlsx"}
    with pytest.raises(SettingsError, match="ONWARD_ANSWERS_SHEET"):
        read_settings(given)


def test_the_default_roster_is_never_the_answers_too(tmp_path: Path) -> None:
    given = {"ONWARD_DATA": str(tmp_path), "ONWARD_ANSWERS_SHEET": str(tmp_path / "roster.xlsx")}
    with pytest.raises(SettingsError, match="ONWARD_ANSWERS_SHEET"):
        read_settings(given)


def test_a_roster_called_answers_is_never_replaced(tmp_path: Path) -> None:
    given = {"ONWARD_DATA": str(tmp_path), "ONWARD_SHEET": str(tmp_path / "answers.xlsx")}
    with pytest.raises(SettingsError, match="ONWARD_ANSWERS_SHEET"):
        read_settings(given)


def test_a_way_out_that_is_not_understood_does_not_show_its_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"ONWARD_DATA": str(tmp_path), "ONWARD_MAIL": "pop3://onward:hunter2@mail.example.com"})
    assert "hunter2" not in str(caught.value)


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first, second = (read_settings({"ONWARD_DATA": str(tmp_path / "data")}).secret for _ in range(2))
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]


SECRETS = """
from flows.settings import read_settings
ready()
print([read_settings({"ONWARD_DATA": f"{sys.argv[1]}/{number}"}).secret for number in range(100)])
"""


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    said = race(SECRETS, str(tmp_path))
    kept = [(tmp_path / f"{number}" / "secret").read_text() for number in range(100)]
    assert said == [str(kept)] * 4


def test_two_data_folders_have_two_secrets(tmp_path: Path) -> None:
    assert len({read_settings({"ONWARD_DATA": str(tmp_path / name)}).secret for name in "ab"}) == 2


def test_a_secret_that_is_given_is_not_written_down(tmp_path: Path) -> None:
    read_settings({"ONWARD_DATA": str(tmp_path / "data"), "ONWARD_SECRET": "ours"})
    assert not (tmp_path / "data" / "secret").exists()


def test_an_empty_secret_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    with pytest.raises(SettingsError, match="secret"):
        read_settings({"ONWARD_DATA": str(tmp_path)})


def test_settings_never_show_the_secret() -> None:
    settings = settings_for(Path("/somewhere"))
    assert settings.secret not in f"{settings} {settings!r}"


def test_settings_never_show_the_ledgers_password(tmp_path: Path) -> None:
    settings = read_settings({"ONWARD_DATA": str(tmp_path), "ONWARD_LEDGER": "postgresql://me:hunter2@db/onward"})
    assert "hunter2" not in f"{settings} {settings!r}"


def test_a_data_folder_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"ONWARD_DATA: .*file.* name a folder to write in"):
        read_settings({"ONWARD_DATA": str(tmp_path / "file" / "data")})


def test_a_given_secret_and_a_new_data_folder_go_together(tmp_path: Path) -> None:
    settings = read_settings({"ONWARD_DATA": str(tmp_path / "new"), "ONWARD_SECRET": "ours"})
    with open_office(settings) as office:
        assert office.ledger.entries() == []


def test_the_demo_stays_in_its_folder_whatever_is_configured(tmp_path: Path) -> None:
    environ = {"ONWARD_LEDGER": "postgresql://real", "ONWARD_DATA": "/real", "PREFECT_API_URL": "http://real"}
    stay_in(tmp_path, environ)
    settings = read_settings(environ)
    assert "PREFECT_API_URL" not in environ
    assert settings.ledger == f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    assert (settings.roster, settings.answers) == (tmp_path / "roster.xlsx", tmp_path / "answers.xlsx")
    assert settings.mail == OutboxAt(tmp_path / "outbox")
