"""Requests to an ASGI app, without a server."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers

from auth.server.visit import Visit

Message = MutableMapping[str, Any]
App = Callable[..., Awaitable[None]]


class Response:
    """What an app responded with.

    Attributes:
        status: The HTTP status.
        headers: The HTTP headers.
    """

    def __init__(self, start: Message) -> None:
        self.status: int = start["status"]
        self.headers = Headers(raw=start["headers"])


def request(
    app: App,
    method: str = "POST",
    path: str = "/",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    scheme: str = "http",
) -> Response:
    """Send a request to an app and return its response."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "query_string": b"",
        "scheme": scheme,
        "headers": _raw(headers or {}),
        "client": ("192.0.2.1", 1234),
    }
    received = {"type": "http.request", "body": body, "more_body": False}
    return Response(_run(app, scope, received)[0])


def open_websocket(app: App, headers: dict[str, str]) -> list[Message]:
    """Open a websocket to an app and return everything that the app sends."""
    subprotocols = headers.get("sec-websocket-protocol", "").split(",")
    scope = {
        "type": "websocket",
        "path": "/",
        "query_string": b"",
        "headers": _raw(headers),
        "client": ("192.0.2.1", 1234),
        "subprotocols": [entry.strip() for entry in subprotocols],
    }
    return _run(app, scope, {"type": "websocket.connect"})


def _run(app: App, scope: Message, received: Message) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return received

    async def send(message: Message) -> None:
        sent.append(message)

    async def serve() -> None:
        await Visit(app)(scope, receive, send)

    asyncio.run(serve())
    return sent


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
