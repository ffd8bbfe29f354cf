"""A database that fails: nobody is let in, nobody is logged out, and nothing leaks."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pymysql
import pytest

from tests.stores.faults import (
    IMPATIENT,
    SMALL_POOL,
    THREADS,
    at_once,
    make_certificate,
    nobody_gets_in,
    unavailable,
    waits_until,
)
from tests.support.baking import BakedProject
from tests.support.modules import App
from tests.support.mysql_server import (
    PASSWORD,
    Database,
    PrivateServer,
    start_private_server,
)


@pytest.fixture
def app(mysql_project: BakedProject, private_database: Database) -> Iterator[App]:
    """The modules of an app that does not wait for long."""
    with mysql_project.modules({**private_database.environment, **IMPATIENT}) as app:
        yield app


@pytest.fixture
def patient_app(mysql_project: BakedProject, private_database: Database) -> Iterator[App]:
    """The modules of an app with few connections, which waits for one as long as any app."""
    with mysql_project.modules({**private_database.environment, **SMALL_POOL}) as app:
        yield app


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log, which has neither a traceback nor a secret in it when the test is over."""
    yield caplog
    for text in [caplog.text, *(str(record.args) for record in caplog.records)]:
        assert "Traceback" not in text
        assert PASSWORD not in text


def test_a_database_that_is_down_at_the_start(app: App, private_server: PrivateServer) -> None:
    private_server.stop()
    nobody_gets_in(app, "A" * 86, "cannot be reached")
    private_server.start()
    assert app.load("auth").verify_user("test1", "test1")


def test_a_database_that_stops_while_people_are_logged_in(
    app: App, private_server: PrivateServer
) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    private_server.stop()
    nobody_gets_in(app, token, "cannot be reached|closed the connection")
    private_server.start()
    assert auth.validate_session(token) == "test1"


def test_a_restart_of_the_database_is_not_noticed(
    patient_app: App, private_server: PrivateServer
) -> None:
    auth = patient_app.load("auth")
    token = auth.create_session("test1")
    for _ in range(2):
        assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS
        private_server.restart()
        assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS


def test_the_first_thing_after_a_restart_may_be_anything(
    app: App, private_server: PrivateServer
) -> None:
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
        lambda: users.set_password("ann", "another password"),
        lambda: app.stores.current().users.end_sessions("ann"),
        lambda: app.stores.current().users.remove("ann"),
        lambda: auth.destroy_session(token),
    ):
        private_server.restart()
        attempt()


def test_connections_that_the_server_has_killed_are_replaced(
    patient_app: App, private_database: Database
) -> None:
    auth = patient_app.load("auth")
    token = auth.create_session("test1")
    at_once(lambda: auth.validate_session(token))
    private_database.kill_connections()
    assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS


def test_a_database_that_hangs_is_waited_for_so_long_and_no_longer(
    app: App, private_server: PrivateServer
) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    private_server.hang()
    try:
        began = time.monotonic()
        with unavailable(app, "did not respond in time"):
            auth.validate_session(token)
        assert time.monotonic() - began < 3
        nobody_gets_in(app, token, "did not respond in time|cannot be reached")
    finally:
        private_server.resume()
    assert auth.validate_session(token) == "test1"


