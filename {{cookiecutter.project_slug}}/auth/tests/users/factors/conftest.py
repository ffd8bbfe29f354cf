"""What the tests of second factors share: a server that has just started, and Ann and Bob."""

import pytest

from auth.records import User
from auth.stores.interface import Store
from auth.tests import second_factors
from auth.tests.conftest import Configure
from auth.tests.stores.records import ANN, BOB


@pytest.fixture(autouse=True)
def fresh_factors(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with a key, and with nothing remembered."""
    second_factors.begin(configure, monkeypatch)


@pytest.fixture
def user(store: Store) -> User:
    """A user with the roles sales and finance."""
    store.users.add(ANN)
    return ANN


@pytest.fixture
def other(store: Store) -> User:
    """Another user, without roles."""
    store.users.add(BOB)
    return BOB
