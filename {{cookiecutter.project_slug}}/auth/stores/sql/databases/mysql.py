"""What is particular to MySQL and MariaDB."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from pydantic import Field
from sqlalchemy import URL, ColumnElement, Connection, DateTime, String, and_, func, text
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import SQLAlchemyError

from auth.records import SettingsError
from auth.stores.sql.databases import refusals
from auth.stores.sql.databases.server import ServerSettings, lock_attempts, server_of

# MySQL's default also locks the gaps between rows, and logins would wait for each other.
ISOLATION = "READ COMMITTED"

# Times with microseconds, where the default has whole seconds.
TIME = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql")

NAME = String(64)

# A column of the app's own that refers to a user has to be of the same collation, or MySQL refuses
# it (error 1005): whatever the database's default is, it is this one.
USER_ID = String(32).with_variant(
    mysql.VARCHAR(32, charset="ascii", collation="ascii_bin"), "mysql", "mariadb"
)

# The binary collation compares names exactly: case and accents count.
TABLE_OPTIONS: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}

# The names of locks are the server's, and it may have the databases of several apps.
_TAKE_LOCK = text("SELECT GET_LOCK(CONCAT('auth ', SHA1(DATABASE())), 0)")
_RELEASE_LOCK = text("SELECT RELEASE_LOCK(CONCAT('auth ', SHA1(DATABASE())))")

_DEADLOCK = 1213
_BY_STATEMENT = 1665
_READ_ONLY = {1290, 1792, 1836}
_REASONS = {
    1021: refusals.DISK_FULL,
    1040: refusals.NO_CONNECTION_LEFT,
    1041: refusals.MEMORY_FULL,
    1044: "has no database of the name in DB_NAME for this user",
    # The server says the same of all of these.
    1045: "refuses the user in DB_USER, and does not say why: the password in DB_PASSWORD may be "
    "wrong, or they may not come from this machine, or not without TLS",
    1049: refusals.NO_DATABASE,
    1053: "is shutting down",
    1114: refusals.DISK_FULL,
    1129: "has blocked this machine after too many failed connections",
    1130: "takes no connection from this machine",
    1142: refusals.NO_RIGHT,
    1143: refusals.NO_RIGHT,
    1146: refusals.NO_TABLES,
    1203: "has no connection left for this user",
    1205: refusals.LOCKED,
    _DEADLOCK: refusals.DEADLOCK,
    1226: "has no connection left for this user",
    1227: refusals.NO_RIGHT,
    1251: "asks for a way to log in that the driver does not know",
    1317: refusals.NO_RESPONSE,
    _BY_STATEMENT: "writes its binary log in a format that does not go with the isolation level "
    "READ COMMITTED: set its binlog_format to ROW or MIXED",
    1698: "lets the user in DB_USER in without a password only, as a user of its machine",
    1820: refusals.EXPIRED,
    1862: refusals.EXPIRED,
    1927: refusals.CLOSED,
    1969: refusals.NO_RESPONSE,
    2003: refusals.UNREACHABLE,
    2006: refusals.CLOSED,
    2013: "has closed the connection or did not respond in time",
    2026: refusals.NO_TLS,
    2059: "asks for a way to log in that the driver does not know",
    3024: refusals.NO_RESPONSE,
    3118: refusals.LOCKED_OUT,
    3159: refusals.TLS_ONLY,
    4151: refusals.LOCKED_OUT,
    **dict.fromkeys(_READ_ONLY, refusals.READ_ONLY),
}
_CERTIFICATES = {
    10: refusals.CERTIFICATE_EXPIRED,
    62: refusals.CERTIFICATE_NAME,
    64: refusals.CERTIFICATE_NAME,
}  # OpenSSL's


class Settings(ServerSettings):
    """Where the MySQL server is, and who the app is there."""

    SECTION = "mysql"
    DRIVER = "mysql+pymysql"
    SCHEMES = ("mysql", "mariadb")
    MODE_PARAMETER = "ssl_mode"
    MODES: ClassVar = {
        "disabled": "disable",
        "preferred": None,
        "required": "require",
        "verify_ca": "verify-ca",
        "verify_identity": "verify-full",
    }
    NAMES_IN_URL: ClassVar = {
        "connect_timeout": "db_connect_seconds",
        "read_timeout": "db_query_seconds",
        "ssl_ca": "db_ssl_ca",
        "unix_socket": "db_host",
    }
    FIXED: ClassVar = {"charset": "utf8mb4"}
    OF_DRIVER = frozenset({"program_name"})

    db_port: int = Field(
        default=3306,
        ge=1,
        le=65535,
        description="Port of the database server.",
    )

    def engine_arguments(self) -> dict[str, Any]:
        """Return what else SQLAlchemy needs to connect.

        Raises:
            SettingsError: The certificate authority cannot be read.
        """
        return {
            "connect_args": {
                "connect_timeout": self.db_connect_seconds,
                "read_timeout": self.db_query_seconds,
                "write_timeout": self.db_query_seconds,
                "unix_socket": self.db_host if self.db_host.startswith("/") else None,
                # The driver knows no letters but those of Western Europe.
                "password": self.db_password.get_secret_value().encode(),
                "ssl": _tls(self),
                # Without it the driver takes TLS where the server has it.
                "ssl_disabled": self.tls_mode == "disable",
                "init_command": f"SET SESSION TRANSACTION ISOLATION LEVEL {ISOLATION}",
            }
            | self.parameters
        }


def exactly(name: ColumnElement[str], value: str) -> ColumnElement[bool]:
    """Return the condition that a name is a value: MySQL ignores spaces at the end."""
    return and_(name == value, func.char_length(name) == len(value))


def place(url: URL) -> str:
    """Return where the database is, to follow "The database"."""
    return server_of(url)


def error_code(error: SQLAlchemyError) -> int | None:
    """Return MySQL's number of an error, or None."""
    arguments = getattr(getattr(error, "orig", None), "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else None


def reason(error: SQLAlchemyError) -> str | None:
    """Return what an error means, to follow its place, or None if that is not known."""
    cause = getattr(getattr(error, "orig", None), "__context__", None)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(cause.verify_code, refusals.CERTIFICATE_AUTHORITY)
    if isinstance(cause, ssl.SSLError):
        return refusals.TLS_FAILS
    if isinstance(cause, socket.gaierror):
        return refusals.NO_HOST
    return _REASONS.get(error_code(error) or 0)


def may_pass(error: SQLAlchemyError) -> bool:
    """Tell whether the same statement may succeed at once, without a new connection."""
    return error_code(error) == _DEADLOCK


def is_outdated(error: SQLAlchemyError) -> bool:
    """Tell whether a new connection may do what this one cannot.

    It may reach the new primary, or have the format of the log that was set meanwhile.
    """
    return error_code(error) in {*_READ_ONLY, _BY_STATEMENT}


@contextmanager
def schema_lock(connection: Connection) -> Iterator[None]:
    """Keep other servers from changing the tables: each statement commits by itself.

    Raises:
        StoreUnavailableError: Another server keeps the lock for too long.
    """
    for _ in lock_attempts():
        if connection.execute(_TAKE_LOCK).scalar():
            break
    try:
        yield
    finally:
        if not connection.invalidated:
            connection.execute(_RELEASE_LOCK)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """Return what checks the server's certificate and name, as far as is asked for."""
    mode = settings.tls_mode
    if mode in (None, "disable"):
        return None
    try:
        context = ssl.create_default_context(cafile=settings.db_ssl_ca)
    except OSError as error:
        raise SettingsError(
            f"DB_SSL_CA: no certificate can be read from {settings.db_ssl_ca} "
            f"({type(error).__name__})."
        ) from None
    # Authorities that were made for databases often lack what Python 3.13 asks for.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.check_hostname = mode == "verify-full"
    if mode == "require":
        context.verify_mode = ssl.CERT_NONE
    return context
