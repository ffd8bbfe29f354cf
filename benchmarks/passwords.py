"""What the time of a login tells: nothing, whoever's name it is and whatever is typed.

Run it: uv run python -m benchmarks.passwords
"""

import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.support.baking import bake_into
from tests.support.modules import App

TRIES = 200
PASSWORD = "correct horse"


def main() -> None:
    """Try a wrong password for somebody, somebody disabled, nobody and a demo user."""
    with tempfile.TemporaryDirectory() as folder:
        project = bake_into(Path(folder), demo_users="test1")
        with project.modules() as app:
            logging.getLogger("auth").addHandler(logging.NullHandler())
            measure(app, "A wrong password", [*add_users(app), "test1"])


def add_users(app: App) -> list[str]:
    """Add somebody, and somebody who is disabled; return the names to try."""
    store, passwords = app.stores.current(), app.passwords
    user = app.load("auth.records").User("a" * 32, "ann", passwords.hash_password(PASSWORD))
    store.users.add(user)
    store.users.add(replace(user, id="b" * 32, username="disabled", disabled=True))
    return ["ann", "disabled", "unknown"]


def measure(app: App, title: str, names: list[str]) -> None:
    """Try a wrong password with each name in turn, and print the medians."""
    verify: Callable[[str, str], bool] = app.load("auth").verify_user
    tries = TRIES
    elapsed: dict[str, list[float]] = {name: [] for name in names}
    processor: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        verify(name, "wrong password")
    for _ in range(tries):
        for name in names:
            began, used = time.perf_counter(), time.process_time()
            verify(name, "wrong password")
            processor[name].append(time.process_time() - used)
            elapsed[name].append(time.perf_counter() - began)
    print(f"\n{title}, medians of {tries}\n\n| name | ms | of the processor |\n|---|---|---|")
    for name in names:
        times = [statistics.median(kind[name]) * 1000 for kind in (elapsed, processor)]
        print(f"| {name} | {times[0]:.1f} | {times[1]:.1f} |")
    for what, kind in {"elapsed": elapsed, "processor": processor}.items():
        medians = [statistics.median(values) for values in kind.values()]
        print(
            f"\n{what}: the longest is {(max(medians) / min(medians) - 1) * 100:.1f} % over the shortest"
        )


if __name__ == "__main__":
    main()
