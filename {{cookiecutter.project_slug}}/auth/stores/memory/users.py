"""The users of a file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from threading import Lock, RLock

from auth.records import (
    LastUserError,
    StoreUnavailableError,
    UnknownUserError,
    User,
    UserExistsError,
)
from auth.stores.memory import file_change
from auth.stores.uniqueness import check_unique
from auth.stores.users_file import read_users, write_users
from auth.usernames import searched_form

_ById = dict[str, User]


class MemoryUsers:
    """The users of a file.

    The file is looked at on every call and read again when it has changed, so
    what manage.py does in another process is known here at once.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        # Who changes the file waits for other processes; who reads it waits for nobody.
        self._changes = Lock()
        self._lock = RLock()
        self._by_id: _ById = {}
        self._by_name: dict[str, User] = {}
        self._by_hash: dict[str, list[User]] = {}
        self._by_email: dict[str, User] = {}
        self._called: list[tuple[str, User]] = []
        self._version: tuple[int, int, int] | None = None

    def find(self, username: str) -> User | None:
        """Return the user of an exact name, or None."""
        with self._lock:
            self._read()
            return self._by_name.get(username)

    def find_login(self, text: str) -> User | None:
        """Return the user who has exactly that name, or else that address, or None."""
        with self._lock:
            self._read()
            return self._by_name.get(text) or self._by_email.get(text)

    def find_by_id(self, user_id: str) -> User | None:
        """Return the user of an id, or None."""
        return self._read().get(user_id)

    def list_all(self) -> list[User]:
        """Return every user, by name."""
        return list(self._read().values())

    def search(self, text: str, limit: int, offset: int = 0) -> list[User]:
        """Return users with a text in their name, address or display name, by name."""
        with self._lock:
            self._read()
            found = (user for names, user in self._called if text in names)
        return list(islice(found, offset, offset + limit))

    def list_by_hash(self, password_hash: str) -> list[User]:
        """Return the users for whom exactly that is kept as their password's hash, by name."""
        with self._lock:
            self._read()
            return self._by_hash.get(password_hash, []).copy()

    def add(self, user: User) -> None:
        """Add a user, or raise UserExistsError or EmailTakenError."""
        with self._changing() as users:
            if user.id in users:
                raise UserExistsError(user.username)
            users[user.id] = user

    def put(self, *users: User) -> None:
        """Add all of these users or none, each in the place of any that has the id."""
        with self._changing() as present:
            present.update({user.id: user for user in users})

    def rename(self, user: User, username: str) -> None:
        """Give a user another name, or raise UnknownUserError, or as `add`."""
        with self._changing() as users:
            users[user.id] = replace(_existing(users, user), username=username)

    def set_email(self, user: User, email: str | None) -> None:
        """Give a user another address or none, or raise UnknownUserError or EmailTakenError."""
        with self._changing() as users:
            users[user.id] = replace(_existing(users, user), email=email)

    def set_display_name(self, user: User, display_name: str | None) -> None:
        """Give a user another display name or none, or raise UnknownUserError."""
        with self._changing() as users:
            users[user.id] = replace(_existing(users, user), display_name=display_name)

    def set_password(
        self,
        user: User,
        password_hash: str,
        expires_at: datetime | None = None,
        *,
        same_epoch: bool = False,
        role_to_keep: str | None = None,
    ) -> None:
        """Change a password and raise the epoch, or raise UnknownUserError."""
        with self._changing() as users:
            found = _existing(users, user)
            if same_epoch and found.epoch != user.epoch:
                raise UnknownUserError(user.username)
            changed = replace(
                found,
                password_hash=password_hash,
                password_expires_at=expires_at,
                epoch=found.epoch + 1,
            )
            _check_kept(users, found, changed, role_to_keep)
            users[user.id] = changed

    def use_one_time_password(self, user: User, now: datetime) -> bool:
        """Let a one-time password end now, and tell whether: of many who ask at once, one does."""
        with self._changing() as users:
            found = users.get(user.id)
            known = user.epoch, user.password_expires_at
            if found is None or (found.epoch, found.password_expires_at) != known:
                return False
            users[user.id] = replace(found, password_expires_at=now)
            return True

    def set_disabled(self, user: User, disabled: bool, role_to_keep: str | None = None) -> None:
        """Disable a user and raise the epoch, or enable them; or raise UnknownUserError."""
        with self._changing() as users:
            found = _existing(users, user)
            changed = replace(found, disabled=disabled, epoch=found.epoch + disabled)
            _check_kept(users, found, changed, role_to_keep)
            users[user.id] = changed

    def set_roles(
        self, user: User, roles: tuple[str, ...], role_to_keep: str | None = None
    ) -> bool:
        """Change a user's roles, and tell whether: not if they were changed meanwhile."""
        with self._changing() as users:
            found = users.get(user.id)
            if found is None or found.roles != user.roles:
                return False
            changed = replace(found, roles=roles)
            _check_kept(users, found, changed, role_to_keep)
            users[user.id] = changed
            return True

    def end_sessions(self, user: User | None) -> None:
        """Raise the epoch of a user, or of all if None; or raise UnknownUserError."""
        with self._changing() as users:
            ended = list(users.values()) if user is None else [_existing(users, user)]
            users.update({each.id: replace(each, epoch=each.epoch + 1) for each in ended})

    def unlock(self, user: User) -> None:
        """Raise the number of unlocks of a user, or raise UnknownUserError."""
        with self._changing() as users:
            found = _existing(users, user)
            users[user.id] = replace(found, unlocks=found.unlocks + 1)

    def upgrade_password_hash(self, user: User, password_hash: str) -> None:
        """Keep a stronger hash of the same password, unless it was changed meanwhile.

        The app may have no right to write the file: then the old one stays.
        """
        with suppress(StoreUnavailableError), self._changing() as users:
            found = users.get(user.id)
            if found and found.password_hash == user.password_hash:
                users[user.id] = replace(found, password_hash=password_hash)

    def remove(self, user: User, role_to_keep: str | None = None) -> None:
        """Remove a user, or raise UnknownUserError."""
        with self._changing() as users:
            found = _existing(users, user)
            _check_kept(users, found, replace(found, disabled=True), role_to_keep)
            del users[user.id]

    def _read(self) -> _ById:
        """Return the users by id, in the order of their names, as the file has them now."""
        with self._lock:
            try:
                status = self.file.stat()
                version = (status.st_mtime_ns, status.st_size, status.st_ino)
                if version != self._version:
                    users = read_users(self.file)
                    self._by_id = {user.id: user for user in users}
                    self._by_name = {user.username: user for user in users}
                    self._by_email = {user.email: user for user in users if user.email}
                    self._by_hash = {}
                    for user in users:
                        self._by_hash.setdefault(user.password_hash, []).append(user)
                    self._called = [(_names_of(user), user) for user in users]
                    self._version = version
            except OSError as error:
                raise StoreUnavailableError(
                    f"The users file {self.file} cannot be read ({type(error).__name__})."
                ) from None
            return self._by_id

    @contextmanager
    def _changing(self) -> Iterator[_ById]:
        """Give the users to change, and write them into the file if nothing is raised."""
        with self._changes:
            try:
                with file_change.locked(self.file):
                    users = dict(self._read())
                    yield users
                    check_unique(users.values())
                    file_change.replace_text(self.file, write_users(list(users.values())))
            except OSError as error:
                raise file_change.refusal(f"users file {self.file}", error) from None


def _names_of(user: User) -> str:
    """Return what a user is found by, one in a line: nobody looks for a part of two."""
    names = [user.username, user.email, user.display_name and searched_form(user.display_name)]
    return "\n".join(filter(None, names))


def _check_kept(users: _ById, old: User, new: User, role: str | None) -> None:
    """Raise LastUserError if a change takes a role from the last user who can log in with it."""
    if role is None or not _has(old, role) or _has(new, role):
        return
    if not any(_has(user, role) for user in users.values() if user.id != old.id):
        raise LastUserError(old.username)


def _has(user: User, role: str) -> bool:
    return role in user.roles and not (user.disabled or user.has_one_time_password)


def _existing(users: _ById, user: User) -> User:
    if user.id not in users:
        raise UnknownUserError(user.username)
    return users[user.id]
