"""How many pages a second a server delivers to eight clients, with a login and without one.

Each load is a new connection that has the page drawn, as a reload is. Prints medians as ratios
within this run. Run it: uv run python -m benchmarks.loads
"""

import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.browser import DEPLOYED, project_with_users, without_login
from tests.support.raw_client import raw_client
from tests.support.servers import AppServer
from tests.support.visitor import Tab, chromium

CLIENTS = 8
TURNS = 5
SECONDS = 4
WITHOUT = "no login, our settings"
APPS = [("component", "memory"), ("http_only", "memory"), ("http_only", "sqlite")]
PAGE = """import streamlit as st

st.title("Home")
"""


def main() -> None:
    """Measure in turns, so that what else the machine does hits all alike."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        projects = {
            f"{transport}, {store}": project_with_users(Path(folder), transport, store)
            for transport, store in APPS
        }
        projects[WITHOUT] = without_login(projects["component, memory"], Path(folder) / "without")
        servers: dict[str, tuple[AppServer, str]] = {}
        browser = stack.enter_context(chromium())
        for name, project in projects.items():
            project.write("views/home.py", PAGE)
            server = stack.enter_context(project.server(DEPLOYED))
            servers[name] = server, "" if name == WITHOUT else cookie_of(browser, server)
        loads: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(TURNS):
            for name, (server, cookie) in servers.items():
                loads[name].append(loads_a_second(server, cookie))
    medians = {name: statistics.median(values) for name, values in loads.items()}
    print(
        f"Page loads, {CLIENTS} clients, medians of {TURNS}\n\n| app | ratio | a second |\n|---|---|---|"
    )
    for name, median in medians.items():
        print(f"| {name} | {median / medians[WITHOUT]:.2f} | {median:.0f} |")


def cookie_of(browser: Browser, server: AppServer) -> str:
    """Return the Cookie header of somebody who has logged in."""
    tab = Tab(browser.new_context().new_page()).open(server.url)
    tab.log_in("test1")
    tab.sees_user("test1")
    tab.waits_until(lambda: tab.cookie is not None)
    header = tab.cookie_header
    tab.page.context.close()
    return header


def loads_a_second(server: AppServer, cookie: str) -> float:
    """Return how many pages are delivered in a second."""
    end = time.perf_counter() + SECONDS

    def load(_: int) -> int:
        count = 0
        while time.perf_counter() < end:
            with raw_client(server.url, cookie or None) as client:
                assert b"Home" in client.run_script()
            count += 1
        return count

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(load, range(CLIENTS))) / SECONDS


if __name__ == "__main__":
    main()
