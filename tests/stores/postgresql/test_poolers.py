"""PgBouncer between the app and PostgreSQL, in both modes that take transactions."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import text

from tests.stores.conftest import at_once
from tests.stores.faults import IMPATIENT, unavailable
from tests.stores.starts import start_at_once
from tests.support.baking import BakedProject
from tests.support.database_server import Database
from tests.support.modules import App
from tests.support.pgbouncer import CONNECTIONS, pooled
from tests.support.sweep import first_of

THREADS = 8  # more than PgBouncer has connections
ROUNDS = 10


@pytest.fixture(params=first_of(["transaction", "session"]))
def environment(request: pytest.FixtureRequest, database: Database) -> Iterator[dict[str, str]]:
    """The environment of an app that reaches an empty database through PgBouncer."""
    # In session mode each connection of an app keeps one of PgBouncer's.
    sizes = {"session": "20", "transaction": str(CONNECTIONS)}
    with pooled(database, request.param, default_pool_size=sizes[request.param]) as environment:
        yield environment


@pytest.fixture
def pooled_app(project: BakedProject, environment: dict[str, str]) -> Iterator[App]:
    with project.modules(environment) as app:
        yield app


def test_logins_clicks_and_logouts_of_many_at_once_work(pooled_app: App) -> None:
    auth = pooled_app.load("auth")

    def live(_: int) -> None:
        for _ in range(ROUNDS):
            token = auth.create_session("test1")
            for _ in range(5):
                assert auth.validate_session(token) == "test1"
            auth.destroy_session(token)
            assert auth.validate_session(token) is None

    at_once(live, THREADS)
    users = pooled_app.users
    users.add_user("ann", "a long password")
    assert auth.verify_user("ann", "a long password")
    users.remove_user("ann")
    assert users.find("ann") is None


def test_servers_that_start_at_once_make_the_tables_once(
    project: BakedProject, environment: dict[str, str], database: Database
) -> None:
    start_at_once(project, environment, number=CONNECTIONS + 1)
    assert database.execute("SELECT username FROM users ORDER BY 1") == [("test1",), ("test2",)]
    assert database.lock_is_free()


def test_a_start_behind_a_pooler_waits_for_another_that_is_not(
    pooled_app: App, database: Database
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with database.taken_lock():
            start = pool.submit(pooled_app.stores.current)
            with pytest.raises(TimeoutError):
                start.result(timeout=1)
            assert database.indexes() == set()
        assert len(start.result(timeout=30).users.list_all()) == 2
    assert database.lock_is_free()


def test_a_statement_that_takes_too_long_is_ended_and_no_limit_is_left_to_others(
    project: BakedProject, environment: dict[str, str], database: Database
) -> None:
    with project.modules({**environment, **IMPATIENT}) as app:
        app.stores.current()
        opened = app.load("auth.stores.sql.engine").open_database()
        with unavailable(app, "did not respond in time"):
            opened.run(lambda connection: connection.execute(text("SELECT pg_sleep(60)")))
        wait_until_nobody_sleeps(database)
        assert app.load("auth").verify_user("test1", "test1")
    with project.modules(environment) as app:
        opened = app.load("auth.stores.sql.engine").open_database()
        limits = at_once(lambda _: opened.run(ask_for_the_limit), THREADS)
    assert set(limits) == {"0"}


def test_a_page_has_the_whole_of_its_transaction(pooled_app: App) -> None:
    auth = pooled_app.load("auth")
    pooled_app.stores.current()
    with auth.get_db_connection() as connection:
        connection.execute(text("CREATE TABLE notes (number INT)"))
        connection.commit()

    def add(number: int) -> None:
        with auth.get_db_connection() as connection:
            connection.execute(text("INSERT INTO notes VALUES (:number)"), {"number": number})
            if number % 2:
                connection.commit()

    at_once(add, THREADS)
    with auth.get_db_connection() as connection:
        query = text("SELECT number FROM notes ORDER BY 1")
        assert list(connection.execute(query).scalars()) == [1, 3, 5, 7]


def test_connections_that_the_server_has_killed_behind_the_pooler_are_replaced(
    pooled_app: App, database: Database
) -> None:
    auth = pooled_app.load("auth")
    token = auth.create_session("test1")
    database.kill_connections()
    assert auth.validate_session(token) == "test1"


def test_statements_are_prepared_where_there_is_no_pooler_only(
    pooled_app: App, project: BakedProject, database: Database
) -> None:
    assert prepared_statements(pooled_app) == 0
    with project.modules(database.environment) as direct_app:
        assert prepared_statements(direct_app) > 0


def test_statement_mode_is_told(project: BakedProject, database: Database) -> None:
    with (
        pooled(database, "statement") as environment,
        project.modules(environment) as app,
        unavailable(app, "a pooler in statement mode: set it to transaction or session mode"),
    ):
        app.stores.current()


def test_a_pooler_without_a_connection_left_is_told(
    project: BakedProject, database: Database
) -> None:
    with (
        pooled(database, "session", query_wait_timeout="1") as environment,
        project.modules({**environment, "DB_POOL_SIZE": str(CONNECTIONS + 1)}) as app,
        ExitStack() as kept,
    ):
        auth = app.load("auth")
        for _ in range(CONNECTIONS):
            kept.enter_context(auth.get_db_connection())
        with unavailable(app, "has no connection left"):
            auth.get_db_connection()


def test_parameters_that_the_pooler_refuses_are_told(
    project: BakedProject, database: Database
) -> None:
    with pooled(database, "transaction") as environment:
        options = {"DB_PARAMETERS": "options=-csearch_path%3Dmyapp"}
        with (
            project.modules({**environment, **options}) as app,
            unavailable(app, "behind a pooler that does not take `options`"),
        ):
            app.stores.current()


def test_a_wrong_password_is_told_by_the_pooler_too(
    project: BakedProject, database: Database
) -> None:
    with (
        pooled(database, "transaction") as environment,
        project.modules({**environment, "DB_PASSWORD": "wrong"}) as app,
        unavailable(app, "refuses the password in DB_PASSWORD"),
    ):
        app.stores.current()


def prepared_statements(app: App) -> int:
    """Return how many statements a session of the app has prepared that did the same ten times."""
    auth = app.load("auth")
    token = auth.create_session("test1")
    for _ in range(10):
        auth.validate_session(token)
    with auth.get_db_connection() as connection:
        count = connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar()
    return int(count)


def ask_for_the_limit(connection: Any) -> str:
    return str(connection.execute(text("SHOW statement_timeout")).scalar())


def wait_until_nobody_sleeps(database: Database) -> None:
    """Wait until the server has ended what the app has given up."""
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query ~ 'sleep.60'"
    deadline = time.monotonic() + 10
    while database.execute(f"{sleeping} AND pid <> pg_backend_pid()") != [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
