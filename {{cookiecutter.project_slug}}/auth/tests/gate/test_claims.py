"""Which session a tab may use: what stands in session_state is not enough to say."""

from auth import create_session
from auth.sessions.tokens import hash_token
from auth.tests import labels
from auth.tests.conftest import PASSWORD, Log
from auth.tests.tab import Tab
from auth.visitor import admissions, handshake


def name_of(tab: Tab) -> str:
    return admissions.connection_name(tab.connection.headers["Sec-Websocket-Key"])


def test_a_login_admits_the_connection_and_a_logout_does_not_any_more(tab: Tab, ann: str) -> None:
    assert admissions.admitted_with(name_of(tab)) is None
    tab.log_in(ann, PASSWORD)
    token = tab.app.session_state["auth_claim"].token
    assert admissions.admitted_with(name_of(tab)) == hash_token(token)
    tab.click(labels.LOG_OUT)
    assert admissions.admitted_with(name_of(tab)) is None


def test_a_session_that_ended_elsewhere_takes_the_admission_with_it(ann: str) -> None:
    token = create_session(ann)
    one, other = Tab(token).run(), Tab(token).run()
    assert admissions.admitted_with(name_of(other)) == hash_token(token)
    one.click(labels.LOG_OUT)
    other.run()
    assert admissions.admitted_with(name_of(other)) is None
    assert admissions.owner_of(other.session_id) is None


def test_another_login_cannot_take_over_where_the_state_was_emptied(
    ann: str, bob: str, log: Log
) -> None:
    tab = Tab(create_session(ann)).run()
    del tab.app.session_state["auth_claim"]
    tab.connect(create_session(bob))
    assert tab.run().shows_login_form
    assert log.lines[-1].startswith('event="cookie mismatch"')


def test_the_owner_goes_on_where_the_state_was_emptied(ann: str) -> None:
    tab = Tab(create_session(ann)).run()
    del tab.app.session_state["auth_claim"]
    assert tab.run().user == ann


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


def test_the_key_of_a_connection_is_in_no_page(tab: Tab, ann: str) -> None:
    key = tab.connection.headers["Sec-Websocket-Key"]
    sent = [*tab.sent, *tab.log_in(ann, PASSWORD).sent]
    assert not any(key.encode() in message.SerializeToString() for message in sent)


def test_a_header_that_repeats_a_name_is_read_whole() -> None:
    header = "a=1; name=2; b = 3;name=4; names=5; =6; name"
    assert handshake.cookies_named(header, "name") == ["2", "4", ""]
    assert handshake.cookies_named("", "name") == []
