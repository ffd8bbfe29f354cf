"""The browser's login cookie, set by the app's own server and hidden from JavaScript.

A script run cannot set a cookie. So it issues a ticket, and the browser takes the
ticket's secret, the code, to the route in route.py, which responds with the cookie.
The code is one half of the token and the ticket keeps the other: neither the page
nor the store ever has both.
"""

import streamlit as st

from auth import texts
from auth.cookies import curtain, device, pending, presented
from auth.cookies.http_only.route import (
    PURPOSE,
    are_served,
    cookie_name,
    route_path,
    routes,
)
from auth.sessions import tickets, tokens
from auth.visitor import handshake, internals
from auth.visitor.connections import Connection, PendingCookie
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
        tickets.issue(PURPOSE, f"{device_hash} {rest}", pending.LIFETIME, code)
    else:
        code = ""  # Without it the browser cannot get the cookie.
    pending.keep(connection, token, code)


def clear() -> None:
    """Have the browser forget the token."""
    write("", handshake.connection())


def draw(login: str | None) -> None:
    """Have the browser take the code to the route, and say so if it cannot.

    Args:
        login: The hash of the token that this connection is logged in with, or None. A
            code for another is never sent.
    """
    cookie = pending.find(login)
    if cookie and not cookie.secret:
        curtain.draw_not_kept()
        return
    sending = pending.only_new(cookie)
    if sending or login is None:
        with pending.place():
            _draw_component(sending)
    if cookie and login:
        curtain.draw(cookie.name)


def _draw_component(sending: PendingCookie | None) -> None:
    """Draw the component that takes a code to the route.

    Args:
        sending: What the browser is to fetch, or None to get ready: the first use of a
            component takes the browser a moment.
    """
    data = {}
    if sending:
        data = {"url": route_path(), "code": sending.secret, "login": sending.name}
    st.components.v2.component("auth_cookie", js=_POST_CODE)(key=_KEY, data=data)
