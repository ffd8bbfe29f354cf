"""A database that is a server: its settings, and what becomes of one that says nothing."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auth import get_db_connection
from auth.records import SettingsError, StoreUnavailableError
from auth.stores.sql import engine, open_store
from auth.stores.sql.databases import chosen
from auth.stores.sql.databases.server import ServerSettings
from auth.stores.sql.settings import load_database_settings

SECRET = "hidden-word"
KIND = chosen.Settings
assert issubclass(KIND, ServerSettings)
SECTION, MODE, MODES = KIND.SECTION, KIND.MODE_PARAMETER, KIND.MODES
((FIXED, ITS_VALUE),) = KIND.FIXED.items()
NAMES, OF_DRIVER = dict(KIND.NAMES_IN_URL), sorted(KIND.OF_DRIVER)


def parameter_of(setting: str) -> str:
    """Return what a setting is called in an address."""
    return next(name for name, known in NAMES.items() if known == setting)


AUTHORITY, HOST = parameter_of("db_ssl_ca"), parameter_of("db_host")
SECRETS = f"""
[connections.{SECTION}]
host = "db.example.com"
port = 3307
username = "somebody"
password = "{SECRET}"
database = "shop"
dialect = "what Streamlit's own connection may need"
"""
ADDRESS = f"{SECTION}://some%40body:p%40ss%2Fw%3Ard@db.example.com:3307/shop%20one"


def load() -> ServerSettings:
    """Return the settings as a process that has just started."""
    load_database_settings.cache_clear()
    settings = load_database_settings()
    assert isinstance(settings, ServerSettings)
    return settings


@pytest.fixture
def silent_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A server in place of the database that takes connections and never says anything."""
    monkeypatch.setattr(engine, "_opened", [])
    with socket.create_server(("127.0.0.1", 0)) as server:
        for name, value in {
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(server.getsockname()[1]),
            "DB_PASSWORD": SECRET,
            "DB_CONNECT_SECONDS": "1",
            "DB_QUERY_SECONDS": "0.2",
        }.items():
            monkeypatch.setenv(name, value)
        yield server
    for opened in engine._opened:
        opened.engine.dispose()


def test_the_secrets_file_is_read(secrets_file: Path) -> None:
    secrets_file.write_text(SECRETS, encoding="utf-8")
    settings = load()
    assert (settings.db_host, settings.db_port) == ("db.example.com", 3307)
    assert (settings.db_user, settings.db_name) == ("somebody", "shop")
    assert settings.db_password.get_secret_value() == SECRET


def test_the_password_is_not_shown(secrets_file: Path) -> None:
    secrets_file.write_text(SECRETS, encoding="utf-8")
    settings = load()
    assert SECRET not in f"{settings!r} {settings} {settings.url()}"


def test_the_environment_wins_over_the_secrets_file(
    secrets_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets_file.write_text(SECRETS, encoding="utf-8")
    monkeypatch.setenv("DB_HOST", "other")
    settings = load()
    assert (settings.db_host, settings.db_port) == ("other", 3307)


@pytest.mark.parametrize("key", [MODE, MODE.upper()])
@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_the_secrets_file_says_how_far_to_trust_the_server(
    secrets_file: Path, key: str, mode: str
) -> None:
    secrets_file.write_text(f'{SECRETS}{key} = "{mode}"', encoding="utf-8")
    assert load().tls_mode == mode


def test_a_query_in_the_secrets_file_has_the_parameters_of_an_address(secrets_file: Path) -> None:
    (mode,) = (name.upper() for name, mode in MODES.items() if mode == "verify-full")
    text = f'{SECRETS}query.{FIXED} = "{ITS_VALUE}"\nquery.{MODE} = "{mode}"'
    secrets_file.write_text(text, encoding="utf-8")
    assert load().tls_mode == "verify-full"


def test_the_environment_says_how_far_to_trust_the_server_and_wins(
    secrets_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets_file.write_text(f'{SECRETS}{MODE} = "require"', encoding="utf-8")
    monkeypatch.setenv("DB_SSL_MODE", "verify-full")
    assert load().tls_mode == "verify-full"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f'tls_key = "{SECRET}"', "a parameter tls_key; this app knows"),
        (f'query.ssl = "{SECRET}"', "a parameter ssl; this app knows"),
        (f'{MODE} = "{SECRET}"', "its .* has to be one of"),
        (f"{MODE} = true", "its .* has to be one of"),
    ],
)
def test_what_a_secrets_file_says_is_understood_or_refused(
    secrets_file: Path, line: str, said: str
) -> None:
    secrets_file.write_text(SECRETS + line, encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"\[connections.{SECTION}\]: .*{said}") as caught:
        load()
    assert SECRET not in str(caught.value)


