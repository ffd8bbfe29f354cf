"""A real nginx: as the README of a project says, and in front of several servers."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers import AppServer, find_program, free_port, wait_for_port

MISSING = "These tests need nginx: on Debian and Ubuntu, apt-get install nginx"
# What the README's configuration says about the visitor's address, here: any but this machine's,
# because Streamlit gives visitors from this very machine no address.
VISITOR = "192.0.2.7"

_TEMPORARY = ["client_body", "proxy", "fastcgi", "scgi", "uwsgi"]


class Nginx:
    """An nginx that has all that it writes in a folder of its own."""

    def __init__(self, folder: Path, *blocks: str) -> None:
        self.folder = folder
        self._config = folder / "nginx.conf"
        self._configure(*blocks)

    @contextmanager
    def running(self, port: int) -> Iterator[None]:
        """Start it, wait until it listens to a port, and stop it after the with block."""
        process = subprocess.Popen(self._command())
        try:
            wait_for_port(port)
            yield
        finally:
            process.terminate()
            process.wait()

    def reload(self, *blocks: str) -> None:
        """Go by other blocks for new connections; those that are open stay as they are."""
        self._configure(*blocks)
        subprocess.run([*self._command(), "-s", "reload"], check=True)

    def _command(self) -> list[str]:
        return [find_program("nginx", MISSING), "-p", str(self.folder), "-c", str(self._config)]

    def _configure(self, *blocks: str) -> None:
        lines = [
            *("daemon off;", f"pid {self.folder}/pid;", f"error_log {self.folder}/error.log;"),
            *("events {}", "http {", "access_log off;"),
            *(f"{name}_temp_path {self.folder}/{name};" for name in _TEMPORARY),
            *(*blocks, "}"),
        ]
        self._config.write_text("\n".join(lines), encoding="utf-8")


@contextmanager
def nginx_of_the_readme(
    app: AppServer, folder: Path, also: str = "", second: AppServer | None = None
) -> Iterator[str]:
    """Run nginx as a project's README says, and return the address of the app behind it.

    Args:
        app: The running app.
        folder: An empty folder for nginx.
        also: A line more in the block of the location.
        second: Another server of it.
    """
    _make_certificate(folder)
    port, plain_port = free_port(), free_port()
    readme = (app.project / "README.md").read_text(encoding="utf-8")
    block, *others = re.findall(r"^```nginx\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    place = f"127.0.0.1:{app.port}"
    upstream = ""
    if second:
        (upstream,) = others
        servers = iter([place, f"127.0.0.1:{second.port}"])
        upstream = re.sub(r"(?<=server )[\d.:]+", lambda _: next(servers), upstream)
        (place,) = re.findall(r"^upstream (\w+) ", upstream, re.MULTILINE)
    for said, here in {
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "app.example.com;": "localhost;",
        "/etc/ssl/app.example.com.pem": str(folder / "certificate.pem"),
        "/etc/ssl/app.example.com.key": str(folder / "key.pem"),
        "X-Forwarded-For $remote_addr;": f"X-Forwarded-For {VISITOR};",
        "http://127.0.0.1:8501;": f"http://{place}; {also}",
    }.items():
        assert said in block, said
        block = block.replace(said, here)
    with Nginx(folder, upstream, block).running(port):
        yield f"https://localhost:{port}"


class Balancer:
    """An nginx that sends every request to the first server in its list, or to each in turn."""

    def __init__(self, folder: Path, *servers: AppServer, in_turn: bool = False) -> None:
        self._port = free_port()
        self._others = "" if in_turn else "backup"
        self.url = f"http://localhost:{self._port}"
        self._nginx = Nginx(folder, self._blocks(servers))

    @contextmanager
    def running(self) -> Iterator["Balancer"]:
        """Start it, and stop it after the with block."""
        with self._nginx.running(self._port):
            yield self

    def prefer(self, *servers: AppServer) -> None:
        """Send new connections to these from now on; the ones that are open stay."""
        self._nginx.reload(self._blocks(servers))

    def _blocks(self, servers: tuple[AppServer, ...]) -> str:
        first, *others = servers
        backups = "".join(f"server 127.0.0.1:{server.port} {self._others}; " for server in others)
        return f"""
            upstream app {{ server 127.0.0.1:{first.port} max_fails=1; {backups} }}
            server {{
                listen 127.0.0.1:{self._port};
                location / {{
                    proxy_pass http://app;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection upgrade;
                    add_header X-Upstream $upstream_addr always;
                }}
            }}
        """


def _make_certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-out", str(folder / "certificate.pem")),
            *("-keyout", str(folder / "key.pem")),
        ],
        capture_output=True,
        check=True,
    )
