"""Sessions: made at login, checked on every script run, ended at logout."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from auth import clock, events, stores
from auth.events import Event, record
from auth.records import Found, Session, StoreUnavailableError, User
from auth.sessions import tokens
from auth.settings import load_settings
from auth.users import demo, directory
from auth.users.unfinished import is_unfinished
from auth.visitor import visiting

_MINUTE = timedelta(minutes=1)
PURGED_AT_LOGIN: Final = 100
_MAX_ADDRESS = 64  # a proxy may pass on any text as an address


def create_session(username: str) -> str:
    """Start a session of a user and return its token, 86 URL-safe characters of 512 random bits.

    The store keeps only the token's hash.

    Args:
        username: The name or address of the user who has just proved who they are. For one who
            does not exist or is disabled, the token is worth nothing, now and later.
    """
    user = directory.find_login(username)
    return start(user) if user and not user.disabled else tokens.new_token()


def start(user: User, proof: str | None = None, *, is_recent: bool = True) -> str:
    """Start a session and return its token.

    Args:
        user: The record whose password was checked. If the user has changed since
            in a way that ends sessions, this one is over as well.
        proof: By what they have proved who they are, for the log, if not by a password of their
            own alone.
        is_recent: Whether they have proved all that is asked of them now, and not in part before.
    """
    token, settings = tokens.new_token(), load_settings()
    visitor, now = visiting.current(), clock.now()
    expires_at = now + timedelta(hours=settings.session_hours)
    if user.password_expires_at:
        expires_at = min(expires_at, user.password_expires_at)
    session = Session(
        tokens.hash_token(token),
        user.id,
        user.epoch,
        created_at=now if is_recent else now - timedelta(minutes=settings.recent_login_minutes),
        expires_at=expires_at,
        last_seen_at=now,
        address=(visitor.address or "")[:_MAX_ADDRESS],
        user_agent=visitor.user_agent,
    )
    stores.current().sessions.add(session)
    if user.has_one_time_password:
        proof = " and ".join(filter(None, ["one-time password", proof]))
    record(Event.LOGIN, user=user, session=_label(session), proof=proof)
    with suppress(StoreUnavailableError):
        _make_room_for(session, user)
        purge(PURGED_AT_LOGIN)
    return token


def validate_session(token: str) -> str | None:
    """Return whose session a token stands for.

    Args:
        token: What the browser presented, however odd.

    Returns:
        The username; None if the session is unknown, expired or idle for too
        long, or if its user is gone, disabled or logged out everywhere since, or has
        to do something first, as after a one-time password.
    """
    user = find(tokens.hash_token(token)).user if tokens.is_token(token) else None
    return user.username if user and not is_unfinished(user) else None


def find(token_hash: str) -> Found:
    """Return what is known of a login, by the hash of its token. An expired session is removed."""
    found = _look_up(token_hash)
    if found is None:
        return Found()
    session, user, is_alive = found
    if is_alive:
        return Found(user, session.created_at)
    stores.current().sessions.remove(token_hash)
    record(Event.SESSION_EXPIRED, user=user, session=_label(session))
    return Found(was_idle=clock.now() < session.expires_at)


def find_alive(token_hash: str) -> Found:
    """Return what is known of a login that lives.

    An expired session stays: whoever draws the page has to be told why it is over.
    """
    found = _look_up(token_hash)
    if found is None:
        return Found()
    session, user, is_alive = found
    return Found(user, session.created_at) if is_alive else Found()


def destroy_session(token: str) -> None:
    """End a session everywhere. A token that stands for none is fine.

    Args:
        token: What the browser presented, however odd.
    """
    if tokens.is_token(token):
        log_out(tokens.hash_token(token))


def log_out(token_hash: str) -> None:
    """End a session, by the hash of its token. One that is over is fine."""
    found = stores.current().sessions.find(token_hash)
    if found:
        end(*found, Event.LOGOUT)


def list_sessions(user: User | None = None) -> list[tuple[Session, User]]:
    """Return the sessions of a user, or of all if None, that are not over, newest first."""
    now = clock.now()
    found = stores.current().sessions.list_all(now, user)
    return [(session, whose) for session, whose in found if session_end(session) > now]


def last_seen(users: Iterable[User]) -> dict[str, datetime]:
    """Return when users were last here, UTC, by their ids, as far as that is known."""
    ids = [user.id for user in users]
    logins = events.last_times(Event.LOGIN, ids)
    uses = stores.current().sessions.last_uses(ids)
    return logins | {each: max(time, logins.get(each, time)) for each, time in uses.items()}


def end(session: Session, user: User, event: Event) -> None:
    """End a session.

    Args:
        session: The session.
        user: Whose it is.
        event: Why it ends.
    """
    stores.current().sessions.remove(session.token_hash)
    record(event, user=user, session=_label(session))


def purge(limit: int = 1000) -> int:
    """Remove sessions that have expired, and return how many.

    Args:
        limit: How many to remove at most.
    """
    return stores.current().sessions.purge(clock.now(), limit)


def session_end(session: Session) -> datetime:
    """Return when a session ends if it is not used again, UTC."""
    idle_hours = load_settings().session_idle_hours
    if not idle_hours:
        return session.expires_at
    return min(session.expires_at, session.last_seen_at + timedelta(hours=idle_hours))


def _look_up(token_hash: str) -> tuple[Session, User, bool] | None:
    """Return a session, its user, and whether it has not expired; then this is a use of it."""
    found = stores.current().sessions.find(token_hash)
    if found is None:
        return None
    session, user = found
    if demo.is_refused(user):
        return None  # The login was in development, with the same users.
    now = clock.now()
    is_alive = now < session_end(session)
    if is_alive:
        _touch(session, now)
    return session, user, is_alive


def _recording_interval() -> timedelta:
    """Return how long a use goes unrecorded: a minute, and less if the idle limit is short."""
    idle_hours = load_settings().session_idle_hours
    return min(_MINUTE, timedelta(hours=idle_hours) / 4) if idle_hours else _MINUTE


def _touch(session: Session, now: datetime) -> None:
    """Keep when a session was used. If that fails, nobody is logged out."""
    if now - session.last_seen_at < _recording_interval():
        return
    try:
        stores.current().sessions.touch(session.token_hash, now)
    except StoreUnavailableError as error:
        record(Event.LAST_USE_NOT_RECORDED, session=_label(session), reason=error)


def _make_room_for(new: Session, user: User) -> None:
    """End the oldest sessions of a user who has too many. The new one stays."""
    living = [session for session, _ in list_sessions(user)]
    others = [session for session in living if session.token_hash != new.token_hash]
    for session in others[load_settings().sessions_per_user - 1 :]:
        end(session, user, Event.OLDEST_SESSION_ENDED)


def _label(session: Session) -> str:
    return tokens.session_label(session.token_hash)
