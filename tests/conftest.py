"""What the tests share: baked projects, running apps and a browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from app_server import AppServer, running
from baking import COMBINATIONS, bake_into, combination_id
from mysql_server import Server
from playwright.sync_api import Browser
from template_versions import make_repository
from visitor import Tab, chromium

pytest_plugins = ["mysql_fixtures"]


@pytest.fixture(scope="session", params=COMBINATIONS, ids=combination_id)
def answers(request: pytest.FixtureRequest) -> dict[str, str]:
    """The answers that make a project another one, each combination in turn."""
    return dict(request.param)


@pytest.fixture(scope="session")
def project(answers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baked project. Read it, run it, but do not change it."""
    return bake_into(tmp_path_factory.mktemp("project"), **answers)


@pytest.fixture
def environment(
    answers: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """What a server of the project needs in its environment: an empty database, or nothing."""
    with _environment(answers, request) as environment:
        yield environment


@pytest.fixture(scope="session")
def server(
    project: Path, answers: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[AppServer]:
    """A project, running for the whole session: only for tests that leave no trace."""
    with _environment(answers, request) as environment, running(project, environment) as server:
        yield server


@contextmanager
def _environment(
    answers: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    if answers["store_backend"] != "mysql":
        yield {}
        return
    mysql_server: Server = request.getfixturevalue("mysql_server")
    database = mysql_server.create_database()
    yield database.environment
    database.drop()


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template's repository on GitHub, as far as git can tell: versions 1.0.0 and 2.0.0."""
    folder = tmp_path_factory.mktemp("github") / "OWNER" / "cookiecutter-streamlit-auth.git"
    make_repository(folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def new_browser(browser: Browser) -> Iterator[Callable[..., Callable[[], Tab]]]:
    """Return a function that opens a new browser: itself a function that opens its tabs."""
    contexts = []

    def open_browser(**options: object) -> Callable[[], Tab]:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        return lambda: Tab(context.new_page())

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def tab(new_browser: Callable[..., Callable[[], Tab]]) -> Tab:
    """A tab of a browser that has never been here before."""
    return new_browser()()
