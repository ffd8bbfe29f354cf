"""What the tests of the store on PostgreSQL share: a project, an empty database, and its app."""

from collections.abc import Iterator

import pytest

from tests.conftest import Bake
from tests.support.baking import BakedProject
from tests.support.database_server import Database, Server
from tests.support.modules import App


@pytest.fixture(scope="session")
def project(bake: Bake) -> BakedProject:
    """The project with the PostgreSQL store. Run it, but do not change it."""
    return bake(store_backend="postgresql")


@pytest.fixture
def database(postgresql_server: Server) -> Iterator[Database]:
    """An empty database."""
    with postgresql_server.new_database() as database:
        yield database


@pytest.fixture
def app(project: BakedProject, database: Database) -> Iterator[App]:
    """The project's modules, on an empty database."""
    with project.modules(database.environment) as app:
        yield app
