"""Fifty people log in at once: how long, how much memory, and what the others feel of it.

People are raw connections, each from an address of its own. Somebody who is logged in
clicks all the while, and again while the same fifty merely click. Run it: uv run python -m benchmarks.crowd
"""

import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.processes import mebibytes, processor_seconds
from tests.support.baking import BakedProject, bake_into
from tests.support.raw_client import RawClient, raw_client

PEOPLE = 50
TURNS = 3
CLICKS = 60  # before the others come
PAUSE = 0.05  # seconds, between two clicks
PASSWORD = "correct horse"
ADDRESSES = {"FORWARDED_ALLOW_IPS": "*", "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none"}


def main() -> None:
    """Measure, and print a row of the table."""
    print("| all are in after | processor time | memory on top | median click | slowest click |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        project = bake_into(Path(folder), cookie_transport="http_only", demo_users="")
        with project.modules() as app:
            new_user = app.load("auth.records").User
            password_hash = app.passwords.hash_password(PASSWORD)
            for number in range(PEOPLE + 1):
                user = new_user(f"{number:032x}", f"person{number}", password_hash)
                app.stores.current().users.add(user)
        for _ in range(TURNS):
            print(f"| {measure(project)} |", flush=True)


def measure(project: BakedProject) -> str:
    """Return a row of the table: clicks while fifty log in, against those while fifty click."""
    with ExitStack() as stack:
        server = stack.enter_context(project.server(ADDRESSES))

        def visitor(number: int) -> RawClient:
            address = {"X-Forwarded-For": f"192.0.2.{number}"}
            client = stack.enter_context(raw_client(server.url, headers=address))
            client.run_script()
            return client

        clicking, *people = [visitor(number) for number in range(PEOPLE + 1)]
        log_in(clicking, "person0")
        for _ in range(CLICKS):
            click(clicking)
        before = mebibytes(server)
        meanwhile: list[float] = []
        most = [before]
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.02):
                most.append(mebibytes(server))

        def keep_clicking() -> None:
            while not done.is_set():
                meanwhile.append(click(clicking))
                time.sleep(PAUSE)

        with ThreadPoolExecutor(PEOPLE + 2) as pool:
            pool.submit(watch)
            pool.submit(keep_clicking)
            began, used = time.perf_counter(), processor_seconds(server)
            names = [f"person{number}" for number in range(1, PEOPLE + 1)]
            list(pool.map(log_in, people, names))
            seconds, used = time.perf_counter() - began, processor_seconds(server) - used
            done.set()
        # What fifty people cost anyway, whoever they are.
        in_a_crowd: list[float] = []
        for client in people:
            client.receive_for(0.1)
        with ThreadPoolExecutor(PEOPLE + 1) as pool:
            others = [pool.submit(click, client) for client in people]
            while not all(other.done() for other in others):
                in_a_crowd.append(click(clicking))
        median = statistics.median(meanwhile) / statistics.median(in_a_crowd)
        return (
            f"{seconds:.1f} s | {used:.1f} s | {max(most) - before:.0f} MiB "
            f"| {median:.2f} | {max(meanwhile) / max(in_a_crowd):.2f}"
        )


def log_in(client: RawClient, username: str) -> None:
    """Log in with the form that is drawn, until the server has let them in."""
    client.start_script("", *client.filled_form(username, PASSWORD))
    client.receive_until(b"Signed in as")


def click(client: RawClient) -> float:
    """Return the seconds of a run."""
    started = time.perf_counter()
    client.run_script()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
