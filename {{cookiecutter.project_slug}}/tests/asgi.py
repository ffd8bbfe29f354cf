"""Requests to an ASGI app, without a server."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import anyio
from starlette.datastructures import Headers

_Message = MutableMapping[str, Any]
_App = Callable[..., Awaitable[None]]


class Answer:
    """What an app answered.

    Attributes:
        status: The HTTP status.
        headers: The HTTP headers.
    """

    def __init__(self, start: _Message) -> None:
        self.status: int = start["status"]
        self.headers = Headers(raw=start["headers"])


def request(
    app: _App,
    method: str = "POST",
    path: str = "/",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    scheme: str = "http",
) -> Answer:
    """Send a request to an app and return its answer."""
    sent: list[_Message] = []

    async def receive() -> _Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: _Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "query_string": b"",
        "scheme": scheme,
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in (headers or {}).items()
        ],
        "client": ("192.0.2.1", 1234),
    }
    anyio.run(app, scope, receive, send)
    return Answer(sent[0])
