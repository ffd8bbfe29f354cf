"""Logins a second, with one server and with four on one database.

A server is a process that logs people in as the app does, without the pages: with real
passwords, where the hashes take the processor, and with the hash left out, which shows
what the database takes.
Run it: uv run python -m benchmarks.logins
"""

import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.databases import STARTS
from tests.support.baking import BakedProject, bake_into

SERVERS = (1, 4)
THREADS = 4  # in each process
SECONDS = 3
TURNS = 3
USERS = 200

# It says that it is ready, waits for a line, and prints how many logins it has done.
SERVER = """
import itertools, logging, sys, time
from concurrent.futures import ThreadPoolExecutor
from auth import stores
from auth.login import by_password
from auth.passwords import hashing
from auth.visitor import visiting

kind, number, users, threads, seconds = sys.argv[1], *map(int, sys.argv[2:])
logging.getLogger("auth").addHandler(logging.NullHandler())
stores.current()
if kind == "without hashes":
    hashing.check_password = lambda *_: hashing.PasswordCheck(True, None)
numbers = itertools.count(number * 50)
print("ready", flush=True)
sys.stdin.readline()
until = time.monotonic() + seconds

def log_people_in(_):
    done = 0
    while time.monotonic() < until:
        turn = next(numbers)
        visiting.note(visiting.Visitor(f"2001:db8:{turn % 60000:x}::1"))
        by_password.log_in(f"person{turn % users}", "correct horse")
        done += 1
    return done

with ThreadPoolExecutor(threads) as pool:
    print(sum(pool.map(log_people_in, range(threads))))
"""


def main() -> None:
    """Measure each store in turns, and print the medians."""
    print(
        "| store | hashes | 1 server | 4 servers | 4 against 1 |\n|---|---|---|---|---|", flush=True
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in ["memory", *STARTS]:
            project = bake_into(Path(folder) / name, store_backend=name, demo_users="")
            with ExitStack() as stack:
                environment = STARTS[name](project, stack)(0).environment if name in STARTS else {}
                add_users(project, environment)
                for kind in ("with hashes", "without hashes"):
                    rates: dict[int, list[float]] = {count: [] for count in SERVERS}
                    for _ in range(TURNS):
                        for count in SERVERS if name in STARTS else (1,):
                            rates[count].append(rate(project, environment, kind, count))
                    one = statistics.median(rates[1])
                    four = statistics.median(rates[4]) if rates[4] else None
                    more = f"{four:.0f} | {four / one:.2f}×" if four else "– | –"
                    print(f"| {name} | {kind} | {one:.0f} | {more} |", flush=True)


def add_users(project: BakedProject, environment: dict[str, str]) -> None:
    """Add people who share a password."""
    with project.modules(environment) as app:
        password_hash = app.passwords.hash_password("correct horse")
        new_user = app.load("auth.records").User
        for number in range(USERS):
            app.stores.current().users.add(
                new_user(f"{number:032x}", f"person{number}", password_hash)
            )


def rate(project: BakedProject, environment: dict[str, str], kind: str, count: int) -> float:
    """Return the logins a second of so many servers."""
    arguments = (str(USERS), str(THREADS), str(SECONDS))
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", SERVER, kind, str(number), *arguments],
            cwd=project.path,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for number in range(count)
    ]
    for server in servers:
        assert server.stdout
        if server.stdout.readline() != "ready\n":
            raise RuntimeError("a server did not start")
    total = 0
    for server in servers:
        assert server.stdin
        server.stdin.write("\n")
        server.stdin.flush()
    for server in servers:
        total += int(server.communicate()[0])
    return total / SECONDS


if __name__ == "__main__":
    main()
