"""What every store does with the devices that it knows."""

from datetime import timedelta

import pytest

from auth.stores.interface import Devices, Store
from auth.tests.stores.at_once import at_once
from auth.tests.stores.records import HOUR, NOW

MINE, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def devices(store: Store) -> Devices:
    """The devices of a store that knows none."""
    return store.devices


def test_a_device_is_known_until_a_time(devices: Devices) -> None:
    assert not devices.knows(MINE, NOW)
    devices.add(MINE, NOW + HOUR, NOW)
    assert devices.knows(MINE, NOW + HOUR - timedelta(microseconds=1))
    assert not devices.knows(MINE, NOW + HOUR)
    assert not devices.knows(OTHER, NOW)


def test_a_known_device_is_kept_for_longer(devices: Devices) -> None:
    devices.add(MINE, NOW + HOUR, NOW)
    devices.add(MINE, NOW + 2 * HOUR, NOW)
    assert devices.knows(MINE, NOW + HOUR)


def test_the_expired_are_forgotten_and_no_others(devices: Devices) -> None:
    devices.add(MINE, NOW + HOUR, NOW)
    devices.add(OTHER, NOW + 2 * HOUR, NOW + HOUR)
    assert not devices.knows(MINE, NOW)
    assert devices.knows(OTHER, NOW)


def test_the_same_device_may_come_in_many_tabs_at_once(devices: Devices) -> None:
    at_once(lambda _: devices.add(MINE, NOW + HOUR, NOW))
    assert devices.knows(MINE, NOW)
