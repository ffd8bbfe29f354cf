"""The page Account: what users do about their own login."""

import re
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState

from auth import create_session, stores, validate_session, verify_user
from auth.gate.forms import plain
from auth.records import StoreReadOnlyError, StoreUnavailableError
from auth.sessions import sessions
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure
from auth.tests.tab import Tab
from auth.tests.views import labels as page
from auth.tests.views.reading import bodies_of, facts_of
from auth.users import directory, profile, roles

from auth.views import account_pages

SAMPLE: Final = Path(__file__).with_name("sample.py")


def open_account(token: str) -> Tab:
    return Tab(token, SAMPLE).run().open_page("account")


@pytest.fixture
def account(ann: str) -> Tab:
    """A tab in which Ann has just logged in and opened the page."""
    return open_account(create_session(ann))


def test_the_page_is_for_every_user_and_its_link_comes_last(ann: str) -> None:
    tab = Tab(create_session(ann), SAMPLE).run()
    assert tab.links == ["Home", page.ACCOUNT]
    assert tab.open_page("account").app.title[0].value == page.ACCOUNT


def test_a_visitor_gets_the_login_form_instead() -> None:
    assert Tab(script=SAMPLE).run().open_page("account").shows_login_form


def test_the_app_finds_nothing_of_it_in_the_state(account: Tab) -> None:
    assert "auth" not in str(account.app.session_state._state.filtered_state)


def test_no_two_runs_share_a_page() -> None:
    # Of two runs at once, one would find the page taken.
    assert not account_pages().keys() & account_pages().keys()


@pytest.mark.parametrize("minutes", [0, 11])
def test_a_part_of_the_apps_own_comes_last_whether_the_login_is_recent_or_not(
    ann: str, clock: Clock, minutes: int
) -> None:
    token = create_session(ann)
    create_session(ann)
    clock.forward(minutes=minutes)
    account = open_account(token)
    assert account.app.main.text_input[-1].label == "Shoe size"
    assert bool(ends(account)) == (minutes == 0)


def test_users_read_who_they_are(ann: str) -> None:
    roles.grant(ann, ["sales", "hr"])
    tab = open_account(create_session(ann))
    assert facts_of(tab) == {"Username": "ann", "Roles": "hr sales"}


# What one is called


def test_a_display_name_is_changed_at_any_time(ann: str, clock: Clock) -> None:
    token = create_session(ann)
    clock.forward(minutes=11)
    account = open_account(token)
    account.field(page.DISPLAY_NAME).input(" Ann *Smith*")
    account.click(page.SAVE_DISPLAY_NAME)
    assert account.app.success
    assert directory.get(ann).display_name == "Ann *Smith*"
    assert account.field(page.DISPLAY_NAME).value == "Ann *Smith*"


def test_an_address_is_changed_after_a_recent_login(ann: str, clock: Clock) -> None:
    token = create_session(ann)
    clock.forward(minutes=11)
    account = open_account(token)
    assert page.EMAIL not in [field.label for field in account.app.text_input]
    account.field(labels.PASSWORD).input(PASSWORD)
    account.click(labels.CONTINUE)
    account.field(page.EMAIL).input("Ann@example.com")
    account.click(page.SAVE_EMAIL)
    assert account.app.success
    assert account.field(page.EMAIL).value == "ann@example.com"
    assert verify_user("ann@example.com", PASSWORD)
    clock.forward(minutes=11)
    account.field(page.EMAIL).input("")
    account.click(page.SAVE_EMAIL)
    assert directory.get(ann).email == "ann@example.com"
    assert facts_of(account)["Email"] == "ann@example.com"


@pytest.mark.parametrize(
    ("label", "button", "typed", "said"),
    [
        (page.DISPLAY_NAME, page.SAVE_DISPLAY_NAME, "x" * 65, "at most 64"),
        (page.EMAIL, page.SAVE_EMAIL, "ann at example", "no email address"),
        (page.EMAIL, page.SAVE_EMAIL, "*bob*@a.org", "the address " + plain("*bob*@a.org") + ","),
    ],
)
@pytest.mark.usefixtures("bob")
def test_what_one_cannot_be_called_is_said_and_stays_in_the_field(
    account: Tab, label: str, button: str, typed: str, said: str
) -> None:
    profile.set_email("bob", "*bob*@a.org")
    account.field(label).input(typed)
    account.click(button)
    assert account.error is not None
    assert said in account.error
    assert account.field(label).value == typed
    assert (directory.get("ann").email, directory.get("ann").display_name) == (None, None)


# Change password


def test_a_new_password_keeps_this_tab_and_ends_all_others(account: Tab) -> None:
    other = open_account(create_session("ann"))
    old = account.login
    change_password(account, PASSWORD, NEW_PASSWORD)
    assert account.app.success[0].value == page.PASSWORD_CHANGED
    assert account.app.title[0].value == page.ACCOUNT
    assert verify_user("ann", NEW_PASSWORD)
    assert account.login != old
    assert other.run().shows_login_form
    assert account.run().user == "ann"
    assert [session.token_hash for session, _ in sessions.list_sessions()] == [account.login]


