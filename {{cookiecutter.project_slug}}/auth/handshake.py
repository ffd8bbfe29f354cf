"""What the browser sent when it opened this connection, and only then."""

import streamlit as st


def cookie(name: str) -> str | None:
    """Return the value of a cookie as it was when the connection opened, or None."""
    return st.context.cookies.get(name) or None


def connection() -> str | None:
    """Return what tells this connection from every other.

    The websocket key is new for every handshake (RFC 6455, 4.1) and known to
    this browser and this server only. Without a handshake at all, as in
    AppTest, there is one connection; a handshake without the key is none.
    """
    headers = st.context.headers
    return headers.get("Sec-Websocket-Key") if len(headers) else "local"
