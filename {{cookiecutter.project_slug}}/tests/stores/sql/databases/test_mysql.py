"""What is particular to MySQL and MariaDB."""

import ssl
from pathlib import Path

import pytest
from pymysql.err import OperationalError as DriverError
from sqlalchemy.exc import OperationalError

from auth.settings import SettingsError
from auth.stores.sql.databases import mysql
from auth.stores.sql.settings import load_database_settings

SECRET = "hidden-word"


def error(code: int) -> OperationalError:
    return OperationalError("SELECT 1", None, DriverError(code, SECRET))


def test_the_settings_say_where_the_database_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DB_HOST": "db.example.com",
        "DB_PORT": "3307",
        "DB_USER": "somebody",
        "DB_PASSWORD": "p@ss/w:rd",
        "DB_NAME": "shop",
    }.items():
        monkeypatch.setenv(name, value)
    url = mysql.url(load_database_settings())
    assert (url.host, url.port, url.database) == ("db.example.com", 3307, "shop")
    assert (url.username, url.password) == ("somebody", "p@ss/w:rd")
    assert "p@ss" not in str(url)


def test_no_wait_is_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_CONNECT_SECONDS", "1.5")
    monkeypatch.setenv("DB_QUERY_SECONDS", "2.5")
    arguments = mysql.connect_arguments(load_database_settings())
    assert arguments["connect_timeout"] == 1.5
    assert (arguments["read_timeout"], arguments["write_timeout"]) == (2.5, 2.5)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1045, "refuses the user or the password"),
        (1049, "has no database of the name in DB_NAME"),
        (1142, "python manage.py init-db"),
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
    assert mysql.connect_arguments(load_database_settings())["ssl"] is None
    authority = tmp_path / "authority.pem"
    authority.touch()
    monkeypatch.setenv("DB_SSL_CA", str(authority))
    load_database_settings.cache_clear()
    read: list[object] = []

    def create_context(cafile: object) -> ssl.SSLContext:
        read.append(cafile)
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(ssl, "create_default_context", create_context)
    context = mysql.connect_arguments(load_database_settings())["ssl"]
    assert read == [authority]
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


def test_an_authority_that_cannot_be_read_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_text("not a certificate", encoding="utf-8")
    monkeypatch.setenv("DB_SSL_CA", str(authority))
    with pytest.raises(SettingsError, match="DB_SSL_CA: no certificate can be read from"):
        mysql.connect_arguments(load_database_settings())
