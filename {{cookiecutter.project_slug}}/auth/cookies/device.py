"""The cookie that tells one browser on one device from every other. It logs nobody in.

It comes with the first page, before anybody logs in, and scripts cannot read it. A
browser that has logged in is known by it, and strangers cannot lock it out.
"""

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.cookies.names import base_path, device_cookie_name, prefixed
from auth.records import SettingsError
from auth.sessions import tokens
from auth.settings import load_settings
from auth.visitor import handshake

_MAX_AGE = 400 * 24 * 3600  # seconds; no browser keeps a cookie for longer (RFC 6265bis, 5.5)


class DeviceCookie:
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


def read() -> str | None:
    """Return the secret in the cookie that came with the handshake, or None."""
    secret = handshake.cookie(device_cookie_name(handshake.origin())) or ""
    return secret if tokens.is_secret(secret) else None


def _missing_cookies(connection: HTTPConnection) -> list[tuple[bytes, bytes]]:
    """Return the headers that set what a browser that asks for a page does not have yet.

    Without a proxy's word for it nobody knows here whether the browser sees HTTPS:
    it gets a cookie for either, and keeps what it may.
    """
    if "text/html" not in connection.headers.get("Accept", ""):
        return []
    try:
        name = f"{load_settings().cookie_name}_device"
    except SettingsError:
        return []  # The gate says what is wrong, and lets nobody in.
    response = Response()
    for https in (True,) if connection.scope["scheme"] == "https" else (True, False):
        if not handshake.cookies_named(connection.headers.getlist("Cookie"), prefixed(name, https)):
            response.set_cookie(
                prefixed(name, https),
                tokens.new_secret(),
                max_age=_MAX_AGE,
                path=base_path() or "/",
                secure=https,
                httponly=True,
                samesite="lax",
            )
    return [header for header in response.raw_headers if header[0] == b"set-cookie"]
