"""What the tests of the second factor share."""

from auth.tests.login.second_factor.conftest import phone

__all__ = ["phone"]
