"""What every store does with users."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from auth.stores.base import LastUserError, UnknownUserError, User, UserExistsError
from auth.stores.interface import Store, Users
from tests.stores.at_once import THREADS, at_once
from tests.stores.records import ANN, BOB, HOUR, NOW

# Names of nobody, all but one of which are like Ann's.
ALIKE: Final = ["", "Ann", "ANN", " ann", "ann ", "an", "annn", "änn", "ann\0", "ann'--", "%", "x"]


@pytest.fixture
def users(store: Store) -> Users:
    """The users of a store that has Ann and Bob."""
    store.users.add(BOB)
    store.users.add(ANN)
    return store.users


def test_a_user_is_found_as_they_were_added(users: Users) -> None:
    assert users.find("ann") == ANN
    assert users.find("bob") == BOB


@pytest.mark.parametrize("username", ALIKE)
def test_a_user_is_found_and_changed_by_exactly_their_name(users: Users, username: str) -> None:
    assert users.find(username) is None
    changes: list[Callable[[], object]] = [
        lambda: users.set_password(username, "new hash"),
        lambda: users.set_disabled(username, True),
        lambda: users.set_disabled(username, False),
        lambda: users.end_sessions(username),
        lambda: users.unlock(username),
        lambda: users.remove(username),
    ]
    for change in changes:
        with pytest.raises(UnknownUserError):
            change()
    users.upgrade_password_hash(replace(ANN, username=username), "stronger hash")
    assert users.list_all() == [ANN, BOB]


def test_users_are_listed_by_name(users: Users) -> None:
    assert users.list_all() == [ANN, BOB]


def test_every_name_is_another_one_and_they_are_sorted_by_their_characters(store: Store) -> None:
    names = ["a" * 64, "_.-@", "0", "null", "anna", "ann.", "ann@example.com", "rene", "rené"]
    everybody = [
        User(name, f"hash of {name}") for name in [*names, "rene\N{COMBINING ACUTE ACCENT}", "🎈"]
    ]
    for user in everybody:
        store.users.add(user)
    assert [store.users.find(user.username) for user in everybody] == everybody
    assert store.users.list_all() == sorted(everybody, key=lambda user: user.username)


def test_the_kinds_of_hashes_are_told_without_salt_and_digest(users: Users) -> None:
    ending = "$" + "s" * 22 + "$" + "d" * 43
    for name, kind in {"carol": "$argon2id$a", "dave": "$argon2id$a", "eve": "$scrypt$b"}.items():
        users.add(User(name, kind + ending))
    users.add(User("frank", ""))
    users.add(User("grace", "é"))
    assert users.hash_kinds() == {"$argon2id$a", "$scrypt$b"}


def test_a_name_can_be_taken_once(users: Users) -> None:
    with pytest.raises(UserExistsError, match="ann"):
        users.add(replace(ANN, password_hash="another"))
    assert users.find("ann") == ANN


def test_a_user_is_put_in_the_place_of_whoever_has_the_name(users: Users) -> None:
    other = User("ann", "another hash", disabled=True, roles=("editor", "a-b_1"), epoch=99)
    new = User("carol", "hash of carol")
    users.put(other, new)
    assert users.list_all() == [other, BOB, new]


def test_a_removed_user_is_gone_and_can_be_added_again(users: Users) -> None:
    users.remove("ann")
    assert users.find("ann") is None
    assert users.list_all() == [BOB]
    users.add(ANN)
    assert users.find("ann") == ANN


def test_an_unlock_is_counted_and_changes_nothing_else(users: Users) -> None:
    users.unlock("ann")
    users.unlock("ann")
    assert users.find("ann") == replace(ANN, unlocks=2)
    assert users.find("bob") == BOB
    with pytest.raises(UnknownUserError):
        users.unlock("nobody")


def test_a_new_password_raises_the_epoch_and_changes_nothing_else(users: Users) -> None:
    users.set_password("ann", "new hash")
    assert users.find("ann") == replace(ANN, password_hash="new hash", epoch=8)
    assert users.find("bob") == BOB


def test_a_one_time_password_ends_when_it_is_used_and_stays_one(users: Users) -> None:
    users.set_password("ann", "made up", NOW + HOUR)
    made_up = replace(ANN, password_hash="made up", epoch=8, password_expires_at=NOW + HOUR)
    assert users.find("ann") == made_up
    assert users.use_one_time_password(made_up, NOW)
    assert users.find("ann") == replace(made_up, password_expires_at=NOW)
    assert not users.use_one_time_password(made_up, NOW)
    users.set_password("ann", "chosen")
    assert users.find("ann") == replace(ANN, password_hash="chosen", epoch=9)


@pytest.mark.parametrize("user", [ANN, replace(ANN, epoch=8, password_expires_at=NOW)])
def test_what_is_not_that_one_time_password_is_not_used(users: Users, user: User) -> None:
    users.set_password("ann", "made up", NOW + HOUR)
    assert not users.use_one_time_password(user, NOW)
    assert users.find("ann") == replace(
        ANN, password_hash="made up", epoch=8, password_expires_at=NOW + HOUR
    )


def test_a_password_is_changed_for_the_epoch_that_was_meant(users: Users) -> None:
    with pytest.raises(UnknownUserError):
        users.set_password("ann", "new hash", epoch=6)
    assert users.find("ann") == ANN
    users.set_password("ann", "new hash", epoch=7)
    assert users.find("ann") == replace(ANN, password_hash="new hash", epoch=8)


def test_users_are_searched_by_a_part_of_their_name_in_pages(users: Users) -> None:
    more = [User(name, "hash") for name in ("a_b", "axb", "bobby")]
    for user in more:
        users.add(user)
    assert users.search("", 10) == users.list_all() == [more[0], ANN, more[1], BOB, more[2]]
    assert users.search("", 2, 1) == [ANN, more[1]]
    assert users.search("ob", 10) == [BOB, more[2]]
    assert users.search("a_b", 10) == [more[0]]
    assert users.search("%", 10) == users.search("ann", 10, 1) == []


def test_a_part_of_a_name_is_found_as_it_is_typed(users: Users) -> None:
    for name in ("_", "__", "-", "a.b", "a_b", "axb", "u-1", "u_1"):
        users.add(User(name, "hash"))

    def find(text: str) -> list[str]:
        return [user.username for user in users.search(text, 20)]

    assert find("a_b") == ["a_b"]
    assert find("_") == ["_", "__", "a_b", "u_1"]
    assert find("__") == ["__"]
    assert find(".") == ["a.b"]
    for text in ("ann%", "%b", "\\", "\\_", "/", "/_", "'", "u 1"):
        assert find(text) == [], text


LOSSES: Final[dict[str, Callable[[Users, str], object]]] = {
    "disabled": lambda users, name: users.set_disabled(name, True, "finance"),
    "removed": lambda users, name: users.remove(name, "finance"),
    "without the role": lambda users, name: users.set_roles(ANN, ("sales",), "finance"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_the_last_user_with_a_role_to_keep_keeps_it(users: Users, loss: str) -> None:
    users.add(User("carol", "hash", disabled=True, roles=("finance",)))
    users.add(User("dave", "hash", roles=("finances",)))
    with pytest.raises(LastUserError, match="ann"):
        LOSSES[loss](users, "ann")
    assert users.find("ann") == ANN
    users.set_disabled("carol", False)
    LOSSES[loss](users, "ann")
    assert users.find("ann") != ANN


def test_who_has_no_role_to_keep_may_go(users: Users) -> None:
    users.set_disabled("bob", True, "finance")
    users.remove("bob", "finance")
    assert users.set_roles(ANN, ("finance",), "finance")
    users.set_disabled("ann", False, "finance")
    with pytest.raises(UnknownUserError):
        users.remove("nobody", "finance")


def test_disabling_raises_the_epoch_and_changes_nothing_else(users: Users) -> None:
    users.set_disabled("ann", True)
    assert users.find("ann") == replace(ANN, disabled=True, epoch=8)
    assert users.find("bob") == BOB


def test_enabling_does_not_bring_the_old_epoch_back(users: Users) -> None:
    users.set_disabled("ann", True)
    users.set_disabled("ann", False)
    assert users.find("ann") == replace(ANN, epoch=8)


def test_ending_the_sessions_of_one_raises_their_epoch_only(users: Users) -> None:
    users.end_sessions("ann")
    assert users.list_all() == [replace(ANN, epoch=8), BOB]


def test_ending_the_sessions_of_all_raises_every_epoch(users: Users) -> None:
    users.end_sessions(None)
    assert users.list_all() == [replace(ANN, epoch=8), replace(BOB, epoch=2)]


def test_the_sessions_of_no_users_at_all_can_be_ended(store: Store) -> None:
    store.users.end_sessions(None)
    assert store.users.list_all() == []


def test_roles_change_unless_somebody_else_has_changed_them(users: Users) -> None:
    assert users.set_roles(ANN, ("sales", "a-b_1"))
    assert not users.set_roles(ANN, ())
    assert not users.set_roles(replace(BOB, username="carol"), ("sales",))
    assert users.list_all() == [replace(ANN, roles=("sales", "a-b_1")), BOB]


def test_an_epoch_may_have_fifty_two_bits(store: Store) -> None:
    store.users.add(replace(ANN, epoch=2**52 - 1))
    store.users.end_sessions("ann")
    assert store.users.find("ann") == replace(ANN, epoch=2**52)


def test_a_stronger_hash_changes_nothing_but_the_hash(users: Users) -> None:
    users.upgrade_password_hash(ANN, "stronger hash")
    found = users.find("ann")
    assert found is not None
    assert replace(found, password_hash=ANN.password_hash) == ANN
    assert users.find("bob") == BOB


def test_a_stronger_hash_never_replaces_a_newer_password(users: Users) -> None:
    users.set_password("ann", "new hash")
    users.upgrade_password_hash(ANN, "stronger hash of the old password")
    assert users.find("ann") == replace(ANN, password_hash="new hash", epoch=8)


def test_a_stronger_hash_brings_no_removed_user_back(users: Users) -> None:
    users.remove("ann")
    users.upgrade_password_hash(ANN, "stronger hash")
    assert users.list_all() == [BOB]


def test_threads_that_change_users_at_once_lose_nothing(users: Users) -> None:
    def change(number: int) -> None:
        name = f"user{number:02}"
        users.add(User(name, "hash"))
        users.set_password(name, f"hash of {name}")
        users.set_disabled(name, number % 2 == 1)
        users.unlock("ann")
        users.end_sessions("ann" if number % 2 else None)
        if number % 4 == 0:
            users.remove(name)

    at_once(change)
    ann, bob, *others = users.list_all()
    assert ann == replace(ANN, unlocks=THREADS, epoch=7 + THREADS)
    assert bob == replace(BOB, epoch=1 + THREADS // 2)
    assert [(user.username, user.password_hash, user.disabled) for user in others] == [
        (f"user{number:02}", f"hash of user{number:02}", number % 2 == 1)
        for number in range(THREADS)
        if number % 4
    ]


def test_many_may_put_the_same_users_at_once(users: Users) -> None:
    carol, ann = User("carol", "hash of carol"), replace(ANN, epoch=99)
    at_once(lambda _: users.put(carol, ann))
    assert users.list_all() == [ann, BOB, carol]


def only_one(change: Callable[[int], object]) -> int:
    """Expect that of many at once one makes a change, and return which."""

    def makes(number: int) -> bool:
        try:
            return change(number) is not False
        except (UnknownUserError, UserExistsError):
            return False

    made = at_once(makes)
    assert sum(made) == 1
    return made.index(True)


def test_of_many_at_once_one_gets_a_name(users: Users) -> None:
    number = only_one(lambda number: users.add(User("carol", f"hash {number}")))
    assert users.list_all() == [ANN, BOB, User("carol", f"hash {number}")]


def test_of_many_at_once_one_removes_a_user(users: Users) -> None:
    only_one(lambda _: users.remove("ann"))
    assert users.list_all() == [BOB]


def test_of_many_new_passwords_for_one_epoch_one_is_kept(users: Users) -> None:
    number = only_one(lambda number: users.set_password("ann", f"hash {number}", epoch=7))
    assert users.list_all() == [replace(ANN, password_hash=f"hash {number}", epoch=8), BOB]


def test_of_many_who_change_roles_at_once_one_does(users: Users) -> None:
    number = only_one(lambda number: users.set_roles(ANN, (f"role{number}",)))
    assert users.list_all() == [replace(ANN, roles=(f"role{number}",)), BOB]


def test_of_many_who_use_a_one_time_password_at_once_one_does(users: Users) -> None:
    users.set_password("ann", "made up", NOW + HOUR)
    made_up = replace(ANN, password_hash="made up", epoch=8, password_expires_at=NOW + HOUR)
    only_one(lambda _: users.use_one_time_password(made_up, NOW))
    assert users.list_all() == [replace(made_up, password_expires_at=NOW), BOB]
