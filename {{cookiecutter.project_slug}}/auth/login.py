"""What a login takes: an attempt that is left, the password, a session."""

from auth import sessions, throttle, users
from auth.events import Event, record
from auth.stores.base import StoreUnavailableError


class WrongPasswordError(Exception):
    """There is no user who may log in with that name and password."""


class ThrottledError(Exception):
    """There were too many failed logins.

    Attributes:
        seconds: How long to wait.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def log_in(username: str, password: str, address: str | None = None) -> str:
    """Return the token of a new session.

    Args:
        username: What was typed.
        password: What was typed.
        address: The visitor's IP address, or None if it is not known.

    Raises:
        ThrottledError: There were too many failed logins; the password was not looked at.
        WrongPasswordError: The name or the password is wrong, or the user is disabled.
        StoreUnavailableError: The store cannot be reached.
    """
    if seconds := throttle.start_attempt(username, address):
        record(Event.THROTTLED, ip=address)
        raise ThrottledError(seconds)
    try:
        with throttle.checking(address):
            user = users.check(username, password, address)
    except StoreUnavailableError:
        throttle.end_attempt(username, address)  # An outage is nobody's failure.
        raise
    if user is None:
        raise WrongPasswordError
    throttle.end_attempt(username, address)
    return sessions.start(user, address)
