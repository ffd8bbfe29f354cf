"""A store in a dict, for the tests of everything but the database."""

from dataclasses import replace
from datetime import UTC, datetime

from auth.store import {% if cookiecutter.cookie_transport == "http_only" %}Code, {% endif %}Session, UnknownUserError, User, UserExistsError


class StandInStore:
    """What auth.store.Store asks for, and no more than that."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self._sessions: dict[str, Session] = {}
{% if cookiecutter.cookie_transport == "http_only" %}
        self._codes: dict[str, Code] = {}
{% endif %}

    def find_user(self, username: str) -> User | None:
        return self._users.get(username)

    def list_users(self) -> list[User]:
        return sorted(self._users.values(), key=lambda user: user.username)

    def add_user(self, user: User) -> None:
        if user.username in self._users:
            raise UserExistsError(user.username)
        self._users[user.username] = user

    def replace_user(self, user: User) -> None:
        self.remove_user(user.username)
        self.add_user(user)

    def upgrade_password_hash(self, user: User, password_hash: str) -> None:
        if self._users.get(user.username) == user:
            self._users[user.username] = replace(user, password_hash=password_hash)

    def remove_user(self, username: str) -> None:
        if username not in self._users:
            raise UnknownUserError(username)
        self.end_sessions(username)
        del self._users[username]

    def add_session(self, session: Session) -> None:
        self._sessions[session.token_hash] = session

    def find_session(self, token_hash: str) -> Session | None:
        session = self._sessions.get(token_hash)
        user = session and self._users.get(session.username)
        return session if user and not user.disabled else None

    def touch_session(self, token_hash: str, seen_at: datetime) -> None:
        if session := self._sessions.get(token_hash):
            self._sessions[token_hash] = replace(session, seen_at=seen_at)

    def remove_session(self, token_hash: str) -> None:
        self._sessions.pop(token_hash, None)

    def list_sessions(self, username: str | None = None) -> list[Session]:
        found = [it for it in self._sessions.values() if username in (None, it.username)]
        return sorted(found, key=lambda session: session.created_at, reverse=True)

    def end_sessions(self, username: str | None = None) -> int:
        return self._remove(self.list_sessions(username))

    def purge_sessions(self, limit: int = 1000) -> int:
        now = datetime.now(UTC)
        return self._remove([it for it in self.list_sessions() if it.expires_at <= now][:limit])

    def _remove(self, sessions: list[Session]) -> int:
        for session in sessions:
            del self._sessions[session.token_hash]
        return len(sessions)
{% if cookiecutter.cookie_transport == "http_only" %}

    def add_code(self, code: Code) -> None:
        self._codes[code.code_hash] = code

    def take_code(self, code_hash: str) -> Code | None:
        return self._codes.pop(code_hash, None)
{% endif %}
