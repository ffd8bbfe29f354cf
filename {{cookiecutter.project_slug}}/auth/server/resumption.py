"""Who may resume a Streamlit session: the browser that it belongs to.

A browser that lost its connection asks for its Streamlit session by an id, and
Streamlit sends it what was still on its way. The gate checks every script run,
but this is sent without one.
"""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.server.ownership import PROTOCOL, is_owner, wanted_session
from auth.visitor import owners

_POLICY_VIOLATION = 1008  # RFC 6455, 7.4.1


class _NotOwnedError(Exception):
    """The session that a connection asks for has another owner than when it was checked."""


class ResumptionGuard:
    """Middleware that gives a new session to anybody who asks for one that is not theirs.

    Who asks for somebody else's is nobody in it. A session without a login is resumed
    by nobody: a login may be on its way to it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on, without the id of a session that is not its own."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        session_id = wanted_session(connection)
        if session_id is None:
            await self._app(scope, receive, send)
            return
        if not is_owner(connection, session_id):
            removed = {b"cookie"} if owners.owner_of(session_id) else set()
            headers = _with_a_new_session(scope["headers"], removed)
            await self._app({**scope, "headers": headers}, receive, send)
            return

        async def send_if_still_own(message: Message) -> None:
            # Streamlit resumes the session when this returns, and waits for nothing else.
            if message["type"] == "websocket.accept" and not is_owner(connection, session_id):
                raise _NotOwnedError
            await send(message)

        try:
            await self._app(scope, receive, send_if_still_own)
        except _NotOwnedError:
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})


def _with_a_new_session(
    headers: list[tuple[bytes, bytes]], removed: set[bytes]
) -> list[tuple[bytes, bytes]]:
    """Return the headers without the third entry of the protocols, and without some others."""
    return [
        (name, b",".join(value.split(b",")[:2]) if name == PROTOCOL.encode() else value)
        for name, value in headers
        if name not in removed
    ]
