"""Who is visiting, noted for whatever a request or a websocket makes happen."""

from starlette.types import ASGIApp, Receive, Scope, Send

from auth.visitor import addresses, visiting
from auth.visitor.visiting import Visitor


class Visit:
    """Middleware that notes the visitor's address. It has to come before all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        client = scope.get("client")
        visiting.note(Visitor(addresses.plain(client[0]) if client else None))
        await self._app(scope, receive, send)
