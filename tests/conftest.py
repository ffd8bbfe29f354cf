"""What the tests share: baked projects, running apps, databases and a browser."""

import functools
import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from pytest_cookies.plugin import Cookies

from tests.support import mysql_server as mysql_server_module
from tests.support import postgresql_server as postgresql_server_module
from tests.support import servers
from tests.support.baking import (
    DEFAULTS,
    ONE_OF_EACH,
    TEMPLATE,
    THE_OTHERS,
    BakedProject,
    combination_id,
)
from tests.support.database_server import Database, PrivateServer, Server
from tests.support.sweep import swept
from tests.support.template_versions import make_repository
from tests.support.uv import uv_hidden
from tests.support.visitor import Browsers, Tab, chromium

FAILED = pytest.StashKey[bool]()


class Bake(Protocol):
    """A function that takes answers and returns a project."""

    def __call__(self, **answers: str) -> BakedProject: ...


class OpenBrowser(Protocol):
    """A function that opens a new browser, which is a function that opens its tabs."""

    def __call__(self, **options: Any) -> Callable[[], Tab]: ...


def pytest_xdist_auto_num_workers() -> int:
    """Return how many workers `-n auto` starts: a third of the time a test waits for a browser."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.fixture(scope="session", autouse=True)
def uv_is_not_on_the_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hide uv from every test: who has make and Python only, runs these tests as well."""
    with uv_hidden(tmp_path_factory.mktemp("without_uv")):
        yield


@pytest.fixture(scope="session")
def bake_anew(cookies_session: Cookies) -> Bake:
    """Return a function that bakes a project through cookiecutter's API."""

    def bake(**answers: str) -> BakedProject:
        result = cookies_session.bake(extra_context=answers, template=str(TEMPLATE))
        assert result.exception is None
        return BakedProject(result.project_path, {**DEFAULTS, **answers})

    return bake


@pytest.fixture(scope="session")
def bake(bake_anew: Bake) -> Bake:
    """Return a function that bakes each project once. Run what it returns, but do not change it."""

    @functools.cache
    def bake_once(answers: frozenset[tuple[str, str]]) -> BakedProject:
        return bake_anew(**dict(answers))

    return lambda **answers: bake_once(frozenset({**DEFAULTS, **answers}.items()))


@pytest.fixture(scope="session", params=[*ONE_OF_EACH, *swept(THE_OTHERS)], ids=combination_id)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    """The project of each combination of answers in turn. Run it, but do not change it."""
    return bake(**request.param)


@pytest.fixture
def environment(project: BakedProject, request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What a server of the project needs in its environment: an empty database, or nothing."""
    with environment_of(project, request) as environment:
        yield environment


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty folder, in which projects are made."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@contextmanager
def environment_of(
    project: BakedProject, request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """Make what a server of a project needs, for the time of a with block."""
    match project.answers["store_backend"]:
        case "sqlite":
            with tempfile.TemporaryDirectory(prefix="sqlite-") as folder:
                yield {"DB_FILE": str(Path(folder) / "app.db")}
        case "mysql" | "postgresql" as store:
            server: Server = request.getfixturevalue(f"{store}_server")
            with server.new_database() as database:
                yield database.environment
        case _:
            yield {}


@pytest.fixture(scope="session")
def private_mysql_server() -> Iterator[PrivateServer]:
    """A MySQL server to stop, hang and start again; every test leaves it running."""
    with _private_server(mysql_server_module.start_private_server) as server:
        yield server


@pytest.fixture(scope="session")
def mysql_server(request: pytest.FixtureRequest) -> Server:
    """The MySQL server of TEST_MYSQL_URL, or else the private one."""
    named = mysql_server_module.server_of_environment()
    server: Server = named or request.getfixturevalue("private_mysql_server")
    return server


@pytest.fixture(scope="session")
def private_postgresql_server() -> Iterator[PrivateServer]:
    """A PostgreSQL server to stop, hang and start again; every test leaves it running."""
    with _private_server(postgresql_server_module.start_private_server) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> Server:
    """The PostgreSQL server of TEST_POSTGRESQL_URL, or else the private one."""
    named = postgresql_server_module.server_of_environment()
    server: Server = named or request.getfixturevalue("private_postgresql_server")
    return server


@contextmanager
def _private_server(start: Callable[[Path], PrivateServer]) -> Iterator[PrivateServer]:
    # The path of a socket is short, and pytest's own folders are not; nor may another user, as
    # PostgreSQL needs one, look into them.
    with tempfile.TemporaryDirectory(prefix="server-") as folder:
        server = start(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def database(mysql_server: Server) -> Iterator[Database]:
    """An empty database on the MySQL server."""
    with mysql_server.new_database() as database:
        yield database


@pytest.fixture(scope="session")
def mysql_project(bake: Bake) -> BakedProject:
    """The project with the MySQL store. Run it, but do not change it."""
    return bake(store_backend="mysql")


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template's repository on GitHub, as far as git can tell: versions 1.0.0 and 2.0.0."""
    folder = tmp_path_factory.mktemp("github") / "OWNER" / "cookiecutter-streamlit-auth.git"
    make_repository(folder)
    return folder


@pytest.fixture(scope="session")
def browsers() -> Iterator[Browsers]:
    """The browsers of all tests."""
    with chromium(without_windows=True) as browser:
        yield from noted_at_failure(Browsers(browser))


def noted_at_failure(browsers: Browsers) -> Iterator[Browsers]:
    """Give browsers to a fixture, and note their tabs when a test fails beside an app."""
    servers.at_failure.append(browsers.note_tabs)
    yield browsers
    servers.at_failure.remove(browsers.note_tabs)


@pytest.fixture
def open_browser(browsers: Browsers, request: pytest.FixtureRequest) -> Iterator[OpenBrowser]:
    """Return a function that opens a new browser: itself a function that opens its tabs.

    When a test has failed, its report says what the tabs showed.
    """
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(browsers.one(**options))
        if request.node.stash.get(FAILED, False):
            print(browsers.describe_tabs())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixtures know whether their test has failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def tab(open_browser: OpenBrowser) -> Tab:
    """A tab of a browser that has never been here before."""
    return open_browser()()
