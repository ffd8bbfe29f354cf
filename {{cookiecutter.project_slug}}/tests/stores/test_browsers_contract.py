"""What every store does with the browsers that it knows."""

from datetime import timedelta

import pytest

from auth.stores.interface import Browsers, Store
from tests.stores.at_once import at_once
from tests.stores.records import HOUR, NOW

MINE, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def browsers(store: Store) -> Browsers:
    """The browsers of a store that knows none."""
    return store.browsers


def test_a_browser_is_known_until_a_time(browsers: Browsers) -> None:
    assert not browsers.knows(MINE, NOW)
    browsers.add(MINE, NOW + HOUR, NOW)
    assert browsers.knows(MINE, NOW + HOUR - timedelta(microseconds=1))
    assert not browsers.knows(MINE, NOW + HOUR)
    assert not browsers.knows(OTHER, NOW)


def test_a_known_browser_is_kept_for_longer(browsers: Browsers) -> None:
    browsers.add(MINE, NOW + HOUR, NOW)
    browsers.add(MINE, NOW + 2 * HOUR, NOW)
    assert browsers.knows(MINE, NOW + HOUR)


def test_the_expired_are_forgotten_and_no_others(browsers: Browsers) -> None:
    browsers.add(MINE, NOW + HOUR, NOW)
    browsers.add(OTHER, NOW + 2 * HOUR, NOW + HOUR)
    assert not browsers.knows(MINE, NOW)
    assert browsers.knows(OTHER, NOW)


def test_the_same_browser_may_come_in_many_tabs_at_once(browsers: Browsers) -> None:
    at_once(lambda _: browsers.add(MINE, NOW + HOUR, NOW))
    assert browsers.knows(MINE, NOW)
