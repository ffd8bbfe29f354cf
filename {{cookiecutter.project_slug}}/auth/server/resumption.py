"""Who may resume a Streamlit session: the browser that it belongs to.

A browser that lost its connection asks for its Streamlit session by an id, and
Streamlit sends it what was still on its way. The gate checks every script run,
but this is sent without one.
"""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth import addresses, handshake, owners, tokens
from auth.cookies import cookie_name
from auth.events import Event, record

_PROTOCOL = "sec-websocket-protocol"
_POLICY_VIOLATION = 1008  # RFC 6455, 7.4.1


class _ForeignError(Exception):
    """The session that a connection asks for got another owner since it was checked."""


class ResumptionGuard:
    """Middleware that gives a new session and the login form to anybody who asks for another's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on; a foreign one without its cookies and the id of the session."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if _is_foreign(connection):
            await self._app({**scope, "headers": _anonymous(scope["headers"])}, receive, send)
            return

        async def send_if_still_own(message: Message) -> None:
            # Streamlit resumes the session when this returns, and waits for nothing else.
            if message["type"] == "websocket.accept" and _is_foreign(connection):
                raise _ForeignError
            await send(message)

        try:
            await self._app(scope, receive, send_if_still_own)
        except _ForeignError:
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})


def _is_foreign(connection: HTTPConnection) -> bool:
    """Tell whether a connection asks for a session and does not present its cookie."""
    entries = connection.headers.get(_PROTOCOL, "").split(",")
    owner = owners.owner_of(entries[2].strip()) if len(entries) > 2 else None
    if owner is None:
        return False
    name = cookie_name(connection.headers.get("Origin"))
    presented = set(handshake.cookies_named(connection.headers.get("Cookie", ""), name))
    if {tokens.hash_token(token) for token in presented} == {owner}:
        return False
    record(
        Event.COOKIE_MISMATCH,
        session=tokens.session_label(owner),
        ip=addresses.plain(connection.client.host) if connection.client else None,
    )
    return True


def _anonymous(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers without cookies, and without the third entry of the protocols."""
    return [
        (name, b",".join(value.split(b",")[:2]) if name == _PROTOCOL.encode() else value)
        for name, value in headers
        if name != b"cookie"
    ]
