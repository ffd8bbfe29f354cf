"""How long a person waits: for a reload and for a login, against apps without what we add.

Prints medians as ratios within this run. Run it: uv run python benchmarks/browser.py
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from app_server import AppServer, running
from baking import bake_into
from playwright.sync_api import Browser, expect
from visitor import Tab, chromium

RELOADS = 20
LOGINS = 10
TRANSPORTS = ["component", "http_only"]


def main() -> None:
    """Measure in turns, so that what else the machine does hits all alike."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        apps = {
            transport: bake_into(Path(folder) / transport, cookie_transport=transport)
            for transport in TRANSPORTS
        }
        without = without_login(apps["component"], Path(folder) / "without")
        waiting = waiting_for_the_cookie(apps["component"], Path(folder) / "waiting")
        servers = {
            name: stack.enter_context(running(project))
            for name, project in {**apps, "without": without, "waiting": waiting}.items()
        }
        browser = stack.enter_context(chromium())
        measure_reloads(browser, {name: servers[name] for name in ["without", *TRANSPORTS]})
        measure_logins(browser, {name: servers[name] for name in ["waiting", *TRANSPORTS]})


def measure_reloads(browser: Browser, servers: dict[str, AppServer]) -> None:
    """Print how long a reload takes until the page is there."""
    tabs = {name: Tab(browser.new_context().new_page()) for name in servers}
    for name, tab in tabs.items():
        tab.open(f"{servers[name].url}/about")
        if name != "without":
            tab.log_in("test1")

    def reload(name: str) -> float:
        tabs[name].settles()
        started = time.perf_counter()
        tabs[name].reload()
        tabs[name].page.get_by_role("heading", name="About").wait_for()
        return time.perf_counter() - started

    report("Reload to content", "without", list(servers), RELOADS, reload)


def measure_logins(browser: Browser, servers: dict[str, AppServer]) -> None:
    """Print how long it takes from the click on Log in to the page."""

    def log_in(name: str) -> float:
        context = browser.new_context()
        tab = Tab(context.new_page()).open(servers[name].url)
        tab.sees_login_form()
        tab.settles()
        tab.fill_login("test1", "test1")
        button = tab.page.get_by_role("button", name="Log in", exact=True)
        started = time.perf_counter()
        button.click()
        expect(tab.page.get_by_text("Signed in as test1")).to_be_visible()
        seconds = time.perf_counter() - started
        context.close()
        return seconds

    report("Click on Log in to page", "waiting", list(servers), LOGINS, log_in)


def report(
    title: str, baseline: str, names: list[str], times: int, measure: Callable[[str], float]
) -> None:
    """Measure each in turn, many times, and print the medians against the baseline's."""
    for name in names:
        measure(name)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(times):
        for name in names:
            seconds[name].append(measure(name))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    print(f"\n{title}, medians of {times}\n\n| app | ratio | ms |\n|---|---|---|")
    for name in names:
        ratio = medians[name] / medians[baseline]
        print(f"| {name} | {ratio:.2f} | {medians[name] * 1000:.0f} |")


def without_login(project: Path, folder: Path) -> Path:
    """Return the same app with no login at all."""
    copy = Path(shutil.copytree(project, folder / project.name))
    script = copy / "app.py"
    source = script.read_text(encoding="utf-8")
    for gone in ["from auth import gate\n", "    gate.logout_button()\n"]:
        source = remove(source, gone)
    source = source.replace("gate.require_login(plain(TITLE))", '"nobody"')
    script.write_text(source, encoding="utf-8")
    return copy


def waiting_for_the_cookie(project: Path, folder: Path) -> Path:
    """Return the same app, but stopping after a login until the component has answered."""
    copy = Path(shutil.copytree(project, folder / project.name))
    gate = copy / "auth" / "gate.py"
    source = gate.read_text(encoding="utf-8")
    drawn = "        cookies.draw(token)\n        return username\n"
    waiting = (
        "        cookies.draw(token)\n"
        '        if "auth_cookie_pending" in st.session_state:\n'
        "            st.stop()\n"
        "        return username\n"
    )
    gate.write_text(remove(source, drawn, waiting), encoding="utf-8")
    return copy


def remove(source: str, old: str, new: str = "") -> str:
    """Replace what has to be there."""
    if old not in source:
        raise ValueError(f"not there any more: {old!r}")
    return source.replace(old, new)


if __name__ == "__main__":
    main()
