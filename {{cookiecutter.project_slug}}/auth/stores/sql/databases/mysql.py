"""What is particular to MySQL and MariaDB."""

import ssl
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from pydantic import Field
from sqlalchemy import URL, ColumnElement, Connection, DateTime, String, and_, func, text
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import SQLAlchemyError

from auth.records import SettingsError
from auth.stores.sql.databases.server import ServerSettings, polled_lock, server_of

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
_READ_ONLY = {1290, 1792, 1836}
_REASONS = {
    1040: "has no connection left",
    1044: "has no database of the name in DB_NAME for this user",
    1045: "refuses the user or the password in DB_USER and DB_PASSWORD",
    1049: "has no database of the name in DB_NAME",
    1142: "denies its user a right. To change the tables, run `python manage.py migrate` "
    "with DB_USER and DB_PASSWORD of an account that may",
    1146: "has no tables yet: run `python manage.py migrate`",
    1203: "has no connection left for this user",
    1205: "is busy: a lock was not released in time",
    _DEADLOCK: "is busy: too much is changed at once",
    1226: "has no connection left for this user",
    1698: "refuses the user or the password in DB_USER and DB_PASSWORD",
    2003: "cannot be reached",
    2006: "has closed the connection",
    2013: "has closed the connection or did not respond in time",
    **dict.fromkeys(_READ_ONLY, "is read-only"),
}


class Settings(ServerSettings):
    """Where the MySQL server is, and who the app is there."""

    SECTION = "mysql"
    DRIVER = "mysql+pymysql"
    QUERY: ClassVar = {"charset": "utf8mb4"}
    SCHEMES = ("mysql", "mariadb")
    CA_PARAMETER = "ssl_ca"
    MODE_PARAMETER = "ssl_mode"
    MODES: ClassVar = {
        "disabled": "disable",
        "preferred": None,
        "required": "require",
        "verify_ca": "verify-ca",
        "verify_identity": "verify-full",
    }

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
                "ssl": _tls(self),
                "init_command": f"SET SESSION TRANSACTION ISOLATION LEVEL {ISOLATION}",
            }
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
    code = error_code(error)
    return _REASONS.get(code) if code else None


def may_pass(error: SQLAlchemyError) -> bool:
    """Tell whether the same statement may succeed at once, without a new connection."""
    return error_code(error) == _DEADLOCK


def is_outdated(error: SQLAlchemyError) -> bool:
    """Tell whether a new connection may do what this one cannot: reach the new primary."""
    return error_code(error) in _READ_ONLY


def schema_lock(connection: Connection) -> AbstractContextManager[None]:
    """Keep other servers from changing the tables: each statement commits by itself.

    Raises:
        StoreUnavailableError: Another server keeps the lock for too long.
    """
    return polled_lock(connection, _TAKE_LOCK, _RELEASE_LOCK)


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
