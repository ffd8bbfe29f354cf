"""The database where there is none, and what the settings make of it."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auth import database, get_db_connection, mysql_store
from auth.settings import SettingsError, load_settings
from auth.store import StoreUnavailableError

PASSWORD = "hidden-word"
SECRETS = """
[connections.mysql]
host = "db.example.com"
port = 3307
username = "somebody"
password = "hidden-word"
database = "shop"
"""


@pytest.fixture
def silent_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A server that takes connections and never says anything."""
    monkeypatch.setattr(database, "_opened", [])
    with socket.create_server(("127.0.0.1", 0)) as server:
        for name, value in {
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(server.getsockname()[1]),
            "DB_PASSWORD": PASSWORD,
            "DB_ANSWER_SECONDS": "0.2",
        }.items():
            monkeypatch.setenv(name, value)
        load_settings.cache_clear()
        yield server


@pytest.fixture
def secrets_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of secrets, which is not there yet."""
    file = tmp_path / "secrets.toml"
    monkeypatch.setattr("auth.settings.SECRETS_FILE", file)
    load_settings.cache_clear()
    return file


def test_a_silent_database_is_not_waited_for_long(silent_server: socket.socket) -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError, match="did not answer in time") as caught:
        mysql_store.open_store()
    assert time.monotonic() - began < 5
    assert PASSWORD not in str(caught.value)


def test_a_database_that_is_not_there_is_one_sentence(silent_server: socket.socket) -> None:
    silent_server.close()
    for ask in (mysql_store.open_store, get_db_connection):
        with pytest.raises(StoreUnavailableError, match="cannot be reached") as caught:
            ask()
        assert PASSWORD not in str(caught.value)


def test_the_file_of_secrets_is_read(secrets_file: Path) -> None:
    secrets_file.write_text(SECRETS, encoding="utf-8")
    settings = load_settings()
    assert (settings.db_host, settings.db_port) == ("db.example.com", 3307)
    assert (settings.db_user, settings.db_name) == ("somebody", "shop")
    assert settings.db_password.get_secret_value() == PASSWORD
    assert PASSWORD not in repr(settings)


def test_the_environment_wins_over_the_file_of_secrets(
    secrets_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets_file.write_text(SECRETS, encoding="utf-8")
    monkeypatch.setenv("DB_HOST", "other")
    assert (load_settings().db_host, load_settings().db_port) == ("other", 3307)


@pytest.mark.parametrize(
    "text",
    [
        'password = "hidden-word',
        "connections = 'hidden-word'",
        "[connections.mysql]\nport = 'hidden-word'",
    ],
)
def test_a_file_of_secrets_that_cannot_be_used_is_not_quoted(secrets_file: Path, text: str) -> None:
    secrets_file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"secrets\.toml|DB_PORT") as caught:
        load_settings()
    assert PASSWORD not in str(caught.value)
