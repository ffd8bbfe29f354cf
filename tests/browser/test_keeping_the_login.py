"""Seeing the page means that the browser has the login."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import Bake, OpenBrowser, environment_of
from tests.support.baking import DIAGONAL, BakedProject, combination_id
from tests.support.servers import AppServer
from tests.support.slow_network import slow_network
from tests.support.sweep import first_of
from tests.support.visitor import Tab

NOT_KEPT = "this browser could not keep the login"

# A page that takes longer than a browser gets to keep the cookie.
SLOW_HOME = """
import time

import streamlit as st

st.title("Home")
time.sleep(5)
st.text("All figures are here")
"""
TAKE_NO_COOKIES = """
    Object.defineProperty(Document.prototype, "cookie", {get: () => "", set: () => {}});
"""
NOTE_NOT_KEPT = f"""
    window.saidNotKept = false;
    const note = () => {{
        if (document.body.innerText.includes("{NOT_KEPT}")) window.saidNotKept = true;
        requestAnimationFrame(note);
    }};
    note();
"""


@pytest.fixture(scope="session", params=DIAGONAL, ids=combination_id)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    """A project of each transport, each time. Run them, but do not change them."""
    return bake(**request.param)


@pytest.fixture(scope="session")
def server(project: BakedProject, request: pytest.FixtureRequest) -> Iterator[AppServer]:
    """That project, running: the one of the other modules may be of another project."""
    with environment_of(project, request) as environment, project.server(environment) as server:
        yield server


@pytest.fixture(scope="module", params=first_of([0, 150]), ids="{} ms away".format)
def url(server: AppServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the app, near and far."""
    with slow_network(server, request.param) as url:
        yield url


def test_a_reload_in_the_moment_that_the_page_shows_keeps_the_login(
    url: str, open_browser: OpenBrowser
) -> None:
    for _ in range(3):
        tab = open_browser()()
        tab.open(url).log_in_and_reload_at_once("test1")
        assert not tab.was_told_not_kept
        tab.sees_user("test1")
        assert not tab.saw_login_form


def test_what_the_browser_cannot_keep_is_said_and_the_page_shows(
    server: AppServer, project: BakedProject, tab: Tab
) -> None:
    blocked = {"component": "**/component/**", "http_only": "**/_auth/cookie"}
    tab.page.route(blocked[project.answers["cookie_transport"]], lambda route: route.abort())
    tab.open(server.url).fill_login("test1", "test1")
    tab.page.keyboard.press("Enter")
    tab.sees_user("test1")
    sees_not_kept(tab)
    assert tab.cookie is None


def test_a_browser_that_takes_no_cookies_is_not_taken_for_one_that_has_it(
    bake: Bake, open_browser: OpenBrowser
) -> None:
    tab = open_browser()()
    tab.page.add_init_script(TAKE_NO_COOKIES)
    with bake(cookie_transport="component").server() as server:
        tab.open(server.url).fill_login("test1", "test1")
        tab.page.keyboard.press("Enter")
        tab.sees_user("test1")
        sees_not_kept(tab)


def test_a_slow_page_shows_as_soon_as_the_browser_has_the_login(
    project: BakedProject, tmp_path: Path, tab: Tab, environment: dict[str, str]
) -> None:
    copy = project.copy(tmp_path)
    copy.write("views/home.py", SLOW_HOME)
    with copy.server(environment) as server:
        tab.open(server.url).fill_login("test1", "test1")
        tab.page.evaluate(NOTE_NOT_KEPT)
        tab.page.keyboard.press("Enter")
        tab.sees_page("Home")
        assert tab.token is not None
        expect(tab.page.get_by_text("All figures are here")).to_have_count(0)
        tab.sees("All figures are here")
        assert not tab.page.evaluate("window.saidNotKept")


def sees_not_kept(tab: Tab) -> None:
    # While one run of the script follows another, the page can have the sentence of both.
    expect(tab.page.get_by_text(NOT_KEPT).locator("visible=true")).to_have_count(1)
