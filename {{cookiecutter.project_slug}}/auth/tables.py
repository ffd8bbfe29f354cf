"""The tables of the database, and what the queries call their columns.

Times are UTC. The collation compares names exactly: case and accents count.
"""

from datetime import UTC, datetime

from sqlalchemy import Boolean, Dialect, column, table
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.types import TypeDecorator

CREATE_USERS = """
CREATE TABLE IF NOT EXISTS users (
    username      VARCHAR(64)  NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    disabled      BOOLEAN      NOT NULL,
    PRIMARY KEY (username)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
"""

CREATE_SESSIONS = """
CREATE TABLE IF NOT EXISTS sessions (
    token_hash CHAR(64)    NOT NULL,
    username   VARCHAR(64) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    seen_at    DATETIME(6) NOT NULL,
    PRIMARY KEY (token_hash),
    KEY by_username (username),
    KEY by_end (expires_at),
    FOREIGN KEY (username) REFERENCES users (username) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
"""
{% if cookiecutter.cookie_transport == "http_only" %}

CREATE_CODES = """
CREATE TABLE IF NOT EXISTS codes (
    code_hash    CHAR(64)    NOT NULL,
    sealed_token VARCHAR(64) NOT NULL,
    expires_at   DATETIME(6) NOT NULL,
    PRIMARY KEY (code_hash),
    KEY by_end (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
"""
{% endif %}


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone in Python, in UTC without a zone in the database."""

    impl = DATETIME
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


# The columns are in the order of the fields of the records in store.py.
users = table(
    "users",
    column("username"),
    column("password_hash"),
    column("disabled", Boolean),
)
sessions = table(
    "sessions",
    column("token_hash"),
    column("username"),
    column("created_at", UtcDateTime),
    column("expires_at", UtcDateTime),
    column("seen_at", UtcDateTime),
)
{% if cookiecutter.cookie_transport == "http_only" %}
codes = table(
    "codes",
    column("code_hash"),
    column("sealed_token"),
    column("expires_at", UtcDateTime),
)
{% endif %}
