"""A database server that fails: nobody is let in, nobody is logged out, and nothing leaks."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests.stores.faults import (
    IMPATIENT,
    SMALL_POOL,
    THREADS,
    at_once,
    nobody_gets_in,
    unavailable,
    waits_until,
)
from tests.support.baking import BakedProject
from tests.support.database_server import PASSWORD, Database, PrivateServer
from tests.support.modules import App


@pytest.fixture
def server(store: str, request: pytest.FixtureRequest) -> PrivateServer:
    """A server that may be stopped."""
    server: PrivateServer = request.getfixturevalue(f"private_{store}_server")
    return server


@pytest.fixture
def app(project: BakedProject, database: Database) -> Iterator[App]:
    """The modules of an app that does not wait for long."""
    with project.modules({**database.environment, **IMPATIENT}) as app:
        yield app


@pytest.fixture
def patient_app(project: BakedProject, database: Database) -> Iterator[App]:
    """The modules of an app with few connections, which waits for one as long as any app."""
    with project.modules({**database.environment, **SMALL_POOL}) as app:
        yield app


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log, which has neither a traceback nor a secret in it when the test is over."""
    logging.getLogger("auth").addHandler(caplog.handler)
    yield caplog
    logging.getLogger("auth").removeHandler(caplog.handler)
    for text in [caplog.text, *(str(record.args) for record in caplog.records)]:
        assert "Traceback" not in text
        assert PASSWORD not in text


def test_a_database_that_is_down_at_the_start(app: App, server: PrivateServer) -> None:
    server.stop()
    nobody_gets_in(app, "A" * 86, "cannot be reached")
    server.start()
    assert app.load("auth").verify_user("test1", "test1")


def test_a_database_that_stops_while_people_are_logged_in(app: App, server: PrivateServer) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    server.stop()
    nobody_gets_in(app, token, "cannot be reached|closed the connection")
    server.start()
    assert auth.validate_session(token) == "test1"


def test_a_restart_of_the_database_is_not_noticed(patient_app: App, server: PrivateServer) -> None:
    auth = patient_app.load("auth")
    token = auth.create_session("test1")
    for _ in range(2):
        assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS
        server.restart()
        assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS


def test_the_first_thing_after_a_restart_may_be_anything(app: App, server: PrivateServer) -> None:
    auth, users = app.load("auth"), app.users
    token = auth.create_session("test1")

    def query() -> Any:
        with auth.get_db_connection() as connection:
            return connection.exec_driver_sql("SELECT 1").scalar()

    for attempt in (
        query,
        lambda: auth.verify_user("test1", "test1"),
        lambda: auth.create_session("test1"),
        lambda: users.add_user("ann", "a long password"),
        lambda: users.set_password(users.get("ann"), "another password"),
        lambda: users.remove_user("ann"),
        lambda: auth.destroy_session(token),
    ):
        server.restart()
        attempt()


def test_a_change_whose_result_is_lost_is_never_told_as_a_failure(
    app: App, database: Database
) -> None:
    """It was carried out, or it was not: the app cannot know, and says no more than that."""
    users, tickets = app.users, app.load("auth.sessions.tickets")
    account, one_time = app.load("auth.login.own_account"), app.load("auth.login.one_time")
    users.add_user("ann", "a long password")
    secret = tickets.issue("test", "payload", timedelta(minutes=1))
    users.add_user("bob", "a long password")
    password = one_time.reset_password("bob")
    changes: list[tuple[str, Callable[[], Any]]] = [
        ("INSERT INTO users", lambda: users.add_user("carol", "a long password")),
        (
            "UPDATE users",
            lambda: account.change_password("ann", "a long password", "another password"),
        ),
        ("UPDATE users", lambda: app.login.log_in("bob", password)),
        ("UPDATE users", lambda: app.load("auth.users.roles").grant("ann", ["sales"])),
        ("DELETE FROM tickets", lambda: tickets.redeem("test", secret)),
        ("DELETE FROM users", lambda: users.remove_user("ann", force=True)),
    ]
    for statement, change in changes:
        with result_lost(app, database, statement), unavailable(app, "closed the connection"):
            change()
    assert users.find("carol")
    assert users.find("ann") is None


def test_a_change_whose_repetition_is_harmless_is_repeated_if_its_result_is_lost(
    app: App, database: Database
) -> None:
    users = app.users
    changes: list[Callable[[], Any]] = [
        lambda: users.set_password(users.get("test1"), "a long password"),
        lambda: users.enable_user("test1"),
        lambda: users.end_sessions("test1"),
        lambda: users.unlock("test1"),
    ]
    for change in changes:
        with result_lost(app, database, "UPDATE users"):
            change()
    assert app.load("auth").verify_user("test1", "a long password")


def test_connections_that_the_server_has_killed_are_replaced(
    patient_app: App, database: Database
) -> None:
    auth = patient_app.load("auth")
    token = auth.create_session("test1")
    at_once(lambda: auth.validate_session(token))
    database.kill_connections()
    assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS


def test_a_database_that_hangs_is_waited_for_so_long_and_no_longer(
    app: App, server: PrivateServer
) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    server.hang()
    try:
        began = time.monotonic()
        with unavailable(app, "did not respond in time"):
            auth.validate_session(token)
        assert time.monotonic() - began < 3
        nobody_gets_in(app, token, "did not respond in time|cannot be reached")
    finally:
        server.resume()
    assert auth.validate_session(token) == "test1"


