"""What every store does with attempts, also if many servers count at once."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from tests.stores.conftest import DATABASES, THREADS, Bench, at_once

LIMITS = {"pair": 5, "name": 20, "address": 20}
SERVERS = 3

# Tries to log in from many threads when whoever started it says so, and prints how often it may.
TRY = """
from concurrent.futures import ThreadPoolExecutor
from auth import stores, throttle
stores.current()
print("ready", flush=True)
input()

def may(number):
    try:
        throttle.start_attempt("ann", f"192.0.2.{number % 3}")
    except throttle.ThrottledError:
        return False
    return True

with ThreadPoolExecutor(8) as threads:
    print(sum(threads.map(may, range(60))))
"""


def counted(bench: Bench, numbers: range, limits: dict[str, int], **keys: str) -> list[bool]:
    return [
        bench.attempts.start(bench.attempt(number, **keys), limits, bench.now) is None
        for number in numbers
    ]


@pytest.mark.parametrize("key", LIMITS)
def test_of_many_threads_as_many_are_counted_as_may_be(bench: Bench, key: str) -> None:
    def start(number: int) -> Any:
        return bench.attempts.start(bench.attempt(number, **{key: "same"}), LIMITS, bench.now)

    found = at_once(start)
    assert found.count(None) == LIMITS[key]
    assert set(found) == {None, (key, bench.attempt(0).expires_at)}
    assert counted(bench, range(100, 105), LIMITS) == [True] * 5


def test_threads_whose_logins_succeed_leave_nothing_behind(bench: Bench) -> None:
    limits = dict.fromkeys(LIMITS, THREADS)

    def log_in(thread: int) -> list[Any]:
        found = []
        for number in range(3):
            attempt = bench.attempt(thread * 10 + number, name="ann", address="here")
            found.append(bench.attempts.start(attempt, limits, bench.now))
            bench.attempts.end(attempt.attempt_id, bench.now)
        return found

    assert at_once(log_in) == [[None] * 3] * THREADS
    keys = {"name": "ann", "address": "here"}
    assert sum(counted(bench, range(1000, 1000 + THREADS + 1), limits, **keys)) == THREADS


def test_threads_that_count_and_purge_at_once_get_along(bench: Bench) -> None:
    for number in range(100):
        bench.attempts.start(bench.attempt(number, -1), LIMITS, bench.now)

    def work(thread: int) -> None:
        bench.attempts.start(bench.attempt(1000 + thread, name="ann"), LIMITS, bench.now)
        bench.attempts.purge(bench.now, 10)

    at_once(work)
    bench.attempts.purge(bench.now)  # Those who looked at once may have found the same ones.
    assert bench.attempts.purge(bench.now) == 0
    assert counted(bench, range(2000, 2001), LIMITS, name="ann") == [False]


def test_an_attempt_expires_to_the_microsecond(bench: Bench) -> None:
    last = bench.attempt(1, pair="a")
    limits = {**LIMITS, "pair": 1}
    assert bench.attempts.start(last, limits, bench.now) is None
    almost = last.expires_at - timedelta(microseconds=1)
    again = bench.attempt(2, 120, pair="a")
    assert bench.attempts.start(again, limits, almost) == ("pair", last.expires_at)
    assert bench.attempts.start(again, limits, last.expires_at) is None


def test_keys_are_compared_exactly(bench: Bench) -> None:
    assert counted(bench, range(20), LIMITS, name="a") == [True] * 20
    assert counted(bench, range(20, 22), LIMITS, name="A") == [True] * 2
    assert counted(bench, range(22, 23), LIMITS, name="a") == [False]


def test_expired_attempts_are_purged_a_few_at_a_time(bench: Bench) -> None:
    for number in range(5):
        bench.attempts.start(bench.attempt(number, -1), LIMITS, bench.now)
    bench.attempts.start(bench.attempt(5), LIMITS, bench.now)
    assert [bench.attempts.purge(bench.now, 2) for _ in range(4)] == [2, 2, 1, 0]
    bench.attempts.end("f" * 32, bench.now)


@pytest.mark.parametrize("bench", DATABASES, indirect=True)
def test_several_servers_together_allow_what_one_does(bench: Bench) -> None:
    environment = {**os.environ, **bench.environment, "THROTTLE_FAILURES": "2"}
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", TRY],
            cwd=bench.project.path,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(SERVERS)
    ]
    for server in servers:
        assert server.stdout
        assert server.stdout.readline() == "ready\n"
    for server in servers:
        assert server.stdin
        server.stdin.write("\n")
        server.stdin.flush()
    allowed = [int(server.communicate(timeout=60)[0]) for server in servers]
    # Two from each of three addresses.
    assert sum(allowed) == 6
