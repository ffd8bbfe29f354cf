"""Security headers on every response of the server."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.settings import SettingsError, load_settings


class SecurityHeaders:
    """Middleware that adds the headers of ASVS 5.0, V3.4.

    Streamlit needs scripts that a policy would have to allow one by one, so this one
    forbids what no page of Streamlit's needs: plugins, and a base address for links.
    """

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
    policy = f"object-src 'none'; base-uri 'none'; frame-ancestors {settings.frame_ancestors}"
    headers = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"content-security-policy", policy.encode("ascii")),
    ]
    if scope["scheme"] == "https":
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers
