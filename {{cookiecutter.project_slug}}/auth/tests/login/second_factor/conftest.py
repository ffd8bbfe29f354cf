"""What the tests of the second factor share."""

import pytest

from auth.tests.conftest import Clock
from auth.tests.login.second_factor.phone import Phone


@pytest.fixture
def phone(ann: str, clock: Clock) -> Phone:
    """Ann's authenticator app."""
    return Phone(ann)
