"""What a client that speaks to Streamlit without a browser can do with the login itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.proto.Common_pb2 import StringTriggerValue
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.conftest import environment_of
from tests.support.baking import BakedProject
from tests.support.raw_client import DEVICE_COOKIE, RawClient, raw_client
from tests.support.servers import AppServer
from tests.support.visitor import Tab

SIGNED_IN = b"Signed in as "
LOGIN_FORM = b"Log in"

# A page with a callback and a fragment that tell the log for whom they ran.
HOME = """import logging

import streamlit as st

from auth import gate

log = logging.getLogger("auth")


@gate.login_required
def transfer(owner):
    log.warning("transfer of %s by %s", owner, gate.current_user().name)


@st.fragment
@gate.login_required
def figures(owner):
    log.warning("figures of %s for %s", owner, gate.current_user().name)
    st.write(f"the figures of {owner}")


name = gate.current_user().name
st.title("Home")
st.text_input("Note", key="note")
st.button(f"Transfer for {name}", on_click=transfer, args=(name,))
figures(name)
"""


@pytest.fixture(scope="module")
def app(
    project: BakedProject, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[AppServer]:
    """The project with a page that has a callback and a fragment, running."""
    copy = project.copy(tmp_path_factory.mktemp("app"))
    copy.write("views/home.py", HOME)
    with environment_of(project, request) as environment:
        many = {**environment, "THROTTLE_FAILURES": "1000"}
        with copy.server(many) as server:
            yield server


@pytest.fixture
def client(app: AppServer) -> Iterator[RawClient]:
    with raw_client(app.url, DEVICE_COOKIE) as client:
        client.run_script()
        yield client


@pytest.mark.parametrize("value", [["a", "list"], {"a": 1}, 1, "\ud800", None], ids=repr)
@pytest.mark.parametrize("place", ["Username", "Password"])
def test_a_field_that_holds_no_text_is_no_attempt_and_no_error(
    client: RawClient, app: AppServer, place: str, value: object
) -> None:
    before = len(app.log)
    name, password = (value, "test1") if place == "Username" else ("test1", value)
    client.start_script("", *client.filled_form(name, password))
    assert LOGIN_FORM in client.run_script()
    assert "login failed" not in app.log[before:]
    assert "Traceback" not in app.log[before:]
    assert 'event="request refused" reason="broken value"' in app.log


def test_what_one_user_leaves_in_a_session_does_not_run_for_the_next(
    client: RawClient, app: AppServer
) -> None:
    client.log_in("test1")
    transfer = client.click("Transfer for test1")
    fragment = client.fragment_id
    client.run_script("", client.field("Note", "a secret"), client.click("Log out"))
    received = client.log_in("test2")
    assert SIGNED_IN + b"test2" in received
    assert b"a secret" not in received
    client.run_script("", transfer)
    client.start_script(fragment=fragment)
    assert b"the figures of test1" not in client.receive_for(0.5)
    assert "transfer of test1" not in app.log
    assert "figures of test1 for test2" not in app.log
    client.run_script("", client.click("Transfer for test2"))
    assert "transfer of test2 by test2" in app.log


def test_what_one_user_leaves_does_not_run_when_their_login_has_ended_elsewhere(
    client: RawClient, app: AppServer, project: BakedProject
) -> None:
    client.log_in("test1")
    transfer = client.click("Transfer for test1")
    fragment = client.fragment_id
    before = len(app.log)
    running = BakedProject(app.project, project.answers)
    running.manage("end-sessions", "test1", environment=app.environment)
    client.start_script(fragment=fragment)
    client.run_script("", transfer)
    assert SIGNED_IN + b"test2" in client.log_in("test2")
    client.run_script("", transfer)
    client.start_script(fragment=fragment)
    assert b"the figures of test1" not in client.receive_for(0.5)
    assert "transfer of test1" not in app.log[before:]
    assert "figures of test1" not in app.log[before:]


def test_the_key_of_a_connection_is_in_no_page_and_worth_nothing(
    client: RawClient, app: AppServer
) -> None:
    received = client.log_in("test1")
    assert SIGNED_IN in received
    key = client.websocket_key
    assert key.encode() not in received
    with raw_client(app.url, resume=client.session_id, websocket_key=key) as thief:
        assert SIGNED_IN not in thief.run_script()
        assert thief.session_id != client.session_id


@pytest.mark.parametrize("answer", ["{", "[1]", "null", '{"streamlit_auth_app_session": 1}'])
def test_a_broken_answer_of_the_component_changes_nothing(
    client: RawClient, app: AppServer, answer: str
) -> None:
    before = len(app.log)
    client.log_in("test1")
    elements = [message.delta.new_element for message in client.messages]
    ids = {element.component_instance.id or element.bidi_component.id for element in elements}
    components = [WidgetState(id=id_, json_value=answer) for id_ in ids if id_]
    assert components
    client.start_script("", *components)
    client.start_script()
    client.receive_until(SIGNED_IN)
    assert "Traceback" not in app.log[before:]


VALUES: list[dict[str, Any]] = [
    {"bool_value": True},
    {"bytes_value": b"x"},
    {"double_value": 1.5},
    {"int_value": 1},
    {"json_value": '"x"'},
    {"string_trigger_value": StringTriggerValue(data="x")},
    {"string_value": "x"},
    {"trigger_value": True},
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: next(iter(value)))
def test_a_value_of_another_type_leaves_no_traceback(
    client: RawClient, app: AppServer, value: dict[str, Any]
) -> None:
    before = len(app.log)
    client.run_script()
    kinds = ("bidi_component", "component_instance", "text_input")
    elements = [message.delta.new_element for message in client.messages]
    ids = {getattr(element, kind).id for element in elements for kind in kinds} - {""}
    assert ids
    for id_ in ids:
        client.start_script("", WidgetState(id=id_, **value))
        client.receive_for(0.2)
    client.start_script()
    client.receive_until(LOGIN_FORM)
    assert "Traceback" not in app.log[before:]
    assert "TypeError" not in app.log[before:]


def test_two_cookies_of_one_name_are_none(app: AppServer, tab: Tab) -> None:
    tab.open(app.url).log_in("test1")
    assert tab.cookie is not None
    name, own = tab.cookie["name"], tab.cookie["value"]
    tab.page.context.clear_cookies()
    tab.reload()
    tab.sees_login_form()
    tab.log_in("test2")
    assert tab.cookie is not None
    planted = tab.cookie["value"]
    for cookie in (own, planted):
        with raw_client(app.url, f"{name}={cookie}") as client:
            assert SIGNED_IN in client.run_script()
    before = len(app.log)
    with raw_client(app.url, f"{name}={planted}; {name}={own}") as client:
        assert SIGNED_IN not in client.run_script()
    assert (
        'event="cookie mismatch" reason="two cookies of one name" address=127.0.0.1'
        in app.log[before:]
    )
