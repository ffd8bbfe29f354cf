"""Users: who may log in, and with which password."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from auth import clock, password_rules, passwords, stores
from auth.access import check_role
from auth.events import Event, record
from auth.stores import hash_kinds
from auth.stores.base import UnknownUserError, User
from auth.stores.users_file import read_users, write_users
from auth.usernames import acceptable_name, is_username, stored_form

_MAX_ROLES = 20


def open_store() -> None:
    """Open the store, so that what is wrong with it shows when the server starts.

    Raises:
        SettingsError: A setting has a wrong value.
        StoreUnavailableError: The store cannot be reached.
    """
    stores.current()


def verify_user(username: str, password: str) -> bool:
    """Tell whether a user may log in with a password.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    return check(username, password) is not None


def check(username: str, password: str, address: str | None = None) -> User | None:
    """Return the user who may log in with a password, or None.

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
    user = find(username)
    password_hash = user.password_hash if user and not user.disabled else None
    kinds = hash_kinds.known(stores.current().users, clock.now())
    found = passwords.check_password(password, password_hash, kinds)
    if user and found.correct:
        if found.better_hash:
            stores.current().users.upgrade_password_hash(user, found.better_hash)
        return user
    if user and not passwords.is_usable(user.password_hash):
        record(Event.PASSWORD_HASH_UNUSABLE, user=user.username)
    record(Event.LOGIN_FAILED, user=user.username if user else "unknown", ip=address)
    return None


def find(username: str) -> User | None:
    """Return the user of a name, however it is written, or None.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    name = stored_form(username)
    return stores.current().users.find(name) if is_username(name) else None


def get(username: str) -> User:
    """Return the user of a name, or raise UnknownUserError or StoreUnavailableError."""
    user = find(username)
    if user is None:
        raise UnknownUserError(username)
    return user


def list_users() -> list[User]:
    """Return every user, by name.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    return stores.current().users.list_all()


def add_user(username: str, password: str) -> None:
    """Add a user who may log in.

    Raises:
        ValueError: The name or the password is not acceptable; the message says why.
        UserExistsError: The name already exists.
        StoreUnavailableError: The store cannot be reached.
    """
    name = acceptable_name(username)
    stores.current().users.add(User(name, _hash(password, name), epoch=_new_epoch()))
    record(Event.USER_ADDED, user=name)


def export_users() -> str:
    """Return every user, as the text of a users file.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    return write_users({user.username: user for user in list_users()})


def import_users(file: Path) -> list[str]:
    """Take over the users of a file, each in the place of any that has the name.

    Their passwords stay as they are. Logins of whoever had the name before end.

    Returns:
        Their names.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: A name is not acceptable, and nobody was taken over; the message says why.
        StoreUnavailableError: The file or the store cannot be read.
    """
    imported = read_users(file)
    for username in imported:
        acceptable_name(username)
    for user in imported.values():
        stores.current().users.put(replace(user, epoch=_new_epoch()))
        record(Event.USER_IMPORTED, user=user.username)
    return list(imported)


def set_password(username: str, password: str, address: str | None = None) -> None:
    """Change a password, which ends the user's sessions and forgets their failed logins.

    Args:
        username: Whose password it is.
        password: The new one.
        address: The visitor's IP address, for the log.

    Raises:
        ValueError: The password is not acceptable; the message says why.
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    user = get(username)
    stores.current().users.set_password(user.username, _hash(password, user.username))
    record(Event.PASSWORD_CHANGED, user=user.username, ip=address)


def unlock(username: str) -> None:
    """Forget a user's failed logins, within 10 seconds everywhere.

    Raises:
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    name = stored_form(username)
    stores.current().users.unlock(name)
    record(Event.USER_UNLOCKED, user=name)


def disable_user(username: str) -> None:
    """Disable and log out a user, or raise UnknownUserError or StoreUnavailableError."""
    name = stored_form(username)
    stores.current().users.set_disabled(name, True)
    record(Event.USER_DISABLED, user=name)


def enable_user(username: str) -> None:
    """Enable a disabled user, or raise UnknownUserError or StoreUnavailableError."""
    name = stored_form(username)
    stores.current().users.set_disabled(name, False)
    record(Event.USER_ENABLED, user=name)


def remove_user(username: str) -> None:
    """Remove and log out a user, or raise UnknownUserError or StoreUnavailableError."""
    name = stored_form(username)
    stores.current().users.remove(name)
    record(Event.USER_REMOVED, user=name)


def grant_roles(username: str, roles: Iterable[str]) -> None:
    """Give a user roles, from their next click on.

    Raises:
        ValueError: A role cannot exist, or they would be too many; the message says why.
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    granted = list(roles)
    for role in granted:
        check_role(role)
    name = _change_roles(username, lambda old: dict.fromkeys([*old, *granted]))
    record(Event.ROLES_GRANTED, user=name, roles=" ".join(granted))


def revoke_roles(username: str, roles: Iterable[str]) -> None:
    """Take roles from a user, from their next click on. One that they do not have is fine.

    Raises:
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    revoked = list(roles)
    name = _change_roles(username, lambda old: [role for role in old if role not in revoked])
    record(Event.ROLES_REVOKED, user=name, roles=" ".join(revoked))


def end_sessions(username: str | None = None) -> None:
    """Log a user out everywhere, or everybody if None.

    Raises:
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    name = None if username is None else stored_form(username)
    stores.current().users.end_sessions(name)
    record(Event.SESSIONS_ENDED, user=name or "all users")


def _change_roles(username: str, change: Callable[[tuple[str, ...]], Iterable[str]]) -> str:
    """Change the roles of a user, again if somebody else does meanwhile, and return the name."""
    while True:
        user = get(username)
        roles = tuple(change(user.roles))
        if len(roles) > _MAX_ROLES:
            raise ValueError(f"A user has at most {_MAX_ROLES} roles.")
        if roles == user.roles or stores.current().users.set_roles(user, roles):
            return user.username


def _new_epoch() -> int:
    """Return one at random, because whoever had this name before is another user."""
    return secrets.randbelow(2**52)


def _hash(password: str, username: str) -> str:
    password_rules.check(password, username)
    return passwords.hash_password(password)
