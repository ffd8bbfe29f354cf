"""What the tests share: a new process with an empty store, and a helper that logs in."""

from collections.abc import Callable
from itertools import count

import pytest

from auth.settings import PROJECT
from auth.tests.conftest import (
    PASSWORD,
    components_found_once,
    configure,
    fresh_process,
    quick_passwords,
    store,
)
from auth.tests.tab import Tab
from auth.users import directory, roles

__all__ = ["components_found_once", "configure", "fresh_process", "quick_passwords", "store"]

LogIn = Callable[..., Tab]


@pytest.fixture
def tab() -> Tab:
    """A tab of a browser, with the app just opened and nobody logged in."""
    return Tab(script=PROJECT / "main.py").run()


@pytest.fixture
def log_in(tab: Tab) -> LogIn:
    """Return a function that logs in as a new user with some roles: log_in("sales")."""
    numbers = count(1)

    def log_in(*names: str) -> Tab:
        username = f"user{next(numbers)}"
        directory.add_user(username, PASSWORD)
        roles.grant(username, names)
        return tab.log_in(username, PASSWORD)

    return log_in
