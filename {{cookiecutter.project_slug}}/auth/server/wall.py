"""The wall in front of Streamlit: whoever is not logged in may have the script run, and no more.

The gate stands in the script. Streamlit does much else on request: it runs a
fragment alone, clears the caches of everybody, hands out deferred downloads, takes
uploads. Here each request is let through if the gate has admitted this very connection
and the login is still alive. For everybody else there is a plain script run.
"""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth import clock
from auth.events import Event, record
from auth.records import Found, UnavailableError
from auth.server.ownership import is_owner, wanted_session
from auth.sessions import sessions
from auth.users.unfinished import is_unfinished
from auth.visitor import connections, handshake, internals, messages, owners
from auth.visitor.connections import Connection, LookUp

_KEY = b"sec-websocket-key"

_NO_SUCH_SESSION = (
    "this server does not have the upload's Streamlit session. After a restart that passes by "
    "itself; with several servers, the proxy has to send a browser to the same one every time"
)

# Below this address Streamlit tells and does much that no page needs.
_CORE = "/_stcore/"
_NEEDED = ("health", "host-config", "script-health-check")
_FILES = "bidi-components/"
_UPLOADS = "upload_file/"

_MAX_OF_STRANGERS = 2**18  # bytes of a message: a form, or what is typed into a public page

# RFC 6455, 7.4.1
_PROTOCOL_ERROR = 1002
_UNSUPPORTED = 1003
_POLICY_VIOLATION = 1008
_TOO_BIG = 1009


class _ClosedError(Exception):
    """A message ends its connection, with this code."""


class Wall:
    """Middleware that reads what a browser asks Streamlit for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        connections.leave_to_wall()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] == "websocket":
            await self._pass_messages(scope, receive, send)
        elif scope["type"] == "http" and not await _may_request(scope):
            await Response(status_code=403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _pass_messages(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if handshake.is_foreign(headers.get("origin"), headers.get("host")):
            record(Event.REQUEST_REFUSED, reason="origin")
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        key, connection = connections.open_one()
        # Whoever asks for a session here has proved to the guard that it is theirs: they go on
        # without a run of the script, and with it without the gate.
        if session_id := wanted_session(HTTPConnection(scope)):
            connection.login = owners.owner_of(session_id)
        others = [(name, value) for name, value in scope["headers"] if name != _KEY]
        is_closed = False

        async def receive_what_may_pass() -> Message:
            nonlocal is_closed
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                try:
                    data = await _passed(connection, message.get("bytes"))
                except _ClosedError as error:
                    is_closed = True
                    await send({"type": "websocket.close", "code": error.args[0]})
                    return {"type": "websocket.disconnect", "code": error.args[0]}
                if data is not None:
                    return {"type": "websocket.receive", "bytes": data}

        async def send_discreetly(message: Message) -> None:
            if message.get("bytes"):
                message = {**message, "bytes": messages.discreet(message["bytes"])}
            if not is_closed:
                await send(message)

        try:
            scope = {**scope, "headers": [*others, (_KEY, key.encode())]}
            await self._app(scope, receive_what_may_pass, send_discreetly)
        finally:
            connections.close(key)


async def _passed(connection: Connection, data: bytes | None) -> bytes | None:
    """Return what Streamlit may read of a message, or None if it may read nothing.

    Raises:
        _ClosedError: No browser sends such a message.
    """
    if data is None:
        raise _refused("text", _UNSUPPORTED)
    login, asked_at = connection.login, clock.now()
    if len(data) > (internals.get_max_message() if login else _MAX_OF_STRANGERS):
        raise _refused("size", _TOO_BIG)
    found, is_alive = await _find(login)
    try:
        request = messages.Request(data)
    except ValueError:
        raise _refused("no message", _PROTOCOL_ERROR) from None
    # A login that is over has left callbacks behind, which the gate has yet to forget.
    is_over = login is not None and found.user is None
    if problem := request.find_problem(of_stranger=not is_alive, without_widgets=is_over):
        record(Event.REQUEST_REFUSED, reason=problem)
        return None
    if request.kind == "rerun_script":
        connection.found = LookUp(asked_at, login, found) if login and found.user else None
    if is_alive:
        return data
    if request.kind == "rerun_script":
        return request.run_of_a_stranger(
            with_widgets=not is_over, with_fragment=connection.sees_public and login is None
        )
    if request.kind == "app_heartbeat":
        return messages.heartbeat()
    record(Event.REQUEST_REFUSED, reason=request.kind)
    return None


def _refused(reason: str, code: int) -> _ClosedError:
    record(Event.REQUEST_REFUSED, reason=reason)
    return _ClosedError(code)


async def _may_request(scope: Scope) -> bool:
    """Tell whether Streamlit may see an HTTP request."""
    _, is_core, rest = scope["path"].partition(_CORE)
    if not is_core or rest in _NEEDED or rest.startswith(_FILES):
        return True
    if not rest.startswith(_UPLOADS):
        record(Event.REQUEST_REFUSED, reason="closed route")
        return False
    if scope["method"] == "OPTIONS":
        return True
    session_id = rest.removeprefix(_UPLOADS).partition("/")[0]
    if is_owner(HTTPConnection(scope), session_id):
        _, is_alive = await _find(owners.owner_of(session_id))
        if is_alive:
            return True
    if internals.has_session(session_id):
        record(Event.REQUEST_REFUSED, reason="upload")
    else:
        record(Event.UPLOAD_MISDIRECTED, reason=_NO_SUCH_SESSION)
    return False


async def _find(login: str | None) -> tuple[Found, bool]:
    """Return what the store knows of a login, and whether its user is somebody here.

    Without a result from the store it is over.
    """
    if login is None:
        return Found(), False
    try:
        return await run_in_threadpool(_ask_store, login)
    except UnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
        return Found(), False


def _ask_store(login: str) -> tuple[Found, bool]:
    found = sessions.find_alive(login)
    return found, found.user is not None and not is_unfinished(found.user)
