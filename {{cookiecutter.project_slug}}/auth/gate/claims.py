"""Which session this tab may use, and so who is there."""

from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple

import streamlit as st

from auth import cookies
from auth.access import NOBODY, CurrentUser
from auth.cookies import device
from auth.events import Event, record
from auth.records import SettingsError, User
from auth.sessions import sessions, tokens
from auth.visitor import admissions, handshake, internals, visiting

_CLAIM = "auth_claim"


class _Claim(NamedTuple):
    """Which session this session_state belongs to, and the connection that proved it.

    The state alone proves nothing: Streamlit hands it to whoever connects with
    the right session id.
    """

    token: str
    connection: str | None
    username: str | None = None


class Finding(NamedTuple):
    """What the store said in one script run.

    Attributes:
        user: Who is there.
        token: The token of their session, or None if nobody is logged in.
        ended: The token of the session that this tab had and that is over, or None.
        proved_at: When the user last proved who they are, UTC, or None.
        was_idle: Whether the session that is over was not used for too long.
        ended_user: Whose session that was, for the log.
        chooser: Who has logged in with a one-time password, and has to choose one before
            they are anybody here, or None.
    """

    user: CurrentUser
    token: str | None = None
    ended: str | None = None
    proved_at: datetime | None = None
    was_idle: bool = False
    ended_user: str | None = None
    chooser: User | None = None


_found: ContextVar[tuple[object, Finding] | None] = ContextVar("auth_found", default=None)


def ask() -> Finding:
    """Return who is there. The store is asked once in a script run."""
    script_run = internals.script_run()
    found = _found.get()
    if found is None or found[0] is not script_run:
        _note_visitor()
        found = script_run, _ask_store()
        _found.set(found)
    return found[1]


def is_known() -> bool:
    """Tell whether somebody seems to be logged in here, as far as can be told without the store."""
    try:
        return _CLAIM in st.session_state or cookies.read() is not None
    except SettingsError:
        return False


def hold(token: str, connection: str | None, username: str | None = None) -> None:
    """Keep that a connection may use a session.

    Args:
        token: The session's token.
        connection: Which connection has just got or presented it.
        username: Whose session it is, for the log, or None if that is not known yet.
    """
    st.session_state[_CLAIM] = _Claim(token, connection, username)
    _note(tokens.hash_token(token), connection)


def release() -> None:
    """Empty the state of this tab: what a user left in it is not for the next one."""
    internals.forget_everything()
    _note(None, handshake.connection())


def _note_visitor() -> None:
    address, user_agent = handshake.address(), handshake.user_agent()
    visiting.note(
        visiting.current()._replace(address=address, user_agent=user_agent, device=device.read())
    )


def _note(token_hash: str | None, connection: str | None) -> None:
    """Keep whose session and connection this is where session_state cannot be tampered with."""
    if session_id := internals.session_id():
        admissions.own(session_id, token_hash)
    if connection:
        admissions.admit(connection, token_hash)
    _found.set(None)


def _ask_store() -> Finding:
    claim: _Claim | None = st.session_state.get(_CLAIM)
    token = _presented(claim)
    found = sessions.find(token) if token else sessions.Found()
    if token is None or found.user is None:
        connection = handshake.connection()
        if connection:
            admissions.admit(connection, None)
        if not (claim or found.was_idle):
            return Finding(NOBODY)
        whose = claim.username if claim else None
        return Finding(NOBODY, ended=token, ended_user=whose, was_idle=found.was_idle)
    hold(token, handshake.connection(), found.user.username)
    if found.user.has_one_time_password:
        return Finding(NOBODY, token, chooser=found.user)
    user = CurrentUser(found.user.id, found.user.username, frozenset(found.user.roles))
    return Finding(user, token, proved_at=found.proved_at)


def _presented(claim: _Claim | None) -> str | None:
    """Return the token that this connection may use, or None.

    A connection that did not prove the claim itself has to present the cookie,
    and if the state belongs to a session, the cookie of that very session.
    """
    connection = handshake.connection()
    if claim and connection and claim.connection == connection:
        return claim.token
    presented = cookies.read()
    session_id = internals.session_id()
    owner = admissions.owner_of(session_id) if session_id else None
    if owner is None and claim:
        owner = tokens.hash_token(claim.token)
    if owner and (presented is None or tokens.hash_token(presented) != owner):
        record(Event.COOKIE_MISMATCH, session=tokens.session_label(owner))
        return None
    return presented
