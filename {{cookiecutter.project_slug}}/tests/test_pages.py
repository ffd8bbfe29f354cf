"""Every page of main.py opens for those who may see it, and for nobody else.

A new page is tested as soon as it stands in `PAGES`. To test more of a page, take `log_in` and
look at what it drew: log_in("sales").open_page("sales").app is Streamlit's AppTest.
"""

import pytest

from auth.tests.pages import Page, find_pages
from auth.tests.tab import Tab
from tests.conftest import LogIn

PAGES = find_pages()
OF_USERS = [page for page in PAGES if not page.is_public]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_opens_for_somebody_who_may_see_it(page: Page, log_in: LogIn) -> None:
    roles = page.roles_of_somebody(who_may=True)
    assert roles is not None, "Nobody seems to be let in: test this page by one of its users."
    assert log_in(*roles).open_page(page.address).shows(page.address)


@pytest.mark.parametrize("page", OF_USERS, ids=str)
def test_a_page_does_not_open_for_a_visitor(page: Page, tab: Tab) -> None:
    assert tab.open_page(page.address).shows_login_form


@pytest.mark.parametrize("page", OF_USERS, ids=str)
def test_a_page_does_not_open_for_a_user_who_may_not_see_it(page: Page, log_in: LogIn) -> None:
    roles = page.roles_of_somebody(who_may=False)
    if roles is not None:  # or else it is for every user
        assert not log_in(*roles).open_page(page.address).shows(page.address)
