"""What is particular to PostgreSQL."""

import math
import os
import re
import ssl
import time
from contextlib import AbstractContextManager
from typing import Any, ClassVar

import psycopg
from psycopg.abc import RV, PQGen
from pydantic import Field
from sqlalchemy import URL, ColumnElement, Connection, DateTime, String, false, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError

from auth.stores.sql.databases.server import ServerSettings, polled_lock, server_of

# Each statement sees what was committed before it.
ISOLATION = "READ COMMITTED"

TIME = DateTime()

# Sorted by the letters' numbers, whatever the language of the database.
NAME = String(64).with_variant(postgresql.VARCHAR(64, collation="C"), "postgresql")
USER_ID = String(32)
TABLE_OPTIONS: dict[str, Any] = {}

_LOCK_KEY = 0x61757468  # "auth"; the locks of another database are others
_TAKE_LOCK = text(f"SELECT pg_try_advisory_lock({_LOCK_KEY})")
_RELEASE_LOCK = text(f"SELECT pg_advisory_unlock({_LOCK_KEY})")

_OF_SYSTEM = "system"

# How long the driver waits for a server that does not even break off its statement.
_GRACE_SECONDS = 1

_DEADLOCK = "40P01"
_READ_ONLY = "25006"
_STATEMENT_TIMEOUT = "57014"
_REASONS = {
    _READ_ONLY: "is read-only",
    "28000": "refuses the user or the password in DB_USER and DB_PASSWORD",
    "28P01": "refuses the user or the password in DB_USER and DB_PASSWORD",
    "3D000": "has no database of the name in DB_NAME",
    _DEADLOCK: "is busy: too much is changed at once",
    "42501": "denies its user a right. To change the tables, run `python manage.py migrate` "
    "with DB_USER and DB_PASSWORD of an account that may",
    "42P01": "has no tables yet: run `python manage.py migrate`",
    "53100": "cannot store more: its disk is full",
    "53200": "is out of memory",
    "53300": "has no connection left",
    "55P03": "is busy: a lock was not released in time",
    _STATEMENT_TIMEOUT: "did not respond in time",
    "57P01": "has closed the connection",
    "57P02": "has closed the connection",
    "57P03": "is starting or shutting down: it will be back in a moment",
}
# A connection that fails has no code, only the server's sentence. The first that fits counts. A
# server that speaks another language is known by the severity before it: "FATAL" and two spaces.
_SENTENCES = {
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "no pg_hba.conf entry": "28000",
    "permission denied for database": "42501",
    "too many connections": "53300",
    "too many clients": "53300",
    "remaining connection slots": "53300",
    "the database system is": "57P03",
    'role "': "28000",
    'database "': "3D000",
}
_SEVERITY = re.compile(r" failed: [^:\n]+:  ")
_REFUSED = "refuses the connection: look at DB_USER, DB_PASSWORD and DB_NAME, and into its log"
_NO_AUTHORITY = "is not asked: DB_SSL_CA has to name the file to check the server by"
_CERTIFICATE = "shows a certificate of another name, or of an authority other than DB_SSL_CA"


class Settings(ServerSettings):
    """Where the PostgreSQL server is, and who the app is there."""

    SECTION = "postgresql"
    DRIVER = "postgresql+psycopg"
    SCHEMES = ("postgresql", "postgres")
    CA_PARAMETER = "sslrootcert"
    MODE_PARAMETER = "sslmode"
    MODES: ClassVar = {
        "disable": "disable",
        "allow": None,
        "prefer": None,
        "require": "require",
        "verify-ca": "verify-ca",
        "verify-full": "verify-full",
    }

    db_port: int = Field(
        default=5432,
        ge=1,
        le=65535,
        description="Port of the database server.",
    )

    def engine_arguments(self) -> dict[str, Any]:
        """Return what else SQLAlchemy needs to connect."""
        if self._tls().get("sslrootcert") == _OF_SYSTEM:
            _show_authorities()
        return {"creator": self._connect}

    def _connect(self) -> "psycopg.Connection[Any]":
        milliseconds = math.ceil(self.db_query_seconds * 1000)
        connection = _Connection.connect(
            host=self.db_host,
            port=self.db_port,
            user=self.db_user,
            password=self.db_password.get_secret_value(),
            dbname=self.db_name,
            # Whole seconds, and the driver takes 1 for 2.
            connect_timeout=max(2, math.ceil(self.db_connect_seconds)),
            options=f"-c statement_timeout={milliseconds}",
            # A server that is gone without a word is noticed as soon.
            tcp_user_timeout=milliseconds,
            keepalives_idle=30,
            keepalives_interval=5,
            keepalives_count=3,
            **self._tls(),
        )
        connection.patience = self.db_query_seconds + _GRACE_SECONDS
        return connection

    def _tls(self) -> dict[str, Any]:
        if self.tls_mode is None:
            return {}
        tls = {"sslmode": self.tls_mode}
        if self.db_ssl_ca:
            return tls | {"sslrootcert": str(self.db_ssl_ca)}
        # The driver takes the system's authorities for no lesser mode.
        return tls | {"sslrootcert": _OF_SYSTEM} if self.tls_mode == "verify-full" else tls


