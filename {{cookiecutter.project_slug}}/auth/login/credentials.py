"""Who may log in with a name or an address and a password."""

from auth import clock
from auth.events import Event, record
from auth.passwords import hashing
from auth.records import User
from auth.users import demo, directory


def verify_user(username: str, password: str) -> bool:
    """Tell whether a user may log in with a password. A one-time password is for the form only.

    Args:
        username: A name or an address, however it is written.
        password: The password.
    """
    user = directory.find_login(username)
    return check(user, password) and user is not None and not user.has_one_time_password


def check(user: User | None, password: str) -> bool:
    """Tell whether a user may log in with a password.

    It takes the same time for a wrong password, an unknown user, a disabled one and a
    demo user, and the log names a user only if there is one: people type their password
    into the wrong field.

    Args:
        user: Who has the name or address that was typed, or None.
        password: What was typed.
    """
    has_hash = user is not None and not user.is_demo and may_log_in(user)
    found = hashing.check_password(password, user.password_hash if user and has_hash else None)
    is_name = user is not None and password == user.username
    if user and is_name and demo.is_production() and (user.is_demo or found.correct):
        record(Event.DEMO_USER_REFUSED, reason="in production", user=user)
    elif user and (found.correct or (user.is_demo and is_name and may_log_in(user))):
        if found.better_hash and not user.has_one_time_password:
            directory.upgrade_password_hash(user, found.better_hash)
        return True
    if user and not (user.is_demo or user.is_invited or hashing.is_usable(user.password_hash)):
        record(Event.PASSWORD_HASH_UNUSABLE, user=user)
    record(Event.LOGIN_FAILED, reason=None if user else "unknown user", user=user)
    return False


def may_log_in(user: User) -> bool:
    end = user.password_expires_at
    return not (user.disabled or demo.is_refused(user)) and (end is None or clock.now() < end)
