"""Who is visiting, noted for whatever a request or a websocket makes happen."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from auth.visitor import addresses, handshake, visiting
from auth.visitor.visiting import Visitor


class Visit:
    """Middleware that notes the visitor's address. It has to come before all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] in ("http", "websocket"):
            client = scope.get("client")
            visiting.note(Visitor(addresses.plain(client[0]) if client else None))
            scope = _as_the_browser_says(scope)
        await self._app(scope, receive, send)


def _as_the_browser_says(scope: Scope) -> Scope:
    """Return a request whose Host is written as in its Origin, if they are the same.

    Some proxies write the port of HTTPS into Host. Streamlit compares letter by letter, and
    would take the app's own page for one of another site.
    """
    headers = Headers(scope=scope)
    origin, host = headers.get("Origin", ""), headers.get("Host", "")
    if not handshake.is_origin_of(origin, host):
        return scope
    plain = origin.partition("://")[2].encode("latin-1")
    changed = [(name, plain if name == b"host" else value) for name, value in scope["headers"]]
    return {**scope, "headers": changed}
