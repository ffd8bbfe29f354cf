"""A failover: the old primary becomes read-only, and keeps the connections that it has."""

from collections.abc import Iterator

import pytest

from tests.conftest import Bake
from tests.stores.faults import SMALL_POOL, THREADS, at_once, unavailable
from tests.support import mysql_server, postgresql_server
from tests.support.modules import App

Database = mysql_server.Database | postgresql_server.Database

# What new connections may do from now on. Those of before stay as they are, as if their server was
# another one.
READ_ONLY = {
    "mysql": "SET GLOBAL TRANSACTION READ ONLY",
    "postgresql": "ALTER DATABASE {} SET default_transaction_read_only = on",
}
WRITABLE = {
    "mysql": "SET GLOBAL TRANSACTION READ WRITE",
    "postgresql": "ALTER DATABASE {} SET default_transaction_read_only = off",
}


@pytest.fixture(params=["mysql", "postgresql"])
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(store: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database on a server that the test may change."""
    names = {"mysql": "private_server", "postgresql": "private_postgresql_server"}
    with request.getfixturevalue(names[store]).new_database() as database:
        yield database
        database.server.execute(WRITABLE[store].format(database.name))


@pytest.fixture
def app(store: str, bake: Bake, database: Database) -> Iterator[App]:
    """The modules of an app with few connections."""
    with bake(store_backend=store).modules({**database.environment, **SMALL_POOL}) as app:
        yield app


def test_logins_wait_for_the_new_primary_and_find_it_without_a_restart(
    app: App, store: str, database: Database
) -> None:
    auth = app.load("auth")
    token = app.login.log_in("test1", "test1")
    database.server.execute(READ_ONLY[store].format(database.name))
    database.kill_connections()

    assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS
    for _ in range(20):
        with unavailable(app, "is read-only"):
            app.login.log_in("test2", "test2")

    assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS
    database.server.execute(WRITABLE[store].format(database.name))
    assert auth.validate_session(app.login.log_in("test2", "test2")) == "test2"
    assert at_once(lambda: auth.validate_session(token)) == ["test1"] * THREADS
    at_once(lambda: auth.destroy_session(token))
    assert auth.validate_session(token) is None
