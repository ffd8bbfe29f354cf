"""Whose a Streamlit session is: what a request for one has to prove."""

from typing import Final

from starlette.requests import HTTPConnection

from auth.cookies import cookie_name
from auth.events import Event, record
from auth.sessions import tokens
from auth.visitor import handshake, owners

PROTOCOL: Final = "sec-websocket-protocol"


def wanted_session(connection: HTTPConnection) -> str | None:
    """Return the id of the Streamlit session that a websocket asks to resume, or None."""
    entries = connection.headers.get(PROTOCOL, "").split(",")
    return entries[2].strip() if len(entries) > 2 else None


def is_owner(connection: HTTPConnection, session_id: str) -> bool:
    """Tell whether a request presents the cookie of the login that a Streamlit session belongs to."""
    owner = owners.owner_of(session_id)
    if owner is None:
        return False
    name = cookie_name(connection.headers.get("Origin"))
    token = handshake.cookie_in(connection.headers.getlist("Cookie"), name)
    if token and tokens.hash_token(token) == owner:
        return True
    record(Event.COOKIE_MISMATCH, session=tokens.session_label(owner))
    return False
