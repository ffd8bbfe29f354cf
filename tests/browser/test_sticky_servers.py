"""Uploads and downloads with two servers: behind nginx as the README says, and as it does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload

from tests.conftest import Bake, OpenBrowser, environment_of
from tests.support.nginx import Balancer, nginx_of_the_readme
from tests.support.servers import AppServer
from tests.support.sweep import first_of
from tests.support.visitor import Tab

HOME = """import streamlit as st

st.title("Home")
file = st.file_uploader("File")
if file:
    st.write(f"This is {file.getvalue().decode()}")
    st.download_button("Get it back", file.getvalue(), file.name)
"""
MISDIRECTED = 'event="upload misdirected"'


@pytest.fixture(scope="module", params=first_of(["sqlite", "postgresql"]))
def servers(
    bake: Bake, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[AppServer, AppServer]]:
    """Two servers of an app that takes a file, and gives it back."""
    project = bake(store_backend=request.param).copy(tmp_path_factory.mktemp("project"))
    project.write("views/home.py", HOME)
    with (
        environment_of(project, request) as environment,
        project.server({**environment, "STREAMLIT_SERVER_ADDRESS": "127.0.0.1"}) as one,
        project.server({**environment, "STREAMLIT_SERVER_ADDRESS": "127.0.0.1"}) as two,
    ):
        yield one, two


@pytest.mark.parametrize("people", first_of([2, 20]))
def test_every_upload_and_every_download_works_as_the_readme_says(
    servers: tuple[AppServer, AppServer], tmp_path: Path, open_browser: OpenBrowser, people: int
) -> None:
    one, two = servers
    header = "add_header X-Upstream $upstream_addr always;"
    used = set()
    with nginx_of_the_readme(one, tmp_path, header, two) as address:
        for number in range(people):
            tab = open_browser(ignore_https_errors=True)().open(address)
            tab.log_in("test1")
            response = tab.page.request.get(address)
            used.add(response.headers["x-upstream"])
            assert upload(tab, f"file {number}") == 204
            tab.sees(f"This is file {number}")
            with tab.page.expect_download() as download:
                tab.page.get_by_role("button", name="Get it back").click()
            assert download.value.path().read_text() == f"file {number}"
    assert people < 20 or used == {f"127.0.0.1:{server.port}" for server in servers}
    assert not any(MISDIRECTED in server.log for server in servers)


def test_an_upload_that_reaches_the_other_server_is_no_attack_but_advice(
    servers: tuple[AppServer, AppServer], tmp_path: Path, open_browser: OpenBrowser
) -> None:
    with Balancer(tmp_path, *servers, in_turn=True).running() as balancer:
        tab = open_browser()().open(balancer.url)
        tab.log_in("test1")
        assert 403 in (upload(tab, "a file") for _ in range(20))
    log = "".join(server.log for server in servers)
    assert MISDIRECTED in log
    assert "with several servers, the proxy has to send a browser to the same one every time" in log
    assert "request refused" not in log


def upload(tab: Tab, text: str) -> int:
    """Choose a file for the uploader, and return the status of its upload."""
    file = FilePayload(name="a.txt", mimeType="text/plain", buffer=text.encode())
    with tab.page.expect_response(lambda response: response.request.method == "PUT") as response:
        tab.page.locator("input[type=file]").set_input_files(file)
    tab.settles()
    return response.value.status
