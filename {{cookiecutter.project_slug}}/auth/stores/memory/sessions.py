"""The sessions in the memory of this process."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from itertools import islice, takewhile
from threading import RLock

from auth.records import Session, User
from auth.stores.memory.users import MemoryUsers


class MemorySessions:
    """Sessions in a dict."""

    def __init__(self, users: MemoryUsers) -> None:
        self._users = users
        self._lock = RLock()
        self._sessions: dict[str, Session] = {}

    def add(self, session: Session) -> None:
        """Keep a new session. One of a user who does not exist is never found."""
        if self._users.find_by_id(session.user_id):
            with self._lock:
                self._sessions[session.token_hash] = session

    def find(self, token_hash: str) -> tuple[Session, User] | None:
        """Return a session and its user, while the user is enabled and of the same epoch."""
        session = self._sessions.get(token_hash)
        user = self._users.find_by_id(session.user_id) if session else None
        if session and user and not user.disabled and user.epoch == session.epoch:
            return session, user
        return None

    def touch(self, token_hash: str, last_seen_at: datetime) -> None:
        """Keep when a session was last used. An unknown one is ignored."""
        with self._lock:
            if session := self._sessions.get(token_hash):
                self._sessions[token_hash] = replace(session, last_seen_at=last_seen_at)

    def remove(self, token_hash: str) -> None:
        """End a session. An unknown one is ignored."""
        with self._lock:
            self._sessions.pop(token_hash, None)

    def list_all(self, now: datetime, user: User | None = None) -> list[tuple[Session, User]]:
        """Return what `find` finds and has not expired, of a user or of all, newest first."""
        with self._lock:
            tokens = [
                session.token_hash
                for session in self._sessions.values()
                if session.expires_at > now and (user is None or session.user_id == user.id)
            ]
        living = [found for token in tokens if (found := self.find(token))]
        return sorted(living, key=lambda found: found[0].created_at, reverse=True)

    def last_uses(self, user_ids: Collection[str]) -> dict[str, datetime]:
        """Return when the sessions of users were last used, by their ids, those that are over too."""
        wanted, uses = set(user_ids), dict[str, datetime]()
        with self._lock:
            for session in self._sessions.values():
                if session.user_id in wanted:
                    last = uses.get(session.user_id, session.last_seen_at)
                    uses[session.user_id] = max(last, session.last_seen_at)
        return uses

    def purge(self, now: datetime, limit: int = 1000) -> int:
        """Remove at most so many sessions that have expired, and return how many."""
        with self._lock:
            # Those that began first come first, and expire first, or almost.
            in_front = islice(self._sessions.values(), limit)
            expired = list(takewhile(lambda session: session.expires_at <= now, in_front))
            for session in expired:
                del self._sessions[session.token_hash]
            return len(expired)