def test_the_browser_gets_the_new_token(account: Tab) -> None:
    assert account.component_calls == []
    change_password(account, PASSWORD, NEW_PASSWORD)
    assert account.component_calls


def test_what_is_said_is_said_once_and_no_password_stays(account: Tab) -> None:
    change_password(account, PASSWORD, NEW_PASSWORD)
    account.run()
    assert len(account.app.success) == 0
    assert {field.value for field in account.app.main.text_input} == {""}


@pytest.mark.parametrize(
    ("current", "new", "repeated", "said"),
    [
        ("wrong password", NEW_PASSWORD, NEW_PASSWORD, page.WRONG_CURRENT_PASSWORD),
        (PASSWORD, NEW_PASSWORD, "another one", page.DIFFERENT_PASSWORDS),
        (PASSWORD, "short", "short", "8 to 1,024"),
        (PASSWORD, "password", "password", "most common"),
        (PASSWORD, "salesfigures", "salesfigures", "one of its pages"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    account: Tab, current: str, new: str, repeated: str, said: str
) -> None:
    login = account.login
    change_password(account, current, new, repeated)
    assert account.error is not None
    assert said in account.error
    assert verify_user("ann", PASSWORD)
    assert [session.token_hash for session, _ in sessions.list_sessions()] == [login]


def test_wrong_passwords_are_throttled_as_at_the_login_form(
    account: Tab, configure: Configure
) -> None:
    configure(throttle_failures=2)
    for _ in range(2):
        change_password(account, "wrong password", NEW_PASSWORD)
    change_password(account, PASSWORD, NEW_PASSWORD)
    assert account.error is not None
    assert account.error.startswith(labels.TOO_MANY_FAILURES)
    assert account.user == "ann"
    assert verify_user("ann", PASSWORD)


@pytest.mark.parametrize(
    "value", [{"string_array_value": StringArray(data=[PASSWORD])}, {"int_value": 1}, {}]
)
def test_a_field_that_holds_no_text_changes_nothing(account: Tab, value: dict[str, Any]) -> None:
    fill_in(account, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    account.button(page.CHANGE_PASSWORD).click()
    field = account.field(page.CURRENT_PASSWORD)
    account.send(WidgetState(id=field.id, **value))
    assert account.error in (page.WRONG_CURRENT_PASSWORD, page.ENTER_ALL)
    assert verify_user("ann", PASSWORD)


@pytest.mark.parametrize("missing", range(3))
def test_a_field_that_is_empty_is_not_called_wrong_and_counts_for_nothing(
    account: Tab, configure: Configure, missing: int
) -> None:
    configure(throttle_failures=1)
    typed = [PASSWORD, NEW_PASSWORD, NEW_PASSWORD]
    typed[missing] = ""
    change_password(account, *typed)
    assert account.error == page.ENTER_ALL
    change_password(account, PASSWORD, NEW_PASSWORD)
    assert verify_user("ann", NEW_PASSWORD)


def test_what_a_password_may_be_is_said_before_one_is_refused(account: Tab) -> None:
    assert any("8 to 1,024" in hint for hint in account.hints)
    assert account.error is None


def test_a_session_that_ended_meanwhile_changes_no_password(account: Tab) -> None:
    sessions.log_out(str(account.login))
    change_password(account, PASSWORD, NEW_PASSWORD)
    assert account.shows_login_form
    assert verify_user("ann", PASSWORD)


def test_the_state_of_a_tab_changes_no_password_from_another_browser(account: Tab) -> None:
    account.connect()
    change_password(account, PASSWORD, NEW_PASSWORD)
    assert account.shows_login_form
    assert verify_user("ann", PASSWORD)


def test_a_username_in_session_state_is_not_whose_password_is_changed(
    account: Tab, bob: str
) -> None:
    for name in ("auth_username", "username", "user"):
        account.app.session_state[name] = bob
    change_password(account, PASSWORD, NEW_PASSWORD)
    assert verify_user(bob, PASSWORD)
    assert verify_user("ann", NEW_PASSWORD)


def test_password_managers_know_which_password_is_which(account: Tab) -> None:
    fields = [account.field(label) for label in PASSWORDS]
    assert [field.autocomplete for field in fields] == [
        *("current-password", "new-password", "new-password")
    ]
    assert all(field.proto.type == field.proto.PASSWORD for field in fields)


# Where one is logged in


def test_one_sees_the_own_sessions_only(ann: str, bob: str, clock: Clock) -> None:
    create_session(bob)
    create_session(ann)
    clock.forward(hours=3)
    tab = open_account(create_session(ann))
    assert [lines[1] for lines in logins_of(tab)] == [
        "Logged in just now, last used just now",
        "Logged in 3 hours ago, last used 3 hours ago",
    ]
    assert len(ends(tab)) == 1


def test_one_sees_where_each_login_came_from(account: Tab) -> None:
    assert logins_of(account)[0][0] == "Unknown browser This one"
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    other = Tab(script=SAMPLE)
    other.connection.headers["User-Agent"] = firefox
    other.run().log_in("ann", PASSWORD)
    assert logins_of(account.run())[0][0] == "Firefox on Linux · 192.0.2.1"


def test_a_new_password_keeps_where_this_login_came_from(account: Tab) -> None:
    account.connection.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    change_password(account, PASSWORD, NEW_PASSWORD)
    assert logins_of(account)[0][0] == "Firefox on Windows · 192.0.2.1 This one"


def test_a_session_is_ended_by_its_button(account: Tab) -> None:
    other = create_session("ann")
    account.run()
    account.click(page.END)
    assert account.app.success[0].value == page.LOGIN_ENDED
    assert validate_session(other) is None
    assert ends(account) == []
    assert account.run().user == "ann"


def test_all_others_are_ended_by_one_button(account: Tab) -> None:
    others = [create_session("ann") for _ in range(2)]
    account.run().click(page.LOG_OUT_ELSEWHERE)
    assert account.app.success[0].value == page.OTHERS_ENDED
    assert [validate_session(token) for token in others] == [None, None]
    assert account.run().user == "ann"


def test_who_is_logged_in_here_only_is_offered_nothing(account: Tab) -> None:
    labels_of_buttons = [button.label for button in account.app.button]
    assert page.LOG_OUT_ELSEWHERE not in labels_of_buttons
    assert ends(account) == []


def test_ending_sessions_asks_for_a_recent_login(ann: str, clock: Clock) -> None:
    other = create_session(ann)
    token = create_session(ann)
    clock.forward(minutes=11)
    tab = open_account(token)
    assert ends(tab) == []
    tab.field(labels.PASSWORD).input(PASSWORD)
    tab.click(labels.CONTINUE)
    assert len(ends(tab)) == 1
    tab.click(page.LOG_OUT_ELSEWHERE)
    assert validate_session(other) is None


@pytest.mark.parametrize("label", [page.END, page.LOG_OUT_ELSEWHERE])
def test_a_button_that_was_drawn_before_does_nothing_after_ten_minutes(
    account_of_two: Tab, clock: Clock, label: str
) -> None:
    clock.forward(minutes=11)
    account_of_two.click(label)
    assert len(sessions.list_sessions(directory.get("ann"))) == 2
    assert account_of_two.field(labels.PASSWORD)


@pytest.fixture
def account_of_two(ann: str, clock: Clock) -> Tab:
    """A tab in which Ann, who is logged in elsewhere too, has opened the page."""
    create_session(ann)
    return open_account(create_session(ann))


def test_the_button_of_somebody_elses_session_does_nothing_here(
    account_of_two: Tab, bob: str
) -> None:
    victim = create_session(bob)
    of_bob = open_account(create_session(bob))
    forged = of_bob.button(page.END).id
    account_of_two.send(WidgetState(id=forged, trigger_value=True))
    assert validate_session(victim) == bob
    assert len(sessions.list_sessions(directory.get("ann"))) == 2


def test_a_button_of_a_user_who_was_disabled_does_nothing(account_of_two: Tab) -> None:
    other = open_account(create_session("ann"))
    directory.disable_user("ann")
    account_of_two.click(page.LOG_OUT_ELSEWHERE)
    assert account_of_two.shows_login_form
    assert other.run().shows_login_form


def test_a_store_that_fails_is_one_sentence_on_the_page(
    account_of_two: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    with monkeypatch.context() as outage:
        outage.setattr(sessions, "list_sessions", fail)
        account_of_two.click(page.END)
        assert {error.value for error in account_of_two.app.error} == {labels.UNCHECKED}
    assert len(sessions.list_sessions(directory.get("ann"))) == 2
    assert len(ends(account_of_two.run())) == 1


def test_a_password_that_cannot_be_saved_is_said(
    account: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise StoreReadOnlyError("secret details")

    monkeypatch.setattr(type(stores.current().users), "set_password", fail)
    change_password(account, PASSWORD, NEW_PASSWORD)
    assert account.error == labels.NOT_SAVED
    assert account.user == "ann"


PASSWORDS: Final = [page.CURRENT_PASSWORD, labels.NEW_PASSWORD, labels.REPEAT_NEW_PASSWORD]


def change_password(tab: Tab, current: str, new: str, repeated: str | None = None) -> None:
    fill_in(tab, current, new, new if repeated is None else repeated)
    tab.click(page.CHANGE_PASSWORD)


def fill_in(tab: Tab, *passwords: str) -> None:
    for label, password in zip(PASSWORDS, passwords, strict=True):
        tab.field(label).input(password)


def logins_of(tab: Tab) -> list[list[str]]:
    """Return what is said of each login, in two lines."""
    bodies = [body for body in bodies_of(tab) if body.startswith("<div>")]
    return [
        re.sub("<.*?>", "", body.replace("</div><div", "\n<div")).split("\n") for body in bodies
    ]


def ends(tab: Tab) -> list[str]:
    """Return the ids of the buttons that end a session."""
    return [button.id for button in tab.app.button if button.label == page.END]
