"""The nginx configuration of a generated project's README, in a real nginx."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Bake, OpenBrowser
from tests.support.baking import BakedProject
from tests.support.nginx import VISITOR, nginx_of_the_readme
from tests.support.servers import AppServer
from tests.support.sweep import first_of

# All of 127.0.0.0/8 is this machine, but to the app an address of its own.
OTHER_MACHINE = "127.0.0.3"
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module", params=first_of(["component", "http_only"]))
def project(
    request: pytest.FixtureRequest, bake: Bake, tmp_path_factory: pytest.TempPathFactory
) -> BakedProject:
    """The project of each transport, with passwords that only their users know."""
    project = bake(cookie_transport=request.param).copy(tmp_path_factory.mktemp("project"))
    for name in ("test1", "test2"):
        project.manage("set-password", name, "--password-stdin", stdin=PASSWORD)
    return project


@pytest.fixture(scope="module")
def app(project: BakedProject) -> Iterator[AppServer]:
    """The running app, for real people and on the address that the README says."""
    environment = {"APP_ENV": "production", "STREAMLIT_SERVER_ADDRESS": "127.0.0.1"}
    with project.server(environment) as server:
        yield server


@pytest.fixture(scope="module")
def proxy(app: AppServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an nginx in front of the app."""
    with nginx_of_the_readme(app, tmp_path_factory.mktemp("nginx")) as address:
        yield address


def test_a_login_through_nginx_survives_a_reload_and_its_cookie_is_secure(
    proxy: str, open_browser: OpenBrowser
) -> None:
    tab = open_browser(ignore_https_errors=True)()
    tab.open(f"{proxy}/about").log_in("test1", PASSWORD)
    cookie = tab.cookie
    assert cookie is not None
    assert cookie["secure"]
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")
    tab.log_out()
    tab.reload()
    tab.sees_login_form()


def test_the_app_knows_the_address_of_a_visitor(
    proxy: str, app: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser(ignore_https_errors=True)()
    tab.open(proxy).fill_login("test1", "wrong password")
    tab.click("Log in")
    tab.sees("Wrong username or password.")
    assert f"user=test1 address={VISITOR}\n" in app.log


def test_a_visitor_has_the_security_headers_once(proxy: str, open_browser: OpenBrowser) -> None:
    tab = open_browser(ignore_https_errors=True)()
    response = tab.page.goto(proxy)
    assert response is not None
    assert response.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "frame-ancestors 'self'"


def test_a_proxy_on_another_machine_is_believed_as_the_readme_says(
    project: BakedProject, tmp_path: Path, open_browser: OpenBrowser
) -> None:
    environment = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0", "FORWARDED_ALLOW_IPS": OTHER_MACHINE}
    with (
        project.server(environment) as server,
        nginx_of_the_readme(server, tmp_path, f"proxy_bind {OTHER_MACHINE};") as address,
    ):
        tab = open_browser(ignore_https_errors=True)()
        tab.open(address).fill_login("test1", "wrong password")
        tab.click("Log in")
        tab.sees("Wrong username or password.")
        assert f"user=test1 address={VISITOR}\n" in server.log


@pytest.mark.parametrize("project", ["component"], indirect=True)
def test_a_component_finds_the_login_behind_a_proxy_that_drops_cookies(
    app: AppServer, tmp_path: Path, open_browser: OpenBrowser
) -> None:
    with nginx_of_the_readme(app, tmp_path, 'proxy_set_header Cookie "";') as address:
        new_tab = open_browser(ignore_https_errors=True)
        tab = new_tab().open(f"{address}/about")
        tab.log_in("test1", PASSWORD)
        tab.reload()
        tab.sees_user("test1")
        tab.sees_page("About")
        second = new_tab().open(f"{address}/about")
        second.sees_user("test1")
        second.log_out()
        tab.reload()
        tab.sees_login_form()
        tab.settles()
        tab.log_in("test2", PASSWORD)
        tab.reload()
        tab.sees_user("test2")
