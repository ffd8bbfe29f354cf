"""Who may resume a Streamlit session: the browser that it belongs to.

A browser that lost its connection asks for its Streamlit session by an id, and
Streamlit sends it what was still on its way. The gate checks every script run,
but this is sent without one.
"""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Lock
from typing import Any

from starlette.requests import HTTPConnection
from streamlit.runtime.scriptrunner import get_script_run_ctx

from auth.log import log_event, session_label
from auth.routes import cookie_name
from auth.sessions import hash_token

_Scope = MutableMapping[str, Any]
_ASGIApp = Callable[[_Scope, Callable[..., Any], Callable[..., Any]], Awaitable[None]]

_MOST_OWNERS = 100_000
_PROTOCOL = b"sec-websocket-protocol"

_lock = Lock()
_owners: OrderedDict[str, str] = OrderedDict()


def note_owner(token: str | None) -> None:
    """Note whose Streamlit session this script run is in.

    Args:
        token: The token that the connection is signed in with, or None: then
            anybody may resume the session, as there is nothing in it.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    with _lock:
        _owners.pop(context.session_id, None)
        if token:
            _owners[context.session_id] = hash_token(token)
        if len(_owners) > _MOST_OWNERS:
            _owners.popitem(last=False)


class ResumptionGuard:
    """Middleware that gives a new Streamlit session to whoever asks for somebody else's."""

    def __init__(self, app: _ASGIApp) -> None:
        self._app = app

    async def __call__(
        self, scope: _Scope, receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        """Pass a connection on, without the id of a session that is not its own."""
        if scope["type"] == "websocket":
            scope = {**scope, "headers": [_allowed(header, scope) for header in scope["headers"]]}
        await self._app(scope, receive, send)


def _allowed(header: tuple[bytes, bytes], scope: _Scope) -> tuple[bytes, bytes]:
    """Return a header, without its third entry if that is the id of a foreign session."""
    name, value = header
    entries = value.decode("latin-1").split(",")
    if name != _PROTOCOL or len(entries) < 3:
        return header
    owner = _owners.get(entries[2].strip())
    connection = HTTPConnection(scope)
    token = connection.cookies.get(cookie_name(connection.headers.get("Origin")), "")
    if owner is None or hash_token(token) == owner:
        return header
    log_event(
        "cookie mismatch",
        level=logging.WARNING,
        session=session_label(owner),
        ip=connection.client.host if connection.client else None,
    )
    return name, ",".join(entries[:2]).encode("latin-1")
