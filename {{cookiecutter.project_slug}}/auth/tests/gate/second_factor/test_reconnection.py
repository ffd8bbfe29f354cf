"""A page that loses its connection between the password and the code."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.datastructures import Headers

from auth import create_session
from auth.server import MIDDLEWARE
from auth.settings import load_settings
from auth.tests import labels
from auth.tests.asgi import App, Message, open_websocket
from auth.tests.conftest import PASSWORD, Clock
from auth.tests.gate.second_factor.steps import CODE, asks_for_a_code, enter, with_password
from auth.tests.login.second_factor.phone import Phone
from auth.tests.tab import BROWSER, Tab


def connect(
    asks_for: str | None,
    *devices: str,
    do: Callable[[Tab], Any] = lambda tab: None,
    tab: Tab | None = None,
    origin: str = "http://localhost:8501",
    token: str | None = None,
) -> Tab:
    """Open a connection through all that stands before Streamlit, and return what it shows.

    Args:
        asks_for: The id of the Streamlit session that the page had before, or None.
        devices: The cookies by which the browser is told from others.
        do: What happens before it is closed again.
        tab: The Streamlit session that Streamlit resumes; None for a new one.
        origin: The site of the page.
        token: The token in the login cookie.
    """
    tab, name = tab or Tab(), load_settings().cookie_name
    tab.connect(token)
    cookies = [f"{name}_device={device}" for device in devices]
    headers = {
        "host": "localhost:8501",
        "origin": origin,
        "sec-websocket-key": "the browser's own",
        "sec-websocket-protocol": ", ".join(filter(None, ["streamlit", "x", asks_for])),
        "cookie": "; ".join([*cookies, *([f"{name}={token}"] if token else [])]),
    }

    async def streamlit(scope: Message, receive: Any, send: Any) -> None:
        tab.connection.headers["Sec-Websocket-Key"] = Headers(scope=scope)["sec-websocket-key"]
        do(tab.run())

    app: App = streamlit
    for middleware in reversed(MIDDLEWARE):
        app = middleware.cls(app, *middleware.args, **middleware.kwargs)
    open_websocket(app, headers)
    return tab


def test_it_goes_on_with_the_code(phone: Phone) -> None:
    lost = enter(with_password(), phone.wrong())
    tab = connect(lost.session_id, BROWSER, do=lambda tab: enter(tab, phone.code()))
    assert (tab.user, tab.page) == ("ann", "Private")
    assert lost.run().shows_login_form


def test_it_may_lose_it_again_and_again(phone: Phone) -> None:
    tab = with_password()
    for _ in range(3):
        tab = connect(tab.session_id, BROWSER)
        assert asks_for_a_code(tab)


def test_wrong_codes_before_it_count(phone: Phone) -> None:
    lost = with_password()
    for _ in range(4):
        enter(lost, phone.wrong())
    tab = connect(lost.session_id, BROWSER, do=lambda tab: enter(tab, phone.wrong()))
    assert (tab.error, tab.shows_login_form) == (labels.SAY.too_many_codes, True)


@pytest.mark.parametrize("asks_for", [None, "", "the id of another session"])
def test_a_reload_and_another_tab_ask_for_the_password(phone: Phone, asks_for: str | None) -> None:
    lost = with_password()
    assert connect(asks_for, BROWSER).shows_login_form
    assert asks_for_a_code(lost.run())


@pytest.mark.parametrize(
    "devices", [[], [""], ["c" * 43], [BROWSER, "c" * 43]], ids=["none", "", "another", "two"]
)
def test_another_browser_that_knows_the_session_is_asked_for_the_password(
    phone: Phone, devices: list[str]
) -> None:
    lost = with_password()
    assert connect(lost.session_id, *devices).shows_login_form
    assert asks_for_a_code(lost.run())


@pytest.mark.parametrize("device", [None, "", "no secret"])
def test_a_browser_that_nothing_tells_from_others_is_asked_for_the_password(
    phone: Phone, device: str | None
) -> None:
    lost = Tab()
    name = f"{load_settings().cookie_name}_device"
    lost.connection.cookies.pop(name)
    if device is not None:
        lost.connection.cookies[name] = device
    assert asks_for_a_code(with_password(lost.run()))
    assert connect(lost.session_id, *([] if device is None else [device])).shows_login_form


def test_a_page_of_another_site_takes_nothing_with_it(phone: Phone) -> None:
    lost = with_password()
    connect(lost.session_id, BROWSER, origin="https://evil.example")
    assert asks_for_a_code(lost.run())


@pytest.fixture
def token(phone: Phone, clock: Clock) -> str:
    """What is in the cookie of Ann, who has logged in eleven minutes ago."""
    token = create_session("ann")
    clock.forward(minutes=11)
    return token


@pytest.fixture
def careful(token: str) -> Tab:
    """A page that asks for a recent login, where she has just given her password."""
    tab = Tab(token).run().open_page("careful")
    tab.field(labels.PASSWORD).input(PASSWORD)
    return tab.click(labels.CONTINUE)


def test_a_login_that_is_proved_again_goes_on_as_well(
    careful: Tab, phone: Phone, token: str
) -> None:
    code = phone.code()
    session_id = careful.session_id
    connect(session_id, BROWSER, tab=careful, token=token, do=lambda tab: enter(tab, code))
    assert careful.texts == ["secret"]


def test_without_the_cookie_of_that_login_it_does_not(careful: Tab, token: str) -> None:
    assert connect(careful.session_id, BROWSER).shows_login_form
    assert [field.label for field in careful.run().app.main.text_input] == [CODE]


def test_only_where_nobody_is_logged_in_the_page_asks_for_runs_by_itself(
    careful: Tab, phone: Phone
) -> None:
    """They would count as a use of the session, and keep it from its idle limit."""
    assert not any(message.HasField("auto_rerun") for message in careful.sent)
    assert any(message.HasField("auto_rerun") for message in with_password().sent)


def test_a_page_left_open_shows_the_login_form_when_the_time_is_over(
    phone: Phone, clock: Clock
) -> None:
    tab = with_password()
    (timer,) = (message.auto_rerun for message in tab.sent if message.HasField("auto_rerun"))
    clock.forward(seconds=timer.interval)
    assert tab.run().shows_login_form
