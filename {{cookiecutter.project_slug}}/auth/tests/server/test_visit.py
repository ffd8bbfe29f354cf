"""What a request says of its visitor, as everything behind it reads it."""

import asyncio

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from auth.server.visit import Visit
from auth.tests.asgi import open_websocket


def host_of(origin: str | None, host: str) -> str | None:
    """Return the Host that Streamlit reads."""
    read: list[str | None] = []

    async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
        read.append(Headers(scope=scope).get("Host"))

    open_websocket(streamlit, {"Host": host} | ({"Origin": origin} if origin else {}))
    return read[0]


@pytest.mark.parametrize("host", ["app.example", "app.example:443", "APP.Example:443"])
def test_streamlit_reads_the_host_of_its_own_page_as_the_browser_says_it(host: str) -> None:
    assert host_of("https://app.example", host) == "app.example"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://app.example", "null", "http://[", None]
)
def test_of_any_other_page_it_reads_it_as_it_came(origin: str | None) -> None:
    assert host_of(origin, "app.example:443") == "app.example:443"


def test_the_start_of_the_server_is_no_visit() -> None:
    passed: list[Scope] = []

    async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope)

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    asyncio.run(Visit(streamlit)({"type": "lifespan"}, receive, send))
    assert passed == [{"type": "lifespan"}]
