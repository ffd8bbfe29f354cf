"""What is particular to MySQL and MariaDB."""

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from pymysql.err import OperationalError as DriverError
from sqlalchemy.exc import OperationalError

from auth.records import SettingsError
from auth.settings import checked
from auth.stores.sql.databases import mysql

SECRET = "hidden-word"


def error(code: int) -> OperationalError:
    return OperationalError("SELECT 1", None, DriverError(code, SECRET))


def arguments() -> dict[str, Any]:
    """Return what the driver is told."""
    connect_args: dict[str, Any] = checked(mysql.Settings).engine_arguments()["connect_args"]
    return connect_args


def test_no_wait_is_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_CONNECT_SECONDS", "1.5")
    monkeypatch.setenv("DB_QUERY_SECONDS", "2.5")
    waits = arguments()
    assert waits["connect_timeout"] == 1.5
    assert (waits["read_timeout"], waits["write_timeout"]) == (2.5, 2.5)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1040, "has no connection left"),
        (1045, "does not say why: the password in DB_PASSWORD may be wrong, or"),
        (1049, "has no database of the name in DB_NAME"),
        (1142, "python manage.py migrate"),
        (1130, "takes no connection from this machine"),
        (1146, "has no tables yet"),
        (1665, "set its binlog_format to ROW or MIXED"),
        (1862, "wants a new password for the user in DB_USER"),
        (2003, "cannot be reached"),
        (2013, "did not respond in time"),
        (2026, "offers no TLS"),
        (3118, "does not let the user in DB_USER log in"),
        (3159, "takes connections through TLS only"),
    ],
)
def test_a_known_error_says_what_to_do(code: int, reason: str) -> None:
    assert reason in (mysql.reason(error(code)) or "")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (62, "shows a certificate of another name than DB_HOST"),
        (64, "shows a certificate of another name than DB_HOST"),
        (10, "shows a certificate that has expired"),
        (18, "shows a certificate of an authority other than DB_SSL_CA"),
        (None, "do not agree on TLS"),
    ],
)
def test_a_connection_that_fails_at_tls_is_no_server_that_cannot_be_reached(
    code: int | None, reason: str
) -> None:
    cause = ssl.SSLError() if code is None else ssl.SSLCertVerificationError()
    if isinstance(cause, ssl.SSLCertVerificationError):
        cause.verify_code = code or 0
    failed = error(2003)
    assert failed.orig
    failed.orig.__context__ = cause
    assert reason in (mysql.reason(failed) or "")


def test_a_name_without_an_address_is_told() -> None:
    failed = error(2003)
    assert failed.orig
    failed.orig.__context__ = socket.gaierror()
    assert "no address for the name in DB_HOST" in (mysql.reason(failed) or "")


def test_an_unknown_error_has_its_number_and_no_reason() -> None:
    assert mysql.error_code(error(99999)) == 99999
    assert mysql.reason(error(99999)) is None


def test_only_a_deadlock_may_pass_at_once() -> None:
    assert mysql.may_pass(error(1213))
    assert not any(mysql.may_pass(error(code)) for code in (1205, 2003, 2013))


def test_tls_checks_the_certificate_and_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert arguments()["ssl"] is None
    authority = tmp_path / "authority.pem"
    authority.touch()
    monkeypatch.setenv("DB_SSL_CA", str(authority))
    read: list[object] = []

    def create_context(cafile: object) -> ssl.SSLContext:
        read.append(cafile)
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(ssl, "create_default_context", create_context)
    context = arguments()["ssl"]
    assert read == [authority]
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("code", "is_outdated"), [(1290, True), (1792, True), (1665, True), (1213, False)]
)
def test_a_new_connection_may_reach_another_primary_or_another_format(
    code: int, is_outdated: bool
) -> None:
    assert mysql.is_outdated(error(code)) is is_outdated


@pytest.mark.parametrize(
    ("mode", "verify_mode", "check_hostname"),
    [
        ("REQUIRED", ssl.CERT_NONE, False),
        ("verify_ca", ssl.CERT_REQUIRED, False),
        ("VERIFY_IDENTITY", ssl.CERT_REQUIRED, True),
    ],
)
def test_an_address_says_how_far_to_trust_the_server(
    monkeypatch: pytest.MonkeyPatch, mode: str, verify_mode: ssl.VerifyMode, check_hostname: bool
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"mysql://app@host/name?ssl-mode={mode}")
    context = arguments()["ssl"]
    assert (context.verify_mode, context.check_hostname) == (verify_mode, check_hostname)


@pytest.mark.parametrize(("mode", "is_disabled"), [("DISABLED", True), ("PREFERRED", False)])
def test_an_address_may_do_without_tls(
    monkeypatch: pytest.MonkeyPatch, mode: str, is_disabled: bool
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"mysql://app@host/name?ssl-mode={mode}")
    assert arguments()["ssl"] is None
    assert arguments()["ssl_disabled"] is is_disabled


def test_a_host_may_be_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    assert arguments()["unix_socket"] is None
    monkeypatch.setenv("DATABASE_URL", "mysql://app@/name?unix_socket=/run/mysqld.sock")
    assert arguments()["unix_socket"] == "/run/mysqld.sock"


def test_the_rest_of_an_address_is_for_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://app@host/name?program_name=shop&read_timeout=7")
    assert (arguments()["program_name"], arguments()["read_timeout"]) == ("shop", 7)


def test_a_password_may_have_any_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", "pä€")
    assert arguments()["password"] == "pä€".encode()


def test_an_authority_that_cannot_be_read_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_text("not a certificate", encoding="utf-8")
    monkeypatch.setenv("DB_SSL_CA", str(authority))
    with pytest.raises(SettingsError, match="DB_SSL_CA: no certificate can be read from"):
        arguments()
