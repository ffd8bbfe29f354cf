"""The wall in front of Streamlit: whoever is not logged in may have the script run, and no more.

The gate stands in the script. Streamlit does much else on request: it runs a
fragment alone, clears the caches of everybody, hands out deferred downloads, takes
uploads. Here each request is let through if it is a plain script run, or if the
gate has admitted this very connection and the login is still alive.
"""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.events import Event, record, record_often
from auth.records import UnavailableError
from auth.sessions import sessions
from auth.visitor import admissions, handshake, internals, messages

_UPLOAD = "/_stcore/upload_file/"
# Figures of the server for anybody, and a way to use the app that goes around this wall.
_CLOSED = ("/_stcore/metrics", "/_stcore/agent/")
_NO_SUCH_SESSION = (
    "this server does not have the upload's Streamlit session. After a restart that passes by "
    "itself; with several servers, the proxy has to send a browser to the same one every time"
)

_POLICY_VIOLATION = 1008  # RFC 6455, 7.4.1

# By this a page finds out whether its connection still works.
_HARMLESS = {"app_heartbeat"}


class Wall:
    """Middleware that reads what a browser asks Streamlit for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
            record_often(Event.REQUEST_REFUSED, "origin")
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        connection = admissions.connection_name(headers.get("sec-websocket-key", ""))

        async def receive_what_may_pass() -> Message:
            while True:
                message = await receive()
                if not message.get("bytes"):
                    return message
                data = await _passed(connection, message["bytes"])
                if data is not None:
                    return {**message, "bytes": data}

        async def send_discreetly(message: Message) -> None:
            if message.get("bytes"):
                message = {**message, "bytes": messages.discreet(message["bytes"])}
            await send(message)

        try:
            await self._app(scope, receive_what_may_pass, send_discreetly)
        finally:
            admissions.forget(connection)


async def _passed(connection: str, data: bytes) -> bytes | None:
    """Return what Streamlit may read of a message, or None if it may read nothing."""
    try:
        request = messages.Request(data)
    except ValueError:
        return data  # Streamlit closes the connection.
    if request.problem:
        record_often(Event.REQUEST_REFUSED, request.problem)
        return None
    if request.kind == "rerun_script":
        if not request.fragment_id or await _is_alive(admissions.admitted_with(connection)):
            return data
        return request.for_the_whole_script()  # Through the gate.
    if request.kind in _HARMLESS or await _is_alive(admissions.admitted_with(connection)):
        return data
    record_often(Event.REQUEST_REFUSED, request.kind)
    return None


async def _may_request(scope: Scope) -> bool:
    """Tell whether Streamlit may see an HTTP request."""
    path: str = scope["path"]
    if any(closed in path for closed in _CLOSED):
        record_often(Event.REQUEST_REFUSED, "closed route")
        return False
    _, is_upload, rest = path.partition(_UPLOAD)
    if not is_upload or scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return True
    session_id = rest.split("/")[0]
    if await _is_alive(admissions.owner_of(session_id)):
        return True
    if internals.has_session(session_id):
        record_often(Event.REQUEST_REFUSED, "upload")
    else:
        record_often(Event.UPLOAD_MISDIRECTED, _NO_SUCH_SESSION)
    return False


async def _is_alive(token_hash: str | None) -> bool:
    """Tell whether a login is still alive; without a result from the store it is not."""
    if token_hash is None:
        return False
    try:
        return await run_in_threadpool(sessions.find_user_by_hash, token_hash) is not None
    except UnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
        return False
