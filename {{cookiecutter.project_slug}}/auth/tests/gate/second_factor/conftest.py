"""What the tests of the second factor share."""

from auth.tests.login.second_factor.conftest import fresh_factors, phone

__all__ = ["fresh_factors", "phone"]
