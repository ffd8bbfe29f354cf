"""Two servers of one app on one database, behind nginx."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.conftest import Bake, OpenBrowser, environment_of
from tests.support.nginx import Balancer
from tests.support.servers import AppServer
from tests.support.sweep import first_of, sweep
from tests.support.visitor import Tab


@pytest.fixture(params=first_of(["mysql", "sqlite", "postgresql"]))
def servers(request: pytest.FixtureRequest, bake: Bake) -> Iterator[tuple[AppServer, AppServer]]:
    """Two servers, which start on the same empty database."""
    project = bake(store_backend=request.param)
    with (
        environment_of(project, request) as environment,
        project.server(environment) as one,
        project.server(environment) as two,
    ):
        yield one, two


@pytest.fixture
def balancer(servers: tuple[AppServer, AppServer], tmp_path: Path) -> Iterator[Balancer]:
    with Balancer(tmp_path, *servers).running() as balancer:
        yield balancer


def test_a_login_holds_on_every_server_and_so_does_its_end(
    servers: tuple[AppServer, AppServer],
    balancer: Balancer,
    open_browser: OpenBrowser,
) -> None:
    one, two = servers
    browser = open_browser()
    tab = browser().open(f"{balancer.url}/about")
    assert served_by(tab) == one.port
    tab.log_in("test1")

    balancer.prefer(two, one)
    tab.waits_until(lambda: served_by(tab) == two.port)
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")

    balancer.prefer(one, two)
    other = browser()
    other.open(balancer.url)
    other.waits_until(lambda: served_by(other) == one.port)
    other.reload()
    other.sees_user("test1")
    other.log_out()

    tab.follow("Home")
    tab.sees_login_form()
    for server in servers:
        direct = browser().open(server.url)
        direct.sees_login_form()


@sweep
def test_a_server_that_stops_takes_no_login_with_it(
    servers: tuple[AppServer, AppServer],
    balancer: Balancer,
    open_browser: OpenBrowser,
) -> None:
    one, two = servers
    tab = open_browser()().open(f"{balancer.url}/about")
    tab.log_in("test1")
    assert served_by(tab) == one.port
    one.stop()
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")
    assert served_by(tab) == two.port


@pytest.mark.parametrize("cookie_transport", first_of(["component", "http_only"]))
@pytest.mark.parametrize("store_backend", first_of(["postgresql", "sqlite", "mysql"]))
def test_servers_that_nobody_has_visited_take_a_login_together(
    bake: Bake,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tab: Tab,
    store_backend: str,
    cookie_transport: str,
) -> None:
    project = bake(store_backend=store_backend, cookie_transport=cookie_transport)
    with (
        environment_of(project, request) as environment,
        project.server(environment) as one,
        project.server(environment) as two,
        Balancer(tmp_path, one, two, in_turn=True).running() as balancer,
    ):
        tab.open(f"{balancer.url}/about").log_in("test1")
        for _ in range(4):
            tab.reload()
            tab.sees_user("test1")
            tab.sees_page("About")
        tab.log_out()


def served_by(tab: Tab) -> int:
    """Return the port of the server that a new request of a tab goes to."""
    response = tab.page.request.get(urljoin(tab.page.url, "/"))
    return int(response.headers["x-upstream"].split(",")[-1].rsplit(":", 1)[1])
