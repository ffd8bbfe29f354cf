"""What the wall costs: script runs over the raw websocket, with and without it.

And what a message of a stranger's costs somebody else, by its size. Prints medians as ratios
within this run. Run it: uv run python -m benchmarks.wall
"""

import statistics
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from tests.support.baking import BakedProject, bake_into
from tests.support.raw_client import RawClient, raw_client
from tests.support.servers import AppServer

TIMES = 300
SIZES = [0, 0.1, 1, 20, 60]  # megabytes
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
        servers: dict[str, AppServer] = {}
        for name, its_project in projects.items():
            servers[name] = stack.enter_context(its_project.server())
            clients[name] = stack.enter_context(raw_client(servers[name].url))
        for client in clients.values():
            client.run_script()
        seconds: dict[str, list[float]] = {name: [] for name in clients}
        for _ in range(TIMES):
            for name, client in clients.items():
                started = time.perf_counter()
                client.run_script()
                seconds[name].append(time.perf_counter() - started)
        print("Slowest run of somebody else, ms\n\n| a stranger sends | " + " | ".join(clients))
        print("|---|---|---|")
        for size in SIZES:
            slowest = [slowest_run(clients[name], servers[name], size) for name in clients]
            print(f"| {size} MB | " + " | ".join(f"{each * 1000:.0f}" for each in slowest) + " |")
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    print(f"Script runs, medians of {TIMES}\n\n| app | runs a second, ratio | ms |\n|---|---|---|")
    for name, median in medians.items():
        print(f"| {name} | {medians['without the wall'] / median:.3f} | {median * 1000:.1f} |")


def slowest_run(client: RawClient, server: AppServer, megabytes: float) -> float:
    """Return the longest time that a run takes, in seconds, while a stranger sends a message."""
    message = BackMsg()
    message.rerun_script.page_name = "home"
    widgets = message.rerun_script.widget_states.widgets
    for number in range(int(megabytes * 100)):
        widgets.add(id=f"$$ID-{number}-text", json_value=f'"{"x" * 10_000}"')

    def send() -> None:
        with raw_client(server.url) as stranger, suppress(ConnectionClosed):
            stranger.send(message)
            stranger.receive()

    sender = Thread(target=send)
    sender.start()
    slowest = 0.0
    end = time.perf_counter() + 3
    while sender.is_alive() or time.perf_counter() < end:
        started = time.perf_counter()
        client.run_script()
        slowest = max(slowest, time.perf_counter() - started)
    return slowest


def without_wall(project: BakedProject, folder: Path) -> BakedProject:
    """Return the same app without the wall in front of it."""
    copy = project.copy(folder)
    copy.edit("auth/server/__init__.py", "    Middleware(Wall),\n", "")
    return copy


if __name__ == "__main__":
    main()
