"""What a visitor sees, from the login form to the logout."""

from collections.abc import Callable
from typing import Any, Final, NoReturn

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from auth import create_session, destroy_session, users
from auth.settings import load_settings
from auth.store import StoreUnavailableError
from tests.conftest import PASSWORD, Clock
from tests.tab import PROJECT, Tab

pytestmark = pytest.mark.usefixtures("quick_passwords")

VIEWS: Final = sorted(path.name for path in (PROJECT / "views").glob("*.py"))
OUT_OF_ORDER: Final = "Logging in is not possible right now. Please try again in a moment."


@pytest.fixture(autouse=True)
def opened_pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the pages that were run, however little they show."""
    opened: list[str] = []
    navigation: Callable[..., Any] = st.navigation

    def watched_navigation(*args: object, **options: object) -> object:
        page = navigation(*args, **options)
        run = page.run

        def watched_run() -> None:
            opened.append(page.title)
            run()

        monkeypatch.setattr(page, "run", watched_run)
        return page

    monkeypatch.setattr(st, "navigation", watched_navigation)
    return opened


def test_a_visitor_sees_the_login_form_and_nothing_of_the_page(
    tab: Tab, opened_pages: list[str]
) -> None:
    assert tab.shows_login_form
    assert [it.label for it in tab.app.text_input] == ["Username", "Password"]
    assert len(tab.app.title) == 1
    assert opened_pages == []


def test_a_login_opens_the_page_and_names_the_user(
    tab: Tab, ann: str, opened_pages: list[str]
) -> None:
    tab.log_in(ann, PASSWORD)
    assert tab.user == ann
    assert not tab.shows_login_form
    assert len(opened_pages) == 1


def test_a_page_has_a_link_to_every_page(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    links = {link.proto.page for link in tab.app.sidebar.get("page_link")}
    assert len(links) == len(VIEWS)


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_is_shown_to_a_user(view: str, ann: str, opened_pages: list[str]) -> None:
    tab = Tab(create_session(ann)).run()
    opened_pages.clear()
    tab.open_page(view)
    assert tab.user == ann
    assert len(opened_pages) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_is_kept_from_a_visitor(view: str, tab: Tab, opened_pages: list[str]) -> None:
    tab.open_page(view)
    assert tab.shows_login_form
    assert opened_pages == []


def test_spaces_around_the_username_do_not_matter(tab: Tab, ann: str) -> None:
    assert tab.log_in(f" {ann} ", PASSWORD).user == ann


@pytest.mark.parametrize("username", ["ann", "nobody", "", "no such name!"])
@pytest.mark.usefixtures("ann")
def test_a_failed_login_says_the_same_whoever_it_is(tab: Tab, username: str) -> None:
    tab.log_in(username, "wrong password")
    assert tab.shows_login_form
    assert tab.error == "Wrong username or password."


def test_a_failed_login_keeps_the_username_and_empties_the_password(tab: Tab, ann: str) -> None:
    tab.log_in(ann, "wrong password")
    assert tab.field("Username").value == ann
    assert tab.field("Password").value == ""


def test_the_error_stays_until_the_next_try(tab: Tab, ann: str) -> None:
    tab.log_in(ann, "wrong password").run()
    assert tab.error == "Wrong username or password."
    assert tab.log_in(ann, PASSWORD).error is None


def test_password_managers_can_fill_in_the_form(tab: Tab) -> None:
    assert tab.field("Username").autocomplete == "username"
    assert tab.field("Password").autocomplete == "current-password"
    assert tab.field("Password").proto.type == tab.field("Password").proto.PASSWORD


def test_a_user_stays_logged_in_from_click_to_click(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    assert tab.run().user == ann


def test_a_reload_with_the_cookie_needs_one_run(ann: str, opened_pages: list[str]) -> None:
    tab = Tab(create_session(ann)).run()
    assert tab.user == ann
    assert len(opened_pages) == 1


def test_a_logout_brings_the_form_back(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD).log_out()
    assert tab.shows_login_form
    assert tab.run().shows_login_form


def test_a_logout_empties_the_state_of_the_tab(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    tab.app.session_state["draft"] = "not for the next user"
    tab.log_out()
    assert "draft" not in tab.app.session_state


def test_a_logout_in_one_tab_is_one_in_every_tab(ann: str) -> None:
    token = create_session(ann)
    one, other = Tab(token).run(), Tab(token).run()
    one.log_out()
    assert other.run().shows_login_form


def test_a_cookie_is_worth_nothing_after_the_logout(ann: str) -> None:
    token = create_session(ann)
    Tab(token).run().log_out()
    assert Tab(token).run().shows_login_form


def test_a_session_that_ended_elsewhere_ends_at_the_next_click(
    ann: str, opened_pages: list[str]
) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    tab.app.session_state["draft"] = "not for the next user"
    opened_pages.clear()
    destroy_session(token)
    assert tab.run().shows_login_form
    assert tab.error == "Your login has ended. Please log in again."
    assert "draft" not in tab.app.session_state
    assert opened_pages == []


def test_a_session_that_expired_ends_at_the_next_click(tab: Tab, ann: str, clock: Clock) -> None:
    tab.log_in(ann, PASSWORD)
    clock.forward(hours=8760)
    assert tab.run().shows_login_form


def test_a_new_password_ends_the_logins_of_that_user_only(ann: str, bob: str) -> None:
    of_ann, of_bob = Tab(create_session(ann)).run(), Tab(create_session(bob)).run()
    users.set_password(ann, "another password")
    assert of_ann.run().shows_login_form
    assert of_bob.run().user == bob


def test_a_login_ends_the_session_that_the_browser_had(ann: str) -> None:
    old = create_session(ann)
    tab = Tab(old)
    tab.connect()
    tab.run()
    tab.connect(old)
    tab.log_in(ann, PASSWORD)
    assert tab.user == ann
    assert Tab(old).run().shows_login_form


def test_flags_in_the_session_state_let_nobody_in(tab: Tab, ann: str) -> None:
    for name in ("authenticated", "authentication_status", "logged_in", "user", "username"):
        tab.app.session_state[name] = ann
    assert tab.run().shows_login_form


def test_the_session_state_of_a_user_lets_nobody_else_in(
    tab: Tab, ann: str, opened_pages: list[str]
) -> None:
    tab.log_in(ann, PASSWORD)
    opened_pages.clear()
    tab.connect()
    assert tab.run().shows_login_form
    assert opened_pages == []


def test_the_session_state_of_a_user_is_not_for_another(ann: str, bob: str) -> None:
    tab = Tab(create_session(ann)).run()
    tab.connect(create_session(bob))
    assert tab.run().user is None


def test_a_lost_network_logs_nobody_out(ann: str) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    tab.connect(token)
    assert tab.run().user == ann


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "ü" * 43, "A" * 100_000])
def test_an_odd_cookie_is_no_login(token: str) -> None:
    assert Tab(token).run().shows_login_form


def guarded_script() -> None:
    """Call a function as a widget calls its callback."""
    import streamlit as st

    from auth.gate import login_required

    st.text(str(login_required(lambda: "done")()))


def test_a_guarded_callback_is_for_users_only(ann: str) -> None:
    token = create_session(ann)
    tab = Tab(token)
    tab.app = AppTest.from_function(guarded_script)
    assert tab.run().app.text[0].value == "done"
    destroy_session(token)
    assert tab.run().app.text[0].value == "None"


def test_too_many_failed_logins_lock_the_form_for_a_while(
    tab: Tab, ann: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THROTTLE_FAILURES", "2")
    monkeypatch.setenv("THROTTLE_MINUTES", "10")
    load_settings.cache_clear()
    for _ in range(2):
        tab.log_in(ann, "wrong password")
    tab.log_in(ann, PASSWORD)
    assert tab.error == "Too many failed logins. Please try again in 10 minutes."
    clock.forward(minutes=10)
    assert tab.log_in(ann, PASSWORD).user == ann


def test_a_wrong_setting_is_one_sentence_on_the_page(
    tab: Tab, monkeypatch: pytest.MonkeyPatch, opened_pages: list[str]
) -> None:
    monkeypatch.setenv("SESSION_HOURS", "-1")
    load_settings.cache_clear()
    assert tab.run().error == OUT_OF_ORDER
    assert opened_pages == []


def test_a_store_that_fails_lets_nobody_in_and_logs_nobody_out(
    ann: str, monkeypatch: pytest.MonkeyPatch, opened_pages: list[str]
) -> None:
    tab = Tab(create_session(ann)).run()
    opened_pages.clear()
    with monkeypatch.context() as outage:
        outage.setattr("auth.sessions.open_store", fail)
        assert tab.run().error == OUT_OF_ORDER
        assert opened_pages == []
    assert tab.run().user == ann


def test_a_login_while_the_store_fails_is_one_sentence(
    tab: Tab, ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auth.users.open_store", fail)
    assert tab.log_in(ann, PASSWORD).shows_login_form
    assert tab.error == OUT_OF_ORDER


def fail() -> NoReturn:
    raise StoreUnavailableError("no answer")
