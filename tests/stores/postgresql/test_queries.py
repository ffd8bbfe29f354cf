"""What the PostgreSQL store asks the server: how often, and by which index."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.stores.everything import ask_for_one_thing_each
from tests.support.baking import BakedProject
from tests.support.database_server import Database
from tests.support.modules import App

ROWS = 3000


@pytest.fixture
def filled(app: App, database: Database) -> App:
    """An app with many users and sessions, a third of them expired."""
    app.stores.current()
    numbers = f"generate_series(1, {ROWS}) AS n"
    now = "now() AT TIME ZONE 'UTC'"
    digest = "encode(sha256(n::text::bytea), 'hex')"
    ends = f"{now} + CASE WHEN n % 3 = 0 THEN -1 ELSE 1 END * interval '2 hours'"
    database.execute(
        f"INSERT INTO users SELECT md5(n::text), 'user' || n, 'hash', false, 'sales', 1, 0, NULL, "
        f"'user' || n || '@example.com' FROM {numbers}",
        f"INSERT INTO sessions SELECT {digest}, md5(n::text), 1, {now}, {ends}, {now}, '', '' "
        f"FROM {numbers}",
        f"INSERT INTO devices SELECT {digest}, md5(n::text), {ends} FROM {numbers}",
        f"INSERT INTO tickets SELECT {digest}, 'test', 'payload', {ends} FROM {numbers}",
        f"INSERT INTO attempts SELECT md5(n::text), {digest}, 1, {digest}, 1, {digest}, 1, {ends} "
        f"FROM {numbers}",
        "INSERT INTO audit (at, event, user_id, username, count) "
        f"SELECT {now} - n * interval '1 minute', 'login', md5((n % 100)::text), "
        f"'user' || n % 100, 1 FROM {numbers}",
        "ANALYZE",
    )
    return app


def test_a_check_of_a_session_and_its_roles_is_one_statement(app: App) -> None:
    auth, statements = app.load("auth"), []
    token = auth.create_session("test1")
    engine = app.load("auth.stores.sql.engine").open_database().engine
    auth.validate_session(token)
    event.listen(
        engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    assert app.sessions.find(app.tokens.hash_token(token)).user.username == "test1"
    assert app.sessions.find("a" * 64).user is None
    assert auth.validate_session("A" * 85) is None
    assert [statement.split()[0] for statement in statements] == ["SELECT", "SELECT"]


def test_every_query_for_one_thing_goes_by_an_index(filled: App) -> None:
    store, record = filled.stores.current(), filled.load("auth.records")
    now = datetime.now(UTC)
    same = hashlib.sha256(b"1").hexdigest()
    attempt = record.Attempt("a" * 32, same, same, same, now + timedelta(hours=1))
    plans: list[tuple[str, str]] = []

    def explain(_c: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        with cursor.connection.cursor() as other:
            other.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            plans.append((statement, json.dumps(other.fetchone()[0])))

    engine = filled.load("auth.stores.sql.engine").open_database().engine
    event.listen(engine, "before_cursor_execute", explain)
    ask_for_one_thing_each(filled, now)
    store.attempts.start(attempt, {"pair": 1, "name": 9, "address": 9}, now)
    event.remove(engine, "before_cursor_execute", explain)

    for statement, plan in plans:
        # Of any that has expired, so many will do: those need no index.
        if "LIMIT" not in statement:
            assert "Seq Scan" not in plan, f"{statement}\n{plan}"
    assert len(plans) > 20


def test_the_first_page_of_users_is_read_in_the_order_of_their_names(
    filled: App, database: Database
) -> None:
    statements: list[tuple[str, Any]] = []
    engine = filled.load("auth.stores.sql.engine").open_database().engine
    event.listen(engine, "before_cursor_execute", lambda *sent: statements.append(sent[2:4]))
    assert len(filled.users.search("", 21)) == 21
    ((statement, parameters),) = statements
    with database.connect() as connection:
        rows = connection.execute(f"EXPLAIN {statement}", parameters).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert "Index Scan using users_by_username" in plan
    assert "Sort" not in plan


def test_a_purge_removes_no_more_than_a_batch(filled: App) -> None:
    assert filled.sessions.purge() == 1000
    assert filled.sessions.purge() == 0


def test_a_query_that_takes_too_long_is_ended(project: BakedProject, database: Database) -> None:
    with project.modules({**database.environment, "DB_QUERY_SECONDS": "0.5"}) as app:
        app.stores.current()
        opened = app.load("auth.stores.sql.engine").open_database()
        with pytest.raises(app.records.StoreUnavailableError, match="did not respond in time"):
            opened.run(lambda connection: connection.execute(text("SELECT pg_sleep(5)")))
        assert app.load("auth").verify_user("test1", "test1")