def test_a_server_that_never_says_anything(mysql_project: BakedProject, database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = str(silent.getsockname()[1])
        environment = {**database.environment, **IMPATIENT, "DB_PORT": port}
        with mysql_project.modules(environment) as app:
            began = time.monotonic()
            with unavailable(app, "did not respond in time"):
                app.load("auth").verify_user("test1", "test1")
            assert time.monotonic() - began < 3


def test_a_host_of_no_name(mysql_project: BakedProject, database: Database) -> None:
    environment = {**database.environment, "DB_HOST": "nowhere.invalid"}
    with mysql_project.modules(environment) as app, unavailable(app, "cannot be reached"):
        app.stores.current()


def test_a_wrong_password(
    app: App, private_server: PrivateServer, private_database: Database
) -> None:
    user = f"'{private_database.name}'@'%'"
    token = app.load("auth").create_session("test1")
    private_server.execute(f"ALTER USER {user} IDENTIFIED BY 'other'")
    private_database.kill_connections()
    nobody_gets_in(app, token, "DB_USER and DB_PASSWORD")
    private_server.execute(f"ALTER USER {user} IDENTIFIED BY '{PASSWORD}'")
    assert app.load("auth").validate_session(token) == "test1"


def test_a_missing_database(mysql_project: BakedProject, private_server: PrivateServer) -> None:
    environment = {
        **{"DB_HOST": "127.0.0.1", "DB_PORT": str(private_server.port)},
        **{"DB_USER": "root", "DB_PASSWORD": "", "DB_NAME": "not_there"},
    }
    with mysql_project.modules(environment) as app:
        nobody_gets_in(app, "A" * 86, "DB_NAME")
        private_server.execute("CREATE DATABASE not_there")
        assert app.load("auth").verify_user("test1", "test1")
    private_server.execute("DROP DATABASE not_there")


def test_a_database_of_somebody_else(
    mysql_project: BakedProject, private_database: Database
) -> None:
    environment = {**private_database.environment, "DB_NAME": "mysql"}
    with mysql_project.modules(environment) as app, unavailable(app, "DB_NAME"):
        app.stores.current()


def test_a_server_with_too_many_connections(
    app: App, private_server: PrivateServer, private_database: Database
) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    before = private_server.execute("SELECT @@max_connections")[0][0]
    private_server.execute("SET GLOBAL max_connections = 10")
    private_database.kill_connections()
    try:
        with ExitStack() as stack:
            for connection in connections_until_full(private_database):
                stack.enter_context(closing(connection))
            nobody_gets_in(app, token, "no connection left")
        waits_until(lambda: auth.validate_session(token) == "test1", app)
    finally:
        private_server.execute(f"SET GLOBAL max_connections = {before}")


def test_a_user_with_too_many_connections(
    app: App, private_server: PrivateServer, private_database: Database
) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    user = f"'{private_database.name}'@'%'"
    private_server.execute(f"ALTER USER {user} WITH MAX_USER_CONNECTIONS 1")
    private_database.kill_connections()
    with auth.get_db_connection(), unavailable(app, "no connection left"):
        auth.validate_session(token)
    assert auth.validate_session(token) == "test1"


def test_a_read_only_database_keeps_who_is_logged_in_and_lets_nobody_in(
    app: App, private_server: PrivateServer, private_database: Database
) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    long_ago = datetime.now(UTC) - timedelta(minutes=10)
    app.stores.current().sessions.touch(app.tokens.hash_token(token), long_ago)
    private_server.execute("SET GLOBAL read_only = 1")
    try:
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
    finally:
        private_server.execute("SET GLOBAL read_only = 0")
    auth.destroy_session(token)
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


def test_what_a_page_leaves_undone_is_not_kept(app: App, private_database: Database) -> None:
    auth = app.load("auth")
    private_database.execute("CREATE TABLE notes (text VARCHAR(9))")
    with auth.get_db_connection() as connection:
        connection.exec_driver_sql("INSERT INTO notes VALUES ('kept')")
        connection.commit()
        connection.exec_driver_sql("INSERT INTO notes VALUES ('lost')")
    assert private_database.execute("SELECT text FROM notes") == [("kept",)]
    token = auth.create_session("test1")
    assert private_database.execute("SELECT COUNT(*) FROM sessions") == [(1,)]
    assert auth.validate_session(token) == "test1"


def test_tls_is_used_and_checked_when_it_is_asked_for(
    mysql_project: BakedProject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tls")
    for name in ["server", "other"]:
        make_certificate(folder, name)
    server = start_private_server(
        folder,
        *(f"--ssl-cert={folder / 'server.pem'}", f"--ssl-key={folder / 'server.key'}"),
    )
    try:
        database = server.create_database()
        cases: list[tuple[str, str, Callable[[App], None]]] = [
            ("127.0.0.1", "server", is_encrypted),
            ("127.0.0.1", "other", is_refused),
            ("localhost", "server", is_refused),
        ]
        for host, authority, expect in cases:
            ca = {"DB_SSL_CA": str(folder / f"{authority}.pem"), "DB_HOST": host}
            with mysql_project.modules({**database.environment, **ca}) as app:
                expect(app)
        ca = {"DB_SSL_CA": str(folder / "server.key")}
        with (
            mysql_project.modules({**database.environment, **ca}) as app,
            pytest.raises(app.settings.SettingsError, match=r"DB_SSL_CA: no certificate"),
        ):
            app.stores.current()
    finally:
        server.stop()


def is_encrypted(app: App) -> None:
    with app.load("auth").get_db_connection() as connection:
        status = connection.exec_driver_sql("SHOW STATUS LIKE 'Ssl_cipher'").one()
    assert status[1]


def is_refused(app: App) -> None:
    with unavailable(app, f"cannot be reached.*{ssl.SSLCertVerificationError.__name__}"):
        app.stores.current()


def connections_until_full(database: Database) -> list[Any]:
    """Open connections until the server takes no more."""
    connections: list[Any] = []
    while len(connections) < 50:
        try:
            connections.append(
                pymysql.connect(
                    host=database.server.host,
                    port=database.server.port,
                    user=database.name,
                    password=PASSWORD,
                )
            )
        except pymysql.err.OperationalError:
            return connections
    raise AssertionError("the server takes every connection")
