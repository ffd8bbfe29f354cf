"""The users of a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from threading import RLock

from auth.stores import file_change
from auth.stores.base import (
    SALT_AND_DIGEST,
    LastUserError,
    StoreReadOnlyError,
    StoreUnavailableError,
    UnknownUserError,
    User,
    UserExistsError,
)
from auth.stores.users_file import read_users, write_users


class MemoryUsers:
    """The users of a file.

    The file is looked at on every call and read again when it has changed, so
    what manage.py does in another process is known here at once.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = RLock()
        self._users: dict[str, User] = {}
        self._version: tuple[int, int, int] | None = None

    def find(self, username: str) -> User | None:
        """Return a user, or None."""
        return self._read().get(username)

    def list_all(self) -> list[User]:
        """Return every user, by name."""
        return list(self._read().values())

    def hash_kinds(self) -> set[str]:
        """Return what stands before salt and digest in the users' password hashes."""
        hashes = (user.password_hash for user in self._read().values())
        return {text[:-SALT_AND_DIGEST] for text in hashes if len(text) > SALT_AND_DIGEST}

    def add(self, user: User) -> None:
        """Add a user, or raise UserExistsError."""
        with self._changing() as users:
            if user.username in users:
                raise UserExistsError(user.username)
            users[user.username] = user

    def put(self, *users: User) -> None:
        """Add all of these users or none, each in the place of any that has the name."""
        with self._changing() as present:
            present.update({user.username: user for user in users})

    def search(self, text: str, limit: int, offset: int = 0) -> list[User]:
        """Return users whose name has a text in it, by name."""
        found = (user for user in self._read().values() if text in user.username)
        return list(islice(found, offset, offset + limit))

    def set_password(
        self,
        username: str,
        password_hash: str,
        expires_at: datetime | None = None,
        epoch: int | None = None,
    ) -> None:
        """Change a password and raise the epoch, or raise UnknownUserError."""
        with self._changing() as users:
            user = _existing(users, username)
            if epoch not in (None, user.epoch):
                raise UnknownUserError(username)
            users[username] = replace(
                user,
                password_hash=password_hash,
                password_expires_at=expires_at,
                epoch=user.epoch + 1,
            )

    def use_one_time_password(self, user: User, now: datetime) -> bool:
        """Let a one-time password end now, and tell whether: of many who ask at once, one does."""
        with self._changing() as users:
            if users.get(user.username) != user:
                return False
            users[user.username] = replace(user, password_expires_at=now)
            return True

    def set_disabled(self, username: str, disabled: bool, role_to_keep: str | None = None) -> None:
        """Disable a user and raise the epoch, or enable them; or raise UnknownUserError."""
        with self._changing() as users:
            user = _existing(users, username)
            changed = replace(user, disabled=disabled, epoch=user.epoch + disabled)
            _check_kept(users, user, changed, role_to_keep)
            users[username] = changed

    def set_roles(
        self, user: User, roles: tuple[str, ...], role_to_keep: str | None = None
    ) -> bool:
        """Change a user's roles, and tell whether: not if they were changed meanwhile."""
        with self._changing() as users:
            found = users.get(user.username)
            if found is None or found.roles != user.roles:
                return False
            changed = replace(found, roles=roles)
            _check_kept(users, found, changed, role_to_keep)
            users[user.username] = changed
            return True

    def end_sessions(self, username: str | None) -> None:
        """Raise the epoch of a user, or of all if None; or raise UnknownUserError."""
        with self._changing() as users:
            ended = list(users.values()) if username is None else [_existing(users, username)]
            for user in ended:
                users[user.username] = replace(user, epoch=user.epoch + 1)

    def unlock(self, username: str) -> None:
        """Raise the number of unlocks of a user, or raise UnknownUserError."""
        with self._changing() as users:
            user = _existing(users, username)
            users[username] = replace(user, unlocks=user.unlocks + 1)

    def upgrade_password_hash(self, user: User, password_hash: str) -> None:
        """Do nothing: the app may have no right to write the file."""

    def remove(self, username: str, role_to_keep: str | None = None) -> None:
        """Remove a user, or raise UnknownUserError."""
        with self._changing() as users:
            user = _existing(users, username)
            _check_kept(users, user, replace(user, disabled=True), role_to_keep)
            del users[username]

    def _read(self) -> dict[str, User]:
        """Return the users by name, as the file has them now."""
        with self._lock:
            try:
                status = self._file.stat()
                version = (status.st_mtime_ns, status.st_size, status.st_ino)
                if version != self._version:
                    self._users = read_users(self._file)
                    self._version = version
            except OSError as error:
                raise StoreUnavailableError(
                    f"The users file {self._file} cannot be read ({type(error).__name__})."
                ) from None
            return self._users

    @contextmanager
    def _changing(self) -> Iterator[dict[str, User]]:
        """Give the users to change, and write them into the file if nothing is raised."""
        with self._lock:
            try:
                with file_change.locked(self._file):
                    users = dict(self._read())
                    yield users
                    file_change.replace_text(self._file, write_users(users))
            except OSError as error:
                is_busy = isinstance(error, TimeoutError)
                raise (StoreUnavailableError if is_busy else StoreReadOnlyError)(
                    f"The users file {self._file} cannot be written "
                    f"({error.strerror or type(error).__name__})."
                ) from None


def _check_kept(users: dict[str, User], old: User, new: User, role: str | None) -> None:
    """Raise LastUserError if a change takes a role from the last user who may log in with it."""
    if role is None or not _has(old, role) or _has(new, role):
        return
    if not any(_has(user, role) for user in users.values() if user.username != old.username):
        raise LastUserError(old.username)


def _has(user: User, role: str) -> bool:
    return role in user.roles and not (user.disabled or user.has_one_time_password)


def _existing(users: dict[str, User], username: str) -> User:
    if username not in users:
        raise UnknownUserError(username)
    return users[username]
