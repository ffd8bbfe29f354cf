"""What the tests of the MySQL store share: a server, databases and a project."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_modules import App, imported
from baking import bake_into
from mysql_server import Database, PrivateServer, Server, server_of_environment
from mysql_server import start_private_server as start


@pytest.fixture(scope="session")
def mysql_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the MySQL store. Read it, run it, but do not change it."""
    return bake_into(tmp_path_factory.mktemp("mysql"), store_backend="mysql")


@pytest.fixture(scope="session")
def private_server() -> Iterator[PrivateServer]:
    """A server to stop, hang and start again; every test leaves it running."""
    # The path of a socket is short, and pytest's own folders are not.
    with tempfile.TemporaryDirectory(prefix="mysql-") as folder:
        server = start(Path(folder))
        yield server
        server.stop()


@pytest.fixture(scope="session")
def mysql_server(request: pytest.FixtureRequest) -> Server:
    """The server of TEST_MYSQL_URL, or else the private one."""
    server = server_of_environment() or request.getfixturevalue("private_server")
    assert isinstance(server, Server)
    return server


@pytest.fixture
def database(mysql_server: Server) -> Iterator[Database]:
    """An empty database."""
    database = mysql_server.create_database()
    yield database
    database.drop()


@pytest.fixture
def private_database(private_server: PrivateServer) -> Iterator[Database]:
    """An empty database on the server that may be stopped."""
    database = private_server.create_database()
    yield database
    database.drop()


@pytest.fixture
def app(mysql_project: Path, database: Database) -> Iterator[App]:
    """The MySQL project's modules, on an empty database."""
    with imported(mysql_project, database.environment) as app:
        yield app
