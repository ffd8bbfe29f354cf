"""The databases that are measured: each started, filled with sessions, and asked by its driver."""

import hashlib
import secrets
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
import pymysql

from tests.support import mysql_server, postgresql_server
from tests.support.baking import BakedProject
from tests.support.database_server import PASSWORD

TOKEN_LENGTH: Final = 86
USER_SESSIONS: Final = 10  # of each user

# What the app asks, with the hash of the token, in the placeholder of the driver.
LOOK_UP = """
SELECT sessions.*, users.* FROM sessions
JOIN users ON users.id = sessions.user_id AND users.epoch = sessions.epoch
WHERE sessions.token_hash = {} AND users.disabled = false
"""


@dataclass(frozen=True)
class Filled:
    """A database with sessions.

    Attributes:
        environment: What an app that uses it is started with.
        look_up: One query for the session of a token, on a kept connection.
    """

    environment: dict[str, str]
    look_up: Callable[[str], object]


# Starts a database, and returns what fills an empty one with so many sessions.
Start = Callable[[BakedProject, ExitStack], Callable[[int], Filled]]


def start_sqlite(project: BakedProject, stack: ExitStack) -> Callable[[int], Filled]:
    """Fill files."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sqlite-")))

    def fill(count: int) -> Filled:
        environment = {"DB_FILE": str(folder / f"{secrets.token_hex(4)}.db")}
        create_tables(project, environment)
        connection = sqlite3.connect(
            environment["DB_FILE"], isolation_level=None, check_same_thread=False
        )
        stack.callback(connection.close)
        if count:
            connection.create_function("concat", 2, lambda name, number: f"{name}{number}")
            connection.create_function("token_hash", 1, lambda number: hash_of(token(number)))
            connection.executescript(
                "BEGIN;" + filling(count, "token_hash(n)", series_of_sqlite) + "; COMMIT; ANALYZE"
            )
        query = LOOK_UP.format("?")
        return Filled(
            environment, lambda text: connection.execute(query, (hash_of(text),)).fetchone()
        )

    return fill


def start_mysql(project: BakedProject, stack: ExitStack) -> Callable[[int], Filled]:
    """Start MariaDB."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mysql-")))
    server = mysql_server.start_private_server(folder, "--innodb-buffer-pool-size=1G")
    stack.callback(server.stop)

    def fill(count: int) -> Filled:
        database = stack.enter_context(server.new_database())
        create_tables(project, database.environment)
        if count:
            hashed = f"SHA2(RPAD(n, {TOKEN_LENGTH}, 'A'), 256)"
            statements = filling(
                count, hashed, lambda last: f"(SELECT seq AS n FROM seq_1_to_{last}) AS s"
            )
            database.execute(*statements.split(";"), "ANALYZE TABLE users, sessions")
        connection = stack.enter_context(
            pymysql.connect(
                host=server.host,
                port=server.port,
                user=database.name,
                password=PASSWORD,
                database=database.name,
                autocommit=True,
            )
        )
        return Filled(database.environment, with_cursor(connection.cursor()))

    return fill


def start_postgresql(project: BakedProject, stack: ExitStack) -> Callable[[int], Filled]:
    """Start PostgreSQL."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="postgresql-")))
    server = postgresql_server.start_private_server(
        folder, "-c", "shared_buffers=1GB", "-c", "max_wal_size=4GB"
    )
    stack.callback(server.stop)

    def fill(count: int) -> Filled:
        database = stack.enter_context(server.new_database())
        create_tables(project, database.environment)
        if count:
            hashed = f"encode(sha256(rpad(n::text, {TOKEN_LENGTH}, 'A')::bytea), 'hex')"
            statements = filling(count, hashed, lambda last: f"generate_series(1, {last}) AS s(n)")
            database.execute(*statements.split(";"), "VACUUM ANALYZE users, sessions")
        connection = stack.enter_context(
            psycopg.connect(
                host=server.host,
                port=server.port,
                user=database.name,
                password=PASSWORD,
                dbname=database.name,
                autocommit=True,
            )
        )
        return Filled(database.environment, with_cursor(connection.cursor()))

    return fill


STARTS: dict[str, Start] = {
    "sqlite": start_sqlite,
    "mysql": start_mysql,
    "postgresql": start_postgresql,
}


def filling(count: int, token_hash: str, series: Callable[[int], str]) -> str:
    """Return the statements that add sessions and their users.

    They were last used in the future, so that no check records its own.

    Args:
        count: How many sessions.
        token_hash: The expression for the hash of the token of number n.
        series: Returns a table of the numbers n from 1 to a last one.
    """
    times = "'2026-01-01 00:00:00.000000', '2100-01-01 00:00:00.000000'"
    return (
        "INSERT INTO users (id, username, password_hash, disabled, roles, epoch, unlocks) "
        "SELECT n, concat('user', n), concat('hash', n), false, 'sales finance', 1, 0 "
        f"FROM {series(count // USER_SESSIONS)};"
        "INSERT INTO sessions "
        "(token_hash, user_id, epoch, created_at, expires_at, last_seen_at, address, user_agent) "
        f"SELECT {token_hash}, 1 + n % {count // USER_SESSIONS}, 1, {times}, "
        f"'2100-01-01 00:00:00.000000', '', '' FROM {series(count)}"
    )


def series_of_sqlite(last: int) -> str:
    """Return a table of the numbers n from 1 on."""
    return (
        "(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
        f"WHERE n < {last}) SELECT n FROM numbers)"
    )


def create_tables(project: BakedProject, environment: dict[str, str]) -> None:
    """Let the app itself make the tables."""
    with project.modules(environment) as app:
        app.stores.current()


def with_cursor(cursor: Any) -> Callable[[str], object]:
    """Return what looks up a session with one cursor of a kept connection."""
    query = LOOK_UP.format("%s")

    def look_up(text: str) -> object:
        cursor.execute(query, (hash_of(text),))
        return cursor.fetchone()

    return look_up


def token(number: int) -> str:
    """Return the token of a session."""
    return str(number).ljust(TOKEN_LENGTH, "A")


def hash_of(text: str) -> str:
    """Return the hash of a token."""
    return hashlib.sha256(text.encode()).hexdigest()
