"""What a second factor costs: a login with a code, and the login form of an app that has the choice.

Prints medians as ratios within this run. Run it: uv run python -m benchmarks.second_factor
"""

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pyotp
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.browser import DEPLOYED
from benchmarks.first import report, visit_twice
from tests.support.baking import BakedProject, bake_into
from tests.support.raw_client import RawClient, raw_client
from tests.support.servers import AppServer, running
from tests.support.visitor import chromium

PEOPLE = 20  # with a second factor, and as many without
FORMS = 15
SEED = pyotp.random_base32()
PASSWORD = "correct horse battery"
WITHOUT, WITH = "without the choice", "with it"


def main() -> None:
    """Measure in turns, so that what else the machine does hits all alike."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        answers = {"store_backend": "sqlite", "cookie_transport": "http_only"}
        projects = {
            WITHOUT: bake_into(Path(folder) / "without", **answers),
            WITH: bake_into(Path(folder) / "with", **answers, accounts="second_factor"),
        }
        add_people(projects[WITH])
        servers = {
            name: stack.enter_context(running(AppServer(project.path, DEPLOYED)))
            for name, project in projects.items()
        }
        measure_logins(servers[WITH])
        measure_forms(servers)


def add_people(project: BakedProject) -> None:
    """Add people who share a password, and half of whom have an authenticator app."""
    with project.modules({}) as app:
        kept = app.load("auth.users.factors.kept")
        for number in range(PEOPLE):
            for kind in ("plain", "coded"):
                app.users.add_user(f"{kind}{number}", PASSWORD)
            kept.add_authenticator(app.users.get(f"coded{number}"), SEED, 0)


def measure_logins(server: AppServer) -> None:
    """Print how long the server takes to let somebody in, by a password and with a code."""
    seconds: dict[str, list[float]] = {"plain": [], "coded": []}
    for number in range(PEOPLE):
        for kind, taken in seconds.items():
            taken.append(log_in(server, f"{kind}{number}"))
    by_password, with_code = (statistics.median(taken[1:]) for taken in seconds.values())
    print(
        f"A login with a code against one without, medians of {PEOPLE - 1}: "
        f"{with_code / by_password:.2f} ({with_code * 1000:.0f} ms, {by_password * 1000:.0f} ms)",
        flush=True,
    )


def log_in(server: AppServer, name: str) -> float:
    """Return the seconds that all runs of the script take, from the password to the page."""
    with raw_client(server.url) as client:
        client.run_script()
        seconds, received = timed(client, *client.filled_form(name, PASSWORD))
        if name.startswith("coded"):
            code = client.field("Code", pyotp.TOTP(SEED).now()), client.click("Continue")
            more, received = timed(client, *code)
            seconds += more
        if f"Signed in as {name}".encode() not in received:
            raise RuntimeError(f"{name} was not let in")
        return seconds


def timed(client: RawClient, *widgets: WidgetState) -> tuple[float, bytes]:
    """Return how long a run of the script takes, in seconds, and what it sends."""
    started = time.perf_counter()
    received = client.run_script("", *widgets)
    return time.perf_counter() - started, received


def measure_forms(servers: dict[str, AppServer]) -> None:
    """Print how long it takes until the form shows, in a fresh browser and in a known one."""
    with chromium() as browser:
        found: dict[str, list[list[float]]] = {name: [] for name in servers}
        for turn in range(FORMS + 1):
            for name, server in servers.items():
                milliseconds = visit_twice(browser, server.url)
                if turn:
                    found[name].append(milliseconds)
    columns = ["first visit, ms", "second visit, ms"]
    report(f"Form in a browser, medians of {FORMS}", columns, found, WITHOUT)


if __name__ == "__main__":
    main()
