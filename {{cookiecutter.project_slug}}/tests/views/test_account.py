"""The page Account: what users do about their own login."""

from pathlib import Path
from typing import Final

import pytest

from auth import create_session
from auth.views import account_pages
from tests import labels
from tests.tab import Tab

SAMPLE: Final = Path(__file__).with_name("sample.py")


@pytest.fixture
def account(ann: str) -> Tab:
    """A tab in which Ann has opened the page."""
    return Tab(create_session(ann), SAMPLE).run().open_page("account")


def test_the_page_is_for_every_user_and_its_link_comes_last(ann: str) -> None:
    tab = Tab(create_session(ann), SAMPLE).run()
    assert tab.links == ["Home", labels.ACCOUNT]
    assert tab.open_page("account").app.title[0].value == labels.ACCOUNT


def test_a_visitor_gets_the_login_form_instead() -> None:
    assert Tab(script=SAMPLE).run().open_page("account").shows_login_form


def test_no_two_runs_share_a_page() -> None:
    # Of two runs at once, one would find the page taken.
    assert not account_pages().keys() & account_pages().keys()
