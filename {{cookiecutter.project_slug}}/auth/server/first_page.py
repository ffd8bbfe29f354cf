"""The first page's own address: Streamlit shows that page at "/" only.

At any other address without a page it shows the first page as well, under a window that
says "Page not found". Here that window is left out if the address is the first page's own.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth import handshake


class FirstPage:
    """Middleware that holds back "Page not found" until it is known which page is shown."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        address = ""
        held: Message | None = None

        async def receive_address() -> Message:
            nonlocal address
            message = await receive()
            if message.get("bytes"):
                address = handshake.asked_address(message["bytes"])
            return message

        async def send_in_time(message: Message) -> None:
            nonlocal address, held
            if address and message.get("bytes"):
                kind, is_shown = handshake.read_response(message["bytes"], address)
                if kind == "page_not_found":
                    held = message
                    return
                if kind == "navigation":
                    if held and not is_shown:
                        await send(held)
                    address, held = "", None
            await send(message)

        await self._app(scope, receive_address, send_in_time)
