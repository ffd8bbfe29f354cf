"""A proxy may write Host in another way than browsers do, and the app is still its own."""

import http.client
import socket
from collections.abc import Iterator

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.conftest import Bake
from tests.support.raw_client import RawClient
from tests.support.servers import AppServer

HOSTS = ["app.example.com:443", "APP.example.com:443", "[2001:db8::1]:443"]


@pytest.fixture(scope="module")
def app(bake: Bake) -> Iterator[AppServer]:
    """An app whose server sets the cookie."""
    with bake(cookie_transport="http_only").server() as server:
        yield server


def origin_of(host: str) -> str:
    """Return the origin of the page at a host, as browsers say it."""
    return f"https://{host.removesuffix(':443').lower()}"


def run_script(app: AppServer, host: str, origin: str) -> bytes:
    """Have the script run over a websocket, and return what the server sends."""
    with (
        socket.create_connection(("localhost", app.port)) as connection,
        connect(
            f"ws://{host}/_stcore/stream",
            sock=connection,
            origin=Origin(origin),
            subprotocols=[Subprotocol("streamlit"), Subprotocol("x")],
            max_size=None,
        ) as websocket,
    ):
        return RawClient(websocket).run_script()


def post_code(app: AppServer, host: str, origin: str) -> int:
    """Take a code that was never issued to the route of the cookie, and return the status."""
    connection = http.client.HTTPConnection("localhost", app.port, timeout=10)
    connection.request("POST", "/_auth/cookie", b"x" * 43, {"Host": host, "Origin": origin})
    return connection.getresponse().status


@pytest.mark.parametrize("host", HOSTS)
def test_the_port_of_https_may_stand_in_it(app: AppServer, host: str) -> None:
    assert b"Log in" in run_script(app, host, origin_of(host))
    assert post_code(app, host, origin_of(host)) == 410


@pytest.mark.parametrize("origin", ["https://evil.example.com", "https://app.example.com:8443"])
def test_another_site_is_refused_as_ever(app: AppServer, origin: str) -> None:
    with pytest.raises(WebSocketException):
        run_script(app, HOSTS[0], origin)
    assert post_code(app, HOSTS[0], origin) == 403


def test_the_app_answers_to_its_own_name_only(bake: Bake) -> None:
    with bake().server({"STREAMLIT_SERVER_ALLOWED_HOSTS": "localhost"}) as app:
        for name in ("localhost", "LOCALHOST"):
            assert b"Log in" in run_script(app, f"{name}:{app.port}", app.url)
        evil = f"evil.example:{app.port}"
        with pytest.raises(WebSocketException):
            run_script(app, evil, f"http://{evil}")
