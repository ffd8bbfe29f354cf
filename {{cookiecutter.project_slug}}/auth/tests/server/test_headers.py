"""Security headers."""

import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from auth.server.headers import SecurityHeaders
from auth.settings import load_settings
from auth.tests.asgi import request

app = SecurityHeaders(Response())


def test_every_response_has_them() -> None:
    headers = request(app).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"] == (
        "object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert "Strict-Transport-Security" not in headers


def test_the_response_to_an_error_has_them_too_and_the_server_still_hears_of_it() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a bug")

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(RuntimeError, match="a bug"):
            await SecurityHeaders(fail)(scope, receive, send)

    response = request(serve)
    assert response.status == 500
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_on_https_browsers_are_told_to_stay_there() -> None:
    headers = request(app, scheme="https").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_setting_names_who_may_show_the_app_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAME_ANCESTORS", "'self' https://intranet.example")
    load_settings.cache_clear()
    policy = request(app).headers["Content-Security-Policy"]
    assert policy.endswith("; frame-ancestors 'self' https://intranet.example")


def test_a_setting_leaves_them_to_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURITY_HEADERS", "false")
    load_settings.cache_clear()
    assert "X-Content-Type-Options" not in request(app).headers
