"""What the tests of the second factor share."""

import pytest

from auth.tests import second_factors
from auth.tests.conftest import Clock, Configure
from auth.tests.login.second_factor.phone import Phone


@pytest.fixture(autouse=True)
def fresh_factors(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with a key, and with nothing remembered."""
    second_factors.begin(configure, monkeypatch)


@pytest.fixture
def phone(ann: str, clock: Clock) -> Phone:
    """Ann's authenticator app."""
    return Phone(ann)
