"""The warning of demo users on the page Users."""

from pathlib import Path

import pytest

from auth import create_session
from auth.gate import forms
from auth.tests.conftest import NEW_PASSWORD, Configure
from auth.tests.demo import add_demo_user
from auth.tests.tab import Tab
from auth.tests.views import labels
from auth.users import directory

SCRIPT = Path(__file__).with_name("sample.py")


@pytest.fixture
def page(admin: str) -> Tab:
    """The page Users, opened by an administrator."""
    add_demo_user("tess_1")
    return open_page(admin)


def open_page(name: str) -> Tab:
    tab = Tab(create_session(name), SCRIPT).run()
    return tab.open_page("users")


def buttons(tab: Tab) -> list[str]:
    return [button.label for button in tab.app.button]


def test_it_names_who_has_no_password_of_their_own(page: Tab) -> None:
    assert page.warning == labels.DEMO_CAN_LOG_IN + forms.plain("tess_1") + "."


def test_in_production_it_says_that_they_cannot_log_in(page: Tab, configure: Configure) -> None:
    configure(app_env="production")
    page.run()
    assert page.warning is None
    assert page.info == labels.DEMO_CANNOT_LOG_IN + forms.plain("tess_1") + "."


def test_a_click_removes_them(page: Tab) -> None:
    page.click(labels.REMOVE_DEMO).click(labels.YES_REMOVE)
    assert page.app.success[0].value == forms.plain("Removed tess_1.")
    assert [user.username for user in directory.list_users()] == ["admin"]
    assert page.warning is None
    assert labels.REMOVE_DEMO not in buttons(page)


def test_whoever_clicks_stays_and_reads_why() -> None:
    page = open_page(add_demo_user("tess", "admin"))
    add_demo_user("uma")
    page.click(labels.REMOVE_DEMO).click(labels.YES_REMOVE)
    assert page.app.success[0].value == forms.plain(
        "Removed uma. tess stays: it is your own account."
    )
    assert [user.username for user in directory.list_users()] == ["tess"]


def test_it_goes_with_their_own_password(page: Tab) -> None:
    directory.set_password(directory.get("tess_1"), NEW_PASSWORD)
    assert page.run().warning is None


def test_one_who_is_disabled_needs_no_warning(page: Tab) -> None:
    directory.disable_user("tess_1")
    assert page.run().warning is None
    assert labels.REMOVE_DEMO not in buttons(page)
