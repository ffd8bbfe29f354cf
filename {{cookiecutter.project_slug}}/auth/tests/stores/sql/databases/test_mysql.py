"""What is particular to MySQL and MariaDB."""

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
        (1045, "refuses the user or the password"),
        (1049, "has no database of the name in DB_NAME"),
        (1142, "python manage.py migrate"),
        (1146, "has no tables yet"),
        (2003, "cannot be reached"),
        (2013, "did not respond in time"),
    ],
)
def test_a_known_error_says_what_to_do(code: int, reason: str) -> None:
    assert reason in (mysql.reason(error(code)) or "")


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


@pytest.mark.parametrize(("code", "is_outdated"), [(1290, True), (1792, True), (1213, False)])
def test_a_read_only_server_may_be_the_old_primary_of_two(code: int, is_outdated: bool) -> None:
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


@pytest.mark.parametrize("mode", ["DISABLED", "PREFERRED"])
def test_an_address_may_do_without_tls(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"mysql://app@host/name?ssl-mode={mode}")
    assert arguments()["ssl"] is None


def test_an_authority_that_cannot_be_read_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_text("not a certificate", encoding="utf-8")
    monkeypatch.setenv("DB_SSL_CA", str(authority))
    with pytest.raises(SettingsError, match="DB_SSL_CA: no certificate can be read from"):
        arguments()
