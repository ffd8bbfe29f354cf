"""Two servers of one app on one database, behind nginx."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from app_server import AppServer, free_port, running
from mysql_server import Database
from test_behind_nginx import NGINX, wait_for_port
from visitor import Tab

Browser = Callable[[], Tab]


class Balancer:
    """An nginx that sends every new connection to the first server that is in its list."""

    def __init__(self, folder: Path, servers: list[AppServer]) -> None:
        assert NGINX, "This test needs nginx: apt-get install nginx"
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._write(servers)
        self._process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(self._config)])
        wait_for_port(self.port)

    def prefer(self, *servers: AppServer) -> None:
        """Send new connections to these from now on; the ones that are open stay."""
        self._write(list(servers))
        assert NGINX
        reload = [NGINX, "-p", str(self.folder), "-c", str(self._config), "-s", "reload"]
        subprocess.run(reload, check=True)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    @property
    def _config(self) -> Path:
        return self.folder / "nginx.conf"

    def _write(self, servers: list[AppServer]) -> None:
        listed = [f"server 127.0.0.1:{server.port} max_fails=1;" for server in servers]
        rest = [f"server 127.0.0.1:{server.port} backup;" for server in servers[1:]]
        temporary = "\n".join(
            f"{name}_temp_path {self.folder}/{name};"
            for name in ["client_body", "proxy", "fastcgi", "scgi", "uwsgi"]
        )
        self._config.write_text(
            f"""
            daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log;
            events {{}}
            http {{
                access_log off; {temporary}
                upstream app {{ {listed[0]} {" ".join(rest)} }}
                server {{
                    listen 127.0.0.1:{self.port};
                    location / {{
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection upgrade;
                        add_header X-Upstream $upstream_addr always;
                    }}
                }}
            }}
            """,
            encoding="utf-8",
        )


@pytest.fixture
def servers(
    mysql_project: Path, database: Database, tmp_path: Path
) -> Iterator[tuple[AppServer, AppServer]]:
    """Two servers, which start on the same empty database."""
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(running(mysql_project, database.environment)) for _ in range(2)
        )
        yield one, two


@pytest.fixture
def balancer(servers: tuple[AppServer, AppServer], tmp_path: Path) -> Iterator[Balancer]:
    balancer = Balancer(tmp_path, list(servers))
    yield balancer
    balancer.stop()


def test_a_login_holds_on_every_server_and_so_does_its_end(
    servers: tuple[AppServer, AppServer],
    balancer: Balancer,
    new_browser: Callable[[], Browser],
) -> None:
    one, two = servers
    browser = new_browser()
    tab = browser().open(f"{balancer.url}/about")
    assert served_by(tab) == one.port
    tab.log_in("test1")

    balancer.prefer(two, one)
    tab.waits_until(lambda: served_by(tab) == two.port)
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")

    balancer.prefer(one, two)
    other = browser()
    other.open(balancer.url)
    other.waits_until(lambda: served_by(other) == one.port)
    other.reload()
    other.sees_user("test1")
    other.log_out()

    tab.follow("Home")
    tab.sees_login_form()
    for server in servers:
        direct = browser().open(server.url)
        direct.sees_login_form()


def test_a_server_that_stops_takes_no_login_with_it(
    servers: tuple[AppServer, AppServer],
    balancer: Balancer,
    new_browser: Callable[[], Browser],
) -> None:
    one, two = servers
    tab = new_browser()().open(f"{balancer.url}/about")
    tab.log_in("test1")
    assert served_by(tab) == one.port
    one.stop()
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")
    assert served_by(tab) == two.port


def served_by(tab: Tab) -> int:
    """Return the port of the server that a new request of a tab goes to."""
    answer = tab.page.request.get(f"{tab.page.url.split('/', 3)[0]}//{tab.page.url.split('/')[2]}/")
    return int(answer.headers["x-upstream"].split(",")[-1].rsplit(":", 1)[1])
