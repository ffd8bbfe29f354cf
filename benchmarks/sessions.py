"""What the check of a session costs, for both stores.

It runs at every click of every visitor. All figures are of one run on one
machine, and what counts is how they compare. It starts a database of its own
and takes some minutes:

    uv run python -m benchmarks.sessions
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import pymysql
from sqlalchemy.pool import NullPool

from tests.support.baking import BakedProject, bake_into
from tests.support.modules import App
from tests.support.mysql_server import PASSWORD, Database, PrivateServer, start_private_server

FEW: Final = 1_000
MANY: Final = 1_000_000
ROUNDS: Final = 40
CALLS: Final = 50  # of each kind in a round
THREADS: Final = 16
CALLS_IN_THREADS: Final = 8_000
TOKEN_LENGTH: Final = 86

LOOK_UP = """
SELECT sessions.*, users.* FROM sessions
JOIN users ON users.username = sessions.username AND users.epoch = sessions.epoch
WHERE sessions.token_hash = SHA2(%s, 256) AND users.disabled = false
"""

Call = Callable[[str], object]


class Row(NamedTuple):
    """A line of the table."""

    what: str
    figure: str
    limit: str = ""


def main() -> None:
    """Measure everything and print the table."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mysql-")))
        server = start_private_server(folder, "--innodb-buffer-pool-size=1G")
        stack.callback(server.stop)
        project = bake_into(folder / "mysql", store_backend="mysql")
        rows = measure_mysql(project, server, stack)
        rows += measure_memory(bake_into(folder / "memory"))
    print("| what | measured | limit |\n|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.figure} | {row.limit} |")


def measure_mysql(project: BakedProject, server: PrivateServer, stack: ExitStack) -> list[Row]:
    """Compare the ways to look up a session, turn by turn."""
    few, many = (filled_database(project, server, count) for count in (FEW, MANY))
    checks = []
    for database in (few, many, many):
        app = stack.enter_context(project.modules(database.environment))
        checks.append(app.load("auth").validate_session)
        checks[-1](token(1))
    on_few, on_many, unpooled = checks
    # The modules of the last one are those that are still loaded.
    engine = app.load("auth.stores.sql.engine").open_database().engine
    engine.pool = NullPool(engine.pool._creator)

    connection = pymysql.connect(
        host=server.host,
        port=server.port,
        user=many.name,
        password=PASSWORD,
        database=many.name,
        autocommit=True,
    )
    cursor = stack.enter_context(connection).cursor()

    def raw(text: str) -> object:
        cursor.execute(LOOK_UP, (text,))
        return cursor.fetchone()

    times = median_times(
        {"few": (on_few, FEW), "many": (on_many, MANY), "raw": (raw, MANY), "un": (unpooled, MANY)}
    )
    before = questions(server)
    for _ in range(100):
        on_many(token(random.randint(1, MANY)))
    after = questions(server)
    cost_of_asking = questions(server) - after
    queries = (after - before - cost_of_asking) / 100
    one, all_threads = throughput(on_many, 1), throughput(on_many, THREADS)
    return [
        Row(f"MySQL, {FEW:,} sessions: one check", milliseconds(times["few"])),
        Row(f"MySQL, {MANY:,} sessions: one check", milliseconds(times["many"])),
        Row(f"{MANY:,} against {FEW:,} sessions", ratio(times["many"], times["few"]), "≤ 1.3×"),
        Row("one raw look-up on a kept connection", milliseconds(times["raw"])),
        Row("a check against a raw look-up", ratio(times["many"], times["raw"]), "≤ 3×"),
        Row("a check with a connection of its own", milliseconds(times["un"])),
        Row("a connection per check against the pool", ratio(times["un"], times["many"]), "≥ 3×"),
        Row("queries of one check", f"{queries:.2f}", "≤ 1"),
        Row("checks a second, 1 thread", f"{one:,.0f}"),
        Row(f"checks a second, {THREADS} threads", f"{all_threads:,.0f}"),
        Row(f"{THREADS} threads against 1", ratio(all_threads, one)),
    ]


def measure_memory(project: BakedProject) -> list[Row]:
    """Fill the store in memory, and look up what is in it."""
    with project.modules() as app:
        before = resident_bytes()
        add_sessions(app, FEW)
        few = median_times({"few": (app.load("auth").validate_session, FEW)})["few"]
        add_sessions(app, MANY, first=FEW + 1)
        used = resident_bytes() - before
        many = median_times({"many": (app.load("auth").validate_session, MANY)})["many"]
        count = len(app.sessions.list_sessions())
    return [
        Row(f"memory, {FEW:,} sessions: one check", milliseconds(few)),
        Row(f"memory, {count:,} sessions: one check", milliseconds(many)),
        Row("memory, bytes of a session", f"{used / count:,.0f}"),
    ]


def filled_database(project: BakedProject, server: PrivateServer, count: int) -> Database:
    """Return a database with so many sessions of a tenth as many users.

    They were last used in the future, so that no check records its own.
    """
    database = server.create_database()
    with project.modules(database.environment) as app:
        app.stores.current()
    database.execute(
        "INSERT INTO users SELECT CONCAT('user', seq), 'hash', 0, 'sales finance', 1 "
        f"FROM seq_0_to_{count // 10}",
        f"INSERT INTO sessions SELECT SHA2(RPAD(seq, {TOKEN_LENGTH}, 'A'), 256), "
        "CONCAT('user', seq DIV 10), 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 DAY, "
        f"UTC_TIMESTAMP(6) + INTERVAL 1 HOUR FROM seq_1_to_{count}",
        "ANALYZE TABLE users, sessions",
    )
    return database


def add_sessions(app: App, last: int, first: int = 1) -> None:
    """Put sessions into the store in memory."""
    store, now = app.stores.current(), datetime.now(UTC)
    new_session = app.load("auth.stores.base").Session
    user = store.users.list_all()[0]
    times = (now, now + timedelta(days=1), now + timedelta(hours=1))
    for number in range(first, last + 1):
        token_hash = app.tokens.hash_token(token(number))
        store.sessions.add(new_session(token_hash, user.username, user.epoch, *times))


def token(number: int) -> str:
    """Return the token of a session."""
    return str(number).ljust(TOKEN_LENGTH, "A")


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


def throughput(call: Call, threads: int) -> float:
    """Return how many calls are done in a second."""
    tokens = [token(random.randint(1, MANY)) for _ in range(CALLS_IN_THREADS)]

    def call_all(part: list[str]) -> None:
        for text in part:
            call(text)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(call, tokens[:threads]))
        began = time.perf_counter()
        list(pool.map(call_all, (tokens[first::threads] for first in range(threads))))
    return len(tokens) / (time.perf_counter() - began)


def questions(server: PrivateServer) -> int:
    """Return how many statements the server has had."""
    return int(str(server.execute("SHOW GLOBAL STATUS LIKE 'Questions'")[0][1]))


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
