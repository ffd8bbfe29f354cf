"""Limits on failed logins."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from auth.throttle import checking, end_attempt, start_attempt
from tests.conftest import Clock, Configure

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def _limits(configure: Configure) -> None:
    """Allow two failures in ten minutes."""
    configure(throttle_failures=2, throttle_minutes=10)


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
        assert start_attempt("ann", HERE) == 0
        end_attempt("ann", HERE)


def test_a_success_does_not_forget_the_failures_before() -> None:
    start_attempt("ann", HERE)
    start_attempt("ann", HERE)
    end_attempt("ann", HERE)
    start_attempt("ann", HERE)
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
