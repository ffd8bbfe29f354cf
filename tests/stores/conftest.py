"""What the tests of the stores share: the modules of a project on an empty database."""

from collections.abc import Iterator

import pytest

from tests.support.baking import BakedProject
from tests.support.modules import App
from tests.support.mysql_server import Database


@pytest.fixture
def app(mysql_project: BakedProject, database: Database) -> Iterator[App]:
    """The MySQL project's modules, on an empty database."""
    with mysql_project.modules(database.environment) as app:
        yield app