class _Connection(psycopg.Connection[Any]):
    """A connection that gives up on a server which says nothing."""

    patience = math.inf

    def wait(self, gen: PQGen[RV], *arguments: Any, **options: Any) -> RV:
        """Wait for the server, and close the connection if that takes too long."""
        try:
            return super().wait(_in_time(gen, self.patience), *arguments, **options)
        except TimeoutError as error:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not respond in time") from error


def _show_authorities() -> None:
    """Let the driver look for the system's authorities where Python does: its OpenSSL is another."""
    paths = ssl.get_default_verify_paths()
    for variable, path in (
        (paths.openssl_cafile_env, paths.cafile),
        (paths.openssl_capath_env, paths.capath),
    ):
        if path:
            os.environ.setdefault(variable, path)


def _in_time(steps: PQGen[RV], seconds: float) -> PQGen[RV]:
    """Do the steps of a wait, and raise TimeoutError when the time is over."""
    deadline = time.monotonic() + seconds
    try:
        state = next(steps)
        while True:
            ready = yield state
            if not ready and time.monotonic() >= deadline:
                raise TimeoutError
            state = steps.send(ready)
    except StopIteration as done:
        result: RV = done.value
        return result


def exactly(name: ColumnElement[str], value: str) -> ColumnElement[bool]:
    """Return the condition that a name is a value: PostgreSQL takes no text with a null in it."""
    return false() if "\0" in value else name == value


def place(url: URL) -> str:
    """Return where the database is, to follow "The database"."""
    return server_of(url)


def error_code(error: SQLAlchemyError) -> str | None:
    """Return PostgreSQL's code of an error (SQLSTATE), or None."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def reason(error: SQLAlchemyError) -> str | None:
    """Return what an error means, to follow its place, or None if that is not known."""
    cause = getattr(error, "orig", None)
    if not isinstance(cause, psycopg.OperationalError) or cause.sqlstate:
        return _REASONS.get(error_code(error) or "")
    said = str(cause)
    for sentence, code in _SENTENCES.items():
        if sentence in said:
            return _REASONS[code]
    if _SEVERITY.search(said):
        return _REFUSED
    if "root certificate" in said:
        return _NO_AUTHORITY
    if "certificate" in said:
        return _CERTIFICATE
    if "timeout" in said or "in time" in said:
        return "did not respond in time"
    if "connection failed" in said or "failed to resolve" in said:
        return "cannot be reached"
    return "has closed the connection"


def may_pass(error: SQLAlchemyError) -> bool:
    """Tell whether the same statement may succeed at once, without a new connection."""
    return error_code(error) == _DEADLOCK


def is_outdated(error: SQLAlchemyError) -> bool:
    """Tell whether a new connection may do what this one cannot: reach the new primary."""
    return error_code(error) == _READ_ONLY


def schema_lock(connection: Connection) -> AbstractContextManager[None]:
    """Keep other servers from changing the tables: each statement commits by itself.

    Raises:
        StoreUnavailableError: Another server keeps the lock for too long.
    """
    return polled_lock(connection, _TAKE_LOCK, _RELEASE_LOCK)
