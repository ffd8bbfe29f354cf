"""Which session this tab may use, and so who is there."""

from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import NamedTuple

from auth import clock, cookies
from auth.access import NOBODY, CurrentUser
from auth.cookies import device
from auth.events import Event, record
from auth.records import Found, SettingsError, User
from auth.sessions import sessions, tokens
from auth.users.unfinished import is_unfinished
from auth.visitor import handshake, internals, owners, visiting
from auth.visitor.connections import Connection

_GOOD_FOR = timedelta(seconds=2)


class Finding(NamedTuple):
    """What the store said in one script run.

    Attributes:
        user: Who is there.
        login: The hash of their session's token, or None if nobody is logged in.
        ended: The same of the session that this tab had and that is over, or None.
        proved_at: When the user last proved who they are, UTC, or None.
        was_idle: Whether the session that is over was not used for too long.
        ended_user: Whose session that was, for the log.
        unfinished: Who has logged in, and has to do something before they are anybody here,
            or None.
    """

    user: CurrentUser
    login: str | None = None
    ended: str | None = None
    proved_at: datetime | None = None
    was_idle: bool = False
    ended_user: str | None = None
    unfinished: User | None = None


# In which script run, when, and what.
_found: ContextVar[tuple[object, datetime, Finding] | None] = ContextVar("found", default=None)


def ask() -> Finding:
    """Return who is there. The store is asked once in a script run, and again after two seconds."""
    script_run = internals.script_run()
    found = _found.get()
    if found is None or found[0] is not script_run or not _is_good(found[1]):
        _note_visitor()
        found = script_run, *_find()
        _found.set(found)
    return found[2]


def forget() -> None:
    """Have the store asked again in this script run: who is there has just been changed."""
    _found.set(None)


def is_known() -> bool:
    """Tell whether somebody seems to be logged in here, as far as can be told without the store."""
    try:
        return handshake.connection().login is not None or cookies.read() is not None
    except SettingsError:
        return False


def hold(login: str, connection: Connection, username: str | None = None) -> None:
    """Keep that a connection may use a session.

    Args:
        login: The hash of the session's token.
        connection: Which connection has just got or presented it.
        username: Whose session it is, for the log, or None if that is not known yet.
    """
    connection.login, connection.username, connection.found = login, username, None
    _own(login)


def release() -> None:
    """Empty the state of this tab: what a user left in it is not for the next one."""
    internals.forget_everything()
    handshake.connection().release()
    _own(None)


def _note_visitor() -> None:
    address, user_agent = handshake.address(), handshake.user_agent()
    visiting.note(
        visiting.current()._replace(address=address, user_agent=user_agent, device=device.read())
    )


def _own(login: str | None) -> None:
    """Keep whose Streamlit session this is."""
    if session_id := internals.session_id():
        owners.own(session_id, login)
    forget()


def _is_good(asked_at: datetime) -> bool:
    """Tell whether what the store said at a time can still be believed."""
    return clock.now() - asked_at < _GOOD_FOR


def _find() -> tuple[datetime, Finding]:
    """Return when the store was asked, UTC, and what that means for this connection."""
    connection = handshake.connection()
    session_id = internals.session_id()
    owner = owners.owner_of(session_id) if session_id else None
    login = connection.login or _presented(owner)
    if login is None:
        return clock.now(), Finding(NOBODY)
    asked_at, found = _ask_store(connection, login)
    if found.user is None:
        if not (connection.login or owner or found.was_idle):
            return asked_at, Finding(NOBODY)
        whose = connection.username
        return asked_at, Finding(NOBODY, ended=login, ended_user=whose, was_idle=found.was_idle)
    hold(login, connection, found.user.username)
    proved_at = found.proved_at
    if is_unfinished(found.user):
        return asked_at, Finding(NOBODY, login, proved_at=proved_at, unfinished=found.user)
    return asked_at, Finding(_seen(found.user), login, proved_at=proved_at)


def _seen(user: User) -> CurrentUser:
    """Return a user as pages see them."""
    return CurrentUser(
        user.id,
        user.username,
        frozenset(user.roles),
        user.email or "",
        user.display_name or user.username,
    )


def _ask_store(connection: Connection, login: str) -> tuple[datetime, Found]:
    """Return what the store says of a login, and when it was asked.

    The wall may just have asked for the message that has this script run.
    """
    told, connection.found = connection.found, None
    if told and told.login == login and _is_good(told.asked_at):
        return told.asked_at, told.found
    return clock.now(), sessions.find(login)


def _presented(owner: str | None) -> str | None:
    """Return the hash of the token in the cookie of a connection that has not logged in itself.

    Args:
        owner: The login that the Streamlit session belongs to, or None: if there is one, the
            cookie has to be of that very login.
    """
    presented = cookies.read()
    login = tokens.hash_token(presented) if presented and tokens.is_token(presented) else None
    if owner and login != owner:
        record(Event.COOKIE_MISMATCH, session=tokens.session_label(owner))
        return None
    return login
