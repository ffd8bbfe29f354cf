"""The nginx configuration of a generated project's README, in a real nginx."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from app_server import AppServer, free_port, running
from baking import bake_into
from visitor import Tab

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

VISITOR = "192.0.2.7"
# All of 127.0.0.0/8 is this machine, but to the app an address of its own.
OTHER_MACHINE = "127.0.0.3"


@pytest.fixture(scope="module", params=["component", "http_only"])
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AppServer]:
    """A running app of each transport, on the address that the README says."""
    folder = tmp_path_factory.mktemp("behind_nginx")
    project = bake_into(folder, cookie_transport=request.param)
    with running(project, {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1"}) as server:
        yield server


@pytest.fixture(scope="module")
def proxy(app: AppServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an nginx in front of the app."""
    with nginx(app, tmp_path_factory.mktemp("nginx")) as address:
        yield address


@contextmanager
def nginx(app: AppServer, folder: Path, also: str = "") -> Iterator[str]:
    """Run nginx as the README of a project says, with a line more if that is asked for."""
    if NGINX is None:
        raise RuntimeError("This test needs nginx: apt-get install nginx")
    make_certificate(folder)
    port, plain_port = free_port(), free_port()
    readme = (app.project / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```nginx\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    for said, here in {
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "app.example.com;": "localhost;",
        "/etc/ssl/app.example.com.pem": str(folder / "certificate.pem"),
        "/etc/ssl/app.example.com.key": str(folder / "key.pem"),
        # Streamlit gives visitors from this very machine no address.
        "X-Forwarded-For $remote_addr;": f"X-Forwarded-For {VISITOR};",
        "http://127.0.0.1:8501;": f"http://127.0.0.1:{app.port}; {also}",
    }.items():
        assert said in block
        block = block.replace(said, here)
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}/p;\n"
        f"fastcgi_temp_path {folder}/f; scgi_temp_path {folder}/s; uwsgi_temp_path {folder}/u;\n"
        f"{block} }}",
        encoding="utf-8",
    )
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(config)])
    try:
        wait_for_port(port)
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def make_certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-out", str(folder / "certificate.pem")),
            *("-keyout", str(folder / "key.pem")),
        ],
        capture_output=True,
        check=True,
    )


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "nginx did not start"
        else:
            return


def test_a_login_through_nginx_survives_a_reload_and_its_cookie_is_secure(
    proxy: str, new_browser: Callable[..., Callable[[], Tab]]
) -> None:
    tab = new_browser(ignore_https_errors=True)()
    tab.open(f"{proxy}/about").log_in("test1")
    cookie = tab.cookie
    assert cookie is not None
    assert cookie["secure"]
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")
    tab.log_out()
    tab.reload()
    tab.sees_login_form()


def test_the_app_knows_the_address_of_a_visitor(
    proxy: str, app: AppServer, new_browser: Callable[..., Callable[[], Tab]]
) -> None:
    tab = new_browser(ignore_https_errors=True)()
    tab.open(proxy).fill_login("test1", "wrong password")
    tab.page.get_by_role("button", name="Log in", exact=True).click()
    tab.sees("Wrong username or password.")
    assert f"user=test1 ip={VISITOR}\n" in app.log


def test_a_visitor_has_the_security_headers_once(
    proxy: str, new_browser: Callable[..., Callable[[], Tab]]
) -> None:
    tab = new_browser(ignore_https_errors=True)()
    answer = tab.page.goto(proxy)
    assert answer is not None
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"


def test_a_proxy_on_another_machine_is_believed_as_the_readme_says(
    app: AppServer, tmp_path: Path, new_browser: Callable[..., Callable[[], Tab]]
) -> None:
    environment = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0", "FORWARDED_ALLOW_IPS": OTHER_MACHINE}
    with (
        running(app.project, environment) as server,
        nginx(server, tmp_path, f"proxy_bind {OTHER_MACHINE};") as address,
    ):
        tab = new_browser(ignore_https_errors=True)()
        tab.open(address).fill_login("test1", "wrong password")
        tab.page.get_by_role("button", name="Log in", exact=True).click()
        tab.sees("Wrong username or password.")
        assert f"user=test1 ip={VISITOR}\n" in server.log


@pytest.mark.parametrize("app", ["component"], indirect=True)
def test_a_component_finds_the_login_behind_a_proxy_that_drops_cookies(
    app: AppServer, tmp_path: Path, new_browser: Callable[..., Callable[[], Tab]]
) -> None:
    with nginx(app, tmp_path, 'proxy_set_header Cookie "";') as address:
        new_tab = new_browser(ignore_https_errors=True)
        tab = new_tab().open(f"{address}/about")
        tab.log_in("test1")
        tab.reload()
        tab.sees_user("test1")
        tab.sees_page("About")
        second = new_tab().open(f"{address}/about")
        second.sees_user("test1")
        second.log_out()
        tab.reload()
        tab.sees_login_form()
        tab.settles()
        tab.log_in("test2")
        tab.reload()
        tab.sees_user("test2")
