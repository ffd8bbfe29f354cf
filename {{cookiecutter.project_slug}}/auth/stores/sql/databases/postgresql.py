"""What is particular to PostgreSQL."""

import math
import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from pydantic import Field
from sqlalchemy import URL, ColumnElement, Connection, DateTime, String, false, text
from sqlalchemy.dialects import postgresql

from auth.stores.sql.databases import postgresql_errors
from auth.stores.sql.databases.base import as_one
from auth.stores.sql.databases.patient_connection import PatientConnection
from auth.stores.sql.databases.server import ServerSettings, lock_attempts, server_of

# Each statement sees what was committed before it.
ISOLATION = "READ COMMITTED"

TIME = DateTime()

# Sorted by the letters' numbers, whatever the language of the database.
NAME = String(64).with_variant(postgresql.VARCHAR(64, collation="C"), "postgresql")
USER_ID = String(32)
TABLE_OPTIONS: dict[str, Any] = {}

_LOCK_KEY = 0x61757468  # "auth"; the locks of another database are others
_TAKE_LOCK = text(f"SELECT pg_try_advisory_xact_lock({_LOCK_KEY})")

_OF_SYSTEM = "system"

error_code, reason = postgresql_errors.error_code, postgresql_errors.reason
may_pass, is_outdated = postgresql_errors.may_pass, postgresql_errors.is_outdated


class Settings(ServerSettings):
    """Where the PostgreSQL server is, and who the app is there."""

    SECTION = "postgresql"
    DRIVER = "postgresql+psycopg"
    SCHEMES = ("postgresql", "postgres")
    MODE_PARAMETER = "sslmode"
    MODES: ClassVar = {
        "disable": "disable",
        "allow": None,
        "prefer": None,
        "require": "require",
        "verify-ca": "verify-ca",
        "verify-full": "verify-full",
    }
    NAMES_IN_URL: ClassVar = {
        "connect_timeout": "db_connect_seconds",
        "host": "db_host",
        "sslrootcert": "db_ssl_ca",
    }
    FIXED: ClassVar = {"client_encoding": "utf8"}
    OF_DRIVER = frozenset(
        {
            *(
                "application_name",
                "channel_binding",
                "gssencmode",
                "keepalives",
                "keepalives_count",
            ),
            *("keepalives_idle", "keepalives_interval", "krbsrvname", "load_balance_hosts"),
            *("options", "require_auth", "ssl_min_protocol_version", "sslcert", "sslcrl", "sslkey"),
            *("sslnegotiation", "sslpassword", "target_session_attrs", "tcp_user_timeout"),
        }
    )

    db_port: int = Field(
        default=5432,
        ge=1,
        le=65535,
        description="Port of the database server.",
    )

    @classmethod
    def read_parameters(cls, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the settings in the parameters of an address.

        Raises:
            ValueError: One is not understood.
        """
        if parameters.get("sslrootcert") != _OF_SYSTEM:
            return super().read_parameters(parameters)
        # That is no file: it means what verify-full means without one.
        others = {name: value for name, value in parameters.items() if name != "sslrootcert"}
        return super().read_parameters(others) | {"db_ssl_mode": "verify-full"}

    def engine_arguments(self) -> dict[str, Any]:
        """Return what else SQLAlchemy needs to connect."""
        if self._tls().get("sslrootcert") == _OF_SYSTEM:
            _show_authorities()
        return {"creator": self._connect}

    def _connect(self) -> PatientConnection:
        arguments: dict[str, Any] = {
            "host": self.db_host,
            "port": self.db_port,
            "user": self.db_user,
            "password": self.db_password.get_secret_value(),
            "dbname": self.db_name,
            # Whole seconds, and the driver takes 1 for 2.
            "connect_timeout": max(2, math.ceil(self.db_connect_seconds)),
            # A server that is gone without a word is noticed as soon.
            "tcp_user_timeout": math.ceil(self.db_query_seconds * 1000),
            "keepalives_idle": 30,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        }
        arguments |= self.FIXED | self._tls() | self.parameters
        connection = PatientConnection.connect(**arguments, autocommit=True)
        connection.patience = self.db_query_seconds
        connection.prepare_unless_pooled()
        return connection

    def _tls(self) -> dict[str, Any]:
        if self.tls_mode is None:
            return {}
        tls = {"sslmode": self.tls_mode}
        if self.db_ssl_ca:
            return tls | {"sslrootcert": str(self.db_ssl_ca)}
        # The driver takes the system's authorities for no lesser mode.
        return tls | {"sslrootcert": _OF_SYSTEM} if self.tls_mode == "verify-full" else tls


def _show_authorities() -> None:
    """Let the driver look for the system's authorities where Python does: its OpenSSL is another."""
    paths = ssl.get_default_verify_paths()
    for variable, path in (
        (paths.openssl_cafile_env, paths.cafile),
        (paths.openssl_capath_env, paths.capath),
    ):
        if path:
            os.environ.setdefault(variable, path)


def exactly(name: ColumnElement[str], value: str) -> ColumnElement[bool]:
    """Return the condition that a name is a value: PostgreSQL takes no text with a null in it."""
    return false() if "\0" in value else name == value


def place(url: URL) -> str:
    """Return where the database is, to follow "The database"."""
    return server_of(url)


@contextmanager
def schema_lock(connection: Connection) -> Iterator[None]:
    """Keep other servers from changing the tables. What is done meanwhile is done as one.

    The lock is the transaction's, not the session's: a pooler has another session for each. Who
    waits has no transaction, and takes no connection of the pooler's from others.

    Raises:
        StoreUnavailableError: Another server keeps the lock for too long.
    """
    for _ in lock_attempts():
        with as_one(connection, "BEGIN"):
            if connection.execute(_TAKE_LOCK).scalar():
                yield
                return
