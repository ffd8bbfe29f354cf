"""What the browser is sent to fetch: the cookie that the server sets."""

from typing import NoReturn

import pytest

from auth import cookies, create_session, validate_session
from auth.cookies.http_only.route import PURPOSE
from auth.records import StoreUnavailableError, Ticket
from auth.sessions import tickets, tokens
from auth.sessions.tokens import hash_token
from auth.settings import load_settings
from auth.stores.interface import Store
from auth.tests import labels
from auth.tests.conftest import PASSWORD, Clock
from auth.tests.tab import BROWSER, Tab


def payload_of(code: str) -> tuple[str, str]:
    """Redeem a code, and return the hash of the browser's cookie and the other half."""
    payload = tickets.redeem(PURPOSE, code)
    assert payload is not None
    browser_hash, _, rest = payload.partition(" ")
    return browser_hash, rest


def test_a_login_sends_a_code_that_is_one_half_of_the_token(tab: Tab, ann: str) -> None:
    (errand,) = tab.log_in(ann, PASSWORD).component_calls
    assert errand["url"] == "/_auth/cookie"
    browser_hash, rest = payload_of(errand["code"])
    assert validate_session(errand["code"] + rest) == ann
    assert browser_hash == hash_token(BROWSER)


def test_neither_the_page_nor_the_store_has_the_whole_token(
    tab: Tab, ann: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Ticket] = []
    monkeypatch.setattr(type(store.tickets), "add", lambda _, ticket, now: kept.append(ticket))
    token = tokens.new_token()
    monkeypatch.setattr(tokens, "new_token", lambda: token)
    tab.log_in(ann, PASSWORD)
    sent = b"".join(message.SerializeToString() for message in tab.sent)
    assert token[:43].encode() in sent
    assert token[43:].encode() not in sent
    assert token[43:] in repr(kept)
    assert token[:43] not in repr(kept)


def test_a_failed_login_sends_nothing(tab: Tab, ann: str) -> None:
    assert tab.log_in(ann, "wrong password").component_calls == []


def test_a_logout_sends_a_code_that_clears_the_cookie(ann: str) -> None:
    (errand,) = Tab(create_session(ann)).run().click(labels.LOG_OUT).component_calls
    assert payload_of(errand["code"])[1] == ""


def test_a_page_with_the_cookie_at_hand_sends_nothing(ann: str) -> None:
    assert Tab(create_session(ann)).run().component_calls == []


def test_another_connection_is_never_sent_the_code(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    tab.connect()
    assert tab.run().component_calls == []


def test_a_login_stands_where_only_its_code_cannot_be_kept(
    tab: Tab, ann: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    monkeypatch.setattr(type(store.tickets), "add", fail)
    tab.log_in(ann, PASSWORD)
    assert tab.user == ann
    assert tab.component_calls == []
    assert tab.click(labels.LOG_OUT).shows_login_form


def test_a_browser_without_the_cookie_that_tells_it_apart_keeps_no_login(
    tab: Tab, ann: str
) -> None:
    tab.connection.cookies.clear()
    tab.log_in(ann, PASSWORD)
    assert tab.user == ann
    assert tab.component_calls == []
    assert tab.warning == labels.NOT_KEPT


def test_a_browser_that_does_not_answer_is_said_to_keep_no_login(
    tab: Tab, ann: str, clock: Clock
) -> None:
    tab.log_in(ann, PASSWORD)
    clock.forward(minutes=1)
    tab.run()
    assert tab.user == ann
    assert tab.warning == labels.NOT_KEPT
    assert tab.component_calls == []


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


def test_without_the_server_a_visitor_is_told_how_to_start_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("auth.cookies.http_only.route._served", False)
    assert cookies.problem() == "Please start this app by: streamlit run app.py"
    tab = Tab().run()
    assert tab.error == cookies.problem()
    assert not tab.shows_login_form
