"""Pages for everybody, for some and for the logged in: in a browser, and for a client without one."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.conftest import Bake, OpenBrowser, environment_of
from tests.support.baking import BakedProject
from tests.support.raw_client import DEVICE_COOKIE, RawClient, raw_client
from tests.support.servers import AppServer
from tests.support.visitor import Tab, expect_to_see

PAGES = "Lobby, Ledger @sales @finance, Guide @public, Help @public, Vault @keeper"
NO_ACCESS = "You do not have access to this page."

# A page with a button whose callback is for keepers only, and says so in the log.
VAULT = """import logging

import streamlit as st

from auth import gate


@gate.role_required("keeper")
def open_vault():
    logging.getLogger("auth").warning("the vault was opened")


st.title("Vault")
st.button("Open the door", on_click=open_vault)
"""


@pytest.fixture(scope="module")
def app(
    bake: Bake,
    project: BakedProject,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[AppServer]:
    """A project with a page for each kind of person, running."""
    baked = bake(**project.answers, pages=PAGES, demo_users="test1 @keeper @sales, test2")
    copy = baked.copy(tmp_path_factory.mktemp("app"))
    copy.write("views/vault.py", VAULT)
    with environment_of(copy, request) as environment, copy.server(environment) as server:
        yield server


@pytest.fixture
def manage(app: AppServer, project: BakedProject) -> Callable[..., str]:
    """Return a function that runs a command of manage.py beside the running app."""
    running = BakedProject(app.project, project.answers)
    return lambda *command: running.manage(*command, environment=app.environment)


@pytest.fixture
def client(app: AppServer) -> Iterator[RawClient]:
    """A client without a browser, and without a login."""
    with raw_client(app.url, DEVICE_COOKIE) as client:
        yield client


def page_hash_of(client: RawClient) -> str:
    """Return Streamlit's name of the page that a client was shown last."""
    hashes = [message.navigation.page_script_hash for message in client.messages]
    return next(filter(None, reversed(hashes)))


def links(tab: Tab) -> list[str]:
    return tab.page.get_by_test_id("stSidebar").get_by_role("link").all_inner_texts()


def test_a_public_page_needs_no_login_and_a_login_comes_back_to_it(
    app: AppServer, tab: Tab
) -> None:
    tab.open(f"{app.url}/guide")
    tab.sees_page("Guide")
    assert {"Lobby", "Ledger", "Vault"}.isdisjoint(links(tab))
    tab.click("Log in")
    tab.log_in("test2")
    tab.sees_page("Guide")
    assert tab.path == "/guide"
    assert {"Lobby", "Guide"} <= set(links(tab))
    assert {"Ledger", "Vault"}.isdisjoint(links(tab))


def test_whoever_may_not_see_the_landing_page_lands_on_the_first_that_they_may_see(
    bake: Bake, project: BakedProject, request: pytest.FixtureRequest, open_browser: OpenBrowser
) -> None:
    baked = bake(**project.answers, pages="Vault @keeper, Lobby", demo_users="test1 @keeper, test2")
    with environment_of(baked, request) as environment, baked.server(environment) as server:
        keeper, other = open_browser()(), open_browser()()
        keeper.open(server.url).log_in("test1")
        keeper.sees_page("Vault")
        other.open(server.url).log_in("test2")
        other.sees_page("Lobby")
        assert other.path == "/lobby"
        other.open(server.url)
        other.sees_page("Lobby")


def test_a_page_for_others_says_so_and_leads_to_those_that_one_may_see(
    app: AppServer, tab: Tab
) -> None:
    tab.open(f"{app.url}/ledger").log_in("test2")
    tab.sees(NO_ACCESS)
    expect(tab.page.get_by_role("heading", name="Ledger")).to_have_count(0)
    assert tab.path == "/ledger"
    assert 'event="access denied" user=test2' in app.log
    tab.follow("Lobby")
    tab.sees_page("Lobby")


def test_whoever_does_not_want_to_log_in_after_all_gets_back_to_the_public_page(
    app: AppServer, tab: Tab
) -> None:
    tab.open(f"{app.url}/guide").follow("Help")
    tab.sees_page("Help")
    for leave in (
        tab.page.get_by_role("button", name="Back", exact=True).click,
        tab.page.go_back,
    ):
        tab.click("Log in")
        expect_to_see(tab.page.get_by_label("Username", exact=True))
        tab.settles()
        leave()
        tab.sees_page("Help" if tab.path == "/help" else "Guide")
    assert tab.path == "/guide"
    tab.follow("Help")
    tab.sees_page("Help")


@pytest.mark.parametrize("by", ["address", "hash"])
def test_nothing_of_a_page_for_others_is_sent(app: AppServer, client: RawClient, by: str) -> None:
    assert b"Lobby" in client.log_in("test2")
    with raw_client(app.url, DEVICE_COOKIE) as keeper:
        assert b"Vault" in keeper.log_in("test1", "vault")
        page_hash = page_hash_of(keeper)
    message = BackMsg()
    if by == "hash":
        message.rerun_script.page_script_hash = page_hash
    else:
        message.rerun_script.page_name = "vault"
    client.send(message)
    received = client.receive_until(NO_ACCESS.encode()) + client.receive_for(0.5)
    for told in (b"Vault", b"Ledger", b"vault.py", b"door"):
        assert told not in received


def test_a_role_that_is_given_or_taken_acts_at_the_next_click_in_every_tab(
    app: AppServer, open_browser: OpenBrowser, manage: Callable[..., str]
) -> None:
    open_tab = open_browser()
    one, other = open_tab(), open_tab()
    one.open(f"{app.url}/ledger").log_in("test2")
    one.sees(NO_ACCESS)
    manage("grant", "test2", "finance")
    other.open(f"{app.url}/ledger")
    other.sees_page("Ledger")
    one.reload()
    one.sees_page("Ledger")
    manage("revoke", "test2", "finance")
    for tab in (one, other):
        tab.follow("Ledger")
        tab.sees(NO_ACCESS)
        assert {"Ledger", "Vault"}.isdisjoint(links(tab))
        assert {"Lobby", "Guide"} <= set(links(tab))


def test_a_callback_runs_no_more_when_the_role_was_taken(
    app: AppServer, client: RawClient, manage: Callable[..., str]
) -> None:
    assert b"Vault" in client.log_in("test1", "vault")
    click = client.click("Open the door")
    client.run_script("vault", click)
    assert app.log.count("the vault was opened") == 1
    manage("revoke", "test1", "keeper")
    assert NO_ACCESS.encode() in client.run_script("vault", click)
    manage("grant", "test1", "keeper")
    assert app.log.count("the vault was opened") == 1
