"""Users: who may log in, and with which password."""

import re
from dataclasses import replace

from auth import passwords
from auth.log import log_event
from auth.{{ cookiecutter.store_backend }}_store import open_store
from auth.store import UnknownUserError, User

_USERNAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")


def verify_user(username: str, password: str, *, address: str | None = None) -> bool:
    """Tell whether a user may log in with a password.

    It takes the same time for a wrong password, an unknown user and a disabled
    one, and the log names a user only if there is one: people type their
    password into the wrong field.

    Args:
        username: What was typed.
        password: What was typed.
        address: The visitor's IP address, for the log.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    store = open_store()
    user = store.find_user(username) if _USERNAME.fullmatch(username) else None
    enabled = user is not None and not user.disabled
    verdict = passwords.check_password(password, user.password_hash if user and enabled else None)
    if user and verdict.correct:
        if verdict.better_hash:
            store.upgrade_password_hash(user, verdict.better_hash)
        return True
    log_event("login failed", user=user.username if user else "unknown", ip=address)
    return False


def add_user(username: str, password: str) -> None:
    """Let a new user in.

    Raises:
        ValueError: The name or the password is not acceptable; the message says why.
        UserExistsError: The name is taken.
        StoreUnavailableError: The store cannot be reached.
    """
    if not _USERNAME.fullmatch(username):
        raise ValueError("A user name has 1 to 64 letters, digits or any of . _ @ -")
    open_store().add_user(User(username, _hash(password)))


def set_password(username: str, password: str) -> None:
    """Change a password, which ends the user's sessions.

    Raises:
        ValueError: The password is not acceptable; the message says why.
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    open_store().replace_user(replace(_existing(username), password_hash=_hash(password)))


def disable_user(username: str) -> None:
    """Let a user in no more, and end their sessions.

    Raises:
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    open_store().replace_user(replace(_existing(username), disabled=True))


def enable_user(username: str) -> None:
    """Let a disabled user in again.

    Raises:
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    open_store().replace_user(replace(_existing(username), disabled=False))


def _existing(username: str) -> User:
    user = open_store().find_user(username)
    if user is None:
        raise UnknownUserError(username)
    return user


def _hash(password: str) -> str:
    if not passwords.MIN_LENGTH <= len(password) <= passwords.MAX_LENGTH or "\0" in password:
        raise ValueError(
            f"A password has {passwords.MIN_LENGTH} to {passwords.MAX_LENGTH} characters."
        )
    return passwords.hash_password(password)
