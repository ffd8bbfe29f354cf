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

from auth import clock, create_session, destroy_session, stores
from auth.gate import claims
from auth.login import one_time
from auth.records import Found, StoreUnavailableError
from auth.server import wall
from auth.server.visit import Visit
from auth.server.wall import Wall
from auth.sessions.tokens import hash_token
from auth.settings import load_settings
from auth.stores.interface import Store
from auth.tests.asgi import Message, open_websocket, request
from auth.tests.conftest import Log
from auth.tests.tab import Tab
from auth.users import directory
from auth.visitor import connections, handshake, internals, owners
from auth.visitor.connections import Connection, LookUp
from auth.visitor.internals import hidden

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


def through(*messages: BackMsg | bytes | str, token: str | None = None) -> list[BackMsg]:
    """Send messages of a browser through the wall, and return those that Streamlit reads.

    Args:
        messages: The messages; a text is a text frame.
        token: That of the login that the gate has admitted the connection with.
    """
    read, sent = conversation(*messages, token=token)
    assert sent == []
    return read


def closed_by(*messages: BackMsg | bytes | str, token: str | None = None) -> int:
    """Send messages that end the connection, and return with which code it was closed."""
    _, sent = conversation(*messages, token=token)
    (message,) = sent
    assert message["type"] == "websocket.close"
    return int(message["code"])


def conversation(
    *messages: BackMsg | bytes | str, token: str | None
) -> tuple[list[BackMsg], list[Message]]:
    """Return what Streamlit reads of messages, and what the browser is sent."""
    read: list[BackMsg] = []
    sent: list[Message] = []
    waiting = [frame(message) for message in messages] + [{"type": "websocket.disconnect"}]

    async def streamlit(scope: Message, receive: Callable[[], Any], send: Any) -> None:
        if token:
            of_handshake(scope).login = hash_token(token)
        while (received := await receive())["type"] == "websocket.receive":
            read.append(BackMsg.FromString(received["bytes"]))
        await send({"type": "websocket.send", "bytes": b""})

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "websocket.close":
            sent.append(message)

    scope = {
        "type": "websocket",
        "path": "/_stcore/stream",
        "headers": [(b"sec-websocket-key", KEY.encode())],
        "client": ("192.0.2.1", 1),
    }
    asyncio.run(Visit(Wall(streamlit))(scope, receive, send))
    return read, sent


def frame(message: BackMsg | bytes | str) -> Message:
    if isinstance(message, str):
        return {"type": "websocket.receive", "text": message}
    data = message if isinstance(message, bytes) else message.SerializeToString()
    return {"type": "websocket.receive", "bytes": data}


def of_handshake(scope: Message) -> Connection:
    """Return the connection that the gate finds for the handshake that Streamlit sees."""
    return connections.find(dict(scope["headers"])[b"sec-websocket-key"].decode())


def run_of(fragment: str = "", page: str = "about") -> BackMsg:
    return BackMsg(rerun_script=ClientState(fragment_id=fragment, page_name=page))


def run_with(name: str, **value: Any) -> BackMsg:
    """Return a run of the script with the value of a widget of the login's."""
    message = run_of()
    message.rerun_script.widget_states.widgets.add(id=f"$$ID-1-{hidden(name)}", **value)
    return message


@pytest.mark.parametrize("message", HARMFUL, ids=kind)
def test_a_stranger_may_not(message: BackMsg, log: Log) -> None:
    assert through(message, message) == []
    assert log.lines == [f'event="request refused" reason={kind(message)} address=192.0.2.1']


def test_a_stranger_may_have_the_script_run() -> None:
    message = run_of()
    message.rerun_script.query_string = "a=1"
    message.rerun_script.context_info.timezone = "Europe/Berlin"
    message.rerun_script.cached_message_hashes.append("hash")
    message.rerun_script.widget_states.widgets.add(id="of a public page", int_value=1)
    assert through(message) == [message]


def test_a_fragment_for_a_stranger_is_a_run_of_the_script() -> None:
    assert through(run_of("of a page")) == [run_of()]


def test_what_a_later_streamlit_might_do_on_request_is_not_passed_on() -> None:
    unknown = b"\xfa\x3f\x01x"  # field 1023
    message = BackMsg.FromString(run_of().SerializeToString() + unknown)
    message.rerun_script.MergeFromString(unknown)
    assert message != run_of()
    assert through(message) == [run_of()]


def test_a_fragment_of_a_public_page_runs_for_a_stranger() -> None:
    async def streamlit(scope: Message, receive: Callable[[], Any], send: Any) -> None:
        connection = of_handshake(scope)
        data = run_of("of a public page").SerializeToString()
        connection.sees_public = True
        assert await wall._passed(connection, data) == data
        connection.login = "hash"  # of a login that is over
        assert await wall._passed(connection, data) == run_of().SerializeToString()

    open_websocket(Wall(streamlit), {})


