"""What the tests in a browser share: projects that have every answer between them, running."""

from collections.abc import Iterator

import pytest

from tests.conftest import Bake, environment_of
from tests.support.baking import DIAGONAL, BakedProject, combination_id
from tests.support.servers import AppServer
from tests.support.sweep import first_of


@pytest.fixture(scope="session", params=first_of(DIAGONAL), ids=combination_id)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    """Projects with every transport between them, without a database and with one. Run them, but do not change them."""
    return bake(**request.param)


@pytest.fixture(scope="session")
def server(project: BakedProject, request: pytest.FixtureRequest) -> Iterator[AppServer]:
    """The project, running for many tests: only for those that leave no trace."""
    with environment_of(project, request) as environment, project.server(environment) as server:
        yield server
