"""What the browser is asked to keep: the cookie that the component writes."""

import json
from importlib import import_module
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from auth import cookies, create_session, validate_session
from auth.records import SettingsError
from auth.settings import load_settings
from auth.tests import labels
from auth.tests.conftest import PASSWORD, Clock, Configure
from auth.tests.tab import Tab
from auth.visitor import internals


def methods(tab: Tab) -> list[object]:
    return [call["method"] for call in tab.component_calls if "method" in call]


def watched(tab: Tab) -> dict[str, object]:
    *_, call = tab.component_calls
    return call


def written(tab: Tab) -> list[dict[str, object]]:
    return [call for call in tab.component_calls if call.get("method") == "set"]


def test_a_login_writes_the_token_for_as_long_as_the_session_lives(
    tab: Tab, ann: str, configure: Configure
) -> None:
    configure(session_hours=0.5)
    (call,) = written(tab.log_in(ann, PASSWORD))
    assert call["cookie"] == load_settings().cookie_name
    assert validate_session(str(call["value"])) == ann
    assert isinstance(call["options"], dict)
    assert call["options"]["maxAge"] == 1800
    assert call["options"]["sameSite"] == "strict"
    assert call["options"]["path"] == "/"
    assert call["options"]["expires"].endswith("+00:00")


def test_nothing_starts_without_what_only_this_transport_needs_of_streamlit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("streamlit.elements.lib.utils.compute_and_register_element_id")
    internals.check.cache_clear()
    with pytest.raises(SettingsError, match="compute_and_register_element_id"):
        internals.check()


def test_a_failed_login_writes_nothing(tab: Tab, ann: str) -> None:
    assert written(tab.log_in(ann, "wrong password")) == []


def test_a_logout_clears_the_cookie(ann: str) -> None:
    (call,) = written(Tab(create_session(ann)).run().click(labels.LOG_OUT))
    assert call["value"] == ""
    assert isinstance(call["options"], dict)
    assert call["options"]["maxAge"] == 0


def test_after_a_logout_the_browser_is_ready_for_the_next_login(
    tab: Tab, ann: str, clock: Clock
) -> None:
    tab.log_in(ann, PASSWORD).click(labels.LOG_OUT)
    clock.forward(minutes=1)
    assert methods(tab.run()) == ["getAll"]


@pytest.mark.parametrize(("url", "secure"), [("https://example.com", True), ("http://x", False)])
def test_the_cookie_is_for_https_only_where_there_is_https(
    tab: Tab, ann: str, url: str, secure: bool
) -> None:
    tab.connection.url = url
    (call,) = written(tab.log_in(ann, PASSWORD))
    assert isinstance(call["options"], dict)
    assert call["options"]["secure"] is secure


def test_a_page_with_the_cookie_at_hand_asks_the_browser_for_nothing(ann: str) -> None:
    assert Tab(create_session(ann)).run().component_calls == []


def test_a_browser_without_the_cookie_is_asked_for_it(tab: Tab) -> None:
    assert methods(tab) == ["getAll"]
    assert watched(tab) == {"name": load_settings().cookie_name, "known": ""}


def test_a_cookie_that_the_handshake_did_not_have_logs_in_where_it_was_told(
    tab: Tab, ann: str
) -> None:
    assert tab.reply({"found": create_session(ann)}).user == ann
    tab.connect()
    assert tab.run().shows_login_form


def test_a_cookie_of_no_session_is_told_once(tab: Tab) -> None:
    assert tab.reply({"found": "of no session"}).shows_login_form
    assert watched(tab)["known"] == "of no session"


def test_another_connection_is_never_sent_the_token(tab: Tab, ann: str) -> None:
    (call,) = written(tab.log_in(ann, PASSWORD))
    tab.connect()
    assert written(tab.run()) == []
    token = str(call["value"]).encode()
    assert not any(token in message.SerializeToString() for message in tab.sent)


def hides_the_page(tab: Tab) -> bool:
    """Whether the page is hidden in a browser that has not noted that it has the cookie."""
    return any(b"visibility: hidden" in message.SerializeToString() for message in tab.sent)


def test_the_page_is_hidden_until_the_browser_has_the_cookie(tab: Tab, ann: str) -> None:
    login = watched(tab.log_in(ann, PASSWORD))["login"]
    assert hides_the_page(tab)
    noted = f"body:not([data-auth-{login}])".encode()
    assert any(noted in message.SerializeToString() for message in tab.sent)


def test_a_run_that_follows_the_login_at_once_writes_the_same(tab: Tab, ann: str) -> None:
    calls = tab.log_in(ann, PASSWORD).component_calls
    assert tab.run().component_calls == calls


def test_a_cookie_is_not_written_for_ever(tab: Tab, ann: str, clock: Clock) -> None:
    tab.log_in(ann, PASSWORD)
    clock.forward(minutes=1)
    assert tab.run().component_calls == []
    assert tab.user == ann


def test_the_page_looks_for_the_very_cookie_that_is_written(tab: Tab, ann: str) -> None:
    (call,) = written(tab.log_in(ann, PASSWORD))
    assert (watched(tab)["name"], watched(tab)["token"]) == (call["cookie"], call["value"])


def test_a_reload_and_a_logout_hide_nothing(ann: str) -> None:
    tab = Tab(create_session(ann)).run()
    assert not hides_the_page(tab)
    assert not hides_the_page(tab.click(labels.LOG_OUT))


def test_a_browser_that_kept_nothing_is_said_so(tab: Tab, ann: str) -> None:
    assert tab.log_in(ann, PASSWORD).warning == labels.NOT_KEPT


@pytest.fixture(scope="module")
def declared() -> Any:
    """The component as its own package declares it."""
    return import_module("extra_streamlit_components.CookieManager")._component_func


def test_the_files_of_the_component_are_served_from_the_start(
    declared: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered: list[Any] = []

    class Server:
        """Stand in for Streamlit's runtime."""

        def __init__(self) -> None:
            self.component_registry = self

        def register_component(self, component: Any) -> None:
            registered.append(component)

    monkeypatch.setattr(internals, "runtime", Server)
    cookies.start()
    assert registered == [declared]  # So nobody is warned where a page declares it too.


SCRIPT = """
import streamlit as st

from auth.cookies.component import _draw_manager
from auth.visitor.internals import hidden
from auth.visitor.widget_values import FRAME

if "by_its_package" in st.session_state:
    from extra_streamlit_components import CookieManager

    with st.form("auth_cookie_form", border=False):
        CookieManager(key=hidden(FRAME))
else:
    _draw_manager(None)
"""


def test_the_component_is_drawn_as_its_package_draws_it() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=30).run()
    (ours,) = (element.proto for element in app.get("component_instance"))
    app.session_state["by_its_package"] = True
    (theirs,) = (element.proto for element in app.run().get("component_instance"))
    for name in ("id", "component_name", "form_id", "url"):
        assert getattr(ours, name) == getattr(theirs, name)
    # Its script reads neither the key nor the value that there is without it.
    assert {"key": theirs.id.partition("-")[2].partition("-")[2], "default": {}} | json.loads(
        ours.json_args
    ) == json.loads(theirs.json_args)


def test_logins_need_no_route() -> None:
    assert cookies.routes() == []
    assert cookies.problem() is None
