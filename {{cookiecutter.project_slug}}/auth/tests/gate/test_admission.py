"""The gate: what a visitor sees, from the login form to the logout, and who may see what."""

from typing import Any, Final, NoReturn

import pytest
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState

from auth import create_session, destroy_session, stores
from auth.records import StoreUnavailableError
from auth.sessions import sessions
from auth.stores.interface import Store
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure, Log
from auth.tests.tab import SAMPLE, Tab
from auth.users import directory, roles
from auth.visitor import owners

LANDING: Final = SAMPLE.with_name("landing.py")


def fail(*arguments: object) -> NoReturn:
    raise StoreUnavailableError("no answer")


# The login form


def test_a_visitor_sees_the_login_form_and_nothing_of_the_page(tab: Tab) -> None:
    assert tab.shows_login_form
    assert tab.error is None
    assert len(tab.app.title) == 1


def test_a_login_opens_the_page_and_names_the_user(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    assert tab.page == "Private"
    assert tab.user == ann
    assert not tab.shows_login_form


def test_a_login_is_kept_with_the_place_that_it_came_from(tab: Tab, ann: str) -> None:
    tab.connection.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    tab.log_in(ann, PASSWORD)
    ((session, _),) = sessions.list_sessions()
    assert (session.address, session.user_agent) == ("192.0.2.1", "Firefox on Linux")


def test_spaces_around_the_username_do_not_matter(tab: Tab, ann: str) -> None:
    assert tab.log_in(f" {ann} ", PASSWORD).user == ann


@pytest.mark.parametrize("username", ["ann", "nobody", "no such name!"])
@pytest.mark.usefixtures("ann")
def test_a_failed_login_says_the_same_whoever_it_is(tab: Tab, username: str) -> None:
    tab.log_in(username, "wrong password")
    assert tab.shows_login_form
    assert tab.error == labels.WRONG_PASSWORD


@pytest.mark.parametrize(("username", "password"), [("ann", ""), ("", PASSWORD), (" ", PASSWORD)])
@pytest.mark.usefixtures("ann")
def test_an_empty_field_is_a_hint_and_no_attempt(
    tab: Tab, configure: Configure, log: Log, username: str, password: str
) -> None:
    configure(throttle_failures=1)
    for _ in range(3):
        tab.log_in(username, password)
        assert labels.EMPTY in tab.hints
        assert tab.error is None
    assert log.lines == []
    tab.log_in("ann", "wrong password")
    assert tab.error == labels.WRONG_PASSWORD
    assert labels.EMPTY not in tab.hints


def test_a_hint_takes_the_place_of_the_error(tab: Tab, ann: str) -> None:
    tab.log_in(ann, "wrong password").log_in(ann, "")
    assert tab.error is None
    assert tab.log_in(ann, PASSWORD).user == ann
    assert labels.EMPTY not in tab.click(labels.LOG_OUT).hints


def test_a_browser_that_was_logged_in_is_not_locked_out_by_strangers(
    tab: Tab, ann: str, configure: Configure
) -> None:
    configure(throttle_failures=2)
    tab.log_in(ann, PASSWORD).click(labels.LOG_OUT)
    stranger = Tab().run()
    stranger.connection.cookies.clear()
    for _ in range(3):
        stranger.log_in(ann, "wrong password")
    assert str(stranger.error).startswith(labels.TOO_MANY_FAILURES)
    assert tab.log_in(ann, PASSWORD).user == ann


def test_a_failed_login_keeps_the_username_and_empties_the_password(tab: Tab, ann: str) -> None:
    tab.log_in(ann, "wrong password")
    assert tab.field(labels.USERNAME).value == ann
    assert tab.field(labels.PASSWORD).value == ""


def test_the_error_stays_until_the_next_try(tab: Tab, ann: str) -> None:
    tab.log_in(ann, "wrong password").run()
    assert tab.error == labels.WRONG_PASSWORD
    assert tab.log_in(ann, PASSWORD).error is None


def test_password_managers_can_fill_in_the_form(tab: Tab) -> None:
    username, password = tab.field(labels.USERNAME), tab.field(labels.PASSWORD)
    assert username.autocomplete == "username"
    assert password.autocomplete == "current-password"
    assert password.proto.type == password.proto.PASSWORD


@pytest.mark.parametrize("label", [labels.USERNAME, labels.PASSWORD])
@pytest.mark.parametrize(
    "value",
    [
        {"string_array_value": StringArray(data=["ann"])},
        {"json_value": '{"a": "b"}'},
        {"int_value": 1},
        {"bool_value": True},
        {"bytes_value": b"ann"},
    ],
)
def test_a_field_that_holds_no_text_is_a_wrong_one(
    tab: Tab, ann: str, label: str, value: dict[str, Any], log: Log
) -> None:
    tab.field(labels.USERNAME).input(ann)
    tab.field(labels.PASSWORD).input(PASSWORD)
    tab.button(labels.LOG_IN).click()
    tab.send(WidgetState(id=tab.field(label).id, **value))
    assert tab.error == labels.WRONG_PASSWORD
    who = f"user={ann}" if label == labels.PASSWORD else 'reason="unknown user"'
    assert log.lines == [f'event="login failed" {who} address=192.0.2.1']


def test_too_many_failed_logins_lock_the_form_for_a_while(
    tab: Tab, ann: str, clock: Clock, configure: Configure
) -> None:
    configure(throttle_failures=2, throttle_minutes=10)
    for _ in range(2):
        tab.log_in(ann, "wrong password")
    tab.log_in(ann, PASSWORD)
    assert tab.error is not None
    assert tab.error.startswith(labels.TOO_MANY_FAILURES)
    assert "10" in tab.error
    clock.forward(minutes=10)
    assert tab.log_in(ann, PASSWORD).user == ann


# Staying logged in, and the end of it


def test_a_user_stays_logged_in_from_click_to_click(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    assert tab.run().user == ann


def test_a_reload_with_the_cookie_needs_one_run(ann: str) -> None:
    tab = Tab(create_session(ann)).run()
    assert (tab.user, tab.page) == (ann, "Private")


def test_a_logout_brings_the_form_back(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD).click(labels.LOG_OUT)
    assert tab.shows_login_form
    assert tab.error is None
    assert tab.run().shows_login_form


def test_a_logout_empties_the_state_of_the_tab(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    tab.app.session_state["draft"] = "not for the next user"
    tab.click(labels.LOG_OUT)
    assert "draft" not in tab.app.session_state


def test_a_login_empties_the_state_of_the_tab(tab: Tab, ann: str) -> None:
    tab.app.session_state["draft"] = "of a visitor"
    tab.log_in(ann, PASSWORD)
    assert "draft" not in tab.app.session_state


def test_a_logout_in_one_tab_is_one_in_every_tab(ann: str) -> None:
    token = create_session(ann)
    one, other = Tab(token).run(), Tab(token).run()
    one.click(labels.LOG_OUT)
    assert other.run().shows_login_form


def test_a_cookie_is_worth_nothing_after_the_logout(ann: str) -> None:
    token = create_session(ann)
    Tab(token).run().click(labels.LOG_OUT)
    assert Tab(token).run().shows_login_form


def test_a_session_that_ended_elsewhere_ends_at_the_next_click(ann: str) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    tab.app.session_state["draft"] = "not for the next user"
    destroy_session(token)
    assert tab.run().shows_login_form
    assert (tab.info, tab.error) == (labels.ENDED, None)
    assert "draft" not in tab.app.session_state


def test_a_session_that_expired_ends_at_the_next_click(tab: Tab, ann: str, clock: Clock) -> None:
    tab.log_in(ann, PASSWORD)
    clock.forward(hours=24)
    assert tab.run().shows_login_form
    assert tab.info == labels.ENDED


def test_a_new_password_ends_the_logins_of_that_user_only(ann: str, bob: str) -> None:
    of_ann, of_bob = Tab(create_session(ann)).run(), Tab(create_session(bob)).run()
    directory.set_password(directory.get(ann), NEW_PASSWORD)
    assert of_ann.run().shows_login_form
    assert of_bob.run().user == bob


def test_a_login_ends_the_session_that_the_browser_had(ann: str, bob: str) -> None:
    old = create_session(ann)
    tab = Tab().run()
    tab.connect(old)
    tab.log_in(bob, PASSWORD)
    assert tab.user == bob
    assert Tab(old).run().shows_login_form


# What proves nothing


def test_flags_in_the_session_state_let_nobody_in(tab: Tab, ann: str) -> None:
    for name in ("authenticated", "authentication_status", "logged_in", "user", "username"):
        tab.app.session_state[name] = ann
    assert tab.run().shows_login_form


def test_the_session_state_of_a_user_lets_nobody_else_in(tab: Tab, ann: str, log: Log) -> None:
    tab.log_in(ann, PASSWORD)
    tab.connect()
    assert tab.run().shows_login_form
    assert any(line.startswith('event="cookie mismatch"') for line in log.lines)


def test_the_session_state_of_a_user_is_not_for_another(ann: str, bob: str) -> None:
    tab = Tab(create_session(ann)).run()
    tab.connect(create_session(bob))
    tab.run()
    assert tab.user is None
    assert tab.page is None


def test_a_lost_network_logs_nobody_out(ann: str) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    tab.connect(token)
    assert tab.run().user == ann


def test_a_connection_without_a_key_has_to_present_the_cookie(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    del tab.connection.headers["Sec-Websocket-Key"]
    tab.connection.headers["Host"] = "app.example"
    assert tab.run().shows_login_form


@pytest.mark.parametrize("hours", [13, 24])
def test_a_login_that_was_not_used_says_so(
    ann: str, clock: Clock, configure: Configure, hours: int
) -> None:
    configure(session_hours=24, session_idle_hours=12)
    tab = Tab(create_session(ann)).run()
    clock.forward(hours=hours)
    tab.run()
    assert tab.shows_login_form
    idle = f"{labels.IDLE}12 hours. Please log in again."
    assert [info.value for info in tab.app.info] == [idle if hours == 13 else labels.ENDED]


def test_a_login_that_was_not_used_says_so_after_a_reload(
    ann: str, clock: Clock, configure: Configure
) -> None:
    configure(session_idle_hours=0.5)
    token = create_session(ann)
    clock.forward(hours=1)
    tab = Tab(token).run()
    assert tab.app.info[0].value == f"{labels.IDLE}30 minutes. Please log in again."
    assert tab.log_in(ann, PASSWORD).user == ann
    assert len(Tab(token).run().app.info) == 0


@pytest.mark.parametrize("token", ["", "x", "A" * 86, "ü" * 86, "A" * 100_000, "A" * 85 + "\n"])
def test_an_odd_cookie_is_no_login(token: str) -> None:
    assert Tab(token).run().shows_login_form


def test_the_server_knows_whose_streamlit_session_is_whose(tab: Tab, ann: str) -> None:
    assert owners.owner_of(tab.session_id) is None
    tab.log_in(ann, PASSWORD)
    assert owners.owner_of(tab.session_id) == tab.login
    tab.click(labels.LOG_OUT)
    assert owners.owner_of(tab.session_id) is None


# Pages and who may see them


def test_a_visitor_sees_a_public_page_and_links_to_public_pages_only(tab: Tab) -> None:
    tab.open_page("open")
    assert tab.page == "Open"
    assert tab.texts == ["page: nobody"]
    assert tab.links == ["Open", "Idioms", "Help"]
    assert [button.label for button in tab.app.sidebar.button] == [labels.LOG_IN]
    assert tab.user is None


def test_a_visitor_can_log_in_at_the_address_of_a_public_page(tab: Tab, ann: str) -> None:
    tab.open_page("open").click(labels.LOG_IN)
    assert tab.shows_login_form
    assert tab.log_in(ann, "wrong password").shows_login_form
    tab.log_in(ann, PASSWORD)
    assert (tab.page, tab.user) == ("Open", ann)


def test_a_visitor_who_does_not_want_to_log_in_after_all_gets_back_to_the_public_page(
    tab: Tab, ann: str
) -> None:
    tab.open_page("open").click(labels.LOG_IN)
    tab.log_in(ann, "wrong password").click(labels.BACK)
    assert (tab.page, tab.links) == ("Open", ["Open", "Idioms", "Help"])
    assert tab.run().page == "Open"
    assert tab.click(labels.LOG_IN).shows_login_form
    assert tab.error is None


def test_a_visitor_who_leaves_the_form_for_another_page_sees_that_page(tab: Tab) -> None:
    tab.open_page("open").click(labels.LOG_IN)
    assert tab.open_page("help").page == "Help"
    assert tab.open_page("open").page == "Open"


def test_no_way_back_leads_to_a_page_that_is_kept_from_a_visitor(tab: Tab) -> None:
    tab.open_page("open").click(labels.LOG_IN).open_page("")
    assert tab.shows_login_form
    assert labels.BACK not in [button.label for button in tab.app.button]


def test_a_user_sees_a_public_page_as_themselves(ann: str) -> None:
    tab = Tab(create_session(ann)).run().open_page("open")
    assert tab.page == "Open"
    assert tab.texts == [f"page: {ann}"]
    assert tab.user == ann


def test_a_user_who_logs_out_on_a_public_page_sees_it_as_a_visitor(ann: str) -> None:
    tab = Tab(create_session(ann)).run().open_page("open").click(labels.LOG_OUT)
    assert (tab.page, tab.user) == ("Open", None)


def test_a_session_that_ended_leaves_a_public_page_open(ann: str) -> None:
    token = create_session(ann)
    tab = Tab(token).run().open_page("open")
    destroy_session(token)
    assert (tab.run().page, tab.user) == ("Open", None)


@pytest.mark.parametrize("page", ["", "bosses"])
def test_a_page_is_kept_from_a_visitor(tab: Tab, page: str) -> None:
    assert tab.open_page(page).shows_login_form


def test_a_page_that_refuses_a_user_says_so_and_lets_them_log_out(ann: str, log: Log) -> None:
    tab = Tab(create_session(ann)).run().open_page("bosses")
    assert tab.page is None
    assert tab.error == labels.NO_ACCESS
    assert log.lines[-1] == 'event="access denied" user=ann page=Bosses address=192.0.2.1'
    assert tab.links == ["Private", "Open", "Idioms", "Help", "Careful"]
    assert tab.click(labels.LOG_OUT).shows_login_form


def test_a_rule_is_asked_about_the_roles_of_the_user(boss: str) -> None:
    tab = Tab(create_session(boss)).run().open_page("bosses")
    assert (tab.page, tab.user) == ("Bosses", boss)


def test_a_role_that_is_given_or_taken_acts_at_the_next_click(ann: str) -> None:
    tab = Tab(create_session(ann)).run().open_page("bosses")
    roles.grant(ann, ["boss"])
    assert tab.run().page == "Bosses"
    assert tab.links == ["Private", "Open", "Idioms", "Help", "Careful", "Bosses"]
    roles.revoke(ann, ["boss"])
    assert tab.run().error == labels.NO_ACCESS
    assert tab.page is None


def test_the_sidebar_has_links_to_the_pages_that_the_user_may_see(ann: str, boss: str) -> None:
    assert Tab(create_session(ann)).run().links == ["Private", "Open", "Idioms", "Help", "Careful"]
    assert Tab(create_session(boss)).run().links == [
        "Private",
        "Open",
        "Idioms",
        "Help",
        "Careful",
        "Bosses",
    ]


# Who is there, for what the pages do


def test_a_page_and_a_fragment_know_who_is_there(ann: str) -> None:
    tab = Tab(create_session(ann)).run()
    assert tab.texts == [f"page: {ann}", f"fragment: {ann}", "guarded part"]


def test_a_fragment_that_runs_alone_knows_who_is_there(ann: str) -> None:
    tab = Tab(create_session(ann)).run()
    assert tab.run_fragments().texts == [f"fragment: {ann}", "guarded part"]


def test_a_fragment_that_runs_alone_after_the_session_ended_is_nobodys(ann: str) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    destroy_session(token)
    assert tab.run_fragments().texts == ["fragment: nobody"]


def test_a_fragment_that_another_connection_runs_alone_is_nobodys(ann: str) -> None:
    tab = Tab(create_session(ann)).run()
    tab.connect()
    assert tab.run_fragments().texts == ["fragment: nobody"]


def test_a_callback_knows_who_is_there(ann: str) -> None:
    tab = Tab(create_session(ann)).run().click("Any")
    assert tab.app.session_state["called"] == f"any: {ann}"


def test_a_guarded_callback_is_for_users_only(ann: str) -> None:
    token = create_session(ann)
    tab = Tab(token).run().click("User")
    assert tab.app.session_state["called"] == f"user: {ann}"
    del tab.app.session_state["called"]
    destroy_session(token)
    tab.click("User")
    assert "called" not in tab.app.session_state


def test_a_callback_guarded_by_a_role_is_for_users_with_the_role(
    ann: str, boss: str, log: Log
) -> None:
    tab = Tab(create_session(boss)).run().click("Boss")
    assert tab.app.session_state["called"] == f"boss: {boss}"
    tab = Tab(create_session(ann)).run().click("Boss")
    assert "called" not in tab.app.session_state
    assert log.lines[-1] == 'event="access denied" user=ann function=note address=192.0.2.1'


def test_the_store_is_asked_once_in_a_run_however_often_the_page_asks(
    ann: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(create_session(ann)).run()
    asked: list[str] = []
    find = store.sessions.find

    def find_and_count(token_hash: str) -> object:
        asked.append(token_hash)
        return find(token_hash)

    monkeypatch.setattr(store.sessions, "find", find_and_count)
    assert tab.run().user == ann
    assert len(asked) == 1
    tab.click("User")
    assert len(asked) == 2


# A store or a setting that fails


def test_a_wrong_setting_is_one_sentence_on_the_page(tab: Tab, configure: Configure) -> None:
    configure(session_hours=-1)
    assert tab.run().error == labels.OUTAGE
    assert tab.page is None


def test_a_store_that_fails_lets_nobody_in_and_logs_nobody_out(
    ann: str, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    tab = Tab(create_session(ann)).run()
    with monkeypatch.context() as outage:
        outage.setattr(stores, "current", fail)
        assert tab.run().error == labels.UNCHECKED
        assert tab.page is None
        outage_line = 'event="store unavailable" reason="no answer" address=192.0.2.1'
        assert log.lines[-1] == outage_line
    assert tab.click(labels.TRY_AGAIN).user == ann


def test_a_login_while_the_store_fails_is_one_sentence_and_no_failure(
    tab: Tab, ann: str, monkeypatch: pytest.MonkeyPatch, configure: Configure
) -> None:
    configure(throttle_failures=1)
    with monkeypatch.context() as outage:
        outage.setattr(stores, "current", fail)
        assert tab.log_in(ann, PASSWORD).error == labels.OUTAGE
    assert tab.run().error == labels.OUTAGE
    assert tab.log_in(ann, PASSWORD).user == ann


def test_a_logout_while_the_store_fails_logs_nobody_out(
    ann: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(create_session(ann)).run()
    with monkeypatch.context() as outage:
        outage.setattr(store.sessions, "remove", fail)
        assert tab.click(labels.LOG_OUT).user == ann
    assert tab.click(labels.LOG_OUT).shows_login_form


def test_a_callback_while_the_store_fails_is_nobodys(
    ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(create_session(ann)).run()
    monkeypatch.setattr(stores, "current", fail)
    tab.click("User")
    assert "called" not in tab.app.session_state


def test_whoever_may_not_see_the_landing_page_lands_on_the_first_that_they_may_see(
    ann: str, boss: str
) -> None:
    tab = Tab(create_session(ann), LANDING).run()
    assert tab.page == "Open"
    assert tab.error is None
    assert Tab(create_session(boss), LANDING).run().page == "Bosses"


def test_whoever_may_see_no_page_at_all_is_told(bob: str) -> None:
    tab = Tab(create_session(bob), LANDING).run()
    assert tab.error == labels.NO_ACCESS
    assert tab.user == bob
