"""What the wall costs: script runs over the raw websocket, with and without it.

Prints medians as ratios within this run. Run it: uv run python -m benchmarks.wall
"""

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.support.baking import BakedProject, bake_into
from tests.support.raw_client import RawClient, raw_client

TIMES = 300
PAGE = """import streamlit as st

st.title("Home")
"""


def main() -> None:
    """Run the script in turns, so that what else the machine does hits both alike."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        project = bake_into(Path(folder) / "with")
        project.write("views/home.py", PAGE)
        projects = {
            "without the wall": without_wall(project, Path(folder) / "without"),
            "with the wall": project,
        }
        clients: dict[str, RawClient] = {}
        for name, its_project in projects.items():
            server = stack.enter_context(its_project.server())
            clients[name] = stack.enter_context(raw_client(server.url))
        for client in clients.values():
            client.run_script()
        seconds: dict[str, list[float]] = {name: [] for name in clients}
        for _ in range(TIMES):
            for name, client in clients.items():
                started = time.perf_counter()
                client.run_script()
                seconds[name].append(time.perf_counter() - started)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    print(f"Script runs, medians of {TIMES}\n\n| app | runs a second, ratio | ms |\n|---|---|---|")
    for name, median in medians.items():
        print(f"| {name} | {medians['without the wall'] / median:.3f} | {median * 1000:.1f} |")


def without_wall(project: BakedProject, folder: Path) -> BakedProject:
    """Return the same app without the wall in front of it."""
    copy = project.copy(folder)
    copy.edit("auth/server/__init__.py", "    Middleware(Wall),\n", "")
    return copy


if __name__ == "__main__":
    main()
