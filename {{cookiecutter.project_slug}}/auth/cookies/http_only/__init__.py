"""The browser's login cookie, set by the app's own server and hidden from JavaScript.

A script run cannot set a cookie. So it issues a ticket, and the browser takes the
ticket's secret, the code, to the route in route.py, which responds with the cookie.
The code is one half of the token and the ticket keeps the other: neither the page
nor the store ever has both.
"""

import secrets
from datetime import datetime
from typing import NamedTuple

import streamlit as st

from auth import clock, texts
from auth.cookies import curtain, device, presented
from auth.cookies.http_only.route import (
    CODE_LIFETIME,
    PURPOSE,
    are_served,
    cookie_name,
    route_path,
    routes,
)
from auth.sessions import tickets, tokens
from auth.visitor import handshake, internals
from auth.visitor.connections import Connection
from auth.visitor.widget_values import COMPONENT

__all__ = [
    "clear",
    "cookie_name",
    "draw",
    "problem",
    "read",
    "routes",
    "start",
    "write",
]

_KEY = internals.hidden(COMPONENT)
_PLACE = "auth_cookie_place"
_HIDE = "<style>div:has(> .st-key-auth_cookie_place) { display: none }</style>"
_POST_CODE = (
    curtain.NOTE
    + """
const sent = (window.authCodesSent ??= new Set())

export default function ({ data }) {
  if (!data.code || sent.has(data.code)) return
  sent.add(data.code)
  fetch(data.url, {
    method: "POST",
    body: data.code,
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(10000),
  })
    .then((response) => response.ok, () => false)
    .then((ok) => note(data.login, ok ? "kept" : "failed"))
}
"""
)


class _Pending(NamedTuple):
    """A cookie that the browser has to fetch; without a code it cannot.

    Attributes:
        login: The hash of its token; "" if the cookie is to be cleared.
        code: What the browser gets it for.
        name: What the login is called in the page.
        since: From when on, UTC.
    """

    login: str
    code: str
    name: str
    since: datetime


def start() -> None:
    """Do nothing: there is nothing to get ready but the route."""


def problem() -> str | None:
    """Return why logins cannot work at all, as a sentence for the visitor, or None."""
    return None if are_served() else texts.current().no_server


def read() -> str | None:
    """Return the token in the cookie that came with the handshake, or None."""
    return presented.read(cookie_name(handshake.origin()))


def write(token: str, connection: Connection) -> None:
    """Have the browser keep a token for as long as a session lives.

    Args:
        token: The token; "" to have the browser forget the one that it has.
        connection: The connection of the browser.
    """
    code, rest = tokens.halves(token) if token else (tokens.new_secret(), "")
    known = device.read()
    if known or not token:
        device_hash = tokens.hash_token(known or "")
        tickets.issue(PURPOSE, f"{device_hash} {rest}", CODE_LIFETIME, code)
    else:
        code = ""
    login = tokens.hash_token(token) if token else ""
    connection.cookie = _Pending(login, code, secrets.token_hex(4), clock.now())


def clear() -> None:
    """Have the browser forget the token."""
    write("", handshake.connection())


def draw(login: str | None) -> None:
    """Have the browser take the code to the route, and say so if it cannot.

    Args:
        login: The hash of the token that this connection is logged in with, or None. A
            code for another is never sent.
    """
    connection = handshake.connection()
    pending: _Pending | None = connection.cookie
    if pending and pending.login != (login or ""):
        pending = connection.cookie = None
    if pending and not pending.code:
        curtain.draw_not_kept()
        return
    sending = pending if pending and clock.now() < pending.since + CODE_LIFETIME else None
    if sending or login is None:
        st.html(_HIDE)
        with st.container(key=_PLACE):
            _draw_component(sending)
    if pending and login:
        curtain.draw(pending.name)


def _draw_component(sending: _Pending | None) -> None:
    """Draw the component that takes a code to the route.

    Args:
        sending: What the browser is to fetch, or None to get ready: the first use of a
            component takes the browser a moment.
    """
    data = {}
    if sending:
        data = {"url": route_path(), "code": sending.code, "login": sending.name}
    st.components.v2.component("auth_cookie", js=_POST_CODE)(key=_KEY, data=data)
