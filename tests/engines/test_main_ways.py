"""What most people do with a generated app, in the engines of the browsers that are not Chromium."""

import functools
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Protocol, get_args

import pytest

from tests.conftest import Bake
from tests.support.engines import ENGINES, Browser, Engine, Theme
from tests.support.servers import AppServer
from tests.support.sweep import sweep

pytestmark = sweep


class OpenBrowser(Protocol):
    """A function that opens a new browser, which is a function that opens its tabs."""

    def __call__(self, theme: Theme = "light") -> Browser: ...


@pytest.fixture(scope="session", params=["component", "http_only"])
def transport(request: pytest.FixtureRequest) -> str:
    """Each way to write the cookie in turn."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def app(transport: str, bake: Bake) -> Iterator[AppServer]:
    """The project with each transport, running for all tests."""
    with bake(cookie_transport=transport).server() as server:
        yield server


@pytest.fixture(scope="session")
def start() -> Iterator[Callable[[str, Theme], Engine]]:
    """Return a function that starts each engine once in each theme."""
    with ExitStack() as stack:
        yield functools.cache(lambda name, theme: stack.enter_context(ENGINES[name](theme)))


@pytest.fixture(params=ENGINES)
def open_browser(
    request: pytest.FixtureRequest, start: Callable[[str, Theme], Engine]
) -> Iterator[OpenBrowser]:
    """Return a function that opens a new browser, in each engine in turn."""
    with ExitStack() as stack:

        def open_one(theme: Theme = "light") -> Browser:
            return stack.enter_context(start(request.param, theme)())

        yield open_one


def test_somebody_who_logs_in_by_enter_is_still_logged_in_after_a_reload_on_the_same_page(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser()().open(f"{app.url}/about")
    tab.log_in("test1")
    tab.sees_page("About")
    tab.reload()
    tab.sees_user_and_never_the_form("test1")
    tab.sees_page("About")


def test_scripts_can_read_the_cookie_with_component_only(
    app: AppServer, transport: str, open_browser: OpenBrowser
) -> None:
    tab = open_browser()().open(app.url)
    tab.log_in("test1")
    assert tab.cookie is not None
    assert tab.cookie.http_only == (transport == "http_only")
    assert (tab.cookie.value in tab.evaluate("document.cookie")) == (transport == "component")


def test_a_reload_in_the_moment_that_the_page_shows_keeps_the_login(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser()().open(app.url)
    tab.log_in_and_reload_at_once("test1")
    tab.sees_user_and_never_the_form("test1")
    assert not tab.was_told_not_kept


def test_a_second_tab_is_logged_in_and_a_logout_ends_both(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    new_tab = open_browser()
    first = new_tab().open(app.url)
    first.log_in("test1")
    second = new_tab().open(f"{app.url}/about")
    second.sees_user_and_never_the_form("test1")
    second.sees_page("About")
    second.click("button", "Log out")
    second.sees_login_form()
    second.waits_until(lambda: second.cookie is None)
    first.follow("About")
    first.sees_login_form()


def test_log_out_everywhere_else_ends_the_login_of_another_browser(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    other = open_browser()().open(app.url)
    other.log_in("test2")
    this = open_browser()().open(f"{app.url}/account")
    this.log_in("test2")
    this.sees_page("Account")
    this.click("button", "Log out everywhere else")
    this.sees("You are logged out everywhere else.")
    other.follow("About")
    other.sees_login_form()
    this.reload()
    this.sees_user_and_never_the_form("test2")


@pytest.mark.parametrize("theme", get_args(Theme))
def test_the_form_and_the_pages_have_the_colours_that_the_machine_prefers(
    app: AppServer, open_browser: OpenBrowser, theme: Theme
) -> None:
    config = tomllib.loads((app.project / ".streamlit/config.toml").read_text(encoding="utf-8"))
    colour = bytes.fromhex(config["theme"][theme]["backgroundColor"].removeprefix("#"))
    background = f"rgb({', '.join(map(str, colour))})"
    tab = open_browser(theme)().open(app.url)
    tab.sees_login_form()
    tab.waits_until(lambda: tab.background == background)
    tab.log_in("test1")
    assert tab.background == background
