"""What is loaded after the first page."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from auth.passwords import hashing
from auth.server.preloading import Preloading
from auth.tests.asgi import Message, open_websocket

ELEMENT = ForwardMsg()
ELEMENT.delta.new_element.text.body = "Hello"
END = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)


async def app(scope: Message, receive: Any, send: Any) -> None:
    """Send a page of one element."""
    await send({"type": "websocket.accept"})
    for message in (ELEMENT, END):
        await send({"type": "websocket.send", "bytes": message.SerializeToString()})


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What has been loaded."""
    loaded: list[str] = []
    monkeypatch.setattr(hashing, "get_ready", lambda: loaded.append("hashing"))
    return loaded


def test_what_the_first_login_needs_is_loaded_once_and_after_the_first_page(
    loaded: list[str],
) -> None:
    async def app_that_looks(scope: Message, receive: Any, send: Any) -> None:
        async def send_and_look(message: Message) -> None:
            assert loaded == []
            await send(message)

        await app(scope, receive, send_and_look)

    server = Preloading(app_that_looks)
    sent = open_websocket(server, {})
    assert [len(message.get("bytes", b"")) > 0 for message in sent] == [False, True, True]
    assert loaded == ["hashing"]
    server._app = app
    open_websocket(server, {})
    assert loaded == ["hashing"]


def test_a_password_can_be_checked_before_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_workers", ThreadPoolExecutor(1))
    hashing.get_ready()
    assert hashing.check_password("x", hashing.hash_password("x")).correct
