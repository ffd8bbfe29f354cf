"""What roles cost in a run, and what many users cost on the page Users.

Prints medians as ratios within this run. It starts databases of its own:

    uv run python -m benchmarks.users
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.databases import STARTS, USER_SESSIONS
from tests.support.baking import BakedProject, bake_into
from tests.support.raw_client import RawClient, raw_client

FEW: Final = 100
MANY: Final = 100_000
RUNS: Final = 100
ADMIN: Final = "test1"
PAGE = """import streamlit as st

st.title("Page")
"""
# What tells browsers apart, without which the server's own cookie is not issued.
DEVICE_COOKIE = "streamlit_auth_app_session_device=" + "b" * 43


def main() -> None:
    """Measure both and print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        measure_roles(Path(folder) / "roles")
        print(f"\nThe page Users, medians of {RUNS}\n")
        print(f"| store | with {FEW} users | with {MANY} | ratio |\n|---|---|---|---|", flush=True)
        measure_memory(Path(folder))
        for store, start in STARTS.items():
            project = bake_into(
                Path(folder) / store, store_backend=store, cookie_transport="http_only"
            )
            with ExitStack() as stack:
                fill = start(project, stack)
                filled = [fill(count * USER_SESSIONS).environment for count in (FEW, MANY)]
                print_ratio(store, [(project, environment) for environment in filled])


def measure_roles(folder: Path) -> None:
    """Compare the runs of two pages of one app that differ in their rule."""
    project = bake_into(folder, pages="Home, Sales @sales", demo_users="test1 @sales")
    for name in ("home", "sales"):
        project.write(f"views/{name}.py", PAGE)
    with project.server() as server, raw_client(server.url, DEVICE_COOKIE) as client:
        client.log_in("test1")
        plain, with_roles = medians(
            [partial(client.run_script, page) for page in ("home", "sales")]
        )
    print(f"A run of a page with roles: {with_roles / plain:.3f} of one without", flush=True)


def measure_memory(folder: Path) -> None:
    """Compare two apps with users files."""
    apps = []
    for count in (FEW, MANY):
        project = bake_into(folder / f"memory-{count}")
        users = json.loads((project / "seeds" / "users.json").read_text(encoding="utf-8"))
        users |= {
            f"user{number}": {"id": f"{number:032x}", "password_hash": "x"}
            for number in range(count)
        }
        (project / "seeds" / "users.json").write_text(json.dumps(users), encoding="utf-8")
        apps.append((project, dict[str, str]()))
    print_ratio("memory", apps)


def print_ratio(store: str, apps: list[tuple[BakedProject, dict[str, str]]]) -> None:
    """Compare the runs of the page in apps that are served at once."""
    with ExitStack() as stack:
        clients: list[RawClient] = []
        for project, environment in apps:
            server = stack.enter_context(project.server(environment))
            client = stack.enter_context(raw_client(server.url, DEVICE_COOKIE))
            assert b"New username" in client.log_in(ADMIN, "users")
            clients.append(client)
        few, many = medians([partial(client.run_script, "users") for client in clients])
    print(
        f"| {store} | {few * 1000:.0f} ms | {many * 1000:.0f} ms | {many / few:.2f} |", flush=True
    )


def medians(calls: list[Callable[[], object]]) -> list[float]:
    """Return the median of each call's seconds, called in turns."""
    seconds: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    for _ in range(RUNS):
        for call, taken in zip(calls, seconds, strict=True):
            started = time.perf_counter()
            call()
            taken.append(time.perf_counter() - started)
    return list(map(statistics.median, seconds))


if __name__ == "__main__":
    main()