def test_a_server_that_never_says_anything(project: BakedProject, database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = str(silent.getsockname()[1])
        with project.modules({**database.environment, **IMPATIENT, "DB_PORT": port}) as app:
            began = time.monotonic()
            with unavailable(app, "did not respond in time"):
                app.load("auth").verify_user("test1", "test1")
            assert time.monotonic() - began < 5


def test_a_host_of_no_name(project: BakedProject, database: Database) -> None:
    environment = {**database.environment, "DB_HOST": "nowhere.invalid"}
    with project.modules(environment) as app, unavailable(app, "cannot be reached"):
        app.stores.current()


def test_a_wrong_password(app: App, database: Database) -> None:
    token = app.load("auth").create_session("test1")
    database.set_password("other")
    database.kill_connections()
    nobody_gets_in(app, token, "DB_PASSWORD")
    database.set_password(PASSWORD)
    assert app.load("auth").validate_session(token) == "test1"


def test_a_missing_database(project: BakedProject, server: PrivateServer) -> None:
    environment = {
        **{"DB_HOST": "127.0.0.1", "DB_PORT": str(server.port)},
        **{"DB_USER": server.user, "DB_PASSWORD": server.password, "DB_NAME": "not_there"},
    }
    with project.modules(environment) as app:
        nobody_gets_in(app, "A" * 86, "DB_NAME")
        server.execute("CREATE DATABASE not_there")
        assert app.load("auth").verify_user("test1", "test1")
    server.execute("DROP DATABASE not_there")


def test_a_database_with_too_many_connections(app: App, database: Database) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    with database.limit_connections():
        database.kill_connections()
        with ExitStack() as stack:
            for connection in connections_until_full(database):
                stack.enter_context(closing(connection))
            nobody_gets_in(app, token, "no connection left")
        waits_until(lambda: auth.validate_session(token) == "test1", app)


def test_a_user_with_too_many_connections(app: App, database: Database) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    database.limit_connections_of_its_user(1)
    database.kill_connections()
    with auth.get_db_connection(), unavailable(app, "no connection left"):
        auth.validate_session(token)
    assert auth.validate_session(token) == "test1"


def test_a_read_only_database_keeps_who_is_logged_in_and_lets_nobody_in(
    app: App, database: Database
) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    long_ago = datetime.now(UTC) - timedelta(minutes=10)
    app.stores.current().sessions.touch(app.tokens.hash_token(token), long_ago)
    with database.read_only():
        database.kill_connections()
        assert auth.validate_session(token) == "test1"
        changes: list[Callable[[], Any]] = [
            lambda: auth.create_session("test1"),
            lambda: auth.destroy_session(token),
            lambda: app.users.disable_user("test1"),
        ]
        for attempt in changes:
            with unavailable(app, "is read-only"):
                attempt()
        assert auth.validate_session(token) == "test1"
    auth.destroy_session(token)
    assert auth.validate_session(token) is None


def test_a_new_primary_is_found_without_a_restart(patient_app: App, database: Database) -> None:
    auth, login = patient_app.load("auth"), patient_app.login
    token = login.log_in("test1", "test1")
    with database.read_only():
        database.kill_connections()
        assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS
        for _ in range(20):
            with unavailable(patient_app, "is read-only"):
                login.log_in("test2", "test2")
        assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS
    # The connections in the pool are still those to the old primary.
    assert auth.validate_session(login.log_in("test2", "test2")) == "test2"
    assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS
    at_once(lambda: auth.destroy_session(token))
    assert auth.validate_session(token) is None


def test_more_threads_than_connections_take_turns(patient_app: App) -> None:
    auth = patient_app.load("auth")
    token = auth.create_session("test1")
    assert (
        at_once(lambda: [auth.validate_session(token) for _ in range(20)])
        == [["test1"] * 20] * THREADS
    )


def test_a_pool_that_stays_full_is_named(app: App) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    with ExitStack() as stack:
        for _ in range(int(IMPATIENT["DB_POOL_SIZE"])):
            stack.enter_context(auth.get_db_connection())
        nobody_gets_in(app, token, "all 4 connections of the pool are in use")
    assert auth.validate_session(token) == "test1"


def test_what_a_page_leaves_undone_is_not_kept(app: App, database: Database) -> None:
    auth = app.load("auth")
    app.stores.current()
    with auth.get_db_connection() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (text VARCHAR(9))")
        connection.exec_driver_sql("INSERT INTO notes VALUES ('kept')")
        connection.commit()
        connection.exec_driver_sql("INSERT INTO notes VALUES ('lost')")
    assert database.execute("SELECT text FROM notes") == [("kept",)]
    token = auth.create_session("test1")
    assert database.execute("SELECT COUNT(*) FROM sessions") == [(1,)]
    assert auth.validate_session(token) == "test1"


@contextmanager
def result_lost(app: App, database: Database, beginning: str) -> Iterator[None]:
    """Have the first statement of a kind carried out, and its connection lost right after."""
    engine = app.load("auth.stores.sql.engine").open_database().engine
    lost: list[str] = []

    def lose(_connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith(beginning) and not lost:
            lost.append(statement)
            cursor.execute(statement, values)
            database.kill_connections()

    event.listen(engine, "before_cursor_execute", lose)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", lose)
    assert lost


def connections_until_full(database: Database) -> list[Any]:
    """Open connections until the server takes no more."""
    connections: list[Any] = []
    while len(connections) < 50:
        try:
            connections.append(database.connect())
        except database.server.ConnectionFailed:
            return connections
    raise AssertionError("the server takes every connection")
