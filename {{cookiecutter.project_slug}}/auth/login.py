"""What a login takes: an attempt that is left, the password, a session."""

from contextlib import suppress

from auth import credentials, events, pace, sessions, throttle, users
from auth.events import Event, record, record_often
from auth.stores.base import StoreUnavailableError, User
from auth.throttle import ThrottledError


class WrongPasswordError(Exception):
    """There is no user who may log in with that name and password."""


def log_in(
    username: str,
    password: str,
    address: str | None = None,
    browser: str = "",
    device: str | None = None,
) -> str:
    """Return the token of a new session.

    Args:
        username: What was typed.
        password: What was typed.
        address: The visitor's IP address, or None if it is not known.
        browser: The visitor's browser, for lists of sessions, at most 64 characters.
        device: The secret in the browser's own cookie, or None.

    Raises:
        ThrottledError, WrongPasswordError, StoreUnavailableError: As `prove`.
    """
    user = prove(username, password, address, device)
    token = sessions.start(user, address, browser)
    with suppress(StoreUnavailableError):
        throttle.purge(sessions.PURGED_AT_LOGIN)
        events.purge_audit(sessions.PURGED_AT_LOGIN)
    return token


def prove(
    username: str, password: str, address: str | None = None, device: str | None = None
) -> User:
    """Return the user who has proved by a password who they are.

    Args:
        username: What was typed.
        password: What was typed.
        address: The visitor's IP address, or None if it is not known.
        device: The secret in the browser's own cookie, or None.

    Raises:
        ThrottledError: There were too many failed logins; the password was not looked at.
        WrongPasswordError: The name or the password is wrong, or the user is disabled.
        StoreUnavailableError: The store cannot be reached.
    """
    try:
        attempt = throttle.start_attempt(username, address, device)
    except ThrottledError as error:
        record_often(Event.THROTTLED, error.reason, user=error.username, ip=address)
        raise
    try:
        with throttle.checking(address):
            user = credentials.check(username, password, address)
            if user:
                # Here, where one address has few at a time, it cannot keep all turns for itself.
                pace.wait_for_turn()
        if user and user.has_one_time_password and not users.use_one_time_password(user):
            record(Event.LOGIN_FAILED, user=user.username, ip=address)
            user = None
    except StoreUnavailableError:
        throttle.end_attempt_later(attempt)  # An outage is nobody's failure.
        raise
    if user is None:
        raise WrongPasswordError
    throttle.end_attempt(attempt)
    with suppress(StoreUnavailableError):
        throttle.remember_browser(user.username, device)
    return user
