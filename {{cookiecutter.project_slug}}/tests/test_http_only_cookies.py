"""What the browser is sent to fetch: the cookie that the server sets."""

from typing import NoReturn

import pytest

from auth import codes, create_session, validate_session
from auth.settings import load_settings
from auth.store import Code, Store, StoreUnavailableError
from tests.conftest import PASSWORD, Clock
from tests.tab import Tab

pytestmark = pytest.mark.usefixtures("quick_passwords")


def test_a_login_sends_a_code_that_is_worth_the_token(tab: Tab, ann: str) -> None:
    (errand,) = tab.log_in(ann, PASSWORD).component_calls
    assert errand["url"] == "/_auth/cookie"
    token = codes.redeem(errand["code"])
    assert token
    assert validate_session(token) == ann


def test_a_failed_login_sends_nothing(tab: Tab, ann: str) -> None:
    assert tab.log_in(ann, "wrong password").component_calls == []


def test_a_logout_sends_a_code_that_clears_the_cookie(ann: str) -> None:
    (errand,) = Tab(create_session(ann)).run().log_out().component_calls
    assert codes.redeem(errand["code"]) == ""


def test_a_page_with_the_cookie_at_hand_sends_nothing(ann: str) -> None:
    assert Tab(create_session(ann)).run().component_calls == []


def test_another_connection_is_never_sent_the_code(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    tab.connect()
    assert tab.run().component_calls == []


def test_a_login_stands_where_only_its_code_cannot_be_kept(
    tab: Tab, ann: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(code: Code) -> NoReturn:
        raise StoreUnavailableError("no answer")

    monkeypatch.setattr(store, "add_code", fail)
    tab.log_in(ann, PASSWORD)
    assert tab.user == ann
    assert tab.component_calls == []
    tab.log_out()
    assert tab.shows_login_form


def test_a_browser_that_does_not_answer_is_said_to_keep_no_login(
    tab: Tab, ann: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auth.cookies.time", clock)
    tab.log_in(ann, PASSWORD)
    assert not tab.app.warning
    clock.forward(minutes=1)
    tab.run()
    assert tab.user == ann
    assert "could not keep the login" in tab.app.warning[0].value


@pytest.mark.parametrize(
    ("origin", "name"),
    [("https://app.example", "__Host-{}"), ("http://app.example", "{}")],
)
def test_only_the_cookie_of_the_own_scheme_is_read(ann: str, origin: str, name: str) -> None:
    cookie_name = load_settings().cookie_name
    for presented in ("{}", "__Host-{}", "__Secure-{}"):
        tab = Tab()
        tab.connection.headers["Origin"] = origin
        tab.connection.cookies[presented.format(cookie_name)] = create_session(ann)
        assert (tab.run().user == ann) is (presented == name)
