"""The settings of the database: from the environment, and from the secrets file."""

from pathlib import Path

import pytest

from auth.settings import SettingsError
from auth.stores.sql import settings as database_settings
from auth.stores.sql.settings import DatabaseSettings, load_database_settings

SECRET = "hidden-word"
SECRETS = f"""
[connections.{database_settings._SECTION}]
host = "db.example.com"
port = 3307
username = "somebody"
password = "{SECRET}"
database = "shop"
dialect = "what Streamlit's own connection may need"
"""


def test_every_setting_has_a_default_and_says_what_it_is() -> None:
    load_database_settings()
    assert all(field.description for field in DatabaseSettings.model_fields.values())


def test_the_secrets_file_is_read(secrets_file: Path) -> None:
    secrets_file.write_text(SECRETS, encoding="utf-8")
    settings = load_database_settings()
    assert (settings.db_host, settings.db_port) == ("db.example.com", 3307)
    assert (settings.db_user, settings.db_name) == ("somebody", "shop")
    assert settings.db_password.get_secret_value() == SECRET


def test_the_password_is_not_shown(secrets_file: Path) -> None:
    secrets_file.write_text(SECRETS, encoding="utf-8")
    settings = load_database_settings()
    assert SECRET not in f"{settings!r} {settings}"


def test_the_environment_wins_over_the_secrets_file(
    secrets_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets_file.write_text(SECRETS, encoding="utf-8")
    monkeypatch.setenv("DB_HOST", "other")
    settings = load_database_settings()
    assert (settings.db_host, settings.db_port) == ("other", 3307)


def test_a_secrets_file_about_something_else_changes_nothing(secrets_file: Path) -> None:
    defaults = load_database_settings()
    load_database_settings.cache_clear()
    secrets_file.write_text('[connections.other]\nhost = "db.example.com"', encoding="utf-8")
    assert load_database_settings() == defaults


@pytest.mark.parametrize(
    "text",
    [
        f'password = "{SECRET}',
        f"connections = '{SECRET}'",
        f"[connections]\n{database_settings._SECTION} = '{SECRET}'",
        f"[connections.{database_settings._SECTION}]\nport = '{SECRET}'",
    ],
)
def test_a_secrets_file_that_cannot_be_used_is_named_and_not_quoted(
    secrets_file: Path, text: str
) -> None:
    secrets_file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"secrets\.toml|DB_PORT") as caught:
        load_database_settings()
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DB_PORT", "0"),
        ("DB_PORT", "65536"),
        ("DB_NAME", ""),
        ("DB_SSL_CA", "/nothing/there.pem"),
        ("DB_CONNECT_SECONDS", "0"),
        ("DB_QUERY_SECONDS", "0"),
        ("DB_POOL_SIZE", "0"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"A setting has a wrong value. {variable}: "):
        load_database_settings()
