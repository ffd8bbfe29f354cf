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
_PROTOCOL = "sec-websocket-protocol"

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
    """Middleware that gives a new session and the login form to whoever asks for another's."""

    def __init__(self, app: _ASGIApp) -> None:
        self._app = app

    async def __call__(
        self, scope: _Scope, receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        """Pass a connection on; a foreign one without its cookies and the id of the session."""
        if scope["type"] == "websocket" and _is_foreign(HTTPConnection(scope)):
            scope = {**scope, "headers": _anonymous(scope["headers"])}
        await self._app(scope, receive, send)


def _is_foreign(connection: HTTPConnection) -> bool:
    """Tell whether a connection asks for a session and does not present its cookie."""
    entries = connection.headers.get(_PROTOCOL, "").split(",")
    owner = _owners.get(entries[2].strip()) if len(entries) > 2 else None
    if owner is None:
        return False
    token = connection.cookies.get(cookie_name(connection.headers.get("Origin")), "")
    if hash_token(token) == owner:
        return False
    log_event(
        "cookie mismatch",
        level=logging.WARNING,
        session=session_label(owner),
        ip=connection.client.host if connection.client else None,
    )
    return True


def _anonymous(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers without cookies, and without the third entry of the protocols."""
    return [
        (name, b",".join(value.split(b",")[:2]) if name == _PROTOCOL.encode() else value)
        for name, value in headers
        if name != b"cookie"
    ]
