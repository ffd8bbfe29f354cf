"""The route that sets the HttpOnly cookie, and the server around it."""

import http.client
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Request, Route, expect

from tests.conftest import Bake
from tests.support.baking import BakedProject
from tests.support.raw_client import raw_client
from tests.support.servers import AppServer, running
from tests.support.visitor import Tab

ROUTE = "/_auth/cookie"


@pytest.fixture(scope="module")
def project(bake: Bake) -> BakedProject:
    return bake(cookie_transport="http_only")


@pytest.fixture(scope="module")
def server(project: BakedProject) -> Iterator[AppServer]:
    with project.server() as server:
        yield server


def ask(
    server: AppServer,
    method: str = "POST",
    body: bytes = b"",
    origin: str | None = "",
    cookie: str = "",
) -> http.client.HTTPResponse:
    """Send a request to the route, from the app's own origin unless told otherwise."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    headers = {"Cookie": cookie} | ({} if origin is None else {"Origin": origin or server.url})
    connection.request(method, ROUTE, body, headers)
    return connection.getresponse()


def code_of_a_login(tab: Tab, server: AppServer) -> bytes:
    """Log in while the route cannot be reached, and return the code that was on its way."""
    codes = []

    def catch(route: Route, request: Request) -> None:
        codes.append(request.post_data_buffer)
        route.abort()

    tab.page.route(f"**{ROUTE}", catch)
    tab.open(server.url).fill_login("test1", "test1")
    tab.page.keyboard.press("Enter")
    tab.sees_user("test1")
    tab.waits_until(lambda: bool(codes))
    (code,) = codes
    assert code is not None
    return code


def test_the_cookie_is_out_of_reach_of_javascript(server: AppServer, tab: Tab) -> None:
    tab.open(server.url).log_in("test1")
    assert tab.cookie is not None
    assert tab.cookie["httpOnly"]
    assert tab.cookie["sameSite"] == "Lax"
    assert tab.cookie["path"] == "/"
    assert tab.cookie["value"] not in tab.page.evaluate("document.cookie")
    token = tab.cookie["value"].encode()
    assert not any(token in data for data in tab.received)
    assert tab.cookie["value"] not in tab.page.content()
    assert tab.cookie["value"] not in server.log


def test_a_code_is_worth_a_cookie_once_in_the_browser_that_it_is_for(
    server: AppServer, tab: Tab
) -> None:
    code = code_of_a_login(tab, server)
    response = ask(server, body=code, cookie=browser_cookie(tab))
    assert response.status == 204
    found = re.fullmatch(
        r"streamlit_auth_app_session=([\w-]{86}); HttpOnly; Max-Age=86400; Path=/; SameSite=lax",
        response.headers["Set-Cookie"],
    )
    assert found
    # The page has one half of the token, and the cookie alone has the other.
    assert found[1].startswith(code.decode())
    assert not any(found[1][43:].encode() in data for data in tab.received)
    assert ask(server, body=code, cookie=browser_cookie(tab)).status == 410


@pytest.mark.parametrize("cookie", ["", "streamlit_auth_app_session_device=" + "x" * 43])
def test_a_code_that_a_script_took_away_is_worth_nothing_elsewhere(
    server: AppServer, tab: Tab, cookie: str
) -> None:
    code = code_of_a_login(tab, server)
    response = ask(server, body=code, cookie=cookie)
    assert response.status == 403
    assert "Set-Cookie" not in response.headers
    assert ask(server, body=code, cookie=browser_cookie(tab)).status == 410


def test_no_script_can_read_the_cookie_that_tells_browsers_apart(
    server: AppServer, tab: Tab
) -> None:
    tab.open(server.url).sees_login_form()
    _, value = browser_cookie(tab).split("=")
    assert value not in tab.page.evaluate("document.cookie")
    assert not any(value.encode() in data for data in tab.received)


def browser_cookie(tab: Tab) -> str:
    """Return the Cookie header with what tells this browser from every other."""
    cookies = tab.page.context.cookies(tab.page.url)
    (cookie,) = (each for each in cookies if each["name"] == "streamlit_auth_app_session_device")
    return f"{cookie['name']}={cookie['value']}"


@pytest.mark.parametrize(
    ("method", "body", "origin", "status", "reason"),
    [
        ("GET", b"", "", 405, "method"),
        ("PUT", b"", "", 405, "method"),
        ("POST", b"x" * 43, "https://evil.example", 403, "origin"),
        ("POST", b"x" * 43, "null", 403, "origin"),
        ("POST", b"x" * 43, "http://[", 403, "origin"),
        ("POST", b"x" * 43, None, 403, "origin"),
        ("POST", b"x" * 43, "", 410, "code"),
        ("POST", b"", "", 410, "code"),
        ("POST", b"\xff\x00", "", 410, "code"),
        ("POST", b"x" * 100_000, "", 413, "size"),
    ],
)
def test_the_route_refuses_what_no_page_of_the_app_would_send(
    server: AppServer, method: str, body: bytes, origin: str | None, status: int, reason: str
) -> None:
    response = ask(server, method, body, origin)
    assert response.status == status
    assert "Set-Cookie" not in response.headers
    # One line a minute for each reason is enough.
    assert f'event="cookie refused" reason={reason}' in server.log
    assert "Traceback" not in server.log


def test_a_person_hears_that_their_browser_could_not_keep_the_login(
    server: AppServer, tab: Tab
) -> None:
    code_of_a_login(tab, server)
    tab.sees("this browser could not keep the login")
    tab.follow("About")
    tab.sees_page("About")
    tab.sees_user("test1")


def test_a_connection_that_was_lost_goes_on_with_what_was_on_its_way(
    project: BakedProject, tmp_path: Path, tab: Tab
) -> None:
    copy = project.copy(tmp_path)
    copy.write(
        "views/home.py",
        "import time\n\nimport streamlit as st\n\n"
        'for part in range(300):\n    st.write(f"figure {part}")\n    time.sleep(0.005)\n',
    )
    with copy.server() as server:
        tab.open(f"{server.url}/about").log_in("test1")
        cookie = f"{tab.cookie['name']}={tab.cookie['value']}" if tab.cookie else None
        with raw_client(server.url, cookie) as owner:
            owner.start_script()
            owner.receive_until(b"figure 5")
        with raw_client(server.url, cookie, resume=owner.session_id) as again:
            assert b"figure" in again.receive_for(0.5) + again.run_script() + again.run_script()
            assert again.session_id == owner.session_id


def test_every_response_has_security_headers(server: AppServer) -> None:
    for path in ["/", "/about", "/_stcore/health"]:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
        connection.request("GET", path)
        headers = connection.getresponse().headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"
        assert "Strict-Transport-Security" not in headers


def test_the_headers_can_be_set_and_left_to_a_proxy(project: BakedProject) -> None:
    with project.server({"FRAME_ANCESTORS": "https://intranet.example"}) as server:
        response = ask(server, "GET")
        policy = response.headers["Content-Security-Policy"]
        assert policy == "frame-ancestors https://intranet.example"
    with project.server({"SECURITY_HEADERS": "false"}) as server:
        assert "X-Content-Type-Options" not in ask(server, "GET").headers


def test_the_app_works_below_a_base_path(project: BakedProject, tab: Tab) -> None:
    with project.server({"STREAMLIT_SERVER_BASE_URL_PATH": "tools/app"}, "/tools/app") as server:
        tab.open(f"{server.url}/about").log_in("test1")
        assert tab.cookie is not None
        assert tab.cookie["path"] == "/tools/app"
        tab.reload()
        tab.sees_user("test1")
        tab.sees_page("About")
        tab.log_out()


def test_the_app_works_under_uvicorn(project: BakedProject, tab: Tab) -> None:
    class UvicornServer(AppServer):
        def command(self) -> list[str]:
            return [sys.executable, "-m", "uvicorn", "app:app", "--port", str(self.port)]

    with running(UvicornServer(project.path)) as server:
        tab.open(f"{server.url}/about").log_in("test1")
        tab.reload()
        tab.sees_user("test1")
        tab.sees_page("About")
        tab.log_out()


def test_the_script_alone_says_how_to_start_the_app(project: BakedProject, tab: Tab) -> None:
    class ScriptServer(AppServer):
        def command(self) -> list[str]:
            return [part.replace("app.py", "main.py") for part in super().command()]

    with running(ScriptServer(project.path)) as server:
        tab.open(server.url).sees("streamlit run app.py")
        expect(tab.page.get_by_label("Password")).to_have_count(0)
