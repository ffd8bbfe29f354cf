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
from auth.stores.sql.databases.patient_connection import PatientConnection, in_time
from auth.tests.stores.sql import open_empty_tables

SECRET = "hidden-word"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the driver was told at its last connection, which never comes about."""
    told: dict[str, Any] = {}

    class Connected:
        patience = 0.0

        def prepare_unless_pooled(self) -> None:
            told["prepares_unless_pooled"] = True

    def connect(**arguments: Any) -> Connected:
        told.clear()
        told.update(arguments)
        connected = Connected()
        told["connection"] = connected
        return connected

    monkeypatch.setattr(PatientConnection, "connect", connect)
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
    assert told["tcp_user_timeout"] == 2500
    assert told["connection"].patience == 2.5


def test_nothing_is_told_that_a_pooler_refuses_or_gives_to_another(told: dict[str, Any]) -> None:
    connect()
    assert "options" not in told
    assert told["prepares_unless_pooled"]


def test_parameters_of_the_address_are_told_and_win(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = (
        "options=-csearch_path%3Dmyapp&channel_binding=require&keepalives_idle=7&sslmode=require"
    )
    monkeypatch.setenv("DATABASE_URL", f"postgresql://app@host/name?{query}")
    connect()
    assert (told["options"], told["channel_binding"]) == ("-csearch_path=myapp", "require")
    assert (told["keepalives_idle"], told["sslmode"]) == ("7", "require")


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


def test_the_authorities_of_the_system_may_be_named_in_the_address(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "sslrootcert=system&sslmode=require"
    monkeypatch.setenv("DATABASE_URL", f"postgresql://app@host/name?{query}")
    connect()
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", "system")


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
        ('FATAL:  password authentication failed for user "lost"', "refuses the password in DB_P"),
        ("FATAL:  SASL authentication failed", "refuses the password in DB_PASSWORD"),
        ("fe_sendauth: no password supplied", "asks for a password"),
        ('FATAL:  role "app" does not exist', "knows no user of the name in DB_USER"),
        (
            'FATAL:  role "app" is not permitted to log in',
            "does not let the user in DB_USER log in",
        ),
        (
            'FATAL:  no pg_hba.conf entry for host "::1", user "a", database "b", no encryption',
            "has no rule for this user without TLS",
        ),
        (
            'FATAL:  no pg_hba.conf entry for host "::1", user "a", database "b", SSL encryption',
            "has no rule for this user from this machine",
        ),
        (
            'FATAL:  pg_hba.conf rejects connection for host "::1", user "a", database "b", SSL',
            "has a rule against this user",
        ),
        ('FATAL:  database "shop" does not exist', "has no database of the name in DB_NAME"),
        ("FATAL:  no such database: shop", "has no database of the name in DB_NAME"),
        ('FATAL:  permission denied for database "shop"', "does not let the user in DB_USER into"),
        ('FATAL:  database "shop" is not currently accepting connections', "takes no connections"),
        ("FATAL:  sorry, too many clients already", "has no connection left"),
        ('FATAL:  too many connections for role "app"', "has no connection left"),
        ('FATAL:  too many connections for database "shop"', "has no connection left"),
        ("FATAL:  remaining connection slots are reserved", "has no connection left"),
        ("FATAL:  no more connections allowed (max_client_conn)", "has no connection left"),
        ("FATAL:  the database system is starting up", "is starting or shutting down"),
        ("FATAL:  unsupported startup parameter: options", "is behind a pooler that does not take"),
        ("FATAL:  server login has been failing, try again later", "the pooler's log says why"),
        (
            "FATAL:  connection requires a valid client certificate",
            "wants a certificate of the app",
        ),
        ("channel binding required, but SSL not in use", "offers no channel binding"),
        ("session is not read-only", "of the kind that target_session_attrs asks for"),
        ("server is not in hot standby mode", "of the kind that target_session_attrs asks for"),
        ('authentication method requirement "md5" failed', "that require_auth allows"),
        ('FATAL:  unrecognized configuration parameter "x"', "refuses the `options`"),
        ("server does not support SSL, but SSL was required", "offers no TLS"),
        ("SSL error: certificate verify failed", "shows a certificate of an authority other than"),
        ('server certificate for "a" does not match host name "b"', "of another name than DB_HOST"),
        ("SSL error: tlsv1 alert protocol version", "do not agree on TLS"),
        ('root certificate file "/x/root.crt" does not exist', "file to check the server by"),
        ('could not read root certificate file "/x.pem"', "file to check the server by"),
        ("received invalid response to SSL negotiation: H", "is none of PostgreSQL"),
        ('invalid channel_binding value: "x"', "the driver refuses a parameter"),
        ("Connection refused\n\tIs the server running on that host", "cannot be reached"),
        ("failed to resolve host 'nowhere'", "finds no address for the name in DB_HOST"),
        ("server closed the connection unexpectedly", "has closed the connection"),
    ],
)
def test_a_connection_that_fails_is_understood_by_the_server_s_sentence(
    sentence: str, reason: str
) -> None:
    said = f'connection failed: connection to server at "lost", port 5432 failed: {sentence}'
    assert reason in (postgresql.reason(error(psycopg.OperationalError(said))) or "")


def test_the_true_cause_is_that_of_the_connection_with_tls() -> None:
    # The driver tries without TLS as well, unless it is told otherwise.
    server = 'connection to server at "::1", port 5432 failed: FATAL: '
    said = f'{server} password authentication failed for user "a"\n{server} no pg_hba.conf entry'
    cause = psycopg.OperationalError(f'{said} for host "::1", user "a", no encryption')
    assert "refuses the password" in (postgresql.reason(error(cause)) or "")


def test_a_pooler_has_one_code_for_everything() -> None:
    said = {
        "query_wait_timeout": "has no connection left",
        "transaction blocks not allowed in statement pooling mode": "a pooler in statement mode",
    }
    for sentence, reason in said.items():
        assert reason in (postgresql.reason(error(errors.ProtocolViolation(sentence))) or "")


@pytest.mark.parametrize(
    "sentence",
    [
        "FATAL:  something new",
        "FATAL:  Passwort-Authentifizierung für Benutzer »app« fehlgeschlagen",
        "FATAL:  la base de données « shop » n'existe pas",
        'FATAL:  troppe connessioni per il ruolo "app"',
        'ВАЖНО:  роль "app" не существует',
        "致命错误:  对不起, 已经有太多的客户",
    ],
)
def test_of_what_is_not_understood_nothing_is_guessed(sentence: str) -> None:
    said = f'connection failed: connection to server at "::1", port 5432 failed: {sentence}'
    reason = postgresql.reason(error(psycopg.OperationalError(said)))
    assert reason == (
        "refuses the connection, in words that this app does not know: they are in its log"
    )


def test_a_connection_that_is_lost_is_one_sentence() -> None:
    cause = psycopg.OperationalError("consuming input failed: server closed the connection")
    assert postgresql.reason(error(cause)) == "has closed the connection"


def test_an_unknown_error_has_its_code_and_no_reason() -> None:
    unknown = error(errors.DivisionByZero(SECRET))
    assert postgresql.error_code(unknown) == "22012"
    assert postgresql.reason(unknown) is None
    assert postgresql.reason(error(psycopg.OperationalError("something new"))) is None


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
    waiting = in_time(steps(), 5)
    assert next(waiting) == Wait.R
    assert waiting.send(Ready.NONE) == Wait.R
    with pytest.raises(TimeoutError):
        waiting.send(Ready.NONE)


def test_a_wait_gives_back_what_the_server_said() -> None:
    def steps() -> Generator[Any, Any, str]:
        return f"said {yield Wait.R}"

    waiting = in_time(steps(), 10)
    assert next(waiting) == Wait.R
    with pytest.raises(StopIteration) as done:
        waiting.send(Ready.R)
    assert done.value.value == f"said {Ready.R}"
