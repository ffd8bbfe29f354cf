"""Who may log in with a name and a password."""

from auth import clock, demo, passwords, users
from auth.events import Event, record, record_often
from auth.stores.base import User

_NOBODY = "unknown user"  # With its space it is nobody's name.


def verify_user(username: str, password: str) -> bool:
    """Tell whether a user may log in with a password. A one-time password is for the form only.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    user = check(username, password)
    return user is not None and not user.has_one_time_password


def check(username: str, password: str, address: str | None = None) -> User | None:
    """Return the user who may log in with a password, or None.

    It takes the same time for a wrong password, an unknown user, a disabled one and a
    demo user in production, and the log names a user only if there is one: people type
    their password into the wrong field.

    Args:
        username: What was typed.
        password: What was typed.
        address: The visitor's IP address, for the log.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    user = users.find(username)
    password_hash = user.password_hash if user and _may_log_in(user) else None
    found = passwords.check_password(password, password_hash, users.known_hash_kinds())
    known = password if found.correct else None
    if user and demo.is_refused(user, known):
        record_often(Event.DEMO_USER_REFUSED, "in production", user=user.username, ip=address)
    elif user and found.correct:
        # A demo user is known by the hash.
        if found.better_hash and not demo.is_one(user):
            users.upgrade_password_hash(user, found.better_hash)
        return user
    if user and not passwords.is_usable(user.password_hash):
        record(Event.PASSWORD_HASH_UNUSABLE, user=user.username)
    record(Event.LOGIN_FAILED, user=user.username if user else _NOBODY, ip=address)
    return None


def _may_log_in(user: User) -> bool:
    end = user.password_expires_at
    return not (user.disabled or demo.is_refused(user)) and (end is None or clock.now() < end)