def test_an_address_says_it_all_and_wins(
    secrets_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets_file.write_text(SECRETS, encoding="utf-8")
    monkeypatch.setenv("DB_HOST", "other")
    monkeypatch.setenv("DB_PORT", "1")
    monkeypatch.setenv("DATABASE_URL", ADDRESS)
    url = load().url()
    assert (url.host, url.port, url.database) == ("db.example.com", 3307, "shop one")
    assert (url.username, url.password) == ("some@body", "p@ss/w:rd")


def test_an_address_in_the_secrets_file_wins_over_what_else_is_there(secrets_file: Path) -> None:
    text = f'[connections.{SECTION}]\nhost = "other"\nurl = "{ADDRESS}"'
    secrets_file.write_text(text, encoding="utf-8")
    assert load().db_host == "db.example.com"


def test_an_address_without_a_port_or_a_password_has_the_usual_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = load().db_port
    monkeypatch.setenv("DB_PORT", "1")
    monkeypatch.setenv("DB_PASSWORD", SECRET)
    monkeypatch.setenv("DATABASE_URL", f"{SECTION}://somebody@db.example.com/shop")
    settings = load()
    assert (settings.db_port, settings.db_password.get_secret_value()) == (usual, "")


@pytest.mark.parametrize("scheme", [f"{SECTION}+driver", SECTION.upper()])
def test_an_address_may_name_a_driver(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://somebody@db.example.com/shop")
    assert load().db_host == "db.example.com"


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (f"app:{SECRET}#1@host/name", "it cannot be read"),
        (f"app:{SECRET}/1@host/name", "it cannot be read"),
        (f"app:{SECRET}@host:99999/name", "it cannot be read"),
        (f"app:{SECRET}%ff@host/name", "it cannot be read"),
        (f"app:{SECRET}@[::1/name", "it cannot be read"),
        (f"app:{SECRET}@/name", "it has to name a user, a host and a database"),
        (f"app:{SECRET}@host/", "it has to name a user, a host and a database"),
        (f"host/{SECRET}", "it has to name a user, a host and a database"),
        (f"app:p@{SECRET}/1?x=1@host/name", "it cannot be read"),
        (f"app@host/name?tls_key={SECRET}", f"it has a parameter tls_key; this app knows .*{MODE}"),
        (f"app@host/name?schema={SECRET}&{MODE}=require", "it has a parameter schema; "),
        (f"app@host/name?{SECRET}", "its parameters have to have the form NAME=VALUE"),
        (f"app@host/name?{SECRET}/1={SECRET}", "it has a parameter that is no name; "),
        (f"app@host/name?{FIXED}={SECRET}", f"its {FIXED} has to be {ITS_VALUE}"),
    ],
)
def test_an_address_that_cannot_be_read_is_one_sentence_that_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, rest: str, said: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{SECTION}://{rest}")
    with pytest.raises(SettingsError, match=f"DATABASE_URL: .*{said}") as caught:
        load()
    assert SECRET not in str(caught.value)


def test_a_wrong_mode_of_tls_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{SECTION}://app@host/name?{MODE}={SECRET}")
    with pytest.raises(SettingsError, match=r"its .* has to be one of") as caught:
        load()
    assert SECRET not in str(caught.value)


def test_an_authority_in_the_address_is_checked_with_the_name_of_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = tmp_path / "authority.pem"
    authority.touch()
    monkeypatch.setenv("DATABASE_URL", f"{SECTION}://app@host/name?{AUTHORITY}={authority}")
    settings = load()
    assert (settings.db_ssl_ca, settings.tls_mode) == (authority, "verify-full")


def test_parameters_that_are_settings_too_are_those_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = f"connect_timeout=7&{HOST}=/run/server&{FIXED.upper()}={ITS_VALUE.upper()}"
    monkeypatch.setenv("DATABASE_URL", f"{SECTION}://app@/name?{query}")
    monkeypatch.setenv("DB_CONNECT_SECONDS", "1")
    settings = load()
    assert (settings.db_host, settings.db_connect_seconds) == ("/run/server", 7)
    assert chosen.place(settings.url()) == "at /run/server"


@pytest.mark.parametrize("name", OF_DRIVER)
def test_parameters_of_the_driver_are_for_the_driver(
    monkeypatch: pytest.MonkeyPatch, secrets_file: Path, name: str
) -> None:
    expected = {name: "a b=c"}
    for variable, value in [
        ("DATABASE_URL", f"{SECTION}://app@host/name?{name}=a%20b%3Dc"),
        ("DB_PARAMETERS", f"{name}=a%20b%3Dc"),
    ]:
        with monkeypatch.context() as environment:
            environment.setenv(variable, value)
            assert load().parameters == expected
    secrets_file.write_text(f'{SECRETS}query.{name} = "a b=c"', encoding="utf-8")
    assert load().parameters == expected


def test_parameters_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PARAMETERS", f"{OF_DRIVER[0]}={SECRET}")
    settings = load()
    assert SECRET not in f"{settings!r} {settings} {settings.url()}"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DB_PARAMETERS", f"schema={SECRET}"),
        ("DB_PARAMETERS", SECRET),
        ("DB_HOST", ""),
        ("DB_PORT", "0"),
        ("DB_PORT", "65536"),
        ("DB_PORT", SECRET),
        ("DB_NAME", ""),
        ("DB_SSL_CA", "/nothing/there.pem"),
        ("DB_SSL_MODE", SECRET),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"A setting has a wrong value. {variable}: ") as caught:
        load()
    assert SECRET not in str(caught.value)


def test_a_silent_database_is_not_waited_for_long(silent_server: socket.socket) -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError, match="did not respond in time") as caught:
        open_store()
    assert time.monotonic() - began < 5
    assert SECRET not in str(caught.value)


def test_a_database_that_cannot_be_reached_is_one_sentence(silent_server: socket.socket) -> None:
    silent_server.close()
    for ask in (open_store, get_db_connection):
        with pytest.raises(StoreUnavailableError, match="cannot be reached") as caught:
            ask()
        assert SECRET not in str(caught.value)
