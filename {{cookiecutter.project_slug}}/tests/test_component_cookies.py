"""What the browser is asked to keep: the cookie that the component writes."""

import pytest

from auth import create_session, validate_session
from auth.settings import load_settings
from tests.conftest import PASSWORD
from tests.tab import Tab

pytestmark = pytest.mark.usefixtures("quick_passwords")


def written(tab: Tab) -> list[dict[str, object]]:
    return [call for call in tab.component_calls if call["method"] == "set"]


def test_a_login_writes_the_token_for_as_long_as_the_session_lives(
    tab: Tab, ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESSION_HOURS", "0.5")
    load_settings.cache_clear()
    (call,) = written(tab.log_in(ann, PASSWORD))
    assert call["cookie"] == load_settings().cookie_name
    assert validate_session(str(call["value"])) == ann
    assert isinstance(call["options"], dict)
    assert call["options"]["maxAge"] == 1800
    assert call["options"]["sameSite"] == "strict"
    assert call["options"]["path"] == "/"
    assert call["options"]["expires"].endswith("+00:00")


def test_a_failed_login_writes_nothing(tab: Tab, ann: str) -> None:
    assert written(tab.log_in(ann, "wrong password")) == []


def test_a_logout_clears_the_cookie(ann: str) -> None:
    (call,) = written(Tab(create_session(ann)).run().log_out())
    assert call["value"] == ""
    assert isinstance(call["options"], dict)
    assert call["options"]["maxAge"] == 0


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
    assert [call["method"] for call in tab.component_calls] == ["getAll"]


def test_another_connection_is_never_sent_the_token(tab: Tab, ann: str) -> None:
    tab.log_in(ann, PASSWORD)
    tab.connect()
    assert written(tab.run()) == []
