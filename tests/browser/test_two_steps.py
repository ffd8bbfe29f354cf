"""A login of two steps, in a browser."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import expect

from tests.conftest import Bake, OpenBrowser
from tests.support.servers import AppServer
from tests.support.sweep import first_of
from tests.support.visitor import KEEP_WEBSOCKETS, Tab, session_id_of

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ADD_FACTOR = f"""
from auth.users import directory
from auth.users.factors import kept

kept.add_authenticator(directory.get("test1"), {json.dumps(SEED)}, 1)
"""


@pytest.fixture(params=first_of(["http_only", "component"]))
def app(request: pytest.FixtureRequest, bake: Bake, tmp_path: Path) -> Iterator[AppServer]:
    """An app whose user test1 has an authenticator app."""
    project = bake(cookie_transport=request.param, accounts="second_factor").copy(tmp_path)
    added = project.python("-c", ADD_FACTOR)
    assert added.returncode == 0, added.stderr
    with project.server({"TOTP_TOLERANCE": "1"}) as server:
        yield server


def give_password(tab: Tab) -> None:
    tab.fill_login("test1", "test1")
    tab.click("Log in")
    expect(tab.page.get_by_label("Code", exact=True)).to_be_focused()


def type_code(tab: Tab, *, steps: int = 0) -> None:
    code = pyotp.TOTP(SEED).at(time.time(), counter_offset=steps)
    tab.page.keyboard.type(code)
    tab.page.keyboard.press("Enter")


def test_the_code_is_typed_at_once_and_the_login_is_kept(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    browser = open_browser()
    tab = browser().open(f"{app.url}/about")
    give_password(tab)
    other = browser().open(app.url)
    other.sees_login_form()
    type_code(tab)
    tab.sees_user("test1")
    tab.sees_page("About")
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")
    assert not tab.saw_login_form


def test_a_page_that_loses_its_connection_before_the_code_goes_on(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser()()
    tab.page.add_init_script(KEEP_WEBSOCKETS)
    tab.open(f"{app.url}/about")
    give_password(tab)
    for _ in range(2):
        before = session_id_of(tab)
        tab.connects_again()
        assert session_id_of(tab) != before
    tab.page.get_by_label("Code", exact=True).click()
    type_code(tab)
    tab.sees_user("test1")
    tab.sees_page("About")
    tab.reload()
    tab.sees_user("test1")


def test_a_reload_before_the_code_begins_again(app: AppServer, open_browser: OpenBrowser) -> None:
    tab = open_browser()().open(app.url)
    give_password(tab)
    tab.reload()
    tab.sees_login_form()
    give_password(tab)
    tab.click("Back")
    tab.sees_login_form()
    give_password(tab)
    type_code(tab, steps=1)
    tab.sees_user("test1")
