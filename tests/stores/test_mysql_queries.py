"""What the MySQL store asks the server: how often, by which index, and with which locks."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pymysql
import pytest
from sqlalchemy import event

from tests.conftest import Bake
from tests.stores.everything import ask_for_one_thing_each
from tests.support.database_server import PASSWORD, Database, Server
from tests.support.modules import App
from tests.support.sweep import first_of

ROWS = 3000
BY_INDEX = {"const", "eq_ref", "index_merge", "ref", "range"}


@pytest.fixture
def filled(app: App, database: Database) -> App:
    """An app with many users and sessions, a third of them expired."""
    app.stores.current()
    database.execute(
        "CREATE TABLE numbers (n INT)",
        f"INSERT INTO numbers VALUES {', '.join(f'({n})' for n in range(1, ROWS + 1))}",
        "INSERT INTO users SELECT MD5(n), CONCAT('user', n), 'hash', 0, 'sales', 1, 0, NULL, "
        "CONCAT('user', n, '@example.com'), NULL, NULL FROM numbers",
        "INSERT INTO sessions SELECT SHA2(n, 256), MD5(n), 1, UTC_TIMESTAMP(6), "
        "UTC_TIMESTAMP(6) + INTERVAL IF(n % 3, 1, -1) HOUR, UTC_TIMESTAMP(6), '', '' FROM numbers",
        "INSERT INTO tickets SELECT SHA2(n, 256), 'test', 'payload', "
        "UTC_TIMESTAMP(6) + INTERVAL IF(n % 3, 1, -1) HOUR FROM numbers",
        "INSERT INTO attempts SELECT MD5(n), SHA2(n, 256), 1, SHA2(n, 256), 1, SHA2(n, 256), 1, "
        "UTC_TIMESTAMP(6) + INTERVAL IF(n % 3, 1, -2) HOUR FROM numbers",
        "INSERT INTO audit SELECT n, UTC_TIMESTAMP(6) - INTERVAL n MINUTE, 'login', "
        "MD5(n % 100), CONCAT('user', n % 100), NULL, NULL, NULL, 1 FROM numbers",
        "INSERT INTO devices SELECT SHA2(n, 256), MD5(n), "
        "UTC_TIMESTAMP(6) + INTERVAL IF(n % 3, 1, -1) HOUR FROM numbers",
        "ANALYZE TABLE users, sessions, tickets, attempts, audit, devices",
    )
    return app


@pytest.fixture
def statements(app: App) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that the app sends, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    engine = app.load("auth.stores.sql.engine").open_database().engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("cookie_transport", first_of(["component", "http_only"]))
def test_a_check_of_a_session_and_its_roles_is_one_question_to_the_server(
    bake: Bake, database: Database, mysql_server: Server, cookie_transport: str
) -> None:
    project = bake(store_backend="mysql", cookie_transport=cookie_transport)
    with project.modules(database.environment) as app:
        auth, sessions = app.load("auth"), app.sessions
        token = auth.create_session("test1")
        database.execute("UPDATE users SET roles = 'sales finance' WHERE username = 'test1'")

        def check_username() -> None:
            assert auth.validate_session(token) == "test1"

        def check_roles() -> None:
            assert sessions.find(app.tokens.hash_token(token)).user.roles == ("sales", "finance")

        def check_unknown() -> None:
            assert sessions.find("a" * 64).user is None

        def check_no_token() -> None:
            assert auth.validate_session("A" * 85) is None

        for check, cost in [
            (check_username, 1),
            (check_roles, 1),
            (check_unknown, 1),
            (check_no_token, 0),
        ]:
            check()
            before = questions(mysql_server)
            cost_of_asking = questions(mysql_server) - before
            before = questions(mysql_server)
            for _ in range(50):
                check()
            assert questions(mysql_server) - before - cost_of_asking == 50 * cost


def test_the_last_use_is_written_once_a_minute(app: App, statements: list[tuple[str, Any]]) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    before = datetime.now(UTC) - timedelta(seconds=61)
    app.stores.current().sessions.touch(app.tokens.hash_token(token), before)
    statements.clear()
    for _ in range(5):
        auth.validate_session(token)
    assert [statement.split()[0] for statement, _ in statements] == ["SELECT", "UPDATE"] + [
        "SELECT"
    ] * 4


def test_every_query_for_one_thing_goes_by_an_index(filled: App, database: Database) -> None:
    plans: list[tuple[str, dict[str, Any]]] = []

    def explain(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.split()[0] in {"SELECT", "UPDATE", "DELETE"} and statement != "SELECT 1":
            cursor.execute(f"EXPLAIN FORMAT=TRADITIONAL {statement}", parameters)
            names = [column[0] for column in cursor.description]
            plans.extend(
                (statement, dict(zip(names, row, strict=True))) for row in cursor.fetchall()
            )

    engine = filled.load("auth.stores.sql.engine").open_database().engine
    with connect(database) as connection, connection.cursor() as cursor:
        event.listen(engine, "before_cursor_execute", explain)
        ask_for_one_thing_each(filled, datetime.now(UTC))

    for statement, plan in plans:
        assert plan["type"] in BY_INDEX, f"{statement}\n{plan}"
        assert plan["key"], f"{statement}\n{plan}"
    assert len(plans) > 24


def test_the_first_page_of_users_is_read_in_the_order_of_their_names(
    filled: App, database: Database, statements: list[tuple[str, Any]]
) -> None:
    assert len(filled.users.search("", 21)) == 21
    ((statement, parameters),) = statements
    with connect(database) as connection, connection.cursor(pymysql.cursors.DictCursor) as cursor:
        cursor.execute(f"EXPLAIN FORMAT=TRADITIONAL {statement}", parameters)
        (plan,) = cursor.fetchall()
    assert (plan["type"], plan["key"], int(plan["rows"])) == ("index", "users_by_username", 21)
    assert "filesort" not in (plan["Extra"] or "")


def test_an_attempt_is_counted_by_indexes(filled: App, database: Database) -> None:
    store, record = filled.stores.current(), filled.load("auth.records")
    now = datetime.now(UTC)
    same = hashlib.sha256(b"1").hexdigest()
    attempt = record.Attempt("a" * 32, same, same, same, now + timedelta(hours=1))
    plans: list[tuple[Any, ...]] = []

    def explain(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        cursor.execute(f"EXPLAIN FORMAT=TRADITIONAL {statement}", parameters)
        plans.extend(cursor.fetchall())

    engine = filled.load("auth.stores.sql.engine").open_database().engine
    with connect(database) as connection, connection.cursor() as cursor:
        event.listen(engine, "before_cursor_execute", explain)
        assert store.attempts.start(attempt, {"pair": 1, "name": 9, "address": 9}, now)
        names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, plan, strict=True)) for plan in plans]
    # The statement that adds the row, and the question why it did not.
    assert [row["type"] for row in rows if row["table"] == "attempts" and row["key"]] == [
        "index_merge"
    ] * 2
    assert all(int(row["rows"]) < 10 for row in rows if row["key"])


def test_no_value_stands_in_a_statement(app: App, statements: list[tuple[str, Any]]) -> None:
    users, store = app.users, app.stores.current()
    users.add_user("ann", "a long password")
    app.load("auth").verify_user("ann", "a long password")
    token = app.load("auth").create_session("ann")
    app.load("auth").validate_session(token)
    app.load("auth").destroy_session(token)
    app.sessions.list_sessions(users.get("ann"))
    secret = app.load("auth.sessions.tickets").issue(
        "cookie", "hidden payload", timedelta(seconds=30)
    )
    app.load("auth.sessions.tickets").redeem("cookie", secret)
    users.set_password(users.get("ann"), "another password")
    users.end_sessions("ann")
    store.users.remove(users.get("ann"))
    assert len(statements) > 10
    for statement, _ in statements:
        assert "ann" not in statement
        assert "$argon2" not in statement
        assert app.tokens.hash_token(token) not in statement
        assert app.tokens.hash_token(secret) not in statement
        assert "hidden payload" not in statement


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
    auth, store = filled.load("auth"), filled.stores.current()
    token = auth.create_session("user1")
    with connect(database) as connection, connection.cursor() as cursor:
        connection.begin()
        cursor.execute("DELETE FROM sessions WHERE expires_at < UTC_TIMESTAMP()")
        assert cursor.rowcount == 900
        store.sessions.touch(filled.tokens.hash_token(token), datetime.now(UTC))
        assert auth.validate_session(token) == "user1"
        store.users.end_sessions(store.users.find("user2"))
        auth.destroy_session(token)


def test_no_session_waits_while_the_sessions_of_all_are_ended(
    filled: App, database: Database
) -> None:
    auth, store = filled.load("auth"), filled.stores.current()
    token = auth.create_session("user1")
    with connect(database) as connection, connection.cursor() as cursor:
        connection.begin()
        cursor.execute("UPDATE users SET epoch = epoch + 1")
        assert cursor.rowcount == 3002
        assert auth.validate_session(token) == "user1"
        store.sessions.touch(filled.tokens.hash_token(token), datetime.now(UTC))
        connection.commit()
    assert auth.validate_session(token) is None


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
