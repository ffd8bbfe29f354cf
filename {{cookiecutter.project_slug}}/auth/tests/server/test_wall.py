"""The wall: what passes, for whom."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, NoReturn

import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import (
    BackendOperationRequest,
    BackMsg,
    DataframeChunkRequestPayload,
    DeferredFileRequestPayload,
    InstallSkillsRequestPayload,
)
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLsRequest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from auth import create_session, destroy_session, stores
from auth.records import StoreUnavailableError
from auth.server.visit import Visit
from auth.server.wall import Wall
from auth.sessions.tokens import hash_token
from auth.tests.asgi import Message, open_websocket, request
from auth.tests.conftest import Log
from auth.visitor import admissions, handshake, internals

KEY: Final = "key of a connection"
HARMFUL: Final = [
    BackMsg(clear_cache=True),
    BackMsg(load_git_info=True),
    BackMsg(stop_script=True),
    BackMsg(set_run_on_save=True),
    BackMsg(file_urls_request=FileURLsRequest(request_id="1")),
    BackMsg(
        backend_operation_request=BackendOperationRequest(
            deferred_file=DeferredFileRequestPayload(file_id="1")
        )
    ),
    BackMsg(
        backend_operation_request=BackendOperationRequest(
            dataframe_chunk=DataframeChunkRequestPayload()
        )
    ),
    BackMsg(
        backend_operation_request=BackendOperationRequest(
            install_skills=InstallSkillsRequestPayload()
        )
    ),
    BackMsg(debug_shutdown_runtime=True),
]


def kind(message: BackMsg) -> str:
    return str(message.WhichOneof("type"))


def through(*messages: BackMsg) -> list[BackMsg]:
    """Send messages of a browser through the wall, and return those that Streamlit reads."""
    read: list[BackMsg] = []
    waiting: list[Message] = [
        {"type": "websocket.receive", "bytes": message.SerializeToString()} for message in messages
    ]
    waiting.append({"type": "websocket.disconnect"})

    async def streamlit(scope: Message, receive: Callable[[], Any], send: Any) -> None:
        while (received := await receive())["type"] == "websocket.receive":
            read.append(BackMsg.FromString(received["bytes"]))

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        raise AssertionError(message)

    scope = {
        "type": "websocket",
        "path": "/_stcore/stream",
        "headers": [(b"sec-websocket-key", KEY.encode())],
        "client": ("192.0.2.1", 1),
    }
    asyncio.run(Visit(Wall(streamlit))(scope, receive, send))
    return read


def run_of(fragment: str = "", page: str = "about") -> BackMsg:
    return BackMsg(rerun_script=ClientState(fragment_id=fragment, page_name=page))


def admit(token: str) -> None:
    admissions.admit(admissions.connection_name(KEY), hash_token(token))


@pytest.mark.parametrize("message", HARMFUL, ids=kind)
def test_a_stranger_may_not(message: BackMsg, log: Log) -> None:
    assert through(message, message) == []
    assert log.lines == [f'event="request refused" reason={kind(message)} address=192.0.2.1']


def test_a_stranger_may_have_the_script_run() -> None:
    assert through(run_of()) == [run_of()]


def test_a_fragment_for_a_stranger_is_a_run_of_the_script() -> None:
    assert through(run_of("of a page")) == [run_of()]


def test_a_heartbeat_is_for_everybody() -> None:
    assert through(BackMsg(app_heartbeat=True)) == [BackMsg(app_heartbeat=True)]


@pytest.mark.parametrize("message", [*HARMFUL, run_of("of a page")], ids=kind)
def test_whoever_the_gate_has_admitted_may(message: BackMsg, ann: str) -> None:
    admit(create_session(ann))
    assert through(message) == [message]


@pytest.mark.parametrize("message", HARMFUL, ids=kind)
def test_whose_login_has_ended_may_not_any_more(message: BackMsg, ann: str) -> None:
    token = create_session(ann)
    admit(token)
    destroy_session(token)
    assert through(message, run_of("of a page")) == [run_of()]


def test_while_the_store_fails_nobody_may(
    ann: str, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    def fail() -> NoReturn:
        raise StoreUnavailableError("no answer")

    admit(create_session(ann))
    monkeypatch.setattr(stores, "current", fail)
    assert through(BackMsg(clear_cache=True)) == []
    outage_line = 'event="store unavailable" reason="no answer" address=192.0.2.1'
    assert outage_line in log.lines


def test_an_id_that_cannot_stand_in_a_log_is_for_nobody(ann: str, log: Log) -> None:
    admit(create_session(ann))
    assert through(run_of("a\nb")) == []
    assert log.lines[-1] == 'event="request refused" reason="unprintable id" address=192.0.2.1'


@pytest.mark.parametrize("value", ["{", "", "[" * 10_000], ids=["cut", "empty", "deep"])
@pytest.mark.parametrize("kind", ["json_value", "json_trigger_value"])
def test_a_value_that_a_component_cannot_have_sent_is_for_nobody(
    kind: str, value: str, ann: str, log: Log
) -> None:
    admit(create_session(ann))
    message = run_of()
    message.rerun_script.widget_states.widgets.add(id="1", **{kind: value})
    assert through(message) == []
    assert log.lines[-1] == 'event="request refused" reason="broken value" address=192.0.2.1'


def test_what_a_component_has_sent_is_passed_on(ann: str) -> None:
    admit(create_session(ann))
    message = run_of()
    message.rerun_script.widget_states.widgets.add(id="1", json_value='{"a": 1}')
    assert through(message) == [message]


def test_what_is_no_message_is_left_to_streamlit() -> None:
    sent: list[bytes] = []
    waiting: list[Message] = [{"type": "websocket.receive", "bytes": b"\xff\xff"}]

    async def streamlit(scope: Message, receive: Callable[[], Any], send: Any) -> None:
        sent.append((await receive())["bytes"])

    async def receive() -> Message:
        return waiting.pop(0)

    scope: Message = {"type": "websocket", "headers": [], "client": None}
    asyncio.run(Visit(Wall(streamlit))(scope, receive, receive))  # type: ignore[arg-type]
    assert sent == [b"\xff\xff"]


def test_a_closed_connection_is_forgotten(ann: str) -> None:
    admit(create_session(ann))
    through(run_of())
    assert admissions.admitted_with(admissions.connection_name(KEY)) is None


@pytest.mark.parametrize("kind", ["navigation", "new_session"])
def test_a_browser_is_not_told_the_titles_of_the_pages(kind: str) -> None:
    sent: list[Message] = []

    async def streamlit(scope: Message, receive: Any, send: Callable[[Message], Any]) -> None:
        await send({"type": "websocket.accept"})
        message = ForwardMsg()
        getattr(message, kind).app_pages.add(page_name="Secret plans")
        await send({"type": "websocket.send", "bytes": message.SerializeToString()})

    async def receive() -> NoReturn:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Message = {"type": "websocket", "headers": [], "client": None}
    asyncio.run(Visit(Wall(streamlit))(scope, receive, send))
    assert sent[0] == {"type": "websocket.accept"}
    assert b"Secret" not in sent[1]["bytes"]


async def never(scope: Message, receive: Any, send: Callable[[Message], Any]) -> None:
    raise AssertionError("Streamlit was asked")


async def streamlit_http(scope: Message, receive: Any, send: Callable[[Message], Any]) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})


def status(method: str, path: str) -> int:
    return request(Wall(streamlit_http), method, path).status


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/base/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/agent/interact"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_goes_around_the_wall_is_closed_and_logged(method: str, path: str, log: Log) -> None:
    assert status(method, path) == 403
    assert log.lines == ['event="request refused" reason="closed route" address=192.0.2.1']


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://app.example.evil.example", "null", "http://["]
)
def test_a_websocket_of_another_site_is_refused_and_logged(origin: str, log: Log) -> None:
    headers = {"Origin": origin, "Host": "app.example"}
    sent = open_websocket(Wall(never), headers)
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert log.lines == ['event="request refused" reason=origin address=192.0.2.1']


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example:8501",
        "http://localhost:3000",
        "http://10.0.0.1",
        "http://0.0.0.0",
        None,
    ],
)
def test_a_websocket_of_the_apps_own_page_is_not(
    origin: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(internals, "get_internal_ip", lambda: "10.0.0.1")
    assert not handshake.is_foreign(origin, "app.example:8501")


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("https://app.example", "app.example:443", True),
        ("http://app.example", "app.example:80", True),
        ("https://app.example:443", "App.Example", True),
        ("https://app.example:8443", "APP.EXAMPLE:8443", True),
        ("https://[2001:db8::1]", "[2001:DB8::1]:443", True),
        ("http://[2001:db8::1]:8501", "[2001:db8::1]:8501", True),
        ("https://app.example", "app.example:80", False),
        ("http://app.example", "app.example:443", False),
        ("https://app.example", "app.example:8443", False),
        ("https://[2001:db8::1]", "[2001:db8::2]", False),
        ("https://app.example", "app.example:port", False),
        ("null", "null", False),
        ("https://", "", False),
    ],
)
def test_a_port_that_goes_without_saying_may_be_said(origin: str, host: str, is_own: bool) -> None:
    assert handshake.is_origin_of(origin, host) == is_own
    assert handshake.is_foreign(origin, host) != is_own


def test_settings_of_streamlit_name_other_sites_that_may_open_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = {
        "server.enableCORS": True,
        "server.corsAllowedOrigins": ["https://host.example", " Other.example"],
        "browser.serverAddress": "App.example/path",
    }
    monkeypatch.setattr(st, "get_option", options.get)
    for origin in ("https://host.example", "https://other.example", "https://app.example"):
        assert not handshake.is_foreign(origin, "127.0.0.1:8501")
    assert handshake.is_foreign("https://evil.example", "127.0.0.1:8501")
    options["server.enableCORS"] = False
    assert not handshake.is_foreign("https://evil.example", "127.0.0.1:8501")


@pytest.mark.parametrize("path", ["/", "/about", "/_stcore/health", "/media/a.png"])
def test_what_everybody_needs_is_open(path: str) -> None:
    assert status("GET", path) == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_uploads_are_for_a_session_whose_login_is_alive(
    method: str, ann: str, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(internals, "has_session", "session".__eq__)
    path = "/base/_stcore/upload_file/session/file"
    assert status(method, path) == 403
    assert log.lines[-1] == 'event="request refused" reason=upload address=192.0.2.1'
    token = create_session(ann)
    admissions.own("session", hash_token(token))
    assert status(method, path) == 204
    destroy_session(token)
    assert status(method, path) == 403
    assert status("OPTIONS", path) == 204


def test_an_upload_for_a_session_of_another_server_tells_the_owner_what_to_do(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(internals, "has_session", "session".__eq__)
    assert status("PUT", "/_stcore/upload_file/elsewhere/file") == 403
    (line,) = log.lines
    assert line.startswith('event="upload misdirected" reason="')
    assert (
        "with several servers, the proxy has to send a browser to the same one every time" in line
    )
