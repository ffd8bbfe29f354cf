"""Security headers on every response of the server."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.settings import SettingsError, load_settings


class SecurityHeaders:
    """Middleware that adds the headers of OWASP's secure headers project that apply here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to its response."""
        headers = _headers(scope) if scope["type"] == "http" else []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    try:
        settings = load_settings()
    except SettingsError:
        return []  # The gate says what is wrong, and lets nobody in.
    if not settings.security_headers:
        return []
    embedders = settings.frame_ancestors.encode("ascii")
    headers = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"content-security-policy", b"frame-ancestors " + embedders),
    ]
    if scope["scheme"] == "https":
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    return headers
