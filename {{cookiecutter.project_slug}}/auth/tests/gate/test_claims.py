"""Which session a tab may use: what stands in session_state is not enough to say."""

import pytest
from streamlit.testing.v1 import AppTest

from auth import create_session
from auth.sessions import sessions
from auth.sessions.tokens import hash_token
from auth.tests import labels
from auth.tests.conftest import PASSWORD, Clock, Log
from auth.tests.tab import SAMPLE, Tab
from auth.users import directory, profile, roles
from auth.visitor import handshake, owners


def test_a_login_admits_the_connection_and_a_logout_does_not_any_more(tab: Tab, ann: str) -> None:
    assert tab.login is None
    tab.log_in(ann, PASSWORD)
    ((session, _),) = sessions.list_sessions()
    assert tab.login == session.token_hash
    tab.click(labels.LOG_OUT)
    assert tab.login is None


def test_a_session_that_ended_elsewhere_takes_the_admission_with_it(ann: str) -> None:
    token = create_session(ann)
    one, other = Tab(token).run(), Tab(token).run()
    assert other.login == hash_token(token)
    one.click(labels.LOG_OUT)
    other.run()
    assert other.login is None
    assert owners.owner_of(other.session_id) is None


def test_another_login_cannot_take_the_state_over(ann: str, bob: str, log: Log) -> None:
    tab = Tab(create_session(ann)).run()
    tab.connect(create_session(bob))
    assert tab.run().shows_login_form
    assert log.lines[-1].startswith('event="cookie mismatch"')


def test_a_page_finds_nothing_of_the_login_in_its_state(tab: Tab, ann: str) -> None:
    assert found_in(tab) == {}
    assert found_in(tab.log_in(ann, "wrong password")) == {}
    assert found_in(tab.log_in(ann, PASSWORD)) == {}
    assert found_in(tab.open_page("careful").click(labels.LOG_OUT)) == {}


def test_a_page_knows_what_its_user_is_called(ann: str) -> None:
    roles.grant(ann, ["called"])
    tab = Tab(create_session(ann)).run().open_page("called")
    assert tab.texts == ["", "ann"]
    profile.set_email(ann, "Ann@example.com")
    profile.set_display_name(ann, "Ann Smith")
    assert tab.run().texts == ["ann@example.com", "Ann Smith"]


def test_two_apps_in_one_test_do_not_share_a_login(ann: str) -> None:
    one, other = (AppTest.from_file(SAMPLE).run() for _ in range(2))
    username, password = one.text_input
    username.input(ann)
    password.input(PASSWORD)
    one.button[0].click().run()
    assert one.run().header[0].value == "Private"
    assert not other.run().header


def found_in(tab: Tab) -> dict[str, object]:
    """Return what a page finds when it goes through st.session_state."""
    return dict(tab.app.session_state._state.filtered_state)


def test_what_a_page_does_with_its_state_is_nothing_to_the_login(tab: Tab, ann: str) -> None:
    tab.open_page("state").click(labels.LOG_IN)
    tab.log_in(ann, "wrong password").log_in(ann, PASSWORD)
    for _ in range(3):
        assert tab.page == "Idioms"
        assert tab.run().user == ann
    assert tab.click(labels.LOG_OUT).run().user is None


def test_somebody_who_is_disabled_is_nobody_two_seconds_later_in_the_same_run(
    ann: str, clock: Clock
) -> None:
    roles.grant(ann, ["tester"])
    tab = Tab(create_session(ann)).run()
    tab.app.session_state["meanwhile"] = [
        *(lambda: None, lambda: directory.disable_user(ann), lambda: clock.forward(seconds=2))
    ]
    assert tab.open_page("long").texts == [ann, ann, ""]


def test_a_logout_forgets_the_fragments_of_the_user(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    fragments = set(tab.app._fragment_storage._fragments.values())
    assert fragments
    tab.click(labels.LOG_OUT)
    assert not fragments & set(tab.app._fragment_storage._fragments.values())


def test_two_different_cookies_of_one_name_are_none(ann: str, log: Log) -> None:
    tab = Tab(create_session(ann))
    name, token = list(tab.connection.cookies.items())[-1]
    tab.connection.headers["Cookie"] = f"{name}=planted; {name}={token}"
    assert tab.run().shows_login_form
    assert log.lines[-1] == (
        'event="cookie mismatch" reason="two cookies of one name" address=192.0.2.1'
    )


def test_the_same_cookie_twice_is_one(ann: str) -> None:
    tab = Tab(create_session(ann))
    name, token = list(tab.connection.cookies.items())[-1]
    tab.connection.headers["Cookie"] = f"{name}={token}; other=1; {name}={token}"
    assert tab.run().user == ann


@pytest.mark.parametrize("before", ["{name}\xa0=planted; ", "\xa0{name}=planted; ", ""])
@pytest.mark.parametrize(
    "after", ["; {name}\xa0=planted", "; {name}\x85=planted", "; \x1f{name}=x"]
)
def test_a_cookie_of_almost_the_same_name_is_another(ann: str, before: str, after: str) -> None:
    tab = Tab(create_session(ann))
    name, token = list(tab.connection.cookies.items())[-1]
    tab.connection.headers["Cookie"] = f"{before}{name}={token}{after}".replace("{name}", name)
    assert tab.run().user == ann


def test_the_key_of_a_connection_is_in_no_page(tab: Tab, ann: str) -> None:
    key = tab.connection.headers["Sec-Websocket-Key"]
    sent = [*tab.sent, *tab.log_in(ann, PASSWORD).sent]
    assert not any(key.encode() in message.SerializeToString() for message in sent)


def test_a_header_that_repeats_a_name_is_read_whole() -> None:
    headers = ["a=1; name=2; b = 3;name=4; names=5; =6; name", "name=7"]
    assert handshake.cookies_named(headers, "name") == {"2", "4", "", "7"}
    assert handshake.cookies_named([], "name") == set()
