"""What a client that speaks to Streamlit without a browser gets from a running app."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLsRequest

from tests.conftest import Bake, OpenBrowser, environment_of
from tests.support.baking import BakedProject
from tests.support.raw_client import DEVICE_COOKIE, RawClient, raw_client
from tests.support.servers import AppServer

LOGIN_FORM = b"Log in"
SIGNED_IN = b"Signed in as"
FIGURES = b"figure 5"

# A page that takes its time, keeps figures and offers them for download when asked.
HOME = """import logging
import time

import streamlit as st


@st.cache_data(show_spinner=False)
def figures():
    logging.getLogger("auth").warning("figures were computed")
    return [f"figure {number}" for number in range(100)]


def report():
    logging.getLogger("auth").warning("the report was made")
    return b"figures of the quarter"


st.title("Home")
st.download_button("Get the report", report)
st.dataframe({"figure": range(100_000)}, lazy=True)
for figure in figures():
    st.write(figure)
    time.sleep(0.005)
"""
# What a browser may ask for besides a run of the script, and what does harm in a stranger's hands.
ASKED = {
    "clear_cache": BackMsg(clear_cache=True),
    "load_git_info": BackMsg(load_git_info=True),
    "stop_script": BackMsg(stop_script=True),
    "set_run_on_save": BackMsg(set_run_on_save=True),
    "file_urls_request": BackMsg(
        file_urls_request=FileURLsRequest(request_id="1", file_names=["a.txt"])
    ),
    "debug_shutdown_runtime": BackMsg(debug_shutdown_runtime=True),
    "debug_disconnect_websocket": BackMsg(debug_disconnect_websocket=True),
}


@pytest.fixture(scope="module")
def app(
    project: BakedProject, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[AppServer]:
    """The project with a page of figures, running."""
    copy = project.copy(tmp_path_factory.mktemp("app"))
    copy.write("views/home.py", HOME)
    with environment_of(project, request) as environment, copy.server(environment) as server:
        yield server


@pytest.fixture
def owner(app: AppServer) -> Iterator[RawClient]:
    """Somebody who is logged in as test1, with the page of figures before them."""
    with raw_client(app.url, DEVICE_COOKIE) as client:
        received = client.log_in("test1")
        assert SIGNED_IN in received
        yield client


@pytest.fixture
def ended(app: AppServer, project: BakedProject) -> Iterator[RawClient]:
    """Somebody with the page before them whose login has ended in another tab."""
    with raw_client(app.url, DEVICE_COOKIE) as client:
        client.log_in("test2")
        running = BakedProject(app.project, project.answers)
        running.manage("end-sessions", "test2", environment=app.environment)
        yield client


def secrets_in(received: bytes) -> set[bytes]:
    """Return what may be the token of a login, or the code for it."""
    return set(re.findall(rb"(?<![\w-])(?:[\w-]{43}|[\w-]{86})(?![\w-])", received))


def offered(client: RawClient) -> list[BackMsg]:
    """Return requests for what a page offers when it is asked: a download, and rows of a table."""
    requests = [BackMsg(), BackMsg()]
    elements = [message.delta.new_element for message in client.messages]
    download, table = (message.backend_operation_request for message in requests)
    (download.deferred_file.file_id,) = {
        element.download_button.deferred_file_id for element in elements
    } - {""}
    (table.dataframe_chunk.source_id,) = {
        element.dataframe.lazy_data.source_id for element in elements
    } - {""}
    table.dataframe_chunk.offset, table.dataframe_chunk.limit = 500, 100
    for operation in (download, table):
        operation.request_id, operation.session_id = "1", client.session_id
    return requests


def upload(app: AppServer, session_id: str, login: str = "", method: str = "PUT") -> int:
    """Change a file of a session, with the token that every visitor has: return the status.

    Args:
        app: The app.
        session_id: Streamlit's id of the session.
        login: The Cookie header of a login; "" for none.
        method: PUT to upload the file, DELETE to remove it.
    """
    with urllib.request.urlopen(f"{app.url}/_stcore/health") as response:
        cookie = response.headers["Set-Cookie"].split(";")[0]
    request = urllib.request.Request(
        f"{app.url}/_stcore/upload_file/{session_id}/a-file",
        data=b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\na\r\n--x--\r\n',
        method=method,
        headers={
            "Cookie": f"{cookie}; {login}" if login else cookie,
            "X-Xsrftoken": cookie.partition("=")[2],
            "Content-Type": "multipart/form-data; boundary=x",
        },
    )
    try:
        with urllib.request.urlopen(request) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_whoever_resumes_a_session_that_is_being_answered_gets_neither_page_nor_login(
    app: AppServer,
) -> None:
    for _ in range(4):
        with raw_client(app.url, DEVICE_COOKIE) as owner:
            owner.run_script()
            session_id = owner.session_id
            owner.start_script("", *owner.filled_form("test1", "test1"))
            owner.receive()
            with raw_client(app.url, resume=session_id) as thief:
                stolen = thief.receive_for(0.3) + thief.run_script()
                assert thief.session_id != session_id
            received = owner.receive_until(b"figure 99")
        assert FIGURES in received
        assert FIGURES not in stolen
        assert SIGNED_IN not in stolen
        assert secrets_in(received)
        assert not secrets_in(received) & secrets_in(stolen)


def test_what_is_on_its_way_to_somebody_reaches_nobody_else(
    app: AppServer, owner: RawClient
) -> None:
    for _ in range(10):
        owner.start_script()
        owner.receive_until(b"figure 9")
        with raw_client(app.url, resume=owner.session_id) as thief:
            assert FIGURES not in thief.receive_for(0.2)
            assert thief.session_id != owner.session_id
        owner.receive_until(b"figure 99")


@pytest.mark.parametrize("kind", ASKED)
def test_a_stranger_may_ask_for_nothing_but_a_run(app: AppServer, kind: str) -> None:
    with raw_client(app.url) as stranger:
        stranger.run_script()
        stranger.receive_for(0.3)
        stranger.send(ASKED[kind])
        assert not stranger.receive_for(0.3)
        assert LOGIN_FORM in stranger.run_script()
    assert f'event="request refused" reason={kind} address=' in app.log


def test_a_stranger_cannot_clear_the_caches_of_everybody(app: AppServer, owner: RawClient) -> None:
    before = app.log.count("figures were computed")
    with raw_client(app.url) as stranger:
        stranger.run_script()
        stranger.send(ASKED["clear_cache"])
        stranger.run_script()
    owner.run_script()
    assert app.log.count("figures were computed") == before
    owner.send(ASKED["clear_cache"])
    owner.run_script()
    assert app.log.count("figures were computed") == before + 1


def test_what_a_page_offers_is_for_its_own_user(app: AppServer, owner: RawClient) -> None:
    requests = offered(owner)
    before = app.log.count("the report was made")
    with raw_client(app.url) as stranger:
        stranger.run_script()
        stranger.receive_for(0.3)
        for request in requests:
            stranger.send(request)
        assert not stranger.receive_for(0.5)
    assert app.log.count("the report was made") == before
    download, table = requests
    owner.receive_for(0.3)
    owner.send(download)
    owner.receive()
    assert owner.messages[-1].backend_operation_response.deferred_file.url
    owner.send(table)
    owner.receive()
    assert owner.messages[-1].backend_operation_response.dataframe_chunk.arrow_data


def test_what_a_page_offers_ends_with_the_login(app: AppServer, ended: RawClient) -> None:
    before = app.log.count("the report was made")
    ended.receive_for(0.3)
    for request in [*offered(ended), *ASKED.values()]:
        ended.send(request)
    assert not ended.receive_for(0.5)
    assert app.log.count("the report was made") == before
    assert LOGIN_FORM in ended.run_script()


def test_uploads_are_for_the_browser_whose_session_it_is(
    app: AppServer, ended: RawClient, open_browser: OpenBrowser
) -> None:
    own, other = (open_browser()().open(app.url) for _ in range(2))
    for tab in (own, other):
        tab.log_in("test1")
        tab.sees_user("test1")
    with raw_client(app.url) as stranger:
        stranger.run_script()
        assert upload(app, stranger.session_id, own.cookie_header) == 403
    assert upload(app, ended.session_id, own.cookie_header) == 403
    with raw_client(app.url, own.cookie_header) as owner:
        owner.run_script()
        for method in ("PUT", "DELETE"):
            assert upload(app, owner.session_id, own.cookie_header, method) == 204
            assert upload(app, owner.session_id, other.cookie_header, method) == 403
            assert upload(app, owner.session_id, "", method) == 403


def test_nobody_writes_lines_into_the_log(app: AppServer, owner: RawClient) -> None:
    forged = "1\ntime=2026-01-01T00:00:00Z level=INFO logger=auth event=login user=forged"
    request = BackMsg()
    request.backend_operation_request.request_id = forged
    request.backend_operation_request.deferred_file.file_id = forged
    urls = BackMsg()
    urls.file_urls_request.request_id = forged
    with raw_client(app.url) as stranger:
        for client in (stranger, owner):
            client.run_script()
            client.start_script(fragment=forged)
            client.send(request)
            client.send(urls)
            client.run_script()
    assert "user=forged" not in app.log


def test_a_flood_of_refused_requests_is_one_line(app: AppServer) -> None:
    with raw_client(app.url) as stranger:
        for _ in range(50):
            stranger.send(ASKED["set_run_on_save"])
        stranger.run_script()
    assert app.log.count('event="request refused" reason=set_run_on_save') == 1


def test_a_fragment_is_a_run_of_the_script_for_a_stranger(app: AppServer) -> None:
    with raw_client(app.url) as stranger:
        stranger.run_script()
        received = stranger.run_script(fragment="0" * 32)
    assert LOGIN_FORM in received
    assert SIGNED_IN not in received


def test_a_stranger_learns_nothing_of_a_page_but_its_address(
    bake: Bake, project: BakedProject, request: pytest.FixtureRequest
) -> None:
    private = bake(**project.answers, pages="🎪 Circus, 🦑 Squid")
    with environment_of(private, request) as environment, private.server(environment) as server:
        with raw_client(server.url) as stranger:
            received = stranger.run_script("squid") + stranger.run_script("nowhere")
        with raw_client(server.url) as client:
            assert b"Squid" in client.log_in("test1", "squid")
    assert LOGIN_FORM in received
    for told in ("Circus", "Squid", "🎪", "🦑", str(private.path)):
        assert told.encode() not in received


def test_a_visitor_is_not_shown_the_source_of_an_error(
    project: BakedProject, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    copy = project.copy(tmp_path)
    copy.write("main.py", "the_plan = (\n")
    with (
        environment_of(copy, request) as environment,
        copy.server(environment) as server,
        raw_client(server.url) as stranger,
    ):
        stranger.start_script()
        received = stranger.receive_until(b"Its log says where.")
    for told in ("the_plan", str(copy.path)):
        assert told.encode() not in received


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/sessions"])
def test_what_goes_around_the_wall_is_closed(app: AppServer, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(app.url + path)
