"""What a cache between the app and its visitors may keep: nothing that belongs to one of them."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.cookies.names import base_path

# Files that a page shows or offers for download, and the routes of the login.
_PERSONAL = ("/media/", "/_auth/")


class Caching:
    """Middleware that keeps what belongs to one person out of the caches of all.

    Streamlit leaves to a cache whether it keeps a person's files. A response with a cookie
    would give one browser's cookie to others, even if it is a script that all may have.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and say in its response what caches may keep."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_personal = scope["path"].startswith(tuple(base_path() + part for part in _PERSONAL))

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if is_personal or "Set-Cookie" in headers:
                    headers["Cache-Control"] = "private, no-store"
                elif headers.get("Cache-Control") == "no-cache":
                    # A shared cache that asks again may be told of a cookie (RFC 9111, 3.2).
                    headers["Cache-Control"] = "private, no-cache"
            await send(message)

        await self._app(scope, receive, send_marked)
