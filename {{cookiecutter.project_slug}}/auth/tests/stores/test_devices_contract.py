"""What every store does with the devices that it knows."""

from datetime import datetime, timedelta

import pytest

from auth.records import Device, User
from auth.stores.interface import Devices, Store
from auth.tests.stores.at_once import at_once
from auth.tests.stores.records import ANN, BOB, HOUR, NOW

MINE, OTHER = "a" * 64, "b" * 64
MOST = 3


@pytest.fixture
def devices(store: Store) -> Devices:
    """The devices of a store that knows none, and Ann and Bob."""
    store.users.put(ANN, BOB)
    return store.devices


def add(devices: Devices, name: str, until: datetime = NOW + HOUR, user: User = ANN) -> None:
    devices.add(Device(name, user.id, until), NOW, MOST)


def test_a_device_is_known_until_a_time(devices: Devices) -> None:
    assert not devices.knows(ANN, MINE, NOW)
    add(devices, MINE)
    assert devices.knows(ANN, MINE, NOW + HOUR - timedelta(microseconds=1))
    assert not devices.knows(ANN, MINE, NOW + HOUR)
    assert not devices.knows(ANN, OTHER, NOW)
    assert not devices.knows(BOB, MINE, NOW)


def test_a_known_device_is_kept_for_longer(devices: Devices) -> None:
    add(devices, MINE)
    add(devices, MINE, NOW + 2 * HOUR)
    assert devices.knows(ANN, MINE, NOW + HOUR)


def test_the_expired_are_forgotten_and_no_others(devices: Devices) -> None:
    add(devices, MINE)
    devices.add(Device(OTHER, ANN.id, NOW + 2 * HOUR), NOW + HOUR, MOST)
    assert not devices.knows(ANN, MINE, NOW)
    assert devices.knows(ANN, OTHER, NOW)


def test_of_too_many_of_a_user_the_first_to_expire_are_forgotten_and_nobody_elses(
    devices: Devices,
) -> None:
    add(devices, MINE, user=BOB)
    names = [str(number) * 64 for number in range(5)]
    for number, name in enumerate(names):
        add(devices, name, NOW + HOUR + timedelta(minutes=number))
    add(devices, names[2], NOW + 2 * HOUR)
    add(devices, OTHER, NOW + 2 * HOUR)
    known = [name for name in [*names, OTHER] if devices.knows(ANN, name, NOW)]
    assert known == [names[2], names[4], OTHER]
    assert devices.knows(BOB, MINE, NOW)


def test_whoever_does_not_exist_has_no_device(store: Store, devices: Devices) -> None:
    store.users.remove(ANN)
    add(devices, MINE)
    assert not devices.knows(ANN, MINE, NOW)


def test_the_same_device_may_come_in_many_tabs_at_once(devices: Devices) -> None:
    at_once(lambda _: add(devices, MINE))
    assert devices.knows(ANN, MINE, NOW)


def test_many_devices_that_come_at_once_are_no_more_than_may_be(devices: Devices) -> None:
    names = [f"{number:064}" for number in range(32)]
    at_once(lambda number: add(devices, names[number], NOW + HOUR + timedelta(minutes=number)))
    add(devices, MINE, NOW + 3 * HOUR)
    known = [name for name in names if devices.knows(ANN, name, NOW)]
    assert known == names[-2:]
