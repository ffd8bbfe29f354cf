"""A page that loses its connection between the password and the second factor.

A phone that shows an authenticator app closes the connections of the browser. The page connects
again by itself, and its login goes on waiting there.
"""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from auth.cookies.names import device_cookie_name
from auth.login.second_factor import between
from auth.visitor import connections, handshake


class Reconnection:
    """Middleware that has a login go on with its page. It has to come after the wall.

    The wall lets only the app's own pages connect, and gives each connection its key. The guard
    has taken the session that the page asks for out of the headers, so Streamlit does not resume
    it. The server has named it in `subprotocols` as well (ASGI, WebSocket connection scope).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        asked = list(scope.get("subprotocols", ()))
        if len(asked) > 2:
            headers = HTTPConnection(scope).headers
            cookie = device_cookie_name(headers.get("Origin"))
            if device := handshake.cookie_in(headers.getlist("Cookie"), cookie):
                connection = connections.find(headers["Sec-WebSocket-Key"])
                between.go_on(connection, asked[2], device)
        await self._app(scope, receive, send)
