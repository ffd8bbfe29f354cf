"""The first page's own address."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash

from auth.server.first_page import FirstPage
from tests.asgi import Message, request

PAGES: Final = ["", "about"]


def kinds_sent(address: str, shown: str, runs: int = 1) -> list[str]:
    """Return what a browser is sent that asks for an address, when Streamlit shows a page."""
    asked = BackMsg(rerun_script=ClientState(page_name=address)).SerializeToString()
    not_found, navigation, finished = ForwardMsg(), ForwardMsg(), ForwardMsg()
    finished.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    not_found.page_not_found.page_name = ""
    navigation.navigation.page_script_hash = calc_hash(shown)
    sent: list[str] = []

    async def streamlit(scope: Message, receive: Callable[[], Any], send: Any) -> None:
        await send({"type": "websocket.accept"})
        for _ in range(runs):
            await receive()
            is_found = address in PAGES  # To Streamlit, the first page has no address but "/".
            for message in [*([] if is_found else [not_found]), navigation, finished]:
                await send({"type": "websocket.send", "bytes": message.SerializeToString()})

    async def receive() -> Message:
        return {"type": "websocket.receive", "bytes": asked}

    async def send(message: Message) -> None:
        if data := message.get("bytes"):
            sent.append(str(ForwardMsg.FromString(data).WhichOneof("type")))

    async def serve() -> None:
        await FirstPage(streamlit)({"type": "websocket"}, receive, send)

    asyncio.run(serve())
    return sent


@pytest.mark.parametrize(("address", "shown"), [("", "home"), ("home", "home"), ("about", "about")])
def test_no_window_stands_over_a_page_that_was_asked_for(address: str, shown: str) -> None:
    assert kinds_sent(address, shown, runs=2) == ["navigation", "script_finished"] * 2


def test_an_address_without_a_page_is_still_not_found() -> None:
    found = ["page_not_found", "navigation", "script_finished"]
    assert kinds_sent("nowhere", "home", runs=2) == found * 2


def test_what_is_no_message_of_a_browser_is_left_to_streamlit() -> None:
    read: list[bytes] = []

    async def streamlit(scope: Message, receive: Callable[[], Any], send: Any) -> None:
        read.append((await receive())["bytes"])

    async def receive() -> Message:
        return {"type": "websocket.receive", "bytes": b"\xff"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    async def serve() -> None:
        await FirstPage(streamlit)({"type": "websocket"}, receive, send)

    asyncio.run(serve())
    assert read == [b"\xff"]


def test_requests_pass() -> None:
    async def app(scope: Message, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})

    assert request(FirstPage(app), "GET", "/home").status == 204
