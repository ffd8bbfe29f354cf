"""A session belongs to the browser that logged in, and to nobody else."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus, WebSocketException

from tests.conftest import OpenBrowser
from tests.support.baking import BakedProject
from tests.support.raw_client import raw_client
from tests.support.servers import AppServer
from tests.support.visitor import Browsers, Tab, expect_to_see, session_id_of, widget_state

LOGIN_FORM = b"Log in"
SIGNED_IN = b"Signed in as"
ODD_VALUES = [
    "x" * 100_000,
    "\xff\xfe\x80",
    '"; Path=/',
    "%00%0a",
    "null",
    "[]",
    "💥".encode().decode("latin-1"),
]


@pytest.fixture(scope="session")
def owners_tab(server: AppServer, browsers: Browsers) -> Iterator[Tab]:
    """A tab of somebody who stays with the app from test to test."""
    with browsers.one() as open_tab:
        yield open_tab()


@pytest.fixture
def owner(server: AppServer, owners_tab: Tab) -> Tab:
    """A tab that is logged in as test1, and has just been reloaded."""
    owners_tab.received.clear()
    owners_tab.open(server.url)
    if owners_tab.cookie:
        owners_tab.sees_user("test1")
    else:
        owners_tab.log_in("test1")
    owners_tab.settles()
    return owners_tab


@pytest.mark.parametrize("presents", ["nothing", "junk", "the cookie of another user"])
def test_a_session_id_of_somebody_else_is_worth_nothing(
    server: AppServer, owner: Tab, open_browser: OpenBrowser, presents: str
) -> None:
    name = owner.cookie_header.split("=")[0]
    if presents == "nothing":
        cookie = None
    elif presents == "junk":
        cookie = f"{name}={secrets.token_urlsafe(32)}"
    else:
        other = open_browser()().open(server.url)
        other.log_in("test2")
        cookie = other.cookie_header
    with raw_client(server.url, cookie, resume=session_id_of(owner)) as thief:
        received = thief.run_script()
    assert LOGIN_FORM in received
    assert SIGNED_IN not in received
    assert 'event="cookie mismatch"' in server.log
    owner.reload()
    owner.sees_user("test1")


def test_a_cookie_of_before_the_logout_is_worth_nothing(server: AppServer, owner: Tab) -> None:
    cookie, session_id = owner.cookie_header, session_id_of(owner)
    owner.log_out()
    with raw_client(server.url, cookie, resume=session_id) as thief:
        assert SIGNED_IN not in thief.run_script()
    with raw_client(server.url, cookie) as thief:
        assert SIGNED_IN not in thief.run_script()


def test_a_thief_cannot_log_the_owner_out(server: AppServer, owner: Tab) -> None:
    button = widget_state(owner, "Log out")
    with raw_client(server.url, resume=session_id_of(owner)) as thief:
        assert SIGNED_IN not in thief.run_script("", button)
    owner.reload()
    owner.sees_user("test1")


def test_a_reconnection_with_the_own_cookie_goes_on(server: AppServer, owner: Tab) -> None:
    with raw_client(server.url, owner.cookie_header, resume=session_id_of(owner)) as again:
        assert b"Signed in as test1" in again.run_script()


def test_callbacks_and_fragments_behind_login_required_do_not_run_for_a_thief(
    project: BakedProject, tmp_path: Path, open_browser: OpenBrowser, environment: dict[str, str]
) -> None:
    copy = project.copy(tmp_path)
    copy.write(
        "views/home.py",
        "import logging\n\nimport streamlit as st\n\nfrom auth import gate\n\n\n"
        "@gate.login_required\ndef transfer():\n"
        '    logging.getLogger("auth").warning("money was sent")\n\n\n'
        "@st.fragment\n@gate.login_required\ndef figures():\n"
        '    st.write("the figures of the quarter")\n    st.button("Again")\n\n\n'
        'st.title("Home")\nst.button("Transfer", on_click=transfer)\nfigures()\n',
    )
    with copy.server(environment) as server:
        owner = open_browser()().open(server.url)
        owner.log_in("test1")
        owner.click("Again")
        owner.settles()
        fragment = owner.fragment_id
        assert fragment
        transfer = widget_state(owner, "Transfer")
        with raw_client(server.url, resume=session_id_of(owner)) as thief:
            thief.start_script("", fragment=fragment)
            assert b"figures of the quarter" not in thief.receive_for(2)
            assert b"figures of the quarter" not in thief.run_script("", transfer)
        assert "money was sent" not in server.log
        owner.reload()
        owner.click("Transfer")
        owner.waits_until(lambda: "money was sent" in server.log)


def test_a_planted_cookie_never_becomes_valid(server: AppServer, open_browser: OpenBrowser) -> None:
    new_tab = open_browser()
    tab = new_tab().open(server.url)
    tab.log_in("test1")
    assert tab.cookie is not None
    name = tab.cookie["name"]
    tab.log_out()
    planted = secrets.token_urlsafe(32)
    tab.page.context.add_cookies([{"name": name, "value": planted, "url": server.url}])
    tab.reload()
    tab.sees_login_form()
    tab.log_in("test1")
    tab.waits_until(lambda: tab.cookie is not None and tab.cookie["value"] != planted)
    with raw_client(server.url, f"{name}={planted}") as thief:
        assert SIGNED_IN not in thief.run_script()


def test_a_token_in_the_address_is_ignored(
    server: AppServer, owner: Tab, open_browser: OpenBrowser
) -> None:
    other = open_browser()()
    other.open(f"{server.url}/?{owner.cookie_header}").sees_login_form()


def test_an_odd_cookie_is_no_login_and_no_error(server: AppServer, owner: Tab) -> None:
    name = owner.cookie_header.split("=")[0]
    for value in ODD_VALUES:
        try:
            with raw_client(server.url, f"{name}={value}") as client:
                assert SIGNED_IN not in client.run_script(), value[:20]
        except (InvalidStatus, WebSocketException, OSError):
            pass  # The server may refuse such a handshake.
    owner.reload()
    owner.sees_user("test1")
    assert "Traceback" not in server.log


def test_a_repeated_cookie_lets_in_only_with_a_valid_token(server: AppServer, owner: Tab) -> None:
    name = owner.cookie_header.split("=")[0]
    with raw_client(server.url, f"{name}=a; {name}=b; {name}=") as client:
        assert SIGNED_IN not in client.run_script()


def test_another_sites_page_that_opens_the_app_in_a_window_is_cut_off_from_it(
    server: AppServer, tab: Tab
) -> None:
    elsewhere = "http://evil.example/"
    tab.page.route(elsewhere, lambda route: route.fulfill(content_type="text/html", body="Hi"))
    tab.open(elsewhere)
    with tab.page.expect_popup() as opened:
        tab.page.evaluate("url => { window.app = window.open(url) }", server.url)
    expect_to_see(opened.value.get_by_role("button", name="Log in", exact=True))
    assert tab.page.evaluate("window.app.closed")
    assert opened.value.evaluate("window.opener === null")


def test_another_sites_page_gets_nothing(server: AppServer, owner: Tab) -> None:
    with (
        pytest.raises((InvalidStatus, WebSocketException)),
        raw_client(server.url, owner.cookie_header, origin="https://evil.example") as client,
    ):
        client.run_script()


def test_the_next_user_of_a_tab_finds_nothing_of_the_last_one(
    project: BakedProject, tmp_path: Path, tab: Tab, environment: dict[str, str]
) -> None:
    copy = project.copy(tmp_path)
    copy.write(
        "views/home.py",
        'import streamlit as st\n\nst.title("Home")\nst.text_input("Note", key="note")\n'
        'if st.session_state.note:\n    st.session_state["kept"] = st.session_state.note\n'
        'st.write("Kept:", st.session_state.get("kept"))\n',
    )
    with copy.server(environment) as server:
        tab.open(server.url).log_in("test1")
        tab.page.get_by_label("Note").fill("a secret of test1")
        tab.page.keyboard.press("Enter")
        tab.settles()
        tab.log_out()
        tab.received.clear()
        tab.log_in("test2")
        assert not any(b"a secret of test1" in data for data in tab.received)


def test_a_tab_that_shows_the_form_is_logged_in_by_a_reload(
    server: AppServer, open_browser: OpenBrowser
) -> None:
    new_tab = open_browser()
    waiting = new_tab().open(server.url)
    waiting.sees_login_form()
    new_tab().open(server.url).log_in("test1")
    waiting.reload()
    waiting.sees_user("test1")
