"""What is particular to PostgreSQL."""

import os
import ssl
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors
from psycopg.waiting import Ready, Wait
from sqlalchemy.exc import OperationalError

from auth.settings import checked
from auth.stores.sql import store_in
from auth.stores.sql.databases import postgresql
from auth.tests.stores.sql import open_empty_tables

SECRET = "hidden-word"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the driver was told at its last connection, which never comes about."""
    told: dict[str, Any] = {}

    class Connected:
        patience = 0.0

    def connect(**arguments: Any) -> Connected:
        told.clear()
        told.update(arguments)
        connected = Connected()
        told["connection"] = connected
        return connected

    monkeypatch.setattr(postgresql._Connection, "connect", connect)
    return told


def connect() -> None:
    checked(postgresql.Settings).engine_arguments()["creator"]()


def error(cause: Exception) -> OperationalError:
    return OperationalError("SELECT 1", None, cause)


def test_the_settings_say_where_the_database_is(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody:p%40ss@db.example.com/shop")
    connect()
    assert (told["host"], told["port"], told["dbname"]) == ("db.example.com", 5432, "shop")
    assert (told["user"], told["password"]) == ("somebody", "p@ss")


def test_no_wait_is_endless(told: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_CONNECT_SECONDS", "2.5")
    monkeypatch.setenv("DB_QUERY_SECONDS", "2.5")
    connect()
    assert told["connect_timeout"] == 3
    assert told["options"] == "-c statement_timeout=2500"
    assert told["tcp_user_timeout"] == 2500
    assert told["connection"].patience == 3.5


def test_tls_checks_the_certificate_and_the_name(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connect()
    assert "sslmode" not in told
    authority = tmp_path / "authority.pem"
    authority.touch()
    monkeypatch.setenv("DB_SSL_CA", str(authority))
    connect()
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", str(authority))


@pytest.mark.parametrize("mode", ["disable", "require", "verify-ca", "verify-full"])
def test_an_address_says_how_far_to_trust_the_server(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://app@host/name?sslmode={mode}")
    connect()
    assert told["sslmode"] == mode
    assert told.get("sslrootcert") == ("system" if mode == "verify-full" else None)


def test_the_driver_looks_for_the_authorities_of_the_system_where_python_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paths = ssl.get_default_verify_paths()
    for variable in (paths.openssl_cafile_env, paths.openssl_capath_env):
        monkeypatch.setenv(variable, "")  # Whatever it is now, it is that again after the test.
        monkeypatch.delenv(variable)
    known = paths._replace(cafile="", capath="/python's/authorities")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: known)
    checked(postgresql.Settings).engine_arguments()
    assert paths.openssl_capath_env not in os.environ
    monkeypatch.setenv("DB_SSL_MODE", "verify-full")
    checked(postgresql.Settings).engine_arguments()
    assert os.environ[paths.openssl_capath_env] == "/python's/authorities"
    assert paths.openssl_cafile_env not in os.environ


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (errors.UndefinedTable(SECRET), "has no tables yet"),
        (errors.InsufficientPrivilege(SECRET), "python manage.py migrate"),
        (errors.ReadOnlySqlTransaction(SECRET), "is read-only"),
        (errors.QueryCanceled(SECRET), "did not respond in time"),
        (errors.DiskFull(SECRET), "its disk is full"),
        (errors.AdminShutdown(SECRET), "has closed the connection"),
        (errors.ConnectionTimeout("connection timeout expired"), "did not respond in time"),
    ],
)
def test_a_known_error_says_what_to_do(cause: psycopg.Error, reason: str) -> None:
    assert reason in (postgresql.reason(error(cause)) or "")


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ('FATAL:  password authentication failed for user "app"', "refuses the user or the"),
        ("fe_sendauth: no password supplied", "refuses the user or the password"),
        ('FATAL:  role "app" does not exist', "refuses the user or the password"),
        ('FATAL:  database "shop" does not exist', "has no database of the name in DB_NAME"),
        ('FATAL:  permission denied for database "shop"', "denies its user a right"),
        ("FATAL:  sorry, too many clients already", "has no connection left"),
        ('FATAL:  too many connections for role "app"', "has no connection left"),
        ('FATAL:  too many connections for database "shop"', "has no connection left"),
        ("FATAL:  remaining connection slots are reserved", "has no connection left"),
        ("FATAL:  the database system is starting up", "is starting or shutting down"),
        ("SSL error: certificate verify failed", "shows a certificate of another name"),
        ('root certificate file "/x/root.crt" does not exist', "file to check the server by"),
        ('could not read root certificate file "/x.pem"', "file to check the server by"),
        ("Connection refused", "cannot be reached"),
        ("failed to resolve host 'nowhere'", "cannot be reached"),
    ],
)
def test_a_connection_that_fails_is_understood_by_the_server_s_sentence(
    sentence: str, reason: str
) -> None:
    said = f'connection failed: connection to server at "::1", port 5432 failed: {sentence}'
    assert reason in (postgresql.reason(error(psycopg.OperationalError(said))) or "")


@pytest.mark.parametrize(
    "sentence",
    [
        "FATAL:  Passwort-Authentifizierung für Benutzer »app« fehlgeschlagen",
        "FATAL:  la base de données « shop » n'existe pas",
        'ВАЖНО:  роль "app" не существует',
        "致命错误:  对不起, 已经有太多的客户",
    ],
)
def test_a_server_of_another_language_refuses_the_connection(sentence: str) -> None:
    said = f'connection failed: connection to server at "::1", port 5432 failed: {sentence}'
    reason = postgresql.reason(error(psycopg.OperationalError(said)))
    assert reason is not None
    assert reason.startswith("refuses the connection: look at DB_USER, DB_PASSWORD and DB_NAME")


def test_a_connection_that_is_lost_is_one_sentence() -> None:
    cause = psycopg.OperationalError("consuming input failed: server closed the connection")
    assert postgresql.reason(error(cause)) == "has closed the connection"


def test_an_unknown_error_has_its_code_and_no_reason() -> None:
    unknown = error(errors.DivisionByZero(SECRET))
    assert postgresql.error_code(unknown) == "22012"
    assert postgresql.reason(unknown) is None


def test_only_a_deadlock_may_pass_at_once() -> None:
    assert postgresql.may_pass(error(errors.DeadlockDetected()))
    assert not postgresql.may_pass(error(errors.QueryCanceled()))


def test_a_read_only_server_may_be_the_old_primary_of_two() -> None:
    assert postgresql.is_outdated(error(errors.ReadOnlySqlTransaction()))
    assert not postgresql.is_outdated(error(errors.InsufficientPrivilege()))


def test_a_name_with_a_null_is_nobody_s(tmp_path: Path) -> None:
    with open_empty_tables(tmp_path) as database:
        assert store_in(database).users.find("ann\0") is None


def test_a_wait_for_a_server_that_says_nothing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def steps() -> Generator[Any, Any, str]:
        while True:
            yield Wait.R

    seconds = iter([0.0, 4.9, 5.0])
    monkeypatch.setattr("time.monotonic", lambda: next(seconds))
    waiting = postgresql._in_time(steps(), 5)
    assert next(waiting) == Wait.R
    assert waiting.send(Ready.NONE) == Wait.R
    with pytest.raises(TimeoutError):
        waiting.send(Ready.NONE)


def test_a_wait_gives_back_what_the_server_said() -> None:
    def steps() -> Generator[Any, Any, str]:
        return f"said {yield Wait.R}"

    waiting = postgresql._in_time(steps(), 10)
    assert next(waiting) == Wait.R
    with pytest.raises(StopIteration) as done:
        waiting.send(Ready.R)
    assert done.value.value == f"said {Ready.R}"
