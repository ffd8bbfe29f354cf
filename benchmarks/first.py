"""The first second: a server's start, its memory after the first page, and the first form.

Prints medians as ratios within this run, against the same app without a login.
Run it: uv run python -m benchmarks.first
"""

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.browser import DEPLOYED, project_with_users, without_login
from benchmarks.loads import APPS, PAGE, WITHOUT
from benchmarks.processes import mebibytes, own_mebibytes, processor_seconds
from tests.support.baking import BakedProject
from tests.support.raw_client import raw_client
from tests.support.servers import AppServer, running
from tests.support.visitor import Tab, chromium

STARTS = 7
FORMS = 15
AFTERWARDS = 3  # seconds, in which the rest is loaded
BY_HAND = "the same form by hand"
# When the field for the password can be seen. The page itself notes that.
NOTE_FORM = """
    const note = () => {
        const field = document.querySelector('input[type="password"]');
        if (field?.checkVisibility({ visibilityProperty: true })) window.shown = performance.now();
        else requestAnimationFrame(note);
    };
    note();
"""
FORM = """
st.set_page_config(page_title="App")
with st.container(horizontal_alignment="center"), st.container(border=True, width=400):
    st.title("App", text_alignment="center")
    st.caption("A line about it", text_alignment="center")
    with st.form("login", border=False):
        st.text_input("Username", autocomplete="username")
        st.text_input("Password", type="password", autocomplete="current-password")
        st.form_submit_button("Log in", type="primary", width="stretch")
"""


def main() -> None:
    """Measure in turns, so that what else the machine does hits all alike."""
    with tempfile.TemporaryDirectory() as folder:
        apps = {
            f"{transport}, {store}": project_with_users(Path(folder), transport, store)
            for transport, store in APPS
        }
        first = next(iter(apps.values()))
        without = without_login(first, Path(folder) / "without")
        by_hand = without_login(first, Path(folder) / "by_hand", FORM)
        for project in (without, *apps.values()):
            project.write("views/home.py", PAGE)
        measure_starts({WITHOUT: without, **apps})
        measure_forms({BY_HAND: by_hand, **apps})


def measure_starts(projects: dict[str, BakedProject]) -> None:
    """Print how long a server takes from its start to the first page, and its memory then."""
    servers = {name: AppServer(project.path, DEPLOYED) for name, project in projects.items()}
    for server in servers.values():
        first_page(server)  # The files of the app are compiled now.
    found: dict[str, list[list[float]]] = {name: [] for name in servers}
    for _ in range(STARTS):
        for name, server in servers.items():
            found[name].append(first_page(server))
    columns = ["first page, s", "s of the processor", "MiB", "MiB of its own"]
    report(f"Start to first page, medians of {STARTS}", columns, found, WITHOUT)


def first_page(server: AppServer) -> list[float]:
    """Start a server, and return the seconds and the memory that it takes to its first page."""
    started = time.perf_counter()
    server.launch()
    try:
        while True:
            try:
                with raw_client(server.url) as client:
                    client.run_script()
                    seconds = time.perf_counter() - started
                    of_processor = processor_seconds(server)
                    time.sleep(AFTERWARDS)
                    return [seconds, of_processor, mebibytes(server), own_mebibytes(server)]
            except OSError:
                time.sleep(0.005)
    finally:
        server.stop()


def measure_forms(projects: dict[str, BakedProject]) -> None:
    """Print how long it takes until the form shows, in a fresh browser and in a known one."""
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        servers = {
            name: stack.enter_context(running(AppServer(project.path, DEPLOYED)))
            for name, project in projects.items()
        }
        for server in servers.values():
            visit_twice(browser, server.url)
        found: dict[str, list[list[float]]] = {name: [] for name in servers}
        for _ in range(FORMS):
            for name, server in servers.items():
                found[name].append(visit_twice(browser, server.url))
        columns = ["first visit, ms", "second visit, ms"]
        report(f"Form in a browser, medians of {FORMS}", columns, found, BY_HAND)


def visit_twice(browser: Browser, url: str) -> list[float]:
    """Return the milliseconds until the form shows, at the first visit and at the second."""
    tab = Tab(browser.new_context().new_page())
    tab.page.add_init_script(NOTE_FORM)
    milliseconds = []
    for _ in range(2):
        tab.open(url)
        tab.page.wait_for_function("window.shown")
        milliseconds.append(float(tab.page.evaluate("window.shown")))
        tab.settles()
    tab.page.context.close()
    return milliseconds


def report(
    title: str, columns: list[str], found: dict[str, list[list[float]]], baseline: str
) -> None:
    """Print the medians, each with its ratio to the baseline's."""
    medians = {
        name: [statistics.median(column) for column in zip(*rows, strict=True)]
        for name, rows in found.items()
    }
    print(f"\n{title}\n\n| app | {' | '.join(columns)} |\n{'|---' * (len(columns) + 1)}|")
    for name, row in medians.items():
        cells = [
            f"{value / base:.2f} ({value:.3g})"
            for value, base in zip(row, medians[baseline], strict=True)
        ]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
