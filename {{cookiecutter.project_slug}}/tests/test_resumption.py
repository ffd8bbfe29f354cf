"""Who may resume a Streamlit session."""

from collections.abc import MutableMapping
from typing import Any

import anyio
import pytest

from auth import resumption
from auth.resumption import ResumptionGuard
from auth.sessions import hash_token
from auth.settings import load_settings

OWNED = "id-of-a-session"
TOKEN = "t" * 43


@pytest.fixture(autouse=True)
def _owned_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumption, "_owners", {OWNED: hash_token(TOKEN)})


def passed_on(session_id: str | None, cookie: str | None) -> dict[str, str]:
    """Return the headers that the app gets of a connection."""
    entries = ["streamlit", "xsrf", *([session_id] if session_id else [])]
    headers = {"host": "app.example", "sec-websocket-protocol": ", ".join(entries)}
    if cookie is not None:
        headers["cookie"] = f"{load_settings().cookie_name}={cookie}"
    seen: dict[str, str] = {}

    async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        seen.update({name.decode(): value.decode() for name, value in scope["headers"]})

    scope: MutableMapping[str, Any] = {
        "type": "websocket",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("192.0.2.1", 1234),
    }
    anyio.run(ResumptionGuard(app), scope, lambda: None, lambda: None)
    return seen


@pytest.mark.parametrize("cookie", [None, "", "x" * 43, "ü"])
def test_a_foreign_session_is_not_resumed_and_the_visitor_is_nobody(
    cookie: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = passed_on(OWNED, cookie)
    assert headers["sec-websocket-protocol"] == "streamlit, xsrf"
    assert "cookie" not in headers
    assert 'event="cookie mismatch"' in capsys.readouterr().err


def test_the_own_session_is_resumed() -> None:
    headers = passed_on(OWNED, TOKEN)
    assert headers["sec-websocket-protocol"] == f"streamlit, xsrf, {OWNED}"
    assert TOKEN in headers["cookie"]


@pytest.mark.parametrize("session_id", [None, "id-of-nobodys-session"])
def test_what_has_no_owner_passes(session_id: str | None) -> None:
    headers = passed_on(session_id, "x" * 43)
    assert (session_id or "xsrf") in headers["sec-websocket-protocol"]
    assert "cookie" in headers