def test_somebody_who_comes_back_to_their_session_goes_on_without_a_run(ann: str) -> None:
    token = create_session(ann)
    owners.own("session", hash_token(token))
    logins: list[str | None] = []

    async def streamlit(scope: Message, receive: Any, send: Any) -> None:
        logins.append(of_handshake(scope).login)

    for session_id in ("session", "another"):
        protocol = {"Sec-WebSocket-Protocol": f"streamlit, xsrf, {session_id}"}
        open_websocket(Wall(streamlit), protocol)
    assert logins == [hash_token(token), None]


def test_a_heartbeat_is_for_everybody() -> None:
    assert through(BackMsg(app_heartbeat=True)) == [BackMsg(app_heartbeat=True)]


@pytest.mark.parametrize("message", [*HARMFUL, run_of("of a page")], ids=kind)
def test_whoever_the_gate_has_admitted_may(message: BackMsg, ann: str) -> None:
    assert through(message, token=create_session(ann)) == [message]


@pytest.mark.parametrize("message", HARMFUL, ids=kind)
def test_whose_login_has_ended_may_not_any_more(message: BackMsg, ann: str) -> None:
    token = create_session(ann)
    destroy_session(token)
    assert through(message, run_of("of a page"), token=token) == [run_of()]


def test_a_click_of_somebody_whose_login_has_ended_calls_nothing(ann: str) -> None:
    token = create_session(ann)
    click = run_of()
    click.rerun_script.widget_states.widgets.add(id="a button", trigger_value=True)
    assert through(click, token=token) == [click]
    directory.disable_user(ann)
    assert through(click, click, token=token) == [run_of(), run_of()]


@pytest.mark.parametrize(
    ("widget", "text"),
    [("text", "a" * 2**20), (f"$$ID-0-{hidden('auth_new_username')}", "a")],
    ids=["much", "what only the login's own pages have"],
)
def test_whatever_a_page_holds_the_end_of_a_login_shows(ann: str, widget: str, text: str) -> None:
    token = create_session(ann)
    destroy_session(token)
    message = run_of()
    message.rerun_script.widget_states.widgets.add(id=widget, string_value=text)
    assert through(message, token=token) == [run_of()]


def test_what_the_store_said_before_a_logout_is_not_believed_after_it(ann: str) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    connection = connections.find(tab.connection.headers["Sec-Websocket-Key"])

    def ask(message: BackMsg) -> None:
        asyncio.run(wall._passed(connection, message.SerializeToString()))

    ask(run_of())
    assert connection.found is not None
    ask(BackMsg(app_heartbeat=True))
    destroy_session(token)
    ask(run_of())
    assert connection.found is None
    assert tab.run().shows_login_form


def test_what_the_store_said_of_another_login_is_not_believed(ann: str, bob: str) -> None:
    tab = Tab(create_session(ann)).run()
    connection = connections.find(tab.connection.headers["Sec-Websocket-Key"])
    of_bob = hash_token(create_session(bob))
    connection.found = LookUp(clock.now(), of_bob, Found(directory.get(bob), clock.now()))
    assert tab.run().user == ann


def test_somebody_with_a_one_time_password_may_fill_in_a_form_and_no_more(boss: str) -> None:
    one_time.reset_password(boss)
    token = create_session(boss)
    form = run_with("auth_chosen_password", string_value="a new password")
    assert through(form, BackMsg(clear_cache=True), token=token) == [form]


