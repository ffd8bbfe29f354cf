"""A login kept in MySQL, in a real browser, through restarts and outages."""

from collections.abc import Iterator

import pytest

from tests.conftest import OpenBrowser
from tests.support.baking import BakedProject
from tests.support.mysql_server import PASSWORD, Database, PrivateServer
from tests.support.servers import AppServer

OUT_OF_ORDER = "Logging in is not possible right now. Please try again in a moment."
IMPATIENT = {"DB_CONNECT_SECONDS": "1", "DB_QUERY_SECONDS": "1"}


@pytest.fixture
def server(mysql_project: BakedProject, private_database: Database) -> Iterator[AppServer]:
    """An app on an empty database, whose log has neither a traceback nor a secret at the end."""
    with mysql_project.server({**private_database.environment, **IMPATIENT}) as server:
        yield server
    assert "Traceback" not in server.log
    assert PASSWORD not in server.log


def test_a_login_survives_a_reload_another_tab_and_a_restart_of_the_app(
    server: AppServer, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    tab = browser().open(f"{server.url}/about")
    tab.log_in("test1")
    tab.reload()
    tab.sees_user("test1")
    browser().open(server.url).sees_user("test1")
    open_browser()().open(server.url).sees_login_form()
    server.restart()
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")
    tab.log_out()
    tab.reload()
    tab.sees_login_form()


def test_a_database_that_stops_lets_nobody_in_and_logs_nobody_out(
    server: AppServer, private_server: PrivateServer, open_browser: OpenBrowser
) -> None:
    tab, stranger = open_browser()().open(server.url), open_browser()().open(server.url)
    tab.log_in("test1")
    private_server.stop()
    tab.follow("About")
    tab.sees(OUT_OF_ORDER)
    stranger.fill_login("test2", "test2")
    stranger.page.get_by_role("button", name="Log in", exact=True).click()
    stranger.sees(OUT_OF_ORDER)
    stranger.sees_login_form()
    assert tab.page.get_by_text("Signed in as").count() == 0
    private_server.start()
    tab.page.get_by_role("button", name="Try again").click()
    tab.sees_user("test1")
    tab.sees_page("About")
    stranger.log_in("test2")
    assert 'event="store unavailable"' in server.log


def test_an_app_that_starts_before_its_database_works_when_that_is_there(
    mysql_project: BakedProject,
    private_server: PrivateServer,
    private_database: Database,
    open_browser: OpenBrowser,
) -> None:
    private_server.stop()
    try:
        with mysql_project.server({**private_database.environment, **IMPATIENT}) as server:
            tab = open_browser()().open(server.url)
            tab.fill_login("test1", "test1")
            tab.page.get_by_role("button", name="Log in", exact=True).click()
            tab.sees(OUT_OF_ORDER)
            private_server.start()
            tab.log_in("test1")
            assert "Traceback" not in server.log
            assert PASSWORD not in server.log
    finally:
        private_server.restart()


def test_a_session_ended_by_an_administrator_ends_at_the_next_click(
    mysql_project: BakedProject, server: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser()().open(server.url)
    tab.log_in("test1")
    assert (
        mysql_project.manage("end-sessions", "test1", environment=server.environment)
        == "Ended all sessions of test1.\n"
    )
    tab.follow("About")
    tab.sees_login_form()
