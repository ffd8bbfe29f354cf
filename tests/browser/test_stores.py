"""What a person sees on each store: a day with the app, and its database failing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from sqlite3 import connect

import pytest

from tests.conftest import Bake, OpenBrowser
from tests.support.baking import TRANSPORTS, BakedProject
from tests.support.database_server import PASSWORD, Database, PrivateServer
from tests.support.servers import AppServer
from tests.support.sweep import first_of, sweep, swept
from tests.support.visitor import Tab

OUTAGE = "Logging in is not possible right now. Please try again in a moment."
UNCHECKED = "The app cannot check your login right now. Please try again in a moment."
IMPATIENT = {"DB_CONNECT_SECONDS": "1", "DB_QUERY_SECONDS": "1"}

on_every_database = pytest.mark.parametrize("store", ["sqlite", "mysql", "postgresql"])
on_every_server = pytest.mark.parametrize("store", first_of(["mysql", "postgresql"]))


@pytest.fixture
def project(store: str, bake: Bake) -> BakedProject:
    """The project with a store. Run it, but do not change it."""
    return bake(store_backend=store, cookie_transport=TRANSPORTS[store])


@pytest.fixture
def machine(store: str, request: pytest.FixtureRequest) -> PrivateServer:
    """The database server of a store, to stop and start."""
    machine: PrivateServer = request.getfixturevalue(f"private_{store}_server")
    return machine


@pytest.fixture
def database(machine: PrivateServer) -> Iterator[Database]:
    with machine.new_database() as database:
        yield database


@pytest.fixture
def place(
    store: str, project: BakedProject, tmp_path: Path, request: pytest.FixtureRequest
) -> dict[str, str]:
    """What an app on an empty store needs in its environment."""
    match store:
        case "memory":
            (tmp_path / "users.json").write_bytes((project / "seeds/users.json").read_bytes())
            return {"USERS_FILE": str(tmp_path / "users.json")}
        case "sqlite":
            return {"DB_FILE": str(tmp_path / "app.db"), **IMPATIENT}
    database: Database = request.getfixturevalue("database")
    return {**database.environment, **IMPATIENT}


@pytest.fixture
def nothing_can_be_changed(
    store: str, place: dict[str, str], request: pytest.FixtureRequest
) -> Callable[[], AbstractContextManager[None]]:
    """Return a function that keeps the app from changing the database, in a with block."""

    @contextmanager
    def locked() -> Iterator[None]:
        with closing(connect(place["DB_FILE"], isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield

    @contextmanager
    def read_only() -> Iterator[None]:
        database: Database = request.getfixturevalue("database")
        with database.read_only():
            database.kill_connections()
            yield

    return locked if store == "sqlite" else read_only


@pytest.fixture
def server(project: BakedProject, place: dict[str, str]) -> Iterator[AppServer]:
    """An app on an empty store, whose log has neither a traceback nor a secret at the end."""
    with project.server(place) as server:
        yield server
    says_nothing_secret(server)


# The others share one store, which test_several_servers.py has on MySQL.
@pytest.mark.parametrize("store", ["memory", *swept(["sqlite", "mysql", "postgresql"])])
def test_a_login_is_kept_until_it_is_ended(
    store: str, project: BakedProject, server: AppServer, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    tab = browser().open(f"{server.url}/about")
    tab.log_in("test1")
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")
    second = browser().open(server.url)
    second.sees_user("test1")
    open_browser()().open(server.url).sees_login_form()

    server.restart()
    tab.reload()
    if store == "memory":
        tab.sees_login_form()
        tab.log_in("test1")
        tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")

    ended = project.manage("end-sessions", "test1", environment=server.environment)
    assert ended in ("Ended 1 session.\n", "Ended all sessions of test1.\n")
    tab.follow("Home")
    tab.sees_login_form()
    second.reload()
    second.sees_login_form()


@on_every_server
def test_a_database_that_stops_lets_nobody_in_and_logs_nobody_out(
    server: AppServer, machine: PrivateServer, open_browser: OpenBrowser
) -> None:
    tab, stranger = open_browser()().open(server.url), open_browser()().open(server.url)
    tab.log_in("test1")
    machine.stop()
    try:
        tab.follow("About")
        tab.sees(UNCHECKED)
        is_not_let_in(stranger)
        assert tab.page.get_by_text("Signed in as").count() == 0
    finally:
        machine.start()
    tab.page.get_by_role("button", name="Try again").click()
    tab.sees_user("test1")
    tab.sees_page("About")
    stranger.log_in("test2")
    assert 'event="store unavailable"' in server.log


@sweep
@on_every_database
def test_a_database_that_takes_no_change_lets_nobody_in_and_keeps_the_pages_of_others(
    store: str,
    server: AppServer,
    nothing_can_be_changed: Callable[[], AbstractContextManager[None]],
    open_browser: OpenBrowser,
) -> None:
    before = len(server.log)
    tab, stranger = open_browser()().open(server.url), open_browser()().open(server.url)
    tab.log_in("test1")
    with nothing_can_be_changed():
        is_not_let_in(stranger)
        tab.follow("About")
        tab.sees_page("About")
        tab.reload()
        tab.sees_user("test1")
        tab.sees_page("About")
    stranger.log_in("test2")
    (said, *_) = (line for line in server.log[before:].splitlines() if "store unavailable" in line)
    assert ("is locked by another process" if store == "sqlite" else "is read-only") in said


@sweep
@on_every_server
def test_an_app_that_starts_before_its_database_works_when_that_is_there(
    project: BakedProject, place: dict[str, str], machine: PrivateServer, tab: Tab
) -> None:
    machine.stop()
    try:
        with project.server(place) as server:
            is_not_let_in(tab.open(server.url), "test1")
            machine.start()
            tab.log_in("test1")
        says_nothing_secret(server)
    finally:
        machine.restart()


def is_not_let_in(tab: Tab, username: str = "test2") -> None:
    """Expect that a login with the right password fails with the sentence of an outage."""
    tab.fill_login(username, username)
    tab.click("Log in")
    tab.sees(OUTAGE)
    tab.sees_login_form()


def says_nothing_secret(server: AppServer) -> None:
    assert "Traceback" not in server.log
    assert PASSWORD not in server.log
