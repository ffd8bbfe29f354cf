"""Limits on failed logins."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event

import pytest

from auth import stores
from auth.login import by_password, one_time, throttle
from auth.login.throttle import (
    ThrottledError,
    checking,
    end_attempt,
    end_attempt_later,
)
from auth.records import Attempt, StoreUnavailableError
from auth.settings import load_settings
from auth.stores.interface import Store
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure
from auth.tests.people import visit
from auth.users import directory, profile

HERE, THERE = "192.0.2.1", "192.0.2.2"
MINE = "b" * 43  # the secret in the cookie of a device


@pytest.fixture(autouse=True)
def _limits(configure: Configure) -> None:
    """Allow two failures in ten minutes."""
    configure(throttle_failures=2, throttle_minutes=10)


def disable_and_enable(username: str) -> None:
    directory.disable_user(username, force=True)
    directory.enable_user(username)


def device(number: int) -> str:
    return str(number).rjust(43, "d")


def count(username: str, address: str | None, device: str | None = None) -> Attempt:
    """Count a login as failed."""
    visit(address, device)
    attempt, _ = throttle.start_attempt(username)
    return attempt


def start_attempt(username: str, address: str | None, device: str | None = None) -> int:
    """Return how long a login has to wait; 0 if it may be tried, and counts."""
    try:
        count(username, address, device)
    except ThrottledError as error:
        return error.seconds
    return 0


def remember_device(username: str, device: str | None) -> None:
    """Log in as a user by a device."""
    visit(device=device)
    throttle.remember_device(directory.get(username))


def fail(username: str, address: str | None, times: int) -> list[int]:
    return [start_attempt(username, address) for _ in range(times)]


def test_the_limit_is_free_and_then_there_is_a_wait() -> None:
    first, second, third = fail("ann", HERE, 3)
    assert (first, second) == (0, 0)
    assert 590 < third <= 600


def test_a_name_and_an_address_give_no_more_tries_than_one(ann: str) -> None:
    profile.set_email(ann, "ann@example.com")
    assert start_attempt("ann@example.com", HERE) == start_attempt(ann, HERE) == 0
    assert start_attempt("Ann@example.com", HERE) > 0
    assert start_attempt(ann, HERE) > 0
    assert start_attempt("bob@example.com", HERE) == 0
    visit(HERE)
    directory.unlock(ann)
    throttle._full.clear()
    assert start_attempt("ann@example.com", HERE) == 0


def test_a_known_device_is_known_by_either(ann: str) -> None:
    profile.set_email(ann, "ann@example.com")
    remember_device(ann, MINE)
    fail(ann, HERE, 3)
    assert start_attempt("ann@example.com", HERE, MINE) == start_attempt(ann, HERE, MINE) == 0
    assert start_attempt("ann@example.com", HERE, MINE) > 0


def test_two_long_addresses_that_begin_alike_are_two(ann: str, bob: str) -> None:
    profile.set_email(ann, f"{'x' * 64}@example.com")
    profile.set_email(bob, f"{'x' * 64}@example.org")
    assert fail(f"{'x' * 64}@example.com", HERE, 3)[2] > 0
    assert start_attempt(f"{'x' * 64}@example.org", HERE) == 0


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
        end_attempt(count("ann", HERE))


def test_a_success_forgets_the_failures_of_the_name_from_there() -> None:
    fail("ann", THERE, 2)
    fail("bob", HERE, 2)
    for _ in range(5):
        start_attempt("ann", HERE)
        end_attempt(count("ann", HERE))
    assert fail("ann", HERE, 2) == [0, 0]
    assert start_attempt("ann", THERE) > 0
    assert start_attempt("bob", HERE) > 0


@pytest.mark.parametrize("written", ["Ann", "ANN", " ann "])
def test_a_name_is_one_however_it_is_written(written: str) -> None:
    fail("ann", HERE, 2)
    assert start_attempt(written, HERE) > 0


def test_a_network_of_ipv6_is_one_address() -> None:
    addresses = [f"2001:db8::{number}:1" for number in range(3)]
    first, second, third = (start_attempt("ann", address) for address in addresses)
    assert (first, second) == (0, 0)
    assert third > 0
    assert start_attempt("ann", "2001:db8:0:1::1") == 0


def test_an_address_of_ipv4_is_one_on_a_server_of_ipv6() -> None:
    fail("ann", HERE, 2)
    assert start_attempt("ann", f"::ffff:{HERE}") > 0


def test_strangers_cannot_lock_a_known_device_out(ann: str) -> None:
    remember_device("ann", MINE)
    fail("ann", HERE, 3)
    for number in range(30):
        start_attempt("ann", f"198.51.100.{number}")
        start_attempt(f"user{number}", HERE)
    assert start_attempt("ann", HERE) > 0
    assert start_attempt("ann", HERE, MINE) == 0


def test_a_known_device_has_a_limit_of_its_own(ann: str) -> None:
    remember_device("ann", MINE)
    tries = [start_attempt("ann", f"192.0.2.{number}", MINE) for number in range(3)]
    assert tries[:2] == [0, 0]
    assert tries[2] > 0
    assert start_attempt("ann", HERE) == 0


def test_all_known_devices_of_a_name_have_a_limit_together(ann: str) -> None:
    for number in range(16):
        remember_device("ann", device(number))
    waits = [start_attempt("ann", HERE, device(number)) for number in range(16)]
    assert [wait == 0 for wait in waits] == [True] * 4 + [False] * 12


def test_known_devices_and_strangers_use_up_nothing_of_each_other(ann: str) -> None:
    for number in range(4):
        remember_device("ann", device(number))
        start_attempt("ann", HERE, device(number))
    assert start_attempt("ann", HERE, device(0)) > 0
    waits = [start_attempt("ann", f"198.51.100.{number}") for number in range(21)]
    assert [wait == 0 for wait in waits] == [True] * 20 + [False]


@pytest.mark.parametrize(
    "change",
    [
        lambda name: directory.set_password(directory.get(name), NEW_PASSWORD),
        lambda name: directory.end_sessions(name),
        disable_and_enable,
    ],
    ids=["a new password", "an end of all logins", "disabling"],
)
def test_what_ends_every_login_of_a_user_has_their_devices_forgotten(
    ann: str, change: Callable[[str], object]
) -> None:
    remember_device("ann", MINE)
    change(ann)
    fail("ann", HERE, 2)
    assert start_attempt("ann", HERE, MINE) > 0


def test_a_new_password_that_a_user_chose_leaves_their_own_browser_known(ann: str) -> None:
    visit(HERE, MINE)
    own = one_time.reset_password(ann)
    by_password.log_in(ann, own)
    one_time.choose_password(directory.get(ann), PASSWORD)
    fail("ann", HERE, 2)
    assert start_attempt("ann", HERE, MINE) == 0


def test_the_last_twenty_devices_of_a_user_are_known(ann: str, bob: str, clock: Clock) -> None:
    remember_device("bob", MINE)
    for number in range(21):
        clock.forward(seconds=1)
        remember_device("ann", device(number))
    fail("ann", HERE, 2)
    fail("bob", HERE, 2)
    assert start_attempt("ann", HERE, device(0)) > 0
    assert start_attempt("ann", HERE, device(1)) == 0
    assert start_attempt("bob", HERE, MINE) == 0


def test_a_success_forgets_the_failures_of_a_known_device(ann: str) -> None:
    remember_device("ann", MINE)
    for _ in range(5):
        start_attempt("ann", HERE, MINE)
        end_attempt(count("ann", HERE, MINE))


def test_a_device_is_known_by_its_secret_and_to_one_user(ann: str, bob: str) -> None:
    remember_device("ann", MINE)
    fail("ann", HERE, 2)
    assert start_attempt("ann", HERE, "f" * 43) > 0
    fail("bob", HERE, 2)
    assert start_attempt("bob", HERE, MINE) > 0


def test_a_device_is_known_for_half_a_year_after_its_last_login(ann: str, clock: Clock) -> None:
    remember_device("ann", MINE)
    clock.forward(days=100)
    remember_device("ann", MINE)
    clock.forward(days=180, seconds=-1)
    fail("ann", HERE, 2)
    assert start_attempt("ann", HERE, MINE) == 0
    clock.forward(seconds=1)
    assert start_attempt("ann", HERE, MINE) > 0


def test_without_a_cookie_no_device_is_known(ann: str) -> None:
    remember_device("ann", None)
    remember_device("ann", "")
    fail("ann", HERE, 2)
    assert start_attempt("ann", HERE, "") > 0


@pytest.mark.parametrize(
    "forgive",
    [directory.unlock, lambda name: directory.set_password(directory.get(name), NEW_PASSWORD)],
)
def test_an_unlock_and_a_new_password_forget_failures_from_everywhere_within_seconds(
    ann: str, bob: str, clock: Clock, forgive: Callable[[str], None]
) -> None:
    remember_device(ann, MINE)
    for name in (ann, bob):
        fail(name, HERE, 2)
    fail(ann, THERE, 3)
    for _ in range(3):
        start_attempt(ann, HERE, MINE)
    forgive("Ann")
    clock.forward(seconds=10)
    assert start_attempt(bob, HERE) > 0
    for place, device in ((HERE, None), (THERE, None), (HERE, MINE)):
        assert start_attempt(ann, place, device) == 0


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


def test_room_that_somebody_made_is_found_soon(store: Store, clock: Clock) -> None:
    first = count("ann", HERE)
    start_attempt("ann", HERE)
    assert start_attempt("ann", HERE) > 0
    store.attempts.end([first.attempt_id], clock.now())
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
    first = count("ann", HERE)
    end_attempt_later(count("ann", HERE))
    with monkeypatch.context() as outage:
        outage.setattr(stores, "current", unavailable)
        end_attempt(first)
        with pytest.raises(StoreUnavailableError):
            count("ann", HERE)
    assert fail("ann", HERE, 2) == [0, 0]
    assert start_attempt("ann", HERE) > 0


def test_all_that_was_owed_is_paid_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    owed = [count(f"user{number}", HERE) for number in range(10)]
    for attempt in owed:
        end_attempt_later(attempt)
    calls: list[set[str]] = []
    end = store.attempts.end

    def note(_: object, attempt_ids: Collection[str], now: datetime) -> None:
        calls.append(set(attempt_ids))
        if len(calls) == 1:
            raise StoreUnavailableError
        end(attempt_ids, now)

    monkeypatch.setattr(type(store.attempts), "end", note)
    with pytest.raises(StoreUnavailableError):
        count("ann", HERE)
    for _ in range(2):
        count("ann", HERE)
    assert calls == [{attempt.attempt_id for attempt in owed}] * 2


def test_the_store_knows_neither_name_nor_address(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = count("my secret password", HERE)
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
        visit(HERE)
        with checking():
            began[number].set()
            assert finish.wait(10)

    with ThreadPoolExecutor(3) as threads:
        checks = [threads.submit(check, number) for number in range(3)]
        while sum(event.is_set() for event in began) < 2:
            pass
        for other in (THERE, None):
            visit(other)
            with checking():
                assert sum(event.is_set() for event in began) == 2
        finish.set()
        for each in checks:
            each.result(10)
    assert all(event.is_set() for event in began)


def test_a_check_that_fails_makes_room_for_the_next() -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), checking():
            raise ZeroDivisionError
