"""Security headers on every response of the server."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.records import SettingsError
from auth.settings import load_settings


class SecurityHeaders:
    """Middleware that adds the headers of ASVS 5.0, V3.4.

    Streamlit needs scripts that a policy would have to allow one by one, so this one
    forbids what no page of Streamlit's needs: plugins, and a base address for links.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                message["headers"] = [*message["headers"], *_headers(scope)]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            if not has_started:  # Starlette's own response to an error has no headers.
                await Response(status_code=500)(scope, receive, send_with_headers)
            raise


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
        # Who opened the app in a window may not talk to the frames in it.
        (b"cross-origin-opener-policy", b"same-origin-allow-popups"),
    ]
    if scope["scheme"] == "https":
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers
