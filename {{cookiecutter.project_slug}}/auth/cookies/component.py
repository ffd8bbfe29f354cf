"""The browser's login cookie, written by extra-streamlit-components' CookieManager."""

from datetime import timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import streamlit as st
from starlette.routing import Route

from auth.cookies import curtain, pending, presented
from auth.settings import load_settings
from auth.visitor import frames, handshake, internals
from auth.visitor.connections import Connection, PendingCookie
from auth.visitor.widget_values import COMPONENT, FRAME

_PACKAGE = "extra_streamlit_components"
_COMPONENT = f"{_PACKAGE}.CookieManager.cookie_manager"
_MANAGER = internals.hidden(FRAME)
_WATCH = (
    curtain.NOTE
    + """
export default function ({ data, setStateValue }) {
  const end = Date.now() + 30000
  let timer
  const look = () => {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${data.name}=`))
    const token = found?.slice(data.name.length + 1)
    if (!data.login) {
      if (token && token !== data.known) setStateValue("found", token)
    } else if (token === data.token) {
      note(data.login, "kept")
    } else if (Date.now() < end) {
      timer = setTimeout(look, 20)
    }
  }
  look()
  return () => clearTimeout(timer)
}
"""
)


def routes() -> list[Route]:
    """Return the routes that the server needs to keep logins: none."""
    return []


def start() -> None:
    """Serve the component's files before the first script run.

    A component registers itself only when a script run imports it. A balancer may
    send the request for its files to a server that has not run the script yet.
    """
    frames.serve(_COMPONENT, _folder())


def problem() -> str | None:
    """Return why logins cannot work at all, as a sentence for the visitor, or None."""
    return None


def cookie_name(origin: str | None) -> str:
    """Return the name of the login cookie for a page of an origin: the same for each."""
    return load_settings().cookie_name


def read() -> str | None:
    """Return the token in the browser's cookie, or None.

    It comes with the handshake. Where a proxy does not pass cookies on, the page
    tells it, a script run later.
    """
    name = load_settings().cookie_name
    token = presented.read(name)
    if token or handshake.is_ambiguous(name):
        return token
    token = st.session_state.get(_watch_key(), {}).get("found")
    return token if isinstance(token, str) else None


def write(token: str, connection: Connection) -> None:
    """Have the browser keep a token for as long as a session lives.

    Args:
        token: The token; "" to have the browser forget the one that it has.
        connection: The connection of the browser.
    """
    pending.keep(connection, token, token)


def clear() -> None:
    """Have the browser forget the token."""
    write("", handshake.connection())


def draw(login: str | None) -> None:
    """Draw the component: to write, or to be there when there is something to write.

    Call it in the main area of the page and outside of forms, in a run that is
    left to finish: elsewhere the cookie is not written. It takes up no space.

    Args:
        login: The hash of the token that this connection is logged in with, or None.
            Nothing else is written.
    """
    cookie = pending.find(login)
    # Not for ever: another tab may have logged in since, and then the cookie is of that login.
    writing = pending.only_new(cookie)
    if writing or (login is None and handshake.cookie(load_settings().cookie_name) is None):
        with pending.place():
            _draw_manager(writing)
            _draw_watch(writing)
    if cookie and login:
        curtain.draw(cookie.name)


def _draw_manager(writing: PendingCookie | None) -> None:
    """Draw the component: always the same one, because another would have to load first.

    CookieManager's own method to write draws another, and its package imports what takes
    longer than all of the login. In a form its value stays in the browser, and has no
    script run.

    Args:
        writing: The cookie to write, or None.
    """
    frames.serve(_COMPONENT, _folder())  # Where a host runs no more than the script.
    form = st.form("auth_cookie_form", border=False)
    if writing is None:
        frames.draw(_COMPONENT, form, _MANAGER, method="getAll")
        return
    lifetime = timedelta(hours=load_settings().session_hours if writing.secret else 0)
    frames.draw(
        _COMPONENT,
        form,
        _MANAGER,
        method="set",
        cookie=load_settings().cookie_name,
        value=writing.secret,
        options={
            "path": "/",
            # The browser would read a time without a zone as its own local time.
            "expires": (writing.since + lifetime).isoformat(),
            "maxAge": int(lifetime.total_seconds()),
            "secure": handshake.is_https(),
            "sameSite": "strict",
        },
    )


def _draw_watch(writing: PendingCookie | None) -> None:
    """Have the page note when it has the cookie, or tell of one that the handshake did not have.

    The component's own value says only that it has tried.

    Args:
        writing: The cookie that is being written, or None.
    """
    data = {"name": load_settings().cookie_name}
    if writing is None:
        data["known"] = read() or ""
    elif writing.secret:
        data |= {"login": writing.name, "token": writing.secret}
    watch = st.components.v2.component("auth_cookie_watch", js=_WATCH)
    watch(key=_watch_key(), data=data, on_found_change=lambda: None)


@cache
def _folder() -> Path:
    """Return where the component's files are."""
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise ModuleNotFoundError(_PACKAGE)
    return Path(package.origin).parent / "CookieManager" / "frontend" / "build"


def _watch_key() -> str:
    """Return the key of what watches the cookie, a new one for every connection.

    Streamlit keeps the token that it tells under the key, and that is not for
    whoever resumes the session from another connection.
    """
    return internals.hidden(f"{COMPONENT}@{handshake.connection().name}")
