"""What every store does with second factors and recovery codes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auth.records import UnknownUserError, User
from auth.stores import factors as stores_factors
from auth.stores.factors.interface import Factor, Factors, LastFactorError
from auth.stores.interface import Store
from auth.tests.second_factors import passkey_of, totp_of
from auth.tests.stores.at_once import at_once
from auth.tests.stores.records import ANN, BOB, EVE, HOUR, NOW

CODES = [f"{number:064x}" for number in range(10)]


@pytest.fixture
def factors(store: Store) -> Factors:
    """The second factors of a store that has none, and Ann and Bob."""
    store.users.put(ANN, BOB)
    return stores_factors.current()


def test_a_factor_is_kept_as_it_was_given_and_found_by_its_id_and_owner(factors: Factors) -> None:
    mine, other = totp_of(ANN), passkey_of(BOB, counter=2**32 - 1)
    assert factors.add(mine)
    assert factors.add(other)
    assert factors.find(mine.factor_id) == mine
    assert factors.find(other.factor_id) == other
    assert factors.find("0" * 64) is None
    assert factors.list_of(ANN) == [mine]
    assert factors.list_of(BOB) == [other]
    assert factors.list_of(EVE) == []
    assert sorted(factors.list_all(), key=str) == sorted([mine, other], key=str)


def test_the_owner_of_a_factor_is_found_as_they_are_now(store: Store, factors: Factors) -> None:
    mine = passkey_of(ANN)
    assert factors.add(mine)
    assert factors.owner_of(mine) == ANN
    store.users.set_disabled(ANN, True)
    owner = factors.owner_of(mine)
    assert owner is not None
    assert owner.disabled
    store.users.remove(ANN)
    assert factors.owner_of(mine) is None
    assert factors.find(mine.factor_id) is None


def test_a_long_secret_is_kept_as_it_is(factors: Factors) -> None:
    long = replace(passkey_of(ANN), secret="é" * 4000)
    assert factors.add(long)
    assert factors.find(long.factor_id) == long


def test_a_users_factors_are_listed_with_the_oldest_first(factors: Factors) -> None:
    second = replace(passkey_of(ANN, 1), added_at=NOW + HOUR)
    first, third = passkey_of(ANN, 2), replace(passkey_of(ANN, 3), added_at=NOW + 2 * HOUR)
    for each in (second, third, first):
        assert factors.add(each)
    assert factors.list_of(ANN) == [first, second, third]


def test_a_new_authenticator_app_takes_the_place_of_the_one_before(factors: Factors) -> None:
    new = replace(totp_of(ANN, counter=9), secret="new", added_at=NOW + HOUR)
    assert factors.add(totp_of(ANN))
    assert factors.add(new)
    assert factors.list_of(ANN) == [new]


def test_what_another_user_has_is_not_taken_away(factors: Factors) -> None:
    of_bob = passkey_of(BOB)
    assert factors.add(of_bob)
    assert not factors.add(replace(of_bob, user_id=ANN.id, secret="of ann"))
    assert factors.list_of(ANN) == []
    assert factors.list_of(BOB) == [of_bob]


def test_whoever_does_not_exist_gets_no_factor_and_no_codes(store: Store, factors: Factors) -> None:
    store.users.remove(ANN)
    for work in (
        lambda: factors.add(totp_of(ANN)),
        lambda: factors.remove(totp_of(ANN), keep_one=False),
        lambda: factors.set_codes(ANN, CODES),
        lambda: factors.remove_all(ANN),
    ):
        with pytest.raises(UnknownUserError):
            work()
    assert factors.list_all() == []


def test_a_removed_user_takes_their_factors_and_codes_along(store: Store, factors: Factors) -> None:
    for user in (ANN, BOB):
        factors.add(totp_of(user))
        factors.set_codes(user, [f"{user.id:0<64}"])
    store.users.remove(ANN)
    assert factors.list_of(ANN) == []
    assert factors.find(totp_of(ANN).factor_id) is None
    assert factors.list_all() == [totp_of(BOB)]
    assert factors.count_codes(ANN) == 0
    factors.rename(totp_of(BOB), "any change")
    store.users.add(ANN)
    assert factors.list_of(ANN) == []
    assert not factors.use_code(ANN, f"{ANN.id:0<64}")
    assert factors.use_code(BOB, f"{BOB.id:0<64}")


def test_a_renamed_user_keeps_their_factors_and_codes(store: Store, factors: Factors) -> None:
    factors.add(totp_of(ANN))
    factors.set_codes(ANN, CODES)
    store.users.rename(ANN, "anna")
    assert factors.list_of(replace(ANN, username="anna")) == [totp_of(ANN)]
    assert factors.count_codes(ANN) == 10


def test_a_counter_only_rises(factors: Factors) -> None:
    mine, later = totp_of(ANN, counter=5), NOW + HOUR
    factors.add(mine)
    factors.add(totp_of(BOB, counter=5))
    assert not factors.use(mine.factor_id, 5, later)
    assert not factors.use(mine.factor_id, 4, later)
    assert not factors.use(mine.factor_id, 0, later, may_stay=True)
    assert factors.find(mine.factor_id) == mine
    assert factors.use(mine.factor_id, 6, later)
    assert factors.list_of(ANN) == [replace(mine, counter=6, last_used_at=later)]
    assert not factors.use(mine.factor_id, 6, later)
    assert factors.use(mine.factor_id, 2**32, later)
    assert not factors.use("0" * 64, 7, later)
    assert factors.list_of(BOB) == [totp_of(BOB, counter=5)]


def test_a_counter_of_0_may_stay_0_where_that_is_wanted(factors: Factors) -> None:
    mine = passkey_of(ANN)
    factors.add(mine)
    assert not factors.use(mine.factor_id, 0, NOW)
    assert factors.use(mine.factor_id, 0, NOW, may_stay=True)
    assert factors.use(mine.factor_id, 0, NOW + HOUR, may_stay=True)
    assert factors.list_of(ANN) == [replace(mine, last_used_at=NOW + HOUR)]
    assert factors.use(mine.factor_id, 1, NOW, may_stay=True)
    assert not factors.use(mine.factor_id, 0, NOW, may_stay=True)
    assert not factors.use(mine.factor_id, 1, NOW, may_stay=True)


def test_of_many_who_use_a_step_at_once_one_does(factors: Factors) -> None:
    factors.add(totp_of(ANN))
    results = at_once(lambda _: factors.use(totp_of(ANN).factor_id, 2, NOW))
    assert results.count(True) == 1


def test_of_many_steps_at_once_the_latest_counts_in_the_end(factors: Factors) -> None:
    factors.add(totp_of(ANN))
    results = at_once(lambda step: factors.use(totp_of(ANN).factor_id, 2 + step, NOW))
    (left,) = factors.list_of(ANN)
    assert results[-1]
    assert left.counter == 2 + len(results) - 1


def test_a_factor_gets_another_name(factors: Factors) -> None:
    one, other = passkey_of(ANN, 1), passkey_of(ANN, 2)
    factors.add(one)
    factors.add(other)
    factors.rename(one, "Phone 🎈")
    factors.rename(passkey_of(ANN, 3), "unknown")
    assert factors.list_of(ANN) == [replace(one, name="Phone 🎈"), other]


def test_a_secret_is_kept_in_another_form_unless_it_was_changed_meanwhile(
    factors: Factors,
) -> None:
    mine = totp_of(ANN)
    factors.add(mine)
    assert factors.encrypt_again(mine, "new form")
    assert not factors.encrypt_again(mine, "another form")
    assert not factors.encrypt_again(totp_of(BOB), "new form")
    assert factors.list_of(ANN) == [replace(mine, secret="new form")]


def test_the_last_factor_takes_the_recovery_codes_along(factors: Factors) -> None:
    factors.add(totp_of(ANN))
    factors.add(passkey_of(ANN))
    for user in (ANN, BOB):
        factors.set_codes(user, [f"{user.id:0<64}"])
    assert factors.remove(totp_of(ANN), keep_one=True)
    assert not factors.remove(totp_of(ANN), keep_one=True)
    assert factors.list_of(ANN) == [passkey_of(ANN)]
    assert factors.count_codes(ANN) == 1
    assert factors.remove(passkey_of(ANN), keep_one=False)
    assert factors.list_of(ANN) == []
    assert factors.count_codes(ANN) == 0
    assert factors.count_codes(BOB) == 1


def test_the_last_factor_stays_where_one_is_to_be_kept(factors: Factors) -> None:
    factors.add(totp_of(ANN))
    factors.add(totp_of(BOB))
    factors.set_codes(ANN, CODES)
    with pytest.raises(LastFactorError):
        factors.remove(totp_of(ANN), keep_one=True)
    assert factors.list_of(ANN) == [totp_of(ANN)]
    assert factors.count_codes(ANN) == 10


def test_however_many_are_removed_at_once_one_stays(factors: Factors) -> None:
    mine = [passkey_of(ANN, number) for number in range(8)]
    for each in mine:
        factors.add(each)

    def remove(number: int) -> bool:
        try:
            return factors.remove(mine[number], keep_one=True)
        except LastFactorError:
            return False

    results = at_once(remove, threads=8)
    assert results.count(True) == 7
    assert factors.list_of(ANN) == [mine[results.index(False)]]


def test_everything_of_a_user_is_removed_and_their_sessions_end(
    store: Store, factors: Factors
) -> None:
    for each in (totp_of(ANN), passkey_of(ANN), totp_of(BOB)):
        factors.add(each)
    for user in (ANN, BOB):
        factors.set_codes(user, [f"{user.id:0<64}"])
    assert factors.remove_all(ANN) == 2
    assert factors.list_all() == [totp_of(BOB)]
    assert [factors.count_codes(user) for user in (ANN, BOB)] == [0, 1]
    assert store.users.list_all() == [replace(ANN, epoch=ANN.epoch + 1), BOB]
    assert factors.remove_all(ANN) == 0


def test_a_recovery_code_works_once_and_for_its_owner_only(factors: Factors) -> None:
    factors.set_codes(ANN, CODES)
    assert factors.count_codes(ANN) == 10
    assert not factors.use_code(BOB, CODES[0])
    assert factors.use_code(ANN, CODES[0])
    assert not factors.use_code(ANN, CODES[0])
    assert not factors.use_code(ANN, "f" * 64)
    assert factors.count_codes(ANN) == 9
    assert factors.count_codes(BOB) == 0


def test_of_many_who_use_a_recovery_code_at_once_one_does(factors: Factors) -> None:
    factors.set_codes(ANN, CODES)
    assert at_once(lambda _: factors.use_code(ANN, CODES[0])).count(True) == 1


def test_new_recovery_codes_end_the_old_ones(factors: Factors) -> None:
    factors.set_codes(ANN, CODES[:5])
    factors.set_codes(ANN, CODES[5:])
    assert factors.count_codes(ANN) == 5
    assert not factors.use_code(ANN, CODES[0])
    assert factors.use_code(ANN, CODES[5])
    factors.set_codes(ANN, [])
    assert factors.count_codes(ANN) == 0


def test_of_many_new_sets_of_recovery_codes_at_once_one_is_left(factors: Factors) -> None:
    def make(number: int) -> list[str]:
        codes = [f"{number:032x}{each:032x}" for each in range(3)]
        factors.set_codes(ANN, codes)
        return codes

    made = at_once(make, threads=8)
    assert factors.count_codes(ANN) == 3
    left = [codes for codes in made if factors.use_code(ANN, codes[0])]
    assert len(left) == 1


def test_many_factors_that_are_added_at_once_are_all_kept(factors: Factors) -> None:
    at_once(lambda number: factors.add(passkey_of(ANN, number)), threads=8)
    assert len(factors.list_of(ANN)) == 8


def test_times_are_kept_to_the_microsecond(factors: Factors) -> None:
    mine: Factor = replace(totp_of(ANN), added_at=NOW + timedelta(microseconds=1))
    factors.add(mine)
    assert factors.list_of(ANN) == [mine]


def test_a_user_of_the_same_name_has_nothing_of_the_one_before(
    store: Store, factors: Factors
) -> None:
    factors.add(totp_of(ANN))
    factors.set_codes(ANN, CODES)
    store.users.remove(ANN)
    new = User("0" * 32, "ann", "x")
    store.users.add(new)
    assert factors.list_of(new) == []
    assert factors.count_codes(new) == 0
