"""What the MySQL store asks the server: how often, by which index, and with which locks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pymysql
import pytest
from sqlalchemy import event

from tests.support.modules import App
from tests.support.mysql_server import PASSWORD, Database, Server

ROWS = 3000
BY_INDEX = {"const", "eq_ref", "ref", "range"}


@pytest.fixture
def filled(app: App, database: Database) -> App:
    """An app with many users and sessions, a third of them expired."""
    app.stores.current()
    database.execute(
        "CREATE TABLE numbers (n INT)",
        f"INSERT INTO numbers VALUES {', '.join(f'({n})' for n in range(1, ROWS + 1))}",
        "INSERT INTO users SELECT CONCAT('user', n), 'hash', 0, '', 1 FROM numbers",
        "INSERT INTO sessions SELECT SHA2(n, 256), CONCAT('user', n), 1, UTC_TIMESTAMP(6), "
        "UTC_TIMESTAMP(6) + INTERVAL IF(n % 3, 1, -1) HOUR, UTC_TIMESTAMP(6) FROM numbers",
        "ANALYZE TABLE users, sessions",
    )
    return app


@pytest.fixture
def statements(app: App) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that the app sends, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    engine = app.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_a_check_of_a_session_is_one_question_to_the_server(app: App, mysql_server: Server) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    assert auth.validate_session(token)
    before = questions(mysql_server)
    cost_of_asking = questions(mysql_server) - before
    before = questions(mysql_server)
    for _ in range(50):
        assert auth.validate_session(token) == "test1"
    assert questions(mysql_server) - before - cost_of_asking == 50


def test_the_last_use_is_written_once_a_minute(app: App, statements: list[tuple[str, Any]]) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    before = datetime.now(UTC) - timedelta(seconds=61)
    app.store.sessions.touch(app.tokens.hash_token(token), before)
    statements.clear()
    for _ in range(5):
        auth.validate_session(token)
    assert [statement.split()[0] for statement, _ in statements] == ["SELECT", "UPDATE"] + [
        "SELECT"
    ] * 4


def test_every_query_for_one_thing_goes_by_an_index(
    filled: App, database: Database, statements: list[tuple[str, Any]]
) -> None:
    store, records = filled.store, filled.records
    now = datetime.now(UTC)
    statements.clear()
    user = store.users.find("user1")
    store.users.upgrade_password_hash(user, "better")
    store.sessions.add(records.Session("a" * 64, "user1", 1, now, now + timedelta(hours=1), now))
    store.sessions.find("a" * 64)
    store.sessions.touch("a" * 64, now)
    store.sessions.list_all(now, "user2")
    store.sessions.purge(now, 10)
    store.sessions.remove("a" * 64)
    store.users.set_password("user1", "new")
    store.users.set_disabled("user1", True)
    store.users.end_sessions("user2")
    store.users.remove("user3")
    store.tickets.take("cookie", "b" * 64)
    explained = 0
    with connect(database) as connection, connection.cursor() as cursor:
        for statement, parameters in statements:
            if statement.split()[0] not in {"SELECT", "UPDATE", "DELETE"}:
                continue
            cursor.execute(f"EXPLAIN FORMAT=TRADITIONAL {statement}", parameters)
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                plan = dict(zip(names, row, strict=True))
                # A row that is not there any more needs no access at all.
                if plan["table"] is None:
                    continue
                assert plan["type"] in BY_INDEX, f"{statement}\n{plan}"
                assert plan["key"], f"{statement}\n{plan}"
                explained += 1
    assert explained >= 12


def test_no_value_stands_in_a_statement(app: App, statements: list[tuple[str, Any]]) -> None:
    users, store = app.users, app.store
    users.add_user("ann", "a long password")
    app.load("auth").verify_user("ann", "a long password")
    token = app.load("auth").create_session("ann")
    app.load("auth").destroy_session(token)
    store.sessions.list_all(datetime.now(UTC), "ann")
    store.users.remove("ann")
    for statement, _ in statements:
        assert "ann" not in statement
        assert "$argon2" not in statement
        assert app.tokens.hash_token(token) not in statement


def test_a_purge_removes_no_more_than_a_batch(filled: App) -> None:
    assert filled.sessions.purge() == 1000
    assert filled.sessions.purge() == 0


def test_a_login_removes_few_expired_sessions_so_that_nobody_waits(
    filled: App, database: Database
) -> None:
    filled.load("auth").create_session("user1")
    (left,) = database.execute("SELECT COUNT(*) FROM sessions WHERE expires_at < UTC_TIMESTAMP()")
    assert left == (900,)


def test_a_purge_waits_for_no_session_that_lives(filled: App, database: Database) -> None:
    with connect(database) as connection, connection.cursor() as cursor:
        connection.begin()
        cursor.execute(
            "UPDATE sessions SET last_seen_at = NOW() WHERE expires_at > UTC_TIMESTAMP()"
        )
        assert cursor.rowcount == 2000
        assert filled.sessions.purge(100) == 100


def test_no_session_that_lives_waits_for_a_purge(filled: App, database: Database) -> None:
    auth, store = filled.load("auth"), filled.store
    token = auth.create_session("user1")
    with connect(database) as connection, connection.cursor() as cursor:
        connection.begin()
        cursor.execute("DELETE FROM sessions WHERE expires_at < UTC_TIMESTAMP()")
        assert cursor.rowcount == 900
        store.sessions.touch(filled.tokens.hash_token(token), datetime.now(UTC))
        assert auth.validate_session(token) == "user1"
        store.users.end_sessions("user2")
        auth.destroy_session(token)


def connect(database: Database) -> Any:
    return pymysql.connect(
        host=database.server.host,
        port=database.server.port,
        user=database.name,
        password=PASSWORD,
        database=database.name,
        autocommit=True,
        init_command="SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    )


def questions(server: Server) -> int:
    """Return how many statements and pings the server has had."""
    rows = server.execute(
        "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_admin_commands')"
    )
    return sum(int(str(value)) for _, value in rows)
