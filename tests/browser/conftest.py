"""What the tests in a browser share: projects that have every answer between them, running."""

import functools
from collections.abc import Iterator

import pytest

from tests.conftest import Bake, environment_of
from tests.support.baking import DEFAULTS, DIAGONAL, BakedProject, combination_id
from tests.support.servers import AppServer
from tests.support.sweep import first_of

HOME = """import streamlit as st

from auth.gate import current_user

st.title("Home")
st.write(f"Welcome, {current_user().name}.")
"""


@pytest.fixture(scope="session")
def bake(bake_anew: Bake) -> Bake:
    """Return a function that bakes each project once. Run what it returns, but do not change it.

    Home has neither its chart nor its table: to draw them takes a browser longer than a login.
    test_looks.py has both.
    """

    @functools.cache
    def bake_once(answers: frozenset[tuple[str, str]]) -> BakedProject:
        project = bake_anew(**dict(answers))
        if (project / "views/home.py").exists():
            project.write("views/home.py", HOME)
        return project

    return lambda **answers: bake_once(frozenset({**DEFAULTS, **answers}.items()))


@pytest.fixture(scope="session", params=first_of(DIAGONAL), ids=combination_id)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    """Projects with every transport between them, without a database and with one. Run them, but do not change them."""
    return bake(**request.param)


@pytest.fixture(scope="session")
def server(project: BakedProject, request: pytest.FixtureRequest) -> Iterator[AppServer]:
    """The project, running for many tests: only for those that leave no trace."""
    with environment_of(project, request) as environment, project.server(environment) as server:
        yield server


@pytest.fixture(scope="module")
def app(
    project: BakedProject, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[AppServer]:
    """The project, running for the tests of one file, each of which changes users of its own only."""
    copy = project.copy(tmp_path_factory.mktemp("app"))
    with environment_of(project, request) as environment, copy.server(environment) as server:
        yield server
