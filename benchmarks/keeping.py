"""How many logins a reload loses in the very moment in which the page shows: none.

Run it: uv run python -m benchmarks.keeping
"""

import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.support.baking import bake_into
from tests.support.slow_network import slow_network
from tests.support.visitor import Browsers, chromium

TRIES = 20
MILLISECONDS = [0, 100, 300]  # that the network adds to a round trip
TRANSPORTS = ["component", "http_only"]


def main() -> None:
    """Try each transport over each network."""
    print(f"Of {TRIES} logins, reloaded in the moment in which the page shows\n")
    print(
        "| transport | added to a round trip | lost | told that it is not kept |\n|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        browsers = Browsers(stack.enter_context(chromium()))
        for transport in TRANSPORTS:
            project = bake_into(Path(folder) / transport, cookie_transport=transport)
            server = stack.enter_context(project.server())
            for milliseconds in MILLISECONDS:
                with slow_network(server, milliseconds) as url:
                    ends = Counter(reload_at_once(browsers, url) for _ in range(TRIES))
                row = f"| {transport} | {milliseconds} ms | {ends['lost']} | {ends['told']} |"
                print(row, flush=True)


def reload_at_once(browsers: Browsers, url: str) -> str:
    """Log in with a new browser and reload at once: return "kept", "lost" or "told"."""
    with browsers.one() as open_tab:
        tab = open_tab().open(url)
        tab.log_in_and_reload_at_once("test1")
        tab.page.get_by_text("Signed in as").or_(
            tab.page.get_by_label("Password", exact=True)
        ).wait_for()
        if tab.was_told_not_kept:
            return "told"
        return "lost" if tab.saw_login_form else "kept"


if __name__ == "__main__":
    main()
