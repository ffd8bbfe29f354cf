"""What every store does with attempts."""

from datetime import timedelta

import pytest

from auth.stores.interface import Attempts, Store
from auth.tests.stores.at_once import THREADS, at_once
from auth.tests.stores.records import HOUR, NOW, attempt

LIMITS = {"pair": 2, "name": 3, "address": 4}


@pytest.fixture
def attempts(store: Store) -> Attempts:
    """The attempts of a store that has none."""
    return store.attempts


def start(attempts: Attempts, numbers: range, **keys: str) -> list[str | None]:
    """Return for each attempt which key had no room."""
    found = [attempts.start(attempt(str(number), **keys), LIMITS, NOW) for number in numbers]
    return [full and full[0] for full in found]


@pytest.mark.parametrize(("key", "limit"), LIMITS.items())
def test_each_key_has_its_limit(attempts: Attempts, key: str, limit: int) -> None:
    assert start(attempts, range(limit + 2), **{key: "same"}) == [*[None] * limit, key, key]
    assert start(attempts, range(10, 20)) == [None] * 10


def test_keys_are_compared_to_the_letter(attempts: Attempts) -> None:
    assert start(attempts, range(3), name="a") == [None] * 3
    assert start(attempts, range(3, 5), name="A") == [None] * 2
    assert start(attempts, range(5, 6), name="a") == ["name"]


def test_what_has_no_room_is_not_counted(attempts: Attempts) -> None:
    start(attempts, range(2), pair="a", name="x")
    assert start(attempts, range(2, 10), pair="a", name="x", address="z") == ["pair"] * 8
    assert start(attempts, range(10, 11), pair="b", name="x") == [None]
    assert start(attempts, range(20, 25), address="z") == [*[None] * 4, "address"]


def test_there_is_room_when_the_oldest_that_is_in_the_way_has_expired(attempts: Attempts) -> None:
    minute = timedelta(minutes=1)
    for number in range(2):
        attempts.start(attempt(str(number), NOW + number * minute, pair="a"), LIMITS, NOW)
    later = attempt("2", NOW + HOUR, pair="a")
    almost = NOW + HOUR - timedelta(microseconds=1)
    assert attempts.start(later, LIMITS, almost) == ("pair", NOW + HOUR)
    assert attempts.start(later, LIMITS, NOW + HOUR) is None
    full = attempts.start(attempt("3", NOW + HOUR, pair="a"), LIMITS, NOW + HOUR)
    assert full == ("pair", NOW + HOUR + minute)


def test_with_a_lower_limit_more_have_to_expire(attempts: Attempts) -> None:
    for number in range(2):
        start_at = NOW + timedelta(minutes=number)
        attempts.start(attempt(str(number), start_at, pair="a"), LIMITS, NOW)
    full = attempts.start(attempt("2", pair="a"), {**LIMITS, "pair": 1}, NOW)
    assert full == ("pair", NOW + HOUR + timedelta(minutes=1))


def test_one_that_ends_makes_room_for_one(attempts: Attempts) -> None:
    start(attempts, range(2), pair="a")
    attempts.end([attempt("0").attempt_id], NOW)
    assert start(attempts, range(2, 4), pair="a") == [None, "pair"]


def test_a_pair_that_is_cleared_makes_room_for_all_and_no_other_does(attempts: Attempts) -> None:
    start(attempts, range(2), pair="a", name="x")
    start(attempts, range(2, 4), pair="b", address="a")
    attempts.clear("a", NOW)
    assert start(attempts, range(4, 7), pair="a", name="x") == [None, None, "pair"]
    assert start(attempts, range(7, 8), pair="b") == ["pair"]
    attempts.clear("unknown", NOW)


def test_a_pair_alone_can_have_a_limit(attempts: Attempts) -> None:
    start(attempts, range(3), name="x", address="z")
    each = [attempt(str(number), pair="a", name="x", address="z") for number in range(3, 6)]
    found = [attempts.start(one, {"pair": 2}, NOW) for one in each]
    assert found == [None, None, ("pair", NOW + HOUR)]


def test_what_does_not_count_can_end(attempts: Attempts) -> None:
    attempts.end(["f" * 32], NOW)
    assert attempts.purge(NOW) == 0


def test_expired_ones_are_purged_in_batches(attempts: Attempts) -> None:
    start(attempts, range(5))
    attempts.start(attempt("5", NOW + HOUR, pair="a"), LIMITS, NOW)
    assert attempts.purge(NOW + HOUR - timedelta(microseconds=1)) == 0
    assert [attempts.purge(NOW + HOUR, 2) for _ in range(4)] == [2, 2, 1, 0]
    left = attempts.start(attempt("6", pair="a"), {**LIMITS, "pair": 1}, NOW)
    assert left == ("pair", NOW + 2 * HOUR)


@pytest.mark.parametrize(("key", "limit"), [("pair", 5), ("name", 20), ("address", 20)])
def test_of_many_at_once_no_more_are_counted_than_may_be(
    attempts: Attempts, key: str, limit: int
) -> None:
    for turn in range(3):

        def begin(number: int, turn: int = turn) -> object:
            mine = attempt(f"{turn} {number}", **{key: f"same {turn}"})
            return attempts.start(mine, {key: limit}, NOW)

        found = at_once(begin)
        assert found.count(None) == limit
        assert set(found) == {None, (key, NOW + HOUR)}


def test_many_who_succeed_at_once_leave_nothing_behind(attempts: Attempts) -> None:
    limits = {"name": THREADS}

    def log_in(number: int) -> object:
        mine = attempt(str(number), name="ann")
        full = attempts.start(mine, limits, NOW)
        attempts.end([mine.attempt_id], NOW)
        return full

    assert at_once(log_in) == [None] * THREADS
    each = [attempt(str(number), name="ann") for number in range(100, 100 + THREADS + 1)]
    found = [attempts.start(one, limits, NOW) for one in each]
    assert found == [*[None] * THREADS, ("name", NOW + HOUR)]


def test_many_who_count_and_purge_at_once_get_along(attempts: Attempts) -> None:
    for number in range(50):
        attempts.start(attempt(str(number), NOW - HOUR), LIMITS, NOW - HOUR)

    def work(number: int) -> None:
        attempts.start(attempt(str(100 + number), name="ann"), LIMITS, NOW)
        attempts.purge(NOW, 10)

    at_once(work)
    attempts.purge(NOW)  # Those who looked at once may have found the same ones.
    assert attempts.purge(NOW) == 0
    assert start(attempts, range(200, 201), name="ann") == ["name"]
