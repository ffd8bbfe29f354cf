"""The page Welcome: what the link of an invitation opens, and what uses it up."""

import json
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from auth import create_session, validate_session, verify_user
from auth.login import invitations, one_time
from auth.sessions import sessions
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Configure
from auth.tests.invited import code_in
from auth.tests.tab import Tab
from auth.users import directory


@pytest.fixture
def code() -> str:
    """The code of Carol's invitation, who is new."""
    return code_in(invitations.invite("carol"))


@pytest.fixture
def welcome() -> Tab:
    """A tab in which the link was just opened, by a browser that has never been here."""
    return open_link()


def open_link(token: str | None = None) -> Tab:
    tab = Tab(token)
    tab.app.query_params["auth"] = "invitation"
    return tab.run()


def component(tab: Tab) -> Any:
    """Return what takes the code out of the address."""
    drawn = [each.proto for each in tab.app.main.get("bidi_component")]
    return next(proto for proto in drawn if proto.component_name == "auth_invitation")


def save(tab: Tab, code: object, password: str, repeated: str | None = None) -> Tab:
    """Click on Save as a browser that has found a code in the address."""
    tab.field(labels.NEW_PASSWORD).input(password)
    tab.field(labels.REPEAT_NEW_PASSWORD).input(password if repeated is None else repeated)
    tab.button(labels.SAVE).click()
    value = json.dumps({"code": code})
    return tab.send(WidgetState(id=component(tab).id, json_value=value))


def shows_welcome(tab: Tab) -> bool:
    return (
        [each.value for each in tab.app.main.subheader] == [labels.WELCOME]
        and (tab.page, tab.user) == (None, None)
        and not len(tab.app.sidebar)
    )


# What it shows


def test_the_link_opens_it_in_place_of_any_page(welcome: Tab) -> None:
    assert shows_welcome(welcome)
    assert [field.label for field in welcome.app.main.text_input] == [
        *(labels.INVITATION_CODE, labels.NEW_PASSWORD, labels.REPEAT_NEW_PASSWORD),
    ]
    for page in ("open", "bosses"):
        assert shows_welcome(welcome.open_page(page))


def test_any_other_address_does_not(tab: Tab) -> None:
    for value in ("", "Invitation", "x"):
        tab.app.query_params["auth"] = value
        assert tab.run().shows_login_form


def test_it_tells_a_stranger_no_name(welcome: Tab, code: str) -> None:
    save(welcome, code, "short")
    sent = b"".join(message.SerializeToString() for message in welcome.sent)
    assert b"carol" not in sent
    assert code[:43].encode() not in sent


def test_the_way_back_leads_to_the_form(welcome: Tab) -> None:
    assert welcome.click(labels.BACK).shows_login_form
    assert "auth" not in welcome.app.query_params


# What uses an invitation up


def test_nothing_does_but_the_password_that_is_saved(code: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    for _ in range(20):
        open_link().run()
    tab = open_link()
    assert save(tab, code, NEW_PASSWORD, "another one").error == labels.DIFFERENT_PASSWORDS
    assert "8 to 1,024" in str(save(tab, code, "short").error)
    assert save(tab.run(), code, NEW_PASSWORD).user == "carol"


def test_whoever_saves_a_password_is_in_and_the_address_is_the_apps(
    welcome: Tab, code: str
) -> None:
    welcome.app.session_state["draft"] = "of somebody else"
    save(welcome, code, NEW_PASSWORD)
    assert (welcome.user, welcome.page, welcome.error) == ("carol", "Private", None)
    assert "auth" not in welcome.app.query_params
    assert "draft" not in welcome.app.session_state
    assert welcome.component_calls
    assert welcome.run().user == "carol"
    assert verify_user("carol", NEW_PASSWORD)


def test_a_second_time_it_is_refused_as_one_that_never_was(code: str) -> None:
    save(open_link(), code, NEW_PASSWORD)
    refused = [save(open_link(), each, PASSWORD) for each in (code, f"{'A' * 43}1", "made up")]
    assert [tab.error for tab in refused] == [labels.INVITATION_REFUSED] * 3
    assert all(map(shows_welcome, refused))
    assert verify_user("carol", NEW_PASSWORD)


def test_a_code_that_was_refused_is_forgotten_by_the_browser(welcome: Tab, code: str) -> None:
    assert not json.loads(component(welcome).json)["refused"]
    first = json.loads(component(save(welcome, "made up", NEW_PASSWORD)).json)["refused"]
    second = json.loads(component(save(welcome, "made up", NEW_PASSWORD)).json)["refused"]
    assert first
    assert first != second
    assert save(welcome, code, NEW_PASSWORD).user == "carol"


def test_tries_are_limited(welcome: Tab, code: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    for number in range(10):
        save(welcome, f"{'A' * 43}{number}", NEW_PASSWORD)
    assert str(save(welcome, code, NEW_PASSWORD).error).startswith(labels.TOO_MANY_FAILURES)


# Where the code comes from


@pytest.mark.parametrize("form", ["{code}", " {code} ", "http://x/?auth=invitation#invite={code}"])
def test_a_code_that_got_lost_can_be_typed(welcome: Tab, code: str, form: str) -> None:
    welcome.field(labels.INVITATION_CODE).input(form.format(code=code))
    assert save(welcome, "", NEW_PASSWORD).user == "carol"


def test_without_one_it_says_so_and_that_is_no_try(
    welcome: Tab, code: str, configure: Configure
) -> None:
    configure(throttle_failures=1)
    for _ in range(3):
        assert save(welcome, "", NEW_PASSWORD).error == labels.INVITATION_MISSING
    assert save(welcome, code, NEW_PASSWORD).user == "carol"


@pytest.mark.parametrize("value", [["a", "list"], {"a": 1}, 1, True, None], ids=repr)
def test_what_is_no_text_is_no_code(welcome: Tab, value: object) -> None:
    assert save(welcome, value, NEW_PASSWORD).error == labels.INVITATION_MISSING


def test_no_page_finds_the_code_in_the_state(welcome: Tab, code: str) -> None:
    welcome.field(labels.INVITATION_CODE).input(code)
    save(welcome, code, "short")
    assert welcome.app.session_state._state.filtered_state == {}
    assert code not in str(welcome.app.query_params)


# Somebody is logged in


def test_whoever_is_logged_in_is_told_and_can_go_back(code: str, ann: str) -> None:
    token = create_session(ann)
    tab = open_link(token)
    assert shows_welcome(tab)
    assert f"logged in as {ann}" in " ".join(tab.hints)
    assert tab.click(labels.BACK).user == ann
    assert validate_session(token) == ann


def test_a_new_login_takes_the_place_of_theirs(code: str, ann: str) -> None:
    token = create_session(ann)
    tab = open_link(token)
    save(tab, "made up", NEW_PASSWORD)
    assert validate_session(token) == ann
    assert save(tab, code, NEW_PASSWORD).user == "carol"
    assert validate_session(token) is None
    assert [user.username for _, user in sessions.list_sessions()] == ["carol"]
    assert verify_user(ann, PASSWORD)


def test_it_takes_the_place_of_a_one_time_password_that_was_just_used(code: str, ann: str) -> None:
    tab = Tab().run().log_in(ann, one_time.reset_password(ann))
    tab.app.query_params["auth"] = "invitation"
    assert save(tab.run(), code, NEW_PASSWORD).user == "carol"
    assert sessions.list_sessions(directory.get(ann)) == []
