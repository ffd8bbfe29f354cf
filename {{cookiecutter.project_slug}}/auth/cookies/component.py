"""The browser's login cookie, written by extra-streamlit-components' CookieManager."""

import logging
import secrets
from datetime import timedelta
from importlib import import_module
from typing import NamedTuple

import streamlit as st
from starlette.routing import Route
from streamlit import runtime
from streamlit.components.v1.custom_component import CustomComponent

from auth import clock, handshake
from auth.cookies import curtain
from auth.settings import load_settings
from auth.widget_values import COMPONENT_KEY

# Streamlit warns of every component that is declared before the first script run.
_warnings = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
_warnings.disabled = True
from extra_streamlit_components import CookieManager  # noqa: E402

_warnings.disabled = False

_PENDING = "auth_cookie_pending"
_PLACE = "auth_cookie_place"
_HIDE = "<style>div:has(> .st-key-auth_cookie_place) { display: none }</style>"
_WATCH = (
    curtain.LIFT
    + """
export default function ({ data, setStateValue }) {
  if (!data.key) return
  const end = Date.now() + 30000
  let timer
  const look = () => {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${data.name}=`))
    if ((found ?? "") === (data.token && `${data.name}=${data.token}`)) {
      lift()
      setStateValue("written", data.key)
    } else if (Date.now() < end) {
      timer = setTimeout(look, 20)
    }
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
    runtime.get_instance().component_registry.register_component(_component())


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
    st.session_state[_PENDING] = _Pending(token, secrets.token_hex(4))


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
        with st.container(key=_PLACE):
            _talk_to_browser(pending, read(), handshake.connection())
        if pending and token:
            curtain.draw()


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
    if pending and st.session_state.get(COMPONENT_KEY, {}).get("written") == pending.key:
        st.session_state.pop(_PENDING, None)
        if pending.token:
            return
        pending = None
    if pending:
        _set_cookie(pending)
        if pending.token:
            curtain.mark()
        _watch(pending)
    else:
        CookieManager(key=_manager_key())
        _watch(None)
        if read() != known:
            st.rerun()


def _watch(pending: _Pending | None) -> None:
    """Have the page tell when the cookie is as it should be.

    The component's own value says only that it has tried.

    Args:
        pending: The cookie, or None to get ready: the first use of a component takes the
            browser a moment.
    """
    watch = st.components.v2.component("auth_cookie_watch", js=_WATCH)
    data = {**pending._asdict(), "name": load_settings().cookie_name} if pending else {}
    watch(key=COMPONENT_KEY, data=data, on_written_change=lambda: None)


def _set_cookie(pending: _Pending) -> None:
    """Have the component that has asked the browser write now: another would have to load first.

    CookieManager's own method always draws another.
    """
    lifetime = timedelta(hours=load_settings().session_hours if pending.token else 0)
    _component()(
        method="set",
        cookie=load_settings().cookie_name,
        value=pending.token,
        options={
            "path": "/",
            # The browser would read a time without a zone as its own local time.
            "expires": (clock.now() + lifetime).isoformat(),
            "maxAge": int(lifetime.total_seconds()),
            "secure": handshake.is_https(),
            "sameSite": "strict",
        },
        key=_manager_key(),
        default=False,
    )


def _component() -> CustomComponent:
    component: CustomComponent = import_module(
        "extra_streamlit_components.CookieManager"
    )._component_func
    return component


def _manager_key() -> str:
    """Return the component's key, a new one for every connection.

    Streamlit keeps the value under the key, and the value has all cookies of a
    browser: it is not for whoever resumes the session from another one.
    """
    return f"auth_cookies_{handshake.connection()}"
