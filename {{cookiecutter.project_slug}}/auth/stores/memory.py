"""The store in the memory of this process: users from a file, sessions until it stops."""

from dataclasses import replace
from datetime import datetime
from itertools import islice, takewhile
from pathlib import Path
from threading import RLock

from auth.settings import load_settings
from auth.stores.base import Session, Ticket, User
from auth.stores.interface import Store
from auth.stores.memory_attempts import MemoryAttempts
from auth.stores.memory_audit import MemoryAudit
from auth.stores.memory_browsers import MemoryBrowsers
from auth.stores.memory_users import MemoryUsers


class MemorySessions:
    """Sessions in a dict."""

    def __init__(self, users: MemoryUsers) -> None:
        self._users = users
        self._lock = RLock()
        self._sessions: dict[str, Session] = {}

    def add(self, session: Session) -> None:
        """Keep a new session. One of a user who does not exist is never found."""
        if self._users.find(session.username):
            with self._lock:
                self._sessions[session.token_hash] = session

    def find(self, token_hash: str) -> tuple[Session, User] | None:
        """Return a session and its user, while the user is enabled and of the same epoch."""
        session = self._sessions.get(token_hash)
        user = self._users.find(session.username) if session else None
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

    def list_all(self, now: datetime, username: str | None = None) -> list[Session]:
        """Return what `find` finds and has not expired, of a user or of all, newest first."""
        with self._lock:
            sessions = list(self._sessions.values())
        living = [
            session
            for session in sessions
            if username in (None, session.username)
            and session.expires_at > now
            and self.find(session.token_hash)
        ]
        return sorted(living, key=lambda session: session.created_at, reverse=True)

    def purge(self, now: datetime, limit: int = 1000) -> int:
        """Remove at most so many sessions that have expired, and return how many."""
        with self._lock:
            # Those that began first come first, and expire first, or almost.
            in_front = islice(self._sessions.values(), limit)
            expired = list(takewhile(lambda session: session.expires_at <= now, in_front))
            for session in expired:
                del self._sessions[session.token_hash]
            return len(expired)


class MemoryTickets:
    """Tickets in a dict."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._tickets: dict[str, Ticket] = {}

    def add(self, ticket: Ticket, now: datetime) -> None:
        """Keep a new ticket, and forget those that have expired."""
        with self._lock:
            self._tickets = {
                key: kept for key, kept in self._tickets.items() if kept.expires_at > now
            }
            self._tickets[ticket.ticket_hash] = ticket

    def take(self, purpose: str, ticket_hash: str) -> Ticket | None:
        """Return a ticket and forget it: of many who ask at once, one gets it."""
        with self._lock:
            ticket = self._tickets.get(ticket_hash)
            if ticket is None or ticket.purpose != purpose:
                return None
            return self._tickets.pop(ticket_hash)


def open_store(users_file: Path | None = None) -> Store:
    """Return a new store.

    Args:
        users_file: The users file; the one of the settings if None.
    """
    users = MemoryUsers(users_file or load_settings().users_file)
    return Store(
        users,
        MemorySessions(users),
        MemoryTickets(),
        MemoryAttempts(),
        MemoryBrowsers(),
        MemoryAudit(),
    )
