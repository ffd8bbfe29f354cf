"""An authenticator app of the tests."""

import pyotp

from auth import clock
from auth.login.second_factor import codes
from auth.records import User
from auth.users import directory
from auth.users.factors import kept


class Phone:
    """An app that has been set up for a user a while ago."""

    def __init__(self, username: str) -> None:
        self.seed = codes.new_seed()
        self.user: User = directory.get(username)
        kept.add_authenticator(self.user, self.seed, 1)

    def code(self, steps: int = 0) -> str:
        """Return what the app shows now, or so many steps of 30 seconds later."""
        return pyotp.TOTP(self.seed).at(clock.now(), counter_offset=steps)

    def wrong(self) -> str:
        """Return a code that the app has not shown for a while."""
        return next(code for code in map(self.code, range(-99, -90)) if code != self.code())
