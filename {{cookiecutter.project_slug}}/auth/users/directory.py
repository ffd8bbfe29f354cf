"""Users: who there is, and what is done to them.

Every function raises StoreUnavailableError when the store cannot be reached, and those that
take a user's name UnknownUserError if there is none of that name.
"""

from dataclasses import replace
from datetime import timedelta

from auth import clock, stores
from auth.events import Event, record
from auth.passwords import hashing, rules
from auth.records import DEMO_HASH, UnknownUserError, User, new_epoch, new_user_id
from auth.usernames import (
    MAX_EMAIL,
    acceptable_display_name,
    acceptable_email,
    acceptable_name,
    is_email,
    is_printable,
    is_username,
    searched_form,
    stored_form,
)
from auth.users.administrators import role_to_keep


def open_store() -> None:
    """Open the store, so that what is wrong with it shows when the server starts.

    Raises:
        SettingsError: A setting has a wrong value.
    """
    stores.current()


def find(username: str) -> User | None:
    """Return the user of a name, however it is written, or None."""
    name = stored_form(username)
    return stores.current().users.find(name) if is_username(name) else None


def find_login(text: str) -> User | None:
    """Return the user who logs in with a text, however it is written: their name, or address.

    A name wins over an address. No user gets a name that is another's address, nor an address
    that is another's name: so nobody is ever taken for somebody else.
    """
    form = stored_form(text)
    return stores.current().users.find_login(form) if is_username(form) or is_email(form) else None


def get(username: str) -> User:
    """Return the user of a name, however it is written."""
    user = find(username)
    if user is None:
        raise UnknownUserError(username)
    return user


def search(text: str, limit: int, offset: int = 0) -> list[User]:
    """Return users with a text in their name, address or display name, by name.

    Args:
        text: What was typed, however it is written; "" for all users.
        limit: How many to return at most.
        offset: How many of the first to leave out.
    """
    part = searched_form(text)
    if len(part) > MAX_EMAIL or not is_printable(part):
        return []  # Nobody is called that, and not every store could even look for it.
    return stores.current().users.search(part, limit, offset)


def list_users() -> list[User]:
    """Return every user, by name."""
    return stores.current().users.list_all()


def list_demo() -> list[User]:
    """Return the demo users, by name."""
    return stores.current().users.list_by_hash(DEMO_HASH)


def add_user(
    username: str,
    password: str,
    lifetime: timedelta | None = None,
    *,
    email: str = "",
    display_name: str = "",
    roles: tuple[str, ...] = (),
) -> None:
    """Add a user who may log in.

    Args:
        username: A name that nobody has.
        password: The password.
        lifetime: How long the password can be used, once, if it is a one-time password.
        email: An address that nobody has; "" for none.
        display_name: What people call the user; "" for none.
        roles: Roles, as `roles.checked` returns them.

    Raises:
        NotAcceptableError: The name, the password, the address or the display name is not
            acceptable.
        UserExistsError: The name already exists.
        EmailTakenError: Another user has the address, or it is one's name.
    """
    name = acceptable_name(username)
    user = User(
        new_user_id(),
        name,
        roles=roles,
        epoch=new_epoch(),
        password_expires_at=clock.now() + lifetime if lifetime else None,
        email=acceptable_email(email),
        display_name=acceptable_display_name(display_name),
        password_hash=_hash(password, name),  # last, because it takes long
    )
    add(user)


def add(user: User) -> None:
    """Keep a new user, of whom everything has been checked.

    Raises:
        UserExistsError, EmailTakenError: As `add_user`.
    """
    stores.current().users.add(user)
    record(Event.USER_ADDED, user=user)
    if user.roles:
        record(Event.ROLES_GRANTED, user=user, roles=" ".join(user.roles))


def rename_user(username: str, new_name: str) -> str:
    """Give a user another name, which is returned. They stay logged in, and keep what is theirs.

    Raises:
        NotAcceptableError: The new name is not acceptable.
        UserExistsError: The new name already exists.
        EmailTakenError: The new name is another user's address.
    """
    user, name = get(username), acceptable_name(new_name)
    stores.current().users.rename(user, name)
    record(Event.USER_RENAMED, user=replace(user, username=name), reason=f"was {user.username}")
    return name


def set_roles(user: User, roles: tuple[str, ...], role_to_keep: str | None = None) -> bool:
    """Change a user's roles, and tell whether: not if they were changed meanwhile.

    Raises:
        LastUserError: Nobody else who can log in has the role to keep.
    """
    return stores.current().users.set_roles(user, roles, role_to_keep)


def upgrade_password_hash(user: User, password_hash: str) -> None:
    """Keep a stronger hash of the same password, unless it was changed meanwhile."""
    stores.current().users.upgrade_password_hash(user, password_hash)


def set_password(
    user: User,
    password: str,
    *,
    lifetime: timedelta | None = None,
    same_epoch: bool = False,
    role_to_keep: str | None = None,
) -> None:
    """Change a password, which ends the user's sessions and forgets their failed logins.

    Args:
        user: Whose password it is.
        password: The new one.
        lifetime: How long the password can be used, once, if it is a one-time password.
        same_epoch: Whether a user whose epoch is another by now is unknown.
        role_to_keep: Which role another user has to have who can log in, or None.

    Raises:
        NotAcceptableError: The password is not acceptable.
        UnknownUserError: The user was removed meanwhile.
        LastUserError: Nobody else who can log in has the role to keep.
    """
    expires_at = clock.now() + lifetime if lifetime else None
    stores.current().users.set_password(
        user,
        _hash(password, user.username),
        expires_at,
        same_epoch=same_epoch,
        role_to_keep=role_to_keep,
    )
    record(Event.PASSWORD_RESET if lifetime else Event.PASSWORD_CHANGED, user=user)


def use_one_time_password(user: User) -> bool:
    """Let a user's one-time password end, and tell whether it had not been used yet."""
    return stores.current().users.use_one_time_password(user, clock.now())


def unlock(username: str) -> None:
    """Forget a user's failed logins. Servers that refuse logins know it within 10 seconds."""
    user = get(username)
    stores.current().users.unlock(user)
    record(Event.USER_UNLOCKED, user=user)


def disable_user(username: str, *, force: bool = False) -> None:
    """Disable and log out a user.

    Raises:
        OwnAccountError: Somebody else has to do that.
        LastUserError: Nobody else who can log in is an administrator, and nothing is forced.
    """
    user = get(username)
    stores.current().users.set_disabled(user, True, role_to_keep(user, force))
    record(Event.USER_DISABLED, user=user)


def enable_user(username: str) -> None:
    """Enable a disabled user."""
    user = get(username)
    stores.current().users.set_disabled(user, False)
    record(Event.USER_ENABLED, user=user)


def remove_user(username: str, *, force: bool = False) -> None:
    """Remove and log out a user.

    Raises:
        OwnAccountError, LastUserError: As `disable_user`.
    """
    user = get(username)
    stores.current().users.remove(user, role_to_keep(user, force))
    record(Event.USER_REMOVED, user=user)


def end_sessions(username: str | None = None) -> None:
    """Log a user out everywhere, or everybody if None."""
    user = None if username is None else get(username)
    stores.current().users.end_sessions(user)
    record(Event.SESSIONS_ENDED, user=user or "all users")


def _hash(password: str, username: str) -> str:
    rules.check(password, username)
    return hashing.hash_password(password)
