"""What users do about their own login on the page Account, in a browser and without its manners."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenBrowser
from tests.support.baking import BakedProject
from tests.support.raw_client import DEVICE_COOKIE, raw_client
from tests.support.servers import AppServer
from tests.support.visitor import Tab

NEW_PASSWORD = "staple of a new one"
SIGNED_IN = b"Signed in as"


@pytest.fixture
def app(project: BakedProject, environment: dict[str, str], tmp_path: Path) -> Iterator[AppServer]:
    """The project with users of its own, running for a test that changes them."""
    with project.copy(tmp_path).server(environment) as server:
        yield server


def test_a_new_password_ends_the_login_of_the_other_browser_and_keeps_this_one(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    other = open_browser()().open(app.url)
    other.log_in("test1")
    this = open_browser()().open(app.url)
    this.log_in("test1")
    this.follow("Account")
    this.sees_page("Account")
    expect(this.page.get_by_role("button", name="End", exact=True)).to_have_count(1)
    old = this.token
    change_password(this, "test1", NEW_PASSWORD)
    this.sees("Your password has been changed, and you are logged out everywhere else.")
    this.waits_until(lambda: this.token not in (None, old))
    this.settles()
    this.reload()
    this.sees_user("test1")
    this.sees_page("Account")
    other.follow("About")
    other.sees_login_form()
    other.reload()
    other.sees_login_form()
    other.log_in("test1", NEW_PASSWORD)


def change_password(tab: Tab, current: str, new: str) -> None:
    for label, password in {
        "Current password": current,
        "New password": new,
        "Repeat new password": new,
    }.items():
        tab.page.get_by_label(label, exact=True).fill(password)
    tab.click("Change password")


def test_the_button_that_ends_a_session_does_nothing_for_another_user(app: AppServer) -> None:
    with (
        raw_client(app.url, DEVICE_COOKIE) as first,
        raw_client(app.url, DEVICE_COOKIE) as second,
        raw_client(app.url, DEVICE_COOKIE) as stranger,
    ):
        for client, name in ((first, "test1"), (second, "test1"), (stranger, "test2")):
            assert SIGNED_IN in client.log_in(name, "account")
        second.run_script("account")
        forged = second.click("End")
        stranger.run_script("account")
        stranger.run_script("account", forged)
        assert SIGNED_IN in first.run_script("account")
        second.run_script("account", forged)
        assert SIGNED_IN not in first.run_script("account")
