"""What the first login needs is loaded when the first page has been sent, and before it is asked for."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.passwords import hashing
from auth.visitor import messages


class Preloading:
    """Middleware that has it loaded by a thread: no visitor waits for it, the first one either."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._is_done = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def send_and_look(message: Message) -> None:
            await send(message)
            if not self._is_done and messages.ends_a_run(message.get("bytes") or b""):
                self._is_done = True
                hashing.get_ready()

        is_looking = scope["type"] == "websocket" and not self._is_done
        await self._app(scope, receive, send_and_look if is_looking else send)
