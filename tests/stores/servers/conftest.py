"""What the tests of every database server share: its project, an empty database, and the app."""

from collections.abc import Iterator

import pytest

from tests.conftest import Bake
from tests.support.baking import BakedProject
from tests.support.database_server import Database, Server
from tests.support.modules import App
from tests.support.sweep import first_of


@pytest.fixture(scope="session", params=first_of(["mysql", "postgresql"]))
def store(request: pytest.FixtureRequest) -> str:
    """The store of each database server in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def project(store: str, bake: Bake) -> BakedProject:
    """The project with that store. Run it, but do not change it."""
    return bake(store_backend=store)


@pytest.fixture
def server(store: str, request: pytest.FixtureRequest) -> Server:
    server: Server = request.getfixturevalue(f"{store}_server")
    return server


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """An empty database."""
    with server.new_database() as database:
        yield database


@pytest.fixture
def app(project: BakedProject, database: Database) -> Iterator[App]:
    """The project's modules, on an empty database."""
    with project.modules(database.environment) as app:
        yield app
