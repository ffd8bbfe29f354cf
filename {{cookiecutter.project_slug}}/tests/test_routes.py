"""The route that trades a code for the cookie."""

from typing import NoReturn

import pytest
from starlette.routing import Router

from auth import codes, routes
from auth.settings import load_settings
from auth.store import StoreUnavailableError
from tests.asgi import Answer, request

TOKEN = "t" * 43
HTTP = "http://app.example"


def post(body: str, origin: str | None = HTTP, method: str = "POST") -> Answer:
    headers = {"Host": "app.example"} | ({"Origin": origin} if origin else {})
    app = Router(routes.login_routes())
    return request(app, method, routes.route_path(), body.encode(), headers)


def test_a_code_is_answered_with_the_cookie() -> None:
    answer = post(codes.mint(TOKEN))
    assert answer.status == 204
    assert answer.headers["Set-Cookie"] == (
        f"{load_settings().cookie_name}={TOKEN}; HttpOnly; Max-Age=86400; Path=/; SameSite=lax"
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_on_https_the_cookie_is_for_this_host_over_https_only() -> None:
    cookie = post(codes.mint(TOKEN), "https://app.example").headers["Set-Cookie"]
    assert cookie.startswith(f"__Host-{load_settings().cookie_name}={TOKEN}; ")
    assert cookie.endswith("; Path=/; SameSite=lax; Secure")


def test_the_code_of_a_logout_clears_the_cookie() -> None:
    cookie = post(codes.mint("")).headers["Set-Cookie"]
    assert cookie.startswith(f'{load_settings().cookie_name}=""; ')
    assert "Max-Age=0; " in cookie


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
    capsys: pytest.CaptureFixture[str],
    origin: str | None,
    method: str,
    body: str,
    status: int,
    reason: str,
) -> None:
    code = codes.mint(TOKEN)
    answer = post(body or code, origin, method)
    assert answer.status == status
    assert "Set-Cookie" not in answer.headers
    assert f'event="cookie refused" reason={reason} ip=192.0.2.1' in capsys.readouterr().err
    assert codes.redeem(code) == TOKEN


def test_a_store_that_fails_is_no_error_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> NoReturn:
        raise StoreUnavailableError("no answer")

    code = codes.mint(TOKEN)
    monkeypatch.setattr(codes, "open_store", fail)
    assert post(code).status == 503
