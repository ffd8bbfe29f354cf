"""What a browser has yet to do about its login cookie, and where the page has it done."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import streamlit as st

from auth import clock
from auth.sessions import tokens
from auth.visitor import handshake
from auth.visitor.connections import Connection, PendingCookie

LIFETIME: Final = timedelta(seconds=30)

_HIDE = "<style>div:has(> .st-key-auth_cookie_place) { display: none }</style>"


def keep(connection: Connection, token: str, secret: str) -> None:
    """Keep what the browser of a connection has yet to do.

    Args:
        connection: The connection.
        token: The token that it is to have; "" if it is to forget the one that it has.
        secret: What it gets the cookie by, as the transport has it.
    """
    login = tokens.hash_token(token) if token else ""
    connection.cookie = PendingCookie(login, secret, secrets.token_hex(4), clock.now())


def find(login: str | None) -> PendingCookie | None:
    """Return what this browser has yet to do, or None. What is of another login is forgotten.

    Args:
        login: The hash of the token that this connection is logged in with, or None.
    """
    connection = handshake.connection()
    if connection.cookie and connection.cookie.login != (login or ""):
        connection.cookie = None
    return connection.cookie


def only_new(cookie: PendingCookie | None) -> PendingCookie | None:
    """Return what is to be done, unless that was too long ago."""
    return cookie if cookie and clock.now() < cookie.since + LIFETIME else None


@contextmanager
def place() -> Iterator[None]:
    """Have what is drawn in a with block take up no space."""
    st.html(_HIDE)
    with st.container(key="auth_cookie_place"):
        yield
