"""What the check of a session costs, for every store.

It runs at every click of every visitor. All figures are of one run on one
machine, and what counts is how they compare. It starts databases of its own
and takes some minutes:

    uv run python -m benchmarks.sessions
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.pool import NullPool

from benchmarks.databases import STARTS, Filled, token
from tests.support.baking import BakedProject, bake_into
from tests.support.modules import App
from tests.support.raw_client import raw_client

FEW: Final = 1_000
MANY: Final = 1_000_000
ROUNDS: Final = 60
CALLS: Final = 50  # of each kind in a round
RUNS: Final = 20

# Put into a copy of the app, it tells each statement in the server's log.
TELL_STATEMENTS = """
from sqlalchemy import Engine, event

@event.listens_for(Engine, "before_cursor_execute")
def _tell(*_):
    print("STATEMENT", flush=True)
"""

Call = Callable[[str], object]


def main() -> None:
    """Measure everything and print the table."""
    columns: dict[str, dict[str, str]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        columns["memory"] = measure_memory(bake_into(folder / "memory"))
        for name, start in STARTS.items():
            project = bake_into(folder / name, store_backend=name, cookie_transport="http_only")
            with ExitStack() as database:
                fill = start(project, database)
                columns[name] = measure_database(project, fill(FEW), fill(MANY))
                columns[name]["statements in a run of the script"] = statements_of_a_run(
                    project, folder / f"{name}-telling", fill(0)
                )
    rows = list(dict.fromkeys(row for column in columns.values() for row in column))
    print(f"| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {row} | {' | '.join(column.get(row, '') for column in columns.values())} |")


def measure_database(project: BakedProject, few: Filled, many: Filled) -> dict[str, str]:
    """Compare the ways to look up a session, turn by turn."""
    with ExitStack() as stack:
        checks = []
        for database in (few, many, many):
            app = stack.enter_context(project.modules(database.environment))
            checks.append(app.load("auth").validate_session)
            checks[-1](token(1))
        on_few, on_many, unpooled = checks
        # The modules of the last one are those that are still loaded.
        engine = app.load("auth.stores.sql.engine").open_database().engine
        engine.pool = NullPool(engine.pool._creator)
        times = median_times(
            {
                "few": (on_few, FEW),
                "many": (on_many, MANY),
                "raw": (many.look_up, MANY),
                "unpooled": (unpooled, MANY),
            }
        )
    return {
        f"one check among {FEW:,} sessions": milliseconds(times["few"]),
        f"one check among {MANY:,} sessions": milliseconds(times["many"]),
        "the second against the first": ratio(times["many"], times["few"]),
        "a raw look-up on one kept connection": milliseconds(times["raw"]),
        "a check against a raw look-up": ratio(times["many"], times["raw"]),
        "a check with a connection of its own, against the pool": ratio(
            times["unpooled"], times["many"]
        ),
    }


def measure_memory(project: BakedProject) -> dict[str, str]:
    """Fill the store in memory, and look up what is in it."""
    with project.modules() as app:
        before = resident_bytes()
        add_sessions(app, FEW)
        few = median_times({"few": (app.load("auth").validate_session, FEW)})["few"]
        add_sessions(app, MANY, first=FEW + 1)
        used = resident_bytes() - before
        many = median_times({"many": (app.load("auth").validate_session, MANY)})["many"]
        count = len(app.sessions.list_sessions())
    return {
        f"one check among {FEW:,} sessions": milliseconds(few),
        f"one check among {MANY:,} sessions": milliseconds(many),
        "the second against the first": ratio(many, few),
        "statements in a run of the script": "none",
        f"memory of the process for {count:,} sessions": f"{used / 2**20:,.0f} MiB",
        "bytes of a session": f"{used / count:,.0f}",
    }


def statements_of_a_run(project: BakedProject, folder: Path, database: Filled) -> str:
    """Return how many statements a server sends in a run for somebody who is logged in."""
    copy = project.copy(folder)
    copy.write("app.py", copy.read("app.py") + TELL_STATEMENTS)
    copy.manage("add-user", "somebody", environment=database.environment, stdin="somebody\n" * 2)
    with copy.server(database.environment) as server, raw_client(server.url) as client:
        client.log_in("somebody")
        before = server.log.count("STATEMENT")
        for _ in range(RUNS):
            client.run_script()
        return f"{(server.log.count('STATEMENT') - before) / RUNS:g}"


def add_sessions(app: App, last: int, first: int = 1) -> None:
    """Put sessions into the store in memory."""
    store, now = app.stores.current(), datetime.now(UTC)
    new_session = app.load("auth.records").Session
    user = store.users.list_all()[0]
    times = (now, now + timedelta(days=1), now + timedelta(hours=1))
    for number in range(first, last + 1):
        token_hash = app.tokens.hash_token(token(number))
        store.sessions.add(new_session(token_hash, user.id, user.epoch, *times))


def median_times(calls: dict[str, tuple[Call, int]]) -> dict[str, float]:
    """Return the seconds that each call takes with the token of any session, turn by turn."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, (call, count) in calls.items():
            for number in random.choices(range(1, count + 1), k=CALLS):
                text = token(number)
                began = time.perf_counter()
                found = call(text)
                times[name].append(time.perf_counter() - began)
                if not found:
                    raise RuntimeError(f"session {number} was not found")
    return {name: statistics.median(values) for name, values in times.items()}


def resident_bytes() -> int:
    """Return the memory of this process. Linux only."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def milliseconds(seconds: float) -> str:
    """Return a time as people read it."""
    return f"{seconds * 1000:.3f} ms"


def ratio(one: float, other: float) -> str:
    """Return how many times the other one is."""
    return f"{one / other:.2f}×"


if __name__ == "__main__":
    main()
