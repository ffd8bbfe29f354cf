"""Security headers on every response of the server."""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.records import SettingsError
from auth.settings import load_settings


class SecurityHeaders:
    """Middleware that adds the headers of ASVS 5.0, V3.4, unless the response has its own.

    None of them stops what a page shows of others. `object-src` and `base-uri` would: the
    frames that Streamlit makes of a page's HTML inherit them, and so do PDF files.
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
                headers = MutableHeaders(scope=message)
                for name, value in _headers(scope["scheme"]).items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            if not has_started:  # Starlette's own response to an error has no headers.
                await Response(status_code=500)(scope, receive, send_with_headers)
            raise


def _headers(scheme: str) -> dict[str, str]:
    try:
        settings = load_settings()
    except SettingsError:
        return {}  # The gate says what is wrong, and lets nobody in.
    if not settings.security_headers:
        return {}
    ancestors = settings.frame_ancestors and f"frame-ancestors {settings.frame_ancestors}"
    policy = "; ".join(filter(None, [settings.content_security_policy, ancestors]))
    headers = {
        "X-Content-Type-Options": settings.x_content_type_options,
        "Referrer-Policy": settings.referrer_policy,
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": settings.cross_origin_opener_policy,
    }
    if scheme == "https":
        headers["Strict-Transport-Security"] = settings.strict_transport_security
    return {name: value for name, value in headers.items() if value}
