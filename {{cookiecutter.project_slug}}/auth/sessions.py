"""Login sessions: made at login, checked on every script run, ended at logout."""

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta

from auth.log import log_event, session_label
from auth.{{ cookiecutter.store_backend }}_store import open_store
from auth.settings import load_settings
from auth.store import Session

_TOKEN_BYTES = 32  # ASVS 5.0, 7.2.3 asks for 16
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_MINUTE = timedelta(minutes=1)


def create_session(username: str) -> str:
    """Start a session and return its token, 43 URL-safe characters of 256 random bits.

    The store keeps only the token's hash.

    Args:
        username: The user who has just proved who they are.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = datetime.now(UTC)
    ends = now + timedelta(hours=load_settings().session_hours)
    session = Session(hash_token(token), username, created_at=now, expires_at=ends, seen_at=now)
    open_store().add_session(session)
    log_event("login", user=username, session=session_label(session.token_hash))
    return token


def validate_session(token: str) -> str | None:
    """Return whose session a token stands for.

    Args:
        token: What the browser presented, however odd.

    Returns:
        The user's name; None if the session is unknown, expired or idle for too
        long, or if its user is gone or disabled.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    if not _TOKEN.fullmatch(token):
        return None
    store = open_store()
    session = store.find_session(hash_token(token))
    if session is None:
        return None
    now = datetime.now(UTC)
    if now >= session_end(session):
        store.remove_session(session.token_hash)
        log_event(
            "session expired", user=session.username, session=session_label(session.token_hash)
        )
        return None
    if now - session.seen_at >= _seen_every():
        store.touch_session(session.token_hash, now)
    return session.username


def destroy_session(token: str) -> None:
    """End a session everywhere. A token that stands for none is fine.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    if not _TOKEN.fullmatch(token):
        return
    store = open_store()
    session = store.find_session(hash_token(token))
    if session:
        store.remove_session(session.token_hash)
        log_event("logout", user=session.username, session=session_label(session.token_hash))


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal, 64 characters."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_end(session: Session) -> datetime:
    """Return when a session ends if it is not used again, UTC."""
    idle_hours = load_settings().session_idle_hours
    if idle_hours is None:
        return session.expires_at
    return min(session.expires_at, session.seen_at + timedelta(hours=idle_hours))


def _seen_every() -> timedelta:
    """Return how long a use goes unnoted: a minute, and less if the idle limit is short."""
    idle_hours = load_settings().session_idle_hours
    return min(_MINUTE, timedelta(hours=idle_hours) / 4) if idle_hours else _MINUTE
