"""The browser's login cookie, written by extra-streamlit-components' CookieManager."""

import logging
import secrets
from datetime import timedelta
from importlib import import_module
from typing import NamedTuple

import streamlit as st
from starlette.routing import Route
from streamlit import runtime

from auth import clock, handshake
from auth.cookies import curtain
from auth.settings import load_settings

# Streamlit warns of every component that is declared before the first script run.
_warnings = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
_warnings.disabled = True
from extra_streamlit_components import CookieManager  # noqa: E402

_warnings.disabled = False

_PENDING = "auth_cookie_pending"
_PLACE = "auth_cookie_place"
_HIDE = "<style>div:has(> .st-key-auth_cookie_place) { display: none }</style>"
_LIFT_WHEN_WRITTEN = (
    curtain.LIFT
    + """
export default function ({ data }) {
  let timer
  const look = () => {
    if (document.cookie.split("; ").includes(data.cookie)) lift()
    else timer = setTimeout(look, 20)
  }
  look()
  return () => clearTimeout(timer)
}
"""
)


class _Pending(NamedTuple):
    """A cookie that the browser has yet to write; an empty token clears it."""

    token: str
    key: str


def routes() -> list[Route]:
    """Return the routes that the server needs to keep logins: none."""
    return []


def start() -> None:
    """Serve the component's files before the first script run.

    A component registers itself only when a script run imports it. A balancer may
    send the request for its files to a server that has not run the script yet.
    """
    component = import_module("extra_streamlit_components.CookieManager")
    runtime.get_instance().component_registry.register_component(component._component_func)


def problem() -> str | None:
    """Return why logins cannot work at all, as a sentence for the visitor, or None."""
    return None


def cookie_name(origin: str | None) -> str:
    """Return the name of the login cookie for a page of an origin: the same for each."""
    return load_settings().cookie_name


def read() -> str | None:
    """Return the token in the browser's cookie, or None.

    It comes with the handshake. Where a proxy does not pass cookies on, it
    comes with the component's value, a script run later.
    """
    name = load_settings().cookie_name
    if token := handshake.cookie(name):
        return token
    value = st.session_state.get(_manager_key())
    token = value.get(name) if isinstance(value, dict) else None
    return token if isinstance(token, str) else None


def write(token: str) -> None:
    """Have the browser keep a token for as long as a session lives."""
    st.session_state[_PENDING] = _Pending(token, f"auth_cookie_{secrets.token_hex(4)}")


def clear() -> None:
    """Have the browser forget the token."""
    write("")


def draw(token: str | None) -> None:
    """Draw the component: to write, until it has written, or else to ask.

    Call it in the main area of the page and outside of forms, in a run that is
    left to finish: elsewhere the cookie is not written. It takes up no space.

    Args:
        token: The token that this connection is logged in with, or None. Nothing
            else is written, so a token never reaches another browser than its own.
    """
    pending: _Pending | None = st.session_state.get(_PENDING)
    if pending and pending.token != (token or ""):
        pending = None
        del st.session_state[_PENDING]
    if pending or (token is None and handshake.cookie(load_settings().cookie_name) is None):
        st.html(_HIDE)
        if pending and token:
            curtain.draw()
        with st.container(key=_PLACE):
            _talk_to_browser(pending, read(), handshake.connection())


@st.fragment
def _talk_to_browser(pending: _Pending | None, known: str | None, connection: str | None) -> None:
    """Draw the component in a fragment, so that its value never cuts a click short.

    Args:
        pending: The cookie to write, or None to ask for it.
        known: The browser's token as the script run knew it.
        connection: Whose fragment this is. Another one that resumes the session
            could run it, too.
    """
    if handshake.connection() != connection:
        return
    handshake.allow_this_fragment()
    if pending is None:
        CookieManager(key=_manager_key())
        if read() != known:
            st.rerun()
    elif st.session_state.get(pending.key):
        st.session_state.pop(_PENDING, None)
    else:
        if pending.token:
            curtain.mark()
            _lift_when_written(pending)
        _set_cookie(CookieManager(key=_manager_key()), pending)


def _lift_when_written(pending: _Pending) -> None:
    """Show the page when the cookie is there: the component's answer waits for the whole run."""
    lift = st.components.v2.component("auth_curtain", js=_LIFT_WHEN_WRITTEN)
    cookie = f"{load_settings().cookie_name}={pending.token}"
    lift(key=f"{pending.key}_curtain", data={"cookie": cookie})


def _set_cookie(manager: CookieManager, pending: _Pending) -> None:
    lifetime = timedelta(hours=load_settings().session_hours if pending.token else 0)
    manager.set(
        load_settings().cookie_name,
        pending.token,
        key=pending.key,
        # The browser would read a time without a zone as its own local time.
        expires_at=clock.now() + lifetime,
        max_age=int(lifetime.total_seconds()),
        secure=handshake.is_https(),
        same_site="strict",
    )


def _manager_key() -> str:
    """Return the component's key, a new one for every connection.

    Streamlit keeps the value under the key, and the value has all cookies of a
    browser: it is not for whoever resumes the session from another one.
    """
    return f"auth_cookies_{handshake.connection()}"
