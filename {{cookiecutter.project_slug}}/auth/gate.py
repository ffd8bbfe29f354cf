"""The gate in front of the pages: the login form, the logout button and the check between."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

import streamlit as st

from auth import cookies, handshake, throttle
from auth.log import log_event, session_label
from auth.sessions import create_session, destroy_session, hash_token, validate_session
from auth.settings import SettingsError
from auth.store import StoreUnavailableError
from auth.users import verify_user

_CLAIM = "auth_claim"
_NOTICE = "auth_notice"
_USERNAME = "auth_username"
_PASSWORD = "auth_password"  # noqa: S105 - the key of a field

_OUT_OF_ORDER = "Logging in is not possible right now. Please try again in a moment."

P = ParamSpec("P")
R = TypeVar("R")


class _Claim(NamedTuple):
    """Which session this session_state belongs to, and the connection that proved it.

    The state alone proves nothing: Streamlit hands it to whoever connects with
    the right session id.
    """

    token: str
    connection: str | None


def require_login(title: str = "Log in") -> str:
    """Return the name of the user who is logged in, or draw the login form and stop.

    Call it once in every run, after st.navigation, in the main area. The store
    is asked every time, so a session that ended elsewhere ends here.

    Args:
        title: The heading over the form, in Markdown.
    """
    try:
        token = _presented_token()
        username = validate_session(token) if token else None
    except (SettingsError, StoreUnavailableError) as error:
        _log_outage(error)
        st.error(_OUT_OF_ORDER)
        st.button("Try again")
        st.stop()
    if token and username:
        st.session_state[_CLAIM] = _Claim(token, handshake.connection())
        cookies.draw(token)
        return username
    if token and _CLAIM in st.session_state:
        log_event("session ended", session=session_label(hash_token(token)))
        _forget("Your login has ended. Please log in again.")
    cookies.draw(None)
    _draw_login_form(title)
    st.stop()


def login_required(function: Callable[P, R]) -> Callable[P, R | None]:
    """Let a widget's callback or a fragment run only for a user who is logged in.

    Streamlit runs callbacks before the script and fragments without it, so
    neither comes past `require_login`. A call that is not let through does
    nothing and returns None.

    Args:
        function: The callback, or the function below `@st.fragment`.
    """

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            token = _presented_token()
            signed_in = token and validate_session(token)
        except (SettingsError, StoreUnavailableError) as error:
            _log_outage(error)
            return None
        return function(*args, **kwargs) if signed_in else None

    return guarded


def logout_button() -> None:
    """Draw the button that ends the user's session everywhere."""
    st.button("Log out", on_click=_log_out)


def _presented_token() -> str | None:
    """Return the token that this connection may use, or None.

    A connection that did not prove the claim itself has to present the cookie,
    and if the state belongs to a session, the cookie of that very session.
    """
    claim: _Claim | None = st.session_state.get(_CLAIM)
    connection = handshake.connection()
    if claim and connection and claim.connection == connection:
        return claim.token
    token = cookies.read()
    if claim and token != claim.token:
        log_event(
            "cookie mismatch",
            level=logging.WARNING,
            session=session_label(hash_token(claim.token)),
            ip=st.context.ip_address,
        )
        return None
    return token


def _draw_login_form(title: str) -> None:
    st.title(title)
    with st.form("login"):
        st.text_input("Username", key=_USERNAME, autocomplete="username")
        st.text_input("Password", key=_PASSWORD, type="password", autocomplete="current-password")
        st.form_submit_button("Log in", type="primary", on_click=_log_in)
    if _NOTICE in st.session_state:
        st.error(st.session_state[_NOTICE])


def _log_in() -> None:
    """Check what was typed into the form. Runs before the script, as a callback."""
    username = st.session_state.get(_USERNAME, "").strip()
    password = st.session_state.get(_PASSWORD, "")
    st.session_state[_PASSWORD] = ""
    st.session_state.pop(_NOTICE, None)
    address = st.context.ip_address
    try:
        if wait := throttle.start_attempt(username, address):
            log_event("throttled", level=logging.WARNING, ip=address)
            st.session_state[_NOTICE] = _too_many(wait)
            return
        if not verify_user(username, password, address=address):
            st.session_state[_NOTICE] = "Wrong username or password."
            return
        throttle.end_attempt(username, address)
        if old := _presented_token():
            destroy_session(old)
        token = create_session(username)
    except (SettingsError, StoreUnavailableError) as error:
        _log_outage(error)
        st.session_state[_NOTICE] = _OUT_OF_ORDER
        return
    _forget()
    st.session_state[_CLAIM] = _Claim(token, handshake.connection())
    with _outages_logged():
        cookies.write(token)


def _log_out() -> None:
    """End the session in the store first, then in the browser. Runs as a callback."""
    try:
        token = _presented_token()
        if not token or not validate_session(token):
            return
        destroy_session(token)
    except (SettingsError, StoreUnavailableError) as error:
        _log_outage(error)
        return
    _forget()
    with _outages_logged():
        cookies.clear()


def _forget(notice: str | None = None) -> None:
    """Empty the state of this tab: what a user left in it is not for the next one."""
    st.session_state.clear()
    if notice:
        st.session_state[_NOTICE] = notice


@contextmanager
def _outages_logged() -> Iterator[None]:
    """Go on without what is inside if the store fails: nobody is let in or out by it."""
    try:
        yield
    except (SettingsError, StoreUnavailableError) as error:
        _log_outage(error)


def _log_outage(error: Exception) -> None:
    log_event("store unavailable", level=logging.ERROR, reason=error)


def _too_many(seconds: int) -> str:
    minutes = -(-seconds // 60)
    unit = "minute" if minutes == 1 else "minutes"
    return f"Too many failed logins. Please try again in {minutes} {unit}."
