"""The store in the memory of this process: users from a file, sessions until it stops."""

import json
import os
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice, takewhile
from pathlib import Path
from threading import Lock, RLock

from auth.settings import load_settings
from auth.store import (
{% if cookiecutter.cookie_transport == "http_only" %}
    Code,
{% endif %}
    Session,
    StoreUnavailableError,
    UnknownUserError,
    User,
    UserExistsError,
)

_PURGED_AT_LOGIN = 100


class MemoryStore:
    """Sessions in a dict, users in a JSON file.

    The file is looked at on every call and read again when it has changed, so
    what manage.py does in another process is known here at once.

    Args:
        users_file: The file, as {NAME: {"password_hash": HASH, "disabled": BOOL}}.
    """

    def __init__(self, users_file: Path) -> None:
        self._users_file = users_file
        self._lock = RLock()
        self._users: dict[str, User] = {}
        self._users_version: tuple[int, int, int] | None = None
        self._sessions: dict[str, Session] = {}
{% if cookiecutter.cookie_transport == "http_only" %}
        self._codes: dict[str, Code] = {}
{% endif %}

    def find_user(self, username: str) -> User | None:
        """Return the user of exactly that name."""
        with self._lock:
            self._refresh()
            return self._users.get(username)

    def list_users(self) -> list[User]:
        """Return every user, by name."""
        with self._lock:
            self._refresh()
            return sorted(self._users.values(), key=lambda user: user.username)

    def add_user(self, user: User) -> None:
        """Add a user, or raise UserExistsError."""
        with self._lock:
            self._refresh()
            if user.username in self._users:
                raise UserExistsError(user.username)
            self._save({**self._users, user.username: user})

    def replace_user(self, user: User) -> None:
        """Change the user of that name and end their sessions, or raise UnknownUserError."""
        with self._lock:
            self._refresh()
            if user.username not in self._users:
                raise UnknownUserError(user.username)
            self._save({**self._users, user.username: user})

    def upgrade_password_hash(self, user: User, password_hash: str) -> None:
        """Do nothing: the file is for manage.py to change, not for the app."""

    def remove_user(self, username: str) -> None:
        """Remove a user and end their sessions, or raise UnknownUserError."""
        with self._lock:
            self._refresh()
            if username not in self._users:
                raise UnknownUserError(username)
            self._save({name: user for name, user in self._users.items() if name != username})

    def add_session(self, session: Session) -> None:
        """Keep a new session if its user is there, and remove a few that have expired."""
        with self._lock:
            self._refresh()
            self.purge_sessions(_PURGED_AT_LOGIN)
            user = self._users.get(session.username)
            if user and not user.disabled:
                self._sessions[session.token_hash] = session

    def find_session(self, token_hash: str) -> Session | None:
        """Return the session while its user is there and not disabled."""
        with self._lock:
            self._refresh()
            session = self._sessions.get(token_hash)
            user = self._users.get(session.username) if session else None
            return session if user and not user.disabled else None

    def touch_session(self, token_hash: str, seen_at: datetime) -> None:
        """Note when a session was last used. An unknown one is ignored."""
        with self._lock:
            if session := self._sessions.get(token_hash):
                self._sessions[token_hash] = replace(session, seen_at=seen_at)

    def remove_session(self, token_hash: str) -> None:
        """End a session. An unknown one is ignored."""
        with self._lock:
            self._sessions.pop(token_hash, None)

    def list_sessions(self, username: str | None = None) -> list[Session]:
        """Return the sessions of a user or of all that have not expired, the newest first."""
        now = datetime.now(UTC)
        with self._lock:
            self._refresh()
            found = [
                session
                for session in self._sessions.values()
                if username in (None, session.username) and session.expires_at > now
            ]
        return sorted(found, key=lambda session: session.created_at, reverse=True)

    def end_sessions(self, username: str | None = None) -> int:
        """End the sessions of a user or of all, and return how many there were."""
        with self._lock:
            kept = {
                token_hash: session
                for token_hash, session in self._sessions.items()
                if username not in (None, session.username)
            }
            ended = len(self._sessions) - len(kept)
            self._sessions = kept
            return ended

    def purge_sessions(self, limit: int = 1000) -> int:
        """Remove at most so many sessions that have expired, and return how many."""
        now = datetime.now(UTC)
        with self._lock:
            # All sessions live equally long, so the first to expire is in front.
            in_front = islice(self._sessions.values(), limit)
            expired = [it.token_hash for it in takewhile(lambda it: it.expires_at <= now, in_front)]
            for token_hash in expired:
                del self._sessions[token_hash]
            return len(expired)

{% if cookiecutter.cookie_transport == "http_only" %}
    def add_code(self, code: Code) -> None:
        """Keep a new one-time code, and forget those that have expired."""
        now = datetime.now(UTC)
        with self._lock:
            self._codes = {key: kept for key, kept in self._codes.items() if kept.expires_at > now}
            self._codes[code.code_hash] = code

    def take_code(self, code_hash: str) -> Code | None:
        """Return a code and forget it: of many who ask at once, one gets it."""
        with self._lock:
            return self._codes.pop(code_hash, None)

{% endif %}
    def _refresh(self) -> None:
        """Read the users again if the file has changed, and end the sessions of the changed."""
        try:
            status = self._users_file.stat()
            version = (status.st_mtime_ns, status.st_size, status.st_ino)
            if version == self._users_version:
                return
            users = _read_users(self._users_file)
        except (OSError, ValueError) as error:
            raise StoreUnavailableError(
                f"The users file {self._users_file} cannot be read: {error}"
            ) from error
        self._sessions = {
            token_hash: session
            for token_hash, session in self._sessions.items()
            if users.get(session.username) == self._users.get(session.username)
        }
        self._users, self._users_version = users, version

    def _save(self, users: dict[str, User]) -> None:
        """Replace the file as a whole, so that nobody ever reads half of it."""
        records = {
            user.username: {"password_hash": user.password_hash, "disabled": user.disabled}
            for user in users.values()
        }
        try:
            with tempfile.NamedTemporaryFile(
                "w",
                encoding="utf-8",
                newline="\n",
                dir=self._users_file.parent,
                suffix=".tmp",
                delete=False,
            ) as file:
                file.write(json.dumps(records, indent=2) + "\n")
            shutil.copymode(self._users_file, file.name)
            os.replace(file.name, self._users_file)
        except OSError as error:
            raise StoreUnavailableError(
                f"The users file {self._users_file} cannot be written: {error}"
            ) from error
        self._refresh()


def _read_users(file: Path) -> dict[str, User]:
    """Return the users of a file by name, or raise ValueError if it has another form."""
    records = json.loads(file.read_text(encoding="utf-8"))
    try:
        return {
            name: User(name, record["password_hash"], record.get("disabled", False))
            for name, record in records.items()
        }
    except (AttributeError, KeyError, TypeError):
        raise ValueError(
            'it must have the form {"NAME": {"password_hash": "...", "disabled": false}}'
        ) from None


_opening = Lock()
_opened: list[MemoryStore] = []


def open_store() -> MemoryStore:
    """Return the store, the same one for every connection of this process."""
    with _opening:
        if not _opened:
            _opened.append(MemoryStore(load_settings().users_file))
        return _opened[0]
