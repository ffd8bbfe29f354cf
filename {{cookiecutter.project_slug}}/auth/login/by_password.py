"""What a login by a password takes: an attempt that is left, the password, a session."""

from contextlib import suppress

from auth import events
from auth.events import Event, record
from auth.login import credentials, throttle, tries
from auth.records import StoreUnavailableError, User
from auth.sessions import sessions
from auth.users import directory


class WrongPasswordError(Exception):
    """There is no user who may log in with that name and password."""


def log_in(username: str, password: str) -> str:
    """Return the token of a new session.

    Args:
        username: What was typed.
        password: What was typed.

    Raises:
        ThrottledError, WrongPasswordError, StoreUnavailableError: As `prove`.
    """
    return enter(prove(username, password))


def enter(user: User, proof: str | None = None, *, is_recent: bool = True) -> str:
    """Return the token of a new session, as `begin`, and forget some of what is over.

    Args:
        user, proof, is_recent: As `begin` takes them.
    """
    token = begin(user, proof, is_recent=is_recent)
    with suppress(StoreUnavailableError):
        throttle.purge(sessions.PURGED_AT_LOGIN)
        events.purge_audit(sessions.PURGED_AT_LOGIN)
    return token


def prove(username: str, password: str) -> User:
    """Return the user who has proved by a password who they are.

    Args:
        username: What was typed.
        password: What was typed.

    Raises:
        ThrottledError: There were too many failed logins; the password was not looked at.
        WrongPasswordError: The name or the password is wrong, or the user is disabled.
    """
    with tries.counted(username) as user:
        with throttle.checking():
            is_right = credentials.check(user, password)
        if user and is_right and user.has_one_time_password:
            is_right = directory.use_one_time_password(user)
            if not is_right:
                record(Event.LOGIN_FAILED, user=user)
        if user is None or not is_right:
            raise WrongPasswordError
    return user


def begin(user: User, proof: str | None = None, *, is_recent: bool = True) -> str:
    """Return the token of a new session of a user, whose browser is known from now on.

    Args:
        user: Who has proved who they are, as they are after that.
        proof, is_recent: As `sessions.start` takes them.
    """
    token = sessions.start(user, proof, is_recent=is_recent)
    with suppress(StoreUnavailableError):
        throttle.remember_device(user)
    return token
