"""The route that trades a code for the cookie."""

from typing import NoReturn

import pytest
import streamlit as st
from starlette.routing import Router

from auth import cookies, stores
from auth.cookies import pending
from auth.cookies.http_only.route import PURPOSE, route_path
from auth.cookies.names import device_cookie_name
from auth.records import StoreUnavailableError
from auth.sessions import tickets, tokens
from auth.sessions.tokens import hash_token
from auth.settings import load_settings
from auth.tests.asgi import Response, request
from auth.tests.conftest import Log

TOKEN = tokens.new_token()
CODE, REST = tokens.halves(TOKEN)
BROWSER = "b" * 43
HTTP = "http://app.example"
HTTPS = "https://app.example"


def issue(rest: str = REST) -> str:
    """Issue a code for the browser of these tests."""
    return tickets.issue(PURPOSE, f"{hash_token(BROWSER)} {rest}", pending.LIFETIME, CODE)


def post(
    body: str,
    origin: str | None = HTTP,
    method: str = "POST",
    device: str = BROWSER,
    host: str = "app.example",
) -> Response:
    headers = {"Host": host, "Cookie": f"{device_cookie_name(origin)}={device}"}
    headers |= {"Origin": origin} if origin else {}
    return request(Router(cookies.routes()), method, route_path(), body.encode(), headers)


def test_a_code_is_answered_with_the_cookie() -> None:
    response = post(issue())
    assert response.status == 204
    assert response.headers["Set-Cookie"] == (
        f"{load_settings().cookie_name}={TOKEN}; HttpOnly; Max-Age=86400; Path=/; SameSite=lax"
    )


def test_on_https_the_cookie_is_for_this_host_over_https_only() -> None:
    cookie = post(issue(), HTTPS).headers["Set-Cookie"]
    assert cookie.startswith(f"__Host-{load_settings().cookie_name}={TOKEN}; ")
    assert cookie.endswith("; Path=/; SameSite=lax; Secure")


def test_the_code_of_a_logout_clears_the_cookie_in_any_browser() -> None:
    cookie = post(issue(""), device="x" * 43).headers["Set-Cookie"]
    assert cookie.startswith(f'{load_settings().cookie_name}=""; ')
    assert "Max-Age=0; " in cookie


@pytest.mark.parametrize("device", ["", "x" * 43])
def test_a_code_is_worth_nothing_by_another_device(device: str, log: Log) -> None:
    code = issue()
    response = post(code, device=device)
    assert response.status == 403
    assert "Set-Cookie" not in response.headers
    assert log.lines == ['event="cookie refused" reason=device address=192.0.2.1']
    assert post(code).status == 410


@pytest.mark.parametrize(
    ("origin", "method", "body", "status", "reason"),
    [
        (HTTP, "GET", "", 405, "method"),
        (HTTP, "DELETE", "", 405, "method"),
        ("http://evil.example", "POST", "", 403, "origin"),
        ("null", "POST", "", 403, "origin"),
        (None, "POST", "", 403, "origin"),
        (HTTP, "POST", "x" * 257, 413, "size"),
        (HTTP, "POST", "x" * 43, 410, "code"),
    ],
)
def test_anything_else_is_refused_and_logged(
    log: Log, origin: str | None, method: str, body: str, status: int, reason: str
) -> None:
    code = issue()
    response = post(body or code, origin, method)
    assert response.status == status
    assert "Set-Cookie" not in response.headers
    assert log.lines == [f'event="cookie refused" reason={reason} address=192.0.2.1']
    assert post(code).status == 204


@pytest.mark.parametrize(
    ("origin", "is_admitted"),
    [
        ("https://named.example", True),
        ("http://named.example", True),
        ("https://named.example:8443", False),
        ("https://port.example:8443", True),
        ("https://port.example", False),
        ("https://scheme.example", True),
        ("http://scheme.example", False),
        ("https://scheme.example:8443", False),
        ("https://port.example:443", False),
        ("https://own.example", True),
        ("https://app.example", True),
        ("https://app.example:8443", False),
        ("https://evil.named.example", False),
        ("https://localhost", False),
        ("https://server.example", False),
    ],
)
@pytest.mark.parametrize("enable_cors", [True, False])
def test_a_page_of_the_app_or_of_an_origin_that_its_owner_has_named_is_admitted(
    monkeypatch: pytest.MonkeyPatch, origin: str, is_admitted: bool, enable_cors: bool
) -> None:
    options = {
        "server.baseUrlPath": "",
        "server.enableCORS": enable_cors,
        "server.corsAllowedOrigins": [
            "Named.example ",
            "port.example:8443",
            "https://scheme.example/",
            "own.example:443",
        ],
        "browser.serverAddress": "server.example",
    }
    monkeypatch.setattr(st, "get_option", options.get)
    assert post(issue(), origin).status == (204 if is_admitted else 403)


@pytest.mark.parametrize(
    ("origin", "host", "is_admitted"),
    [
        (HTTPS, "app.example:443", True),
        (HTTP, "app.example:80", True),
        (HTTPS, "APP.example", True),
        ("https://[2001:db8::1]", "[2001:db8::1]:443", True),
        (HTTPS, "app.example:80", False),
        (HTTPS, "app.example:8443", False),
    ],
)
def test_a_proxy_may_write_the_port_into_host(origin: str, host: str, is_admitted: bool) -> None:
    assert post(issue(), origin, host=host).status == (204 if is_admitted else 403)


def test_a_store_that_fails_is_no_error_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> NoReturn:
        raise StoreUnavailableError("no answer")

    code = issue()
    monkeypatch.setattr(stores, "current", fail)
    assert post(code).status == 503
