"""How many pages stay empty after a login: none.

Run it: uv run python -m benchmarks.empty_pages
"""

import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.baking import BakedProject, bake_into
from tests.support.visitor import Browsers, chromium

LOGINS = 20
FRESH_LOGINS = 50
CORES = 2
TRANSPORTS = ["component", "http_only"]
# The pages of the app: what each does before it shows its heading.
PAGES = {
    "plain": "",
    "switch": 'st.switch_page("views/plain.py")',
    "rerun": 'if st.session_state.setdefault("runs", 1) < 2:\n'
    "    st.session_state.runs += 1\n    st.rerun()",
    "stop": 'st.title("Stopped")\nst.stop()',
    "sleep": "time.sleep(1)",
}


def main() -> None:
    """Log in to each page, and on servers that nobody has been to."""
    print("| transport | page | server | logins | empty pages |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        browsers = Browsers(stack.enter_context(chromium()))
        for transport in TRANSPORTS:
            project = project_with_pages(Path(folder) / transport, transport)
            with project.server() as server:
                for page in PAGES:
                    empty = sum(stays_empty(browsers, server.url, page) for _ in range(LOGINS))
                    row = f"| {transport} | {page} | long running | {LOGINS} | {empty} |"
                    print(row, flush=True)
            print_fresh(browsers, project, transport, "fresh")
            with busy_cores():
                print_fresh(browsers, project, transport, "fresh, on a busy machine")


def print_fresh(browsers: Browsers, project: BakedProject, transport: str, server: str) -> None:
    """Log in to the plain page, each time on another server."""
    empty = 0
    for _ in range(FRESH_LOGINS):
        with project.server() as fresh:
            empty += stays_empty(browsers, fresh.url, "plain")
    print(f"| {transport} | plain | {server} | {FRESH_LOGINS} | {empty} |", flush=True)


def project_with_pages(folder: Path, transport: str) -> BakedProject:
    """Return a project with each of the pages."""
    project = bake_into(folder, cookie_transport=transport, pages=", ".join(map(str.title, PAGES)))
    for name, start in PAGES.items():
        page = f'import time\n\nimport streamlit as st\n\n{start}\nst.title("{name}")\n'
        project.write(f"views/{name}.py", page)
    return project


def stays_empty(browsers: Browsers, url: str, page: str) -> bool:
    """Log in with a new browser, and tell whether the page has no heading when all is done."""
    with browsers.one() as open_tab:
        path = "" if page == "plain" else page  # the landing page's address
        tab = open_tab().open(f"{url}/{path}")
        tab.log_in("test1")
        tab.page.wait_for_timeout(1000)
        tab.settles()
        heading = tab.page.get_by_test_id("stMain").get_by_role("heading", level=1)
        return heading.locator("visible=true").count() == 0


@contextmanager
def busy_cores() -> Iterator[None]:
    """Have every core busy with something else for the time of a with block."""
    others = [multiprocessing.Process(target=_count, daemon=True) for _ in range(CORES)]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.terminate()
            other.join()


def _count() -> None:
    number = 0
    while True:
        number += 1


if __name__ == "__main__":
    main()
