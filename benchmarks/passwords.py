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
OLD = {"memory_cost": 64 * 1024, "time_cost": 3, "parallelism": 4}  # the library's own choice


def main() -> None:
    """Measure with users of one kind of hash, of two and of three."""
    with tempfile.TemporaryDirectory() as folder:
        for title, demo_users, old in [
            ("Hashes of today", "", False),
            ("Hashes of today, and of demo users", "test1", False),
            ("Hashes of today, of demo users, and of before", "test1", True),
        ]:
            place = Path(folder) / title
            with bake_into(place, demo_users=demo_users).modules() as app:
                logging.getLogger("auth").disabled = True
                names = add_users(app, old=old) + ([demo_users] if demo_users else [])
                measure(app, title, names)


def add_users(app: App, *, old: bool) -> list[str]:
    """Add somebody, somebody who is disabled and perhaps somebody of before; return the names."""
    store, passwords = app.stores.current(), app.passwords
    user = app.load("auth.records").User("ann", passwords.hash_password(PASSWORD))
    store.users.add(user)
    store.users.add(replace(user, username="disabled", disabled=True))
    if old:
        hashed = passwords._context.handler("argon2").using(**OLD).hash(PASSWORD)
        store.users.add(replace(user, username="old", password_hash=hashed))
    return ["ann", "disabled", "unknown", *(["old"] if old else [])]


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