def test_while_the_store_fails_nobody_may(
    ann: str, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    def fail() -> NoReturn:
        raise StoreUnavailableError("no answer")

    token = create_session(ann)
    monkeypatch.setattr(stores, "current", fail)
    assert through(BackMsg(clear_cache=True), token=token) == []
    outage_line = 'event="store unavailable" reason="no answer" address=192.0.2.1'
    assert outage_line in log.lines


def test_the_store_is_asked_once_for_a_click(
    ann: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(create_session(ann)).run()
    connection = connections.find(tab.connection.headers["Sec-Websocket-Key"])
    asked = count_calls(store, monkeypatch)
    asyncio.run(wall._passed(connection, run_of().SerializeToString()))
    tab.run()
    assert len(asked) == 1


def count_calls(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note from now on which sessions a store is asked for."""
    asked: list[str] = []
    find = store.sessions.find

    def note(token_hash: str) -> Any:
        asked.append(token_hash)
        return find(token_hash)

    monkeypatch.setattr(store.sessions, "find", note)
    return asked


def test_an_id_that_cannot_stand_in_a_log_is_for_nobody(ann: str, log: Log) -> None:
    assert through(run_of("a\nb"), token=create_session(ann)) == []
    assert log.lines[-1] == 'event="request refused" reason="unprintable id" address=192.0.2.1'


@pytest.mark.parametrize(
    "message",
    [
        run_with("auth_username", arrow_value={"data": b"x"}),
        run_with("auth_username", trigger_value=True),
        run_with("auth_password", bytes_value=b"x"),
        run_with("auth_log_in", string_value="x"),
        run_with("auth_cookie", json_value="{"),
        run_with("auth_cookie", json_value="[" * 10_000),
        run_with("auth_cookie@0a1b2c", json_value='"found"'),
        run_with("", json_value="{"),
    ],
)
def test_a_value_that_a_widget_of_the_login_cannot_have_is_for_nobody(
    message: BackMsg, log: Log
) -> None:
    assert through(message) == []
    assert log.lines[-1] == 'event="request refused" reason="broken value" address=192.0.2.1'


@pytest.mark.parametrize(
    "message",
    [
        run_with("auth_username", string_value="ann"),
        run_with("auth_log_in", trigger_value=True),
        run_with("auth_cookie", json_value='{"found": "token"}'),
    ],
)
def test_what_a_person_types_and_clicks_is_passed_on(message: BackMsg) -> None:
    assert through(message) == [message]


def test_what_a_person_sends_to_a_page_is_not_looked_into(ann: str) -> None:
    message = run_of()
    message.rerun_script.widget_states.widgets.add(id="of a page", json_value="{" * 10_000)
    assert through(message, token=create_session(ann)) == [message]


@pytest.mark.parametrize(
    ("message", "code", "reason"),
    [
        ("a text", 1003, "text"),
        (b"\xff\xff", 1002, '"no message"'),
        (b"\0" * 2**20, 1009, "size"),
        (run_with("auth_username", string_value="a" * 2**18).SerializeToString(), 1009, "size"),
    ],
    ids=["text", "no message", "much", "much in a field"],
)
def test_what_no_browser_sends_ends_the_connection_with_one_line(
    message: bytes | str, code: int, reason: str, log: Log
) -> None:
    assert closed_by(message) == code
    assert closed_by(message) == code
    assert log.lines == [f'event="request refused" reason={reason} address=192.0.2.1']


def test_somebody_who_is_logged_in_may_send_as_much_as_streamlit_takes(ann: str) -> None:
    token = create_session(ann)
    message = run_with("auth_username", string_value="a" * 2**19)
    assert through(message, token=token) == [message]
    internals_limit = internals.get_max_message()
    assert closed_by(b"\0" * (internals_limit + 1), token=token) == 1009


@pytest.mark.parametrize("what", ["widgets", "hashes"])
def test_a_stranger_has_streamlit_go_through_no_more_than_a_page_has(
    what: str, ann: str, log: Log
) -> None:
    message = run_of()
    for number in range(2001):
        if what == "hashes":
            message.rerun_script.cached_message_hashes.append(f"{number}")
        elif number <= 500:
            message.rerun_script.widget_states.widgets.add(id=f"{number}")
    assert through(message) == []
    assert log.lines == [f'event="request refused" reason="many {what}" address=192.0.2.1']
    assert through(message, token=create_session(ann)) == [message]


def test_messages_that_ask_for_nothing_are_dropped(log: Log) -> None:
    assert through(b"", b"", run_of()) == [run_of()]
    assert log.lines == ['event="request refused" reason="no request" address=192.0.2.1']


def test_a_closed_connection_is_forgotten(ann: str) -> None:
    through(run_of(), token=create_session(ann))
    assert connections._open == {}


def test_a_run_after_the_end_of_its_connection_keeps_nothing(ann: str) -> None:
    through(run_of())
    connection = connections.find(KEY)
    claims.hold(hash_token(create_session(ann)), connection)
    assert connections._open == {}
    assert connections.find(KEY).login is None


def test_the_key_of_the_browser_goes_no_further() -> None:
    seen: list[bytes] = []

    async def streamlit(scope: Message, receive: Any, send: Any) -> None:
        seen.append(dict(scope["headers"])[b"sec-websocket-key"])

    for _ in range(2):
        open_websocket(Wall(streamlit), {"Sec-WebSocket-Key": KEY})
    assert KEY.encode() not in seen
    assert len({*seen}) == 2


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


def status(method: str, path: str, token: str = "") -> int:
    cookie = {"Cookie": f"{load_settings().cookie_name}={token}"} if token else {}
    return request(Wall(streamlit_http), method, path, headers=cookie).status


@pytest.mark.parametrize(
    "path",
    [
        *("/_stcore/metrics", "/base/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/"),
        *("/_stcore/health/x", "/_stcore/something-new"),
    ],
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


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/about", "/media/a.png", "/_stcore/health", "/base/_stcore/host-config"),
        *("/_stcore/script-health-check", "/_stcore/bidi-components/a/b.js"),
    ],
)
def test_what_everybody_needs_is_open(path: str) -> None:
    assert status("GET", path) == 204


UPLOAD = "/base/_stcore/upload_file/session/file"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "GET"])
def test_uploads_are_for_the_browser_whose_login_is_that_of_the_session(
    method: str, ann: str, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(internals, "has_session", "session".__eq__)
    token = create_session(ann)
    assert status(method, UPLOAD, token) == 403  # A session of nobody's.
    assert log.lines[-1] == 'event="request refused" reason=upload address=192.0.2.1'
    owners.own("session", hash_token(token))
    assert status(method, UPLOAD, token) == 204
    assert status(method, UPLOAD) == 403
    assert status(method, UPLOAD, create_session(ann)) == 403
    destroy_session(token)
    assert status(method, UPLOAD, token) == 403
    assert status("OPTIONS", UPLOAD) == 204


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
