"""Users: who there is, and what is done to them."""

import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from auth import clock, password_rules, passwords, stores
from auth.administrators import role_to_keep
from auth.events import Event, record
from auth.stores import hash_kinds
from auth.stores.base import UnknownUserError, User
from auth.stores.users_file import read_users, write_users
from auth.usernames import acceptable_name, is_username, stored_form


def open_store() -> None:
    """Open the store, so that what is wrong with it shows when the server starts.

    Raises:
        SettingsError: A setting has a wrong value.
        StoreUnavailableError: The store cannot be reached.
    """
    stores.current()


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


def search(text: str, limit: int, offset: int = 0) -> list[User]:
    """Return users whose name has a text in it, by name.

    Args:
        text: What was typed, however it is written; "" for all users.
        limit: How many to return at most.
        offset: How many of the first to leave out.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    part = stored_form(text)
    if part and not is_username(part):
        return []  # No name has that in it, and not every store could even look for it.
    return stores.current().users.search(part, limit, offset)


def list_users() -> list[User]:
    """Return every user, by name.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    return stores.current().users.list_all()


def known_hash_kinds() -> set[str]:
    """Return what stands before salt and digest in the users' password hashes.

    It is up to a minute old.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    return hash_kinds.known(stores.current().users, clock.now())


def add_user(username: str, password: str, lifetime: timedelta | None = None) -> None:
    """Add a user who may log in.

    Args:
        username: A name that nobody has.
        password: The password.
        lifetime: How long the password can be used, once, if it is a one-time password.

    Raises:
        ValueError: The name or the password is not acceptable; the message says why.
        UserExistsError: The name already exists.
        StoreUnavailableError: The store cannot be reached.
    """
    name = acceptable_name(username)
    expires_at = clock.now() + lifetime if lifetime else None
    user = User(name, _hash(password, name), epoch=_new_epoch(), password_expires_at=expires_at)
    stores.current().users.add(user)
    record(Event.USER_ADDED, user=name)


def set_roles(user: User, roles: tuple[str, ...], role_to_keep: str | None = None) -> bool:
    """Change a user's roles, and tell whether: not if they were changed meanwhile.

    Raises:
        LastUserError: Nobody else who may log in has the role to keep.
        StoreUnavailableError: The store cannot be reached.
    """
    return stores.current().users.set_roles(user, roles, role_to_keep)


def upgrade_password_hash(user: User, password_hash: str) -> None:
    """Keep a stronger hash of the same password, unless it was changed meanwhile.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    stores.current().users.upgrade_password_hash(user, password_hash)


def put_users(users: list[User]) -> None:
    """Keep users from elsewhere, each in the place of any that has the name, who is logged out.

    Raises:
        StoreUnavailableError: The store cannot be reached, and nobody was taken over.
    """
    stores.current().users.put(*(replace(user, epoch=_new_epoch()) for user in users))
    for user in users:
        record(Event.USER_IMPORTED, user=user.username)


def read_file(file: Path) -> list[User]:
    """Return the users of a users file, by name.

    Raises:
        FileNotFoundError: There is no such file.
        StoreUnavailableError: It cannot be read, or does not have the expected form.
    """
    return list(read_users(file).values())


def write_text(users: list[User]) -> str:
    """Return users as the text of a users file."""
    return write_users({user.username: user for user in users})


def set_password(
    username: str,
    password: str,
    address: str | None = None,
    *,
    lifetime: timedelta | None = None,
    epoch: int | None = None,
) -> None:
    """Change a password, which ends the user's sessions and forgets their failed logins.

    Args:
        username: Whose password it is.
        password: The new one.
        address: The visitor's IP address, for the log.
        lifetime: How long the password can be used, once, if it is a one-time password.
        epoch: The epoch that the user has to have, or else they are another user; any if None.

    Raises:
        ValueError: The password is not acceptable; the message says why.
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    name = get(username).username
    expires_at = clock.now() + lifetime if lifetime else None
    stores.current().users.set_password(name, _hash(password, name), expires_at, epoch)
    event = Event.PASSWORD_RESET if lifetime else Event.PASSWORD_CHANGED
    record(event, user=name, ip=address)


def use_one_time_password(user: User) -> bool:
    """Let a user's one-time password end, and tell whether it had not been used yet.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    return stores.current().users.use_one_time_password(user, clock.now())


def unlock(username: str) -> None:
    """Forget a user's failed logins, or raise UnknownUserError or StoreUnavailableError.

    Servers that refuse logins know it within 10 seconds.
    """
    name = stored_form(username)
    stores.current().users.unlock(name)
    record(Event.USER_UNLOCKED, user=name)


def disable_user(username: str, *, force: bool = False) -> None:
    """Disable and log out a user.

    Raises:
        OwnAccountError: Somebody else has to do that.
        LastUserError: Nobody else who may log in is an administrator, and nothing is forced.
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    name = stored_form(username)
    stores.current().users.set_disabled(name, True, role_to_keep(name, force))
    record(Event.USER_DISABLED, user=name)


def enable_user(username: str) -> None:
    """Enable a disabled user, or raise UnknownUserError or StoreUnavailableError."""
    name = stored_form(username)
    stores.current().users.set_disabled(name, False)
    record(Event.USER_ENABLED, user=name)


def remove_user(username: str, *, force: bool = False) -> None:
    """Remove and log out a user.

    Raises:
        OwnAccountError, LastUserError, UnknownUserError, StoreUnavailableError: As `disable_user`.
    """
    name = stored_form(username)
    stores.current().users.remove(name, role_to_keep(name, force))
    record(Event.USER_REMOVED, user=name)


def end_sessions(username: str | None = None) -> None:
    """Log a user out everywhere, or everybody if None.

    Raises:
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    name = None if username is None else stored_form(username)
    stores.current().users.end_sessions(name)
    record(Event.SESSIONS_ENDED, user=name or "all users")


def _new_epoch() -> int:
    """Return one at random, because whoever had this name before is another user."""
    return secrets.randbelow(2**52)


def _hash(password: str, username: str) -> str:
    password_rules.check(password, username)
    return passwords.hash_password(password)
