"""The cookie that tells browsers apart, so that a code is worth nothing in another one.

It comes with the first page, before anybody logs in. A script in the page that
holds a code back cannot read it, and so cannot use the code elsewhere.
"""

import hmac

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth import tokens
from auth.cookies.http_only.names import base_path, browser_cookie_name, prefixed
from auth.settings import SettingsError, load_settings


class BrowserCookie:
    """Middleware that gives a browser its cookie with the first page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the cookie to the response if it is missing."""
        headers = _missing_cookies(HTTPConnection(scope)) if scope["type"] == "http" else []

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        await self._app(scope, receive, send_with_cookies)


def is_the_same(connection: HTTPConnection, expected_hash: str) -> bool:
    """Tell whether a request comes from the browser whose cookie has a hash."""
    cookie = connection.cookies.get(browser_cookie_name(connection.headers.get("Origin")), "")
    return hmac.compare_digest(tokens.hash_token(cookie), expected_hash)


def _missing_cookies(connection: HTTPConnection) -> list[tuple[bytes, bytes]]:
    """Return the headers that set what a browser that asks for a page does not have yet.

    Without a proxy's word for it nobody knows here whether the browser sees HTTPS:
    it gets a cookie for either, and keeps what it may.
    """
    if "text/html" not in connection.headers.get("Accept", ""):
        return []
    try:
        name = f"{load_settings().cookie_name}_browser"
    except SettingsError:
        return []  # The gate says what is wrong, and lets nobody in.
    response = Response()
    for https in (True,) if connection.scope["scheme"] == "https" else (True, False):
        if prefixed(name, https) not in connection.cookies:
            response.set_cookie(
                prefixed(name, https),
                tokens.new_secret(),
                path=base_path() or "/",
                secure=https,
                httponly=True,
                samesite="lax",
            )
    return [header for header in response.raw_headers if header[0] == b"set-cookie"]
