"""The cookie that the server sets: one-time codes, and the route that takes them."""

import asyncio
from collections.abc import MutableMapping
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

import pytest
from starlette.applications import Starlette

from auth import create_session, validate_session
from auth.codes import mint, redeem
from auth.routes import login_routes, route_path
from auth.settings import load_settings
from tests.conftest import PASSWORD, Clock
from tests.tab import Tab

pytestmark = pytest.mark.usefixtures("quick_passwords")

TOKEN = "A" * 43


class Answer(NamedTuple):
    """What the route answers."""

    status: int
    headers: dict[str, str]

    @property
    def cookie(self) -> SimpleCookie:
        return SimpleCookie(self.headers.get("set-cookie", ""))


def send(
    body: str,
    *,
    method: str = "POST",
    origin: str | None = "http://localhost:8501",
    host: str = "localhost:8501",
) -> Answer:
    """Send a request to the route as a browser would."""
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": route_path(),
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 50_000),
        "server": ("localhost", 8501),
    }
    messages: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body.encode()}

    async def keep(message: MutableMapping[str, Any]) -> None:
        messages.append(message)

    asyncio.run(Starlette(routes=login_routes())(scope, receive, keep))
    return Answer(
        messages[0]["status"],
        {name.decode(): value.decode() for name, value in messages[0]["headers"]},
    )


def codes_of(tab: Tab) -> list[str]:
    return [call["code"] for call in tab.component_calls]


def test_a_code_is_worth_its_token_once() -> None:
    code = mint(TOKEN)
    assert redeem(code) == TOKEN
    assert redeem(code) is None


def test_a_code_is_worth_nothing_after_half_a_minute(clock: Clock) -> None:
    code = mint(TOKEN)
    clock.forward(seconds=31)
    assert redeem(code) is None


@pytest.mark.parametrize("code", ["", "x", "A" * 43, "A" * 44, "\0" * 43, "ü" * 43])
def test_a_made_up_code_is_worth_nothing(code: str) -> None:
    mint(TOKEN)
    assert redeem(code) is None


def test_a_login_has_the_browser_fetch_the_cookie(
    tab: Tab, ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESSION_HOURS", "0.5")
    load_settings.cache_clear()
    (code,) = codes_of(tab.log_in(ann, PASSWORD))
    answer = send(code)
    assert answer.status == 204
    cookie = answer.cookie[load_settings().cookie_name]
    assert validate_session(cookie.value) == ann
    assert cookie["max-age"] == "1800"
    assert cookie["path"] == "/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert not cookie["secure"]
    assert answer.headers["cache-control"] == "no-store"


def test_the_page_never_has_the_token(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    token = tab.app.session_state["auth_claim"].token
    assert token not in str(tab.component_calls)


def test_on_https_the_cookie_is_for_this_host_and_https_only() -> None:
    answer = send(mint(TOKEN), origin="https://app.example.com", host="app.example.com")
    cookie = answer.cookie[f"__Host-{load_settings().cookie_name}"]
    assert cookie.value == TOKEN
    assert cookie["secure"]


def test_a_logout_has_the_browser_clear_the_cookie(ann: str) -> None:
    (code,) = codes_of(Tab(create_session(ann)).run().log_out())
    cookie = send(code).cookie[load_settings().cookie_name]
    assert cookie.value == ""
    assert cookie["max-age"] == "0"


def test_a_failed_login_fetches_nothing(tab: Tab, ann: str) -> None:
    assert codes_of(tab.log_in(ann, "wrong password")) == []


def test_another_connection_is_never_sent_the_code(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    tab.connect()
    assert codes_of(tab.run()) == []


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost:8502"])
def test_a_page_of_somebody_else_is_refused(origin: str | None) -> None:
    code = mint(TOKEN)
    assert send(code, origin=origin).status == 403
    assert redeem(code) == TOKEN


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_but_post_is_refused(method: str) -> None:
    answer = send(mint(TOKEN), method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_a_long_body_is_refused() -> None:
    assert send("A" * 257).status == 413


def test_a_used_code_sets_no_cookie() -> None:
    code = mint(TOKEN)
    send(code)
    answer = send(code)
    assert answer.status == 410
    assert "set-cookie" not in answer.headers
