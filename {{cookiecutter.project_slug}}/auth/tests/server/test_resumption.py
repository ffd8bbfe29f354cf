"""Who may resume a Streamlit session."""

from collections.abc import Callable
from typing import Any

import pytest

from auth.server.resumption import ResumptionGuard
from auth.sessions.tokens import hash_token
from auth.settings import load_settings
from auth.tests.asgi import Message, open_websocket
from auth.tests.conftest import Log
from auth.visitor import owners

OWNED = "id-of-a-session"
TOKEN = "t" * 86


class App:
    """What is behind the guard."""

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.headers: dict[str, str] = {}
        self.went_on = False
        self._meanwhile = meanwhile

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self._meanwhile()
        await send({"type": "websocket.accept"})
        self.went_on = True


def connect(app: App, session_id: str | None, *cookies: str) -> list[Message]:
    """Open a websocket through the guard, and return what is sent back."""
    entries = ["streamlit", "xsrf", *([session_id] if session_id else [])]
    headers = {"host": "app.example", "sec-websocket-protocol": ", ".join(entries)}
    if cookies:
        name = load_settings().cookie_name
        headers["cookie"] = "; ".join(f"{name}={cookie}" for cookie in cookies)
    return open_websocket(ResumptionGuard(app), headers)


@pytest.fixture(autouse=True)
def _owned_session(fresh_process: None) -> None:
    owners.own(OWNED, hash_token(TOKEN))


@pytest.mark.parametrize(
    "cookies", [[], [""], ["x" * 86], ["ü"], [TOKEN, "x" * 86]], ids=["none", "", "x", "ü", "two"]
)
def test_a_foreign_session_is_not_resumed_and_the_visitor_is_nobody(
    cookies: list[str], log: Log
) -> None:
    app = App()
    connect(app, OWNED, *cookies)
    assert app.headers["sec-websocket-protocol"] == "streamlit, xsrf"
    assert "cookie" not in app.headers
    assert log.lines[-1].startswith('event="cookie mismatch"')


def test_the_own_session_is_resumed() -> None:
    app = App()
    assert connect(app, OWNED, TOKEN) == [{"type": "websocket.accept"}]
    assert app.headers["sec-websocket-protocol"] == f"streamlit, xsrf, {OWNED}"
    assert TOKEN in app.headers["cookie"]


def test_a_session_without_a_login_is_resumed_by_nobody() -> None:
    app = App()
    connect(app, "id-of-nobodys-session", "x" * 86)
    assert app.headers["sec-websocket-protocol"] == "streamlit, xsrf"
    assert "cookie" in app.headers


def test_a_new_session_needs_no_owner() -> None:
    app = App()
    connect(app, None, "x" * 86)
    assert app.headers["sec-websocket-protocol"] == "streamlit, xsrf"
    assert "cookie" in app.headers


@pytest.mark.parametrize("owner_meanwhile", [None, hash_token("x" * 86)], ids=["none", "another"])
def test_a_session_that_changes_its_owner_in_the_last_moment_is_not_resumed(
    owner_meanwhile: str | None,
) -> None:
    app = App(lambda: owners.own(OWNED, owner_meanwhile))
    assert connect(app, OWNED, TOKEN) == [{"type": "websocket.close", "code": 1008}]
    assert not app.went_on
