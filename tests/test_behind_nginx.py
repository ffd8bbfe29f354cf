"""The nginx configuration of a generated project's README, in a real nginx."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app_server import AppServer, free_port
from visitor import Tab

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@pytest.fixture(scope="module")
def proxy(server: AppServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an nginx in front of the default project."""
    if NGINX is None:
        raise RuntimeError("This test needs nginx: apt-get install nginx")
    folder = tmp_path_factory.mktemp("nginx")
    make_certificate(folder)
    port, plain_port = free_port(), free_port()
    readme = (server.project / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```nginx\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    for said, here in {
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "app.example.com;": "localhost;",
        "/etc/ssl/app.example.com.pem": str(folder / "certificate.pem"),
        "/etc/ssl/app.example.com.key": str(folder / "key.pem"),
        "http://127.0.0.1:8501": server.url,
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


def test_nginx_adds_the_security_headers(
    proxy: str, new_browser: Callable[..., Callable[[], Tab]]
) -> None:
    tab = new_browser(ignore_https_errors=True)()
    answer = tab.page.goto(proxy)
    assert answer is not None
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"
