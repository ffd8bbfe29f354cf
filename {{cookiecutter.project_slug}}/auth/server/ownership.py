"""Whose a Streamlit session is: what a request for one has to prove."""

from starlette.requests import HTTPConnection

from auth.cookies import cookie_name
from auth.events import Event, record
from auth.sessions import tokens
from auth.visitor import handshake, owners


def is_owner(connection: HTTPConnection, session_id: str) -> bool:
    """Tell whether a request presents the cookie of the login that a Streamlit session belongs to."""
    owner = owners.owner_of(session_id)
    if owner is None:
        return False
    name = cookie_name(connection.headers.get("Origin"))
    presented = set(handshake.cookies_named(connection.headers.getlist("Cookie"), name))
    if {tokens.hash_token(token) for token in presented} == {owner}:
        return True
    record(Event.COOKIE_MISMATCH, session=tokens.session_label(owner))
    return False
