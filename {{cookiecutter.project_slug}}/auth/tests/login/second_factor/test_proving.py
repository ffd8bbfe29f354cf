"""Codes that prove who one is: each once, and few that are wrong."""

from collections.abc import Callable
from typing import NoReturn

import pyotp
import pytest

from auth import events, stores
from auth.login import by_password
from auth.login.second_factor import codes, proving, throttle
from auth.login.second_factor.proving import WrongCodeError
from auth.login.throttle import ThrottledError
from auth.records import StoreUnavailableError, User
from auth.stores.interface import Store
from auth.tests.conftest import PASSWORD, Clock, Log
from auth.tests.login.second_factor.phone import Phone
from auth.tests.people import visit
from auth.tests.stores.at_once import at_once
from auth.users import directory
from auth.users.factors import kept, recovery


def is_right(prove: Callable[[User, str], None], user: User, code: str) -> bool:
    try:
        prove(user, code)
    except WrongCodeError:
        return False
    return True


# Codes of an authenticator app


def test_a_code_works_once(phone: Phone) -> None:
    tried = [is_right(proving.by_code, phone.user, phone.code()) for _ in range(3)]
    assert tried == [True, False, False]


def test_of_many_servers_that_get_one_code_at_once_one_takes_it(phone: Phone) -> None:
    code = phone.code()
    assert sum(at_once(lambda _: is_right(proving.by_code, phone.user, code), 8)) == 1


def test_an_older_step_does_not_work_after_a_newer_one(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    older = phone.code()
    clock.forward(seconds=30)
    proving.by_code(phone.user, phone.code())
    clock.forward(seconds=-30)
    assert not is_right(proving.by_code, phone.user, older)


def test_a_seed_that_nobody_confirmed_is_worth_nothing(ann: str, clock: Clock) -> None:
    code = pyotp.TOTP(codes.new_seed()).at(clock.now())
    assert not is_right(proving.by_code, directory.get(ann), code)


def test_the_code_of_another_user_is_wrong(phone: Phone, bob: str) -> None:
    of_bob = Phone(bob)
    assert not is_right(proving.by_code, phone.user, of_bob.code())
    assert is_right(proving.by_code, of_bob.user, of_bob.code())


def test_the_code_of_an_app_that_was_turned_off_is_wrong(phone: Phone) -> None:
    (factor,) = kept.list_of(phone.user)
    kept.remove(phone.user, factor.factor_id)
    assert not is_right(proving.by_code, phone.user, phone.code())


# Recovery codes


def test_a_recovery_code_works_once_however_it_is_typed(phone: Phone) -> None:
    first, second, *_ = recovery.make_codes(phone.user)
    for code in (first, f" {second.lower().replace('-', ' ')} "):
        tried = [is_right(proving.by_recovery_code, phone.user, code) for _ in range(2)]
        assert tried == [True, False]
    assert recovery.codes_left(phone.user) == 8


def test_of_many_who_use_a_recovery_code_at_once_one_gets_in(phone: Phone) -> None:
    code = recovery.make_codes(phone.user)[0]
    assert sum(at_once(lambda _: is_right(proving.by_recovery_code, phone.user, code), 8)) == 1


def test_new_recovery_codes_end_the_old_ones(phone: Phone) -> None:
    old = recovery.make_codes(phone.user)
    recovery.make_codes(phone.user)
    assert not any(is_right(proving.by_recovery_code, phone.user, code) for code in old[:5])


def test_the_recovery_code_of_another_user_is_wrong(phone: Phone, bob: str) -> None:
    recovery.make_codes(phone.user)
    of_bob = recovery.make_codes(directory.get(bob))
    assert not is_right(proving.by_recovery_code, phone.user, of_bob[0])


# Wrong ones


def fail(phone: Phone, number: int) -> None:
    for _ in range(number):
        assert not is_right(proving.by_code, phone.user, phone.wrong())


def test_the_eleventh_is_not_looked_at_from_wherever_with_whatever_password_between(
    phone: Phone, log: Log
) -> None:
    for number in range(10):
        visit(f"192.0.2.{number}")
        by_password.prove("ann", PASSWORD)
        fail(phone, 1)
    visit("192.0.2.11")
    by_password.prove("ann", PASSWORD)
    with pytest.raises(ThrottledError) as caught:
        proving.by_code(phone.user, phone.code())
    assert caught.value.seconds == 15 * 60
    with pytest.raises(ThrottledError):
        proving.by_recovery_code(phone.user, recovery.make_codes(phone.user)[0])
    assert 'event="second factor throttled" user=ann address=192.0.2.11' in log.lines


def test_they_are_forgotten_after_fifteen_minutes(phone: Phone, clock: Clock) -> None:
    fail(phone, 10)
    clock.forward(minutes=15)
    assert is_right(proving.by_code, phone.user, phone.code())


def test_a_right_one_does_not_count_and_clears_none(phone: Phone, clock: Clock) -> None:
    fail(phone, 9)
    for _ in range(3):
        clock.forward(seconds=30)
        assert is_right(proving.by_code, phone.user, phone.code())
    fail(phone, 1)
    with pytest.raises(ThrottledError):
        proving.by_code(phone.user, phone.code(1))


def test_many_at_once_are_no_more_than_one_after_the_other(phone: Phone) -> None:
    def guess(_: int) -> bool:
        try:
            return is_right(proving.by_code, phone.user, phone.wrong())
        except ThrottledError:
            return True

    assert at_once(guess, 16).count(False) == throttle.MAX_WRONG


def test_they_are_those_of_one_user(phone: Phone, bob: str) -> None:
    fail(phone, 10)
    of_bob = Phone(bob)
    assert is_right(proving.by_code, of_bob.user, of_bob.code())


def test_an_administrator_can_unlock_a_user(phone: Phone) -> None:
    fail(phone, 10)
    directory.unlock("ann")
    assert is_right(proving.by_code, directory.get("ann"), phone.code())


def test_an_outage_is_nobodys_failure(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    for _ in range(throttle.MAX_WRONG):
        with monkeypatch.context() as outage:
            outage.setattr(kept, "list_of", fails)
            with pytest.raises(StoreUnavailableError):
                proving.by_code(phone.user, phone.code())
    by_password.prove("ann", PASSWORD)
    assert is_right(proving.by_code, phone.user, phone.code())


def test_nothing_that_is_told_has_a_code_or_a_seed(phone: Phone, log: Log, store: Store) -> None:
    recovery_codes = recovery.make_codes(phone.user)
    used = [phone.code(), phone.wrong(), *recovery_codes]
    fail(phone, 1)
    proving.by_code(phone.user, phone.code())
    proving.by_recovery_code(phone.user, recovery_codes[0])
    told = "\n".join([*log.lines, *map(str, events.list_audit())])
    assert "second factor failed" in told
    assert "recovery code used" in told
    assert not [secret for secret in [phone.seed, *used] if secret in told]
    assert stores.current() is store
