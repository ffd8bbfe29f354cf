"""Limits on failed logins."""

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from auth import stores, throttle
from auth.settings import load_settings
from auth.stores.base import StoreUnavailableError
from auth.stores.interface import Store
from auth.throttle import ThrottledError, checking, end_attempt, end_attempt_later
from tests.conftest import Clock, Configure

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def _limits(configure: Configure) -> None:
    """Allow two failures in ten minutes."""
    configure(throttle_failures=2, throttle_minutes=10)


def start_attempt(username: str, address: str | None) -> int:
    """Return how long a login has to wait; 0 if it may be tried, and counts."""
    try:
        throttle.start_attempt(username, address)
    except ThrottledError as error:
        return error.seconds
    return 0


def fail(username: str, address: str | None, times: int) -> list[int]:
    return [start_attempt(username, address) for _ in range(times)]


def test_the_limit_is_free_and_then_there_is_a_wait() -> None:
    first, second, third = fail("ann", HERE, 3)
    assert (first, second) == (0, 0)
    assert 590 < third <= 600


def test_a_wait_ends_by_itself(clock: Clock) -> None:
    fail("ann", HERE, 3)
    clock.forward(minutes=9)
    assert 0 < start_attempt("ann", HERE) <= 60
    clock.forward(minutes=1)
    assert start_attempt("ann", HERE) == 0


def test_trying_during_the_wait_does_not_make_it_longer(clock: Clock) -> None:
    fail("ann", HERE, 20)
    clock.forward(minutes=10)
    assert start_attempt("ann", HERE) == 0


def test_failures_leave_one_after_the_other(clock: Clock) -> None:
    start_attempt("ann", HERE)
    clock.forward(minutes=6)
    start_attempt("ann", HERE)
    assert start_attempt("ann", HERE) > 0
    clock.forward(minutes=4)
    assert start_attempt("ann", HERE) == 0
    assert start_attempt("ann", HERE) > 0


def test_a_success_does_not_count() -> None:
    for _ in range(100):
        end_attempt(throttle.start_attempt("ann", HERE))


def test_a_success_does_not_forget_the_failures_before() -> None:
    start_attempt("ann", HERE)
    end_attempt(throttle.start_attempt("ann", HERE))
    assert start_attempt("ann", HERE) == 0
    assert start_attempt("ann", HERE) > 0


def test_one_user_is_not_locked_out_by_another() -> None:
    fail("ann", HERE, 3)
    assert start_attempt("bob", HERE) == 0


def test_a_user_is_not_locked_out_from_elsewhere() -> None:
    fail("ann", HERE, 3)
    assert start_attempt("ann", THERE) == 0


def test_many_addresses_do_not_add_up_to_many_tries_for_one_name() -> None:
    waits = [start_attempt("ann", f"192.0.2.{number}") for number in range(21)]
    assert waits[:20] == [0] * 20
    assert waits[20] > 0


def test_many_names_do_not_add_up_to_many_tries_from_one_address() -> None:
    waits = [start_attempt(f"user{number}", HERE) for number in range(21)]
    assert waits[:20] == [0] * 20
    assert waits[20] > 0


def test_a_visitor_without_an_address_is_limited_too() -> None:
    assert fail("ann", None, 3)[2] > 0


def test_a_name_and_an_address_cannot_be_mixed_up() -> None:
    fail("*", HERE, 3)
    assert start_attempt("bob", HERE) == 0


def test_a_success_makes_room_at_once() -> None:
    first = throttle.start_attempt("ann", HERE)
    start_attempt("ann", HERE)
    assert start_attempt("ann", HERE) > 0
    end_attempt(first)
    assert start_attempt("ann", HERE) == 0


def test_room_that_another_server_made_is_found_soon(store: Store, clock: Clock) -> None:
    first = throttle.start_attempt("ann", HERE)
    start_attempt("ann", HERE)
    assert start_attempt("ann", HERE) > 0
    store.attempts.end(first.attempt_id, clock.now())
    clock.forward(seconds=10)
    assert start_attempt("ann", HERE) == 0


def test_another_server_counts_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fail("ann", HERE, 2)
    monkeypatch.setattr(throttle, "_full", OrderedDict())
    assert start_attempt("ann", HERE) > 0


def test_a_key_without_room_costs_the_store_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail("ann", HERE, 3)

    def fail_the_test() -> Store:
        raise AssertionError

    monkeypatch.setattr(stores, "current", fail_the_test)
    assert min(fail("ann", HERE, 100)) > 0


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_MAX_KEYS", 5)
    for number in range(20):
        fail(f"user{number}", f"192.0.2.{number}", 3)
    assert len(throttle._full) == 5


def test_what_cannot_be_taken_back_now_is_taken_back_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = throttle.start_attempt("ann", HERE)
    end_attempt_later(throttle.start_attempt("ann", HERE))
    with monkeypatch.context() as outage:
        outage.setattr(stores, "current", unavailable)
        end_attempt(first)
        with pytest.raises(StoreUnavailableError):
            throttle.start_attempt("ann", HERE)
    assert fail("ann", HERE, 2) == [0, 0]
    assert start_attempt("ann", HERE) > 0


def test_the_store_knows_neither_name_nor_address(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = throttle.start_attempt("my secret password", HERE)
    assert "secret" not in str(attempt)
    assert HERE not in str(attempt)
    assert {len(key) for key in (attempt.pair, attempt.name, attempt.address)} == {64}


@pytest.mark.parametrize("username", ["", "x" * 10_000, "a\0b", "\udcff", "日本"])
def test_any_name_can_be_counted(username: str) -> None:
    assert fail(username, HERE, 3)[2] > 0


def test_expired_attempts_are_removed_while_others_are_counted(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "_PURGE_EVERY", 3)
    fail("ann", HERE, 2)
    clock.forward(minutes=load_settings().throttle_minutes, hours=1)
    assert start_attempt("bob", HERE) == 0
    assert throttle.purge() == 0


def unavailable() -> Store:
    raise StoreUnavailableError("no answer")


def test_one_address_waits_for_its_own_password_checks_and_nobody_else_does() -> None:
    began = [Event(), Event(), Event()]
    finish = Event()

    def check(number: int) -> None:
        with checking(HERE):
            began[number].set()
            assert finish.wait(10)

    with ThreadPoolExecutor(3) as threads:
        checks = [threads.submit(check, number) for number in range(3)]
        while sum(event.is_set() for event in began) < 2:
            pass
        with checking(THERE), checking(None):
            assert sum(event.is_set() for event in began) == 2
        finish.set()
        for each in checks:
            each.result(10)
    assert all(event.is_set() for event in began)


def test_a_check_that_fails_makes_room_for_the_next() -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), checking(HERE):
            raise ZeroDivisionError
