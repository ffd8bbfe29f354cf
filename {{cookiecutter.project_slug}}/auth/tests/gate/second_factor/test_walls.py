"""Between the factors, and before a set-up, a browser may have the script run and no more."""

import asyncio
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from auth import create_session
from auth.login import one_time
from auth.server import wall
from auth.sessions import sessions
from auth.sessions.tokens import hash_token
from auth.settings import load_settings
from auth.tests import labels
from auth.tests.asgi import request
from auth.tests.conftest import Configure
from auth.tests.gate.second_factor.steps import CODE, asks_for_a_code, enter, log_in, with_password
from auth.tests.login.second_factor.phone import Phone
from auth.tests.tab import Tab
from auth.users import directory
from auth.visitor import connections, internals, owners
from auth.visitor.connections import Connection
from auth.visitor.internals import hidden


def connection_of(tab: Tab) -> Connection:
    return connections.find(tab.connection.headers["Sec-Websocket-Key"])


def passed(connection: Connection, message: BackMsg) -> BackMsg | None:
    """Return what Streamlit reads of a message that a browser sends, or None."""
    data = asyncio.run(wall._passed(connection, message.SerializeToString()))
    return BackMsg.FromString(data) if data else None


def run_of(fragment: str = "") -> BackMsg:
    return BackMsg(rerun_script=ClientState(fragment_id=fragment, page_name="about"))


def may_upload(token: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Tell whether a browser with a login cookie may upload into the Streamlit session of its login."""
    monkeypatch.setattr(internals, "has_session", "session".__eq__)
    owners.own("session", hash_token(token))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    cookie = f"{load_settings().cookie_name}={token}"
    path = "/_stcore/upload_file/session/file"
    return request(wall.Wall(app), "PUT", path, headers={"Cookie": cookie}).status == 204


@pytest.mark.parametrize(
    "message",
    [BackMsg(clear_cache=True), BackMsg(stop_script=True), BackMsg(load_git_info=True)],
    ids=lambda message: str(message.WhichOneof("type")),
)
def test_between_the_factors_nothing_else_passes(phone: Phone, message: BackMsg) -> None:
    assert passed(connection_of(with_password()), message) is None


def test_between_the_factors_no_fragment_runs(phone: Phone) -> None:
    tab = Tab().run().open_page("open")
    assert passed(connection_of(tab), run_of("of a public page")) == run_of("of a public page")
    tab.click(labels.LOG_IN)
    assert asks_for_a_code(with_password(tab))
    assert passed(connection_of(tab), run_of("of a public page")) == run_of()


def test_between_the_factors_a_code_passes(phone: Phone) -> None:
    connection = connection_of(with_password())
    message = run_of()
    message.rerun_script.widget_states.widgets.add(
        id=f"$$ID-1-{hidden('auth_typed@code')}", string_value="123456"
    )
    assert passed(connection, message) == message


def test_between_the_factors_every_page_is_the_form(phone: Phone) -> None:
    tab = with_password()
    for page in ("open", "", "bosses", "careful"):
        assert asks_for_a_code(tab.open_page(page))


def test_nothing_of_what_is_between_is_sent_to_the_browser(phone: Phone) -> None:
    tab = with_password()
    sent = b"".join(message.SerializeToString() for message in tab.sent)
    assert b"ann" not in sent
    assert phone.seed.encode() not in sent
    assert tab.app.session_state._state.filtered_state == {}


def test_another_tab_of_the_browser_cannot_go_on(phone: Phone) -> None:
    with_password()
    assert Tab().run().shows_login_form


def test_who_takes_the_streamlit_session_over_cannot_go_on(phone: Phone) -> None:
    tab = with_password()
    tab.connect()
    tab.field(CODE).input(phone.code())
    tab.click(labels.CONTINUE)
    assert (tab.user, tab.shows_login_form) == (None, True)
    assert sessions.list_sessions() == []


def test_the_password_of_one_user_and_the_code_of_another_let_nobody_in(
    phone: Phone, bob: str
) -> None:
    of_bob = Phone(bob)
    assert enter(with_password(), of_bob.code()).error == labels.SAY.wrong_code
    assert log_in(of_bob).user == bob


def test_state_that_somebody_sets_proves_nothing(phone: Phone) -> None:
    tab = with_password()
    for name in ("auth_between", "auth_code", "proved", "auth_user"):
        tab.app.session_state[name] = "ann"
    assert asks_for_a_code(tab.run())


def test_who_lacks_a_required_factor_may_not_upload_and_no_fragment_runs(
    ann: str, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = create_session(ann)
    connection = connection_of(Tab(token).run())
    assert passed(connection, run_of("of a page")) == run_of("of a page")
    assert may_upload(token, monkeypatch)
    configure(second_factor_required="*")
    assert passed(connection, run_of("of a page")) == run_of()
    assert passed(connection, BackMsg(clear_cache=True)) is None
    assert not may_upload(token, monkeypatch)


def test_who_lacks_a_required_factor_sets_no_password(
    ann: str, configure: Configure, tab: Tab
) -> None:
    tab.log_in(ann, one_time.reset_password(ann))
    tab.field(labels.NEW_PASSWORD).input("battery staple")
    tab.field(labels.REPEAT_NEW_PASSWORD).input("battery staple")
    save = tab.button(labels.SAVE)
    configure(second_factor_required="*")
    tab.click(labels.SAVE)
    assert [each.value for each in tab.app.main.subheader] == [labels.SAY.set_up_second_factor]
    epoch = directory.get(ann).epoch
    assert save.proto.id not in [button.proto.id for button in tab.app.button]
    assert directory.get(ann).epoch == epoch
