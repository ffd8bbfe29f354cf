"""What a client that speaks to Streamlit without a browser can do about the second factor."""

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pyotp
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.conftest import Bake, environment_of
from tests.support.baking import DIAGONAL, combination_id
from tests.support.raw_client import DEVICE_COOKIE, RawClient, raw_client
from tests.support.servers import AppServer
from tests.support.sweep import first_of

SIGNED_IN = b"Signed in as "
SETTINGS = {"SECOND_FACTOR_REQUIRED": "*", "TOTP_TOLERANCE": "1"}


@pytest.fixture(scope="module", params=first_of(DIAGONAL), ids=combination_id)
def servers(request: pytest.FixtureRequest, bake: Bake) -> Iterator[list[AppServer]]:
    """A server of an app in which everybody has to have a second factor; with a database, two."""
    project = bake(**request.param, accounts="second_factor")
    number = 1 if request.param["store_backend"] == "memory" else 2
    with environment_of(project, request) as environment, ExitStack() as stack:
        everything = {**environment, **SETTINGS}
        yield [stack.enter_context(project.server(everything)) for _ in range(number)]


@pytest.fixture(scope="module")
def seed(servers: list[AppServer]) -> str:
    """The seed of test1, who has just set up an authenticator app, as they were made to."""
    with raw_client(servers[0].url, DEVICE_COOKIE) as client:
        assert b"Set up a second factor" in client.log_in("test1")
        seed = code_in(client)
        for page in ("about", "account"):
            assert b"Set up a second factor" in client.run_script(page)
        assert b"Set up a second factor" in client.run_script("", fragment="of a page")
        client.send(BackMsg(clear_cache=True))
        received = client.run_script("", *typed(client, now(seed), "Confirm"))
        assert b"I have saved them" in received
        assert SIGNED_IN + b"test1" in client.run_script("", client.click("I have saved them"))
        assert 'event="request refused" reason=clear_cache' in servers[0].log
    return seed


def test_between_the_factors_there_is_a_form_and_nothing_else(
    servers: list[AppServer], seed: str
) -> None:
    server = servers[0]
    with raw_client(server.url, DEVICE_COOKIE) as client:
        client.log_in("test1")
        assert SIGNED_IN not in client.run_script("account")
        assert b"Users" not in client.run_script("users")
        before = len(server.log)
        client.send(BackMsg(load_git_info=True))
        address = f"{server.url}/_stcore/upload_file/{client.session_id}/a-file"
        upload = urllib.request.Request(address, b"", {"Cookie": DEVICE_COOKIE}, method="PUT")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(upload)
        assert SIGNED_IN not in client.run_script()
        assert "reason=load_git_info" in server.log[before:]
        assert "reason=upload" in server.log[before:]
        # Neither another connection of this browser goes on, nor another browser in this session.
        code, device = typed(client, "000000", "Continue"), DEVICE_COOKIE.replace("b", "c")
        for cookie, resume in [
            (DEVICE_COOKIE, None),
            (device, client.session_id),
            (None, client.session_id),
        ]:
            with raw_client(server.url, cookie, resume) as other:
                assert b"Password" in other.run_script()
                assert SIGNED_IN not in other.run_script("", *code)
        assert b"Wrong code" in client.run_script("", *code)


def test_a_page_that_connects_again_goes_on_with_the_code(
    servers: list[AppServer], seed: str
) -> None:
    url = servers[0].url
    with raw_client(url, DEVICE_COOKIE) as lost:
        lost.log_in("test1")
        with raw_client(url, DEVICE_COOKIE, lost.session_id) as page:
            assert b"Password" not in page.run_script()
            wrong = page.run_script("", *typed(page, "000000", "Continue"))
            assert b"Wrong code" in wrong
            assert b"Password" in lost.run_script()
    with raw_client(url, DEVICE_COOKIE, page.session_id) as again:
        assert b"Password" not in again.run_script()
    with raw_client(url, DEVICE_COOKIE) as reloaded:
        assert b"Password" in reloaded.run_script()


def test_of_two_servers_that_get_one_code_at_once_one_lets_somebody_in(
    servers: list[AppServer], seed: str
) -> None:
    with ExitStack() as stack:
        clients = [
            stack.enter_context(raw_client((servers * 2)[number].url, DEVICE_COOKIE))
            for number in range(2)
        ]
        for client in clients:
            client.log_in("test1")
        code, everybody = newer(seed), Barrier(2)

        def enter(client: RawClient) -> bool:
            widgets = typed(client, code, "Continue")
            everybody.wait(10)
            return SIGNED_IN + b"test1" in client.run_script("", *widgets)

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(enter, clients)) == [False, True]


def typed(client: RawClient, code: str, button: str) -> list[WidgetState]:
    return [client.field("Code", code), client.click(button)]


def code_in(client: RawClient) -> str:
    """Return the text in the code block that was drawn last."""
    drawn = [message.delta.new_element.code.code_text for message in client.messages]
    return next(filter(None, reversed(drawn)))


def now(seed: str) -> str:
    return pyotp.TOTP(seed).now()


def newer(seed: str) -> str:
    """Return the code of the next step: that of this one may have been used."""
    return pyotp.TOTP(seed).at(time.time(), counter_offset=1)
