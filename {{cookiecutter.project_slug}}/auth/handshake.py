"""What Streamlit knows of this connection and of this script run."""

import hashlib

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx


def cookie(name: str) -> str | None:
    """Return the value of a cookie as it was when the connection opened, or None."""
    return st.context.cookies.get(name) or None


def origin() -> str | None:
    """Return the Origin header: the scheme and host that the browser sees."""
    return st.context.headers.get("Origin")


def address() -> str | None:
    """Return the visitor's IP address, or None if it is not known."""
    return st.context.ip_address


def is_https() -> bool:
    """Tell whether the page came over HTTPS."""
    return (st.context.url or "").startswith("https:")


def connection() -> str | None:
    """Return what tells this connection from every other.

    The websocket key is new for every handshake (RFC 6455, 4.1) and known to
    this browser and this server only; its hash may be in the page. Without a
    handshake at all, as in AppTest, there is one connection; a handshake without
    the key is none.
    """
    headers = st.context.headers
    if not len(headers):
        return "local"
    key = headers.get("Sec-Websocket-Key")
    return hashlib.sha256(key.encode()).hexdigest() if key else None


def session_id() -> str | None:
    """Return the id by which a browser resumes this Streamlit session, or None."""
    context = get_script_run_ctx()
    return context.session_id if context else None


def script_run() -> object:
    """Return an object that is another one in every script run: Streamlit resets its cursors."""
    context = get_script_run_ctx()
    return context.cursors if context else object()
