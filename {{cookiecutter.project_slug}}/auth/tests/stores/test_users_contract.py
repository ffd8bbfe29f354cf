"""What every store does with users."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from auth.records import DEMO_HASH, LastUserError, UnknownUserError, User, UserExistsError
from auth.stores.interface import Store, Users
from auth.tests.people import id_of, person
from auth.tests.stores.at_once import THREADS, at_once
from auth.tests.stores.records import ANN, BOB, HOUR, NOW

# Names of nobody, all but one of which are like Ann's.
NOBODY: Final = replace(ANN, id=id_of("nobody"))
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
def test_a_user_is_found_by_exactly_their_name(users: Users, username: str) -> None:
    assert users.find(username) is None


def test_a_change_of_somebody_who_is_gone_changes_nobody(users: Users) -> None:
    changes: list[Callable[[], object]] = [
        lambda: users.rename(NOBODY, "carol"),
        lambda: users.set_password(NOBODY, "new hash"),
        lambda: users.set_disabled(NOBODY, True),
        lambda: users.set_disabled(NOBODY, False),
        lambda: users.end_sessions(NOBODY),
        lambda: users.unlock(NOBODY),
        lambda: users.remove(NOBODY),
    ]
    for change in changes:
        with pytest.raises(UnknownUserError, match="ann"):
            change()
    users.upgrade_password_hash(NOBODY, "stronger hash")
    assert not users.set_roles(NOBODY, ())
    assert not users.use_one_time_password(NOBODY, NOW)
    assert users.list_all() == [ANN, BOB]


def test_another_name_changes_nothing_else(users: Users) -> None:
    users.rename(ANN, "carol")
    assert users.find("ann") is None
    assert users.list_all() == [BOB, replace(ANN, username="carol")]
    users.rename(ANN, "ann")
    assert users.list_all() == [ANN, BOB]


def test_a_user_is_changed_whatever_they_are_called_by_now(users: Users) -> None:
    users.rename(ANN, "carol")
    users.set_password(ANN, "new hash", same_epoch=True)
    users.set_disabled(ANN, True)
    assert users.find("carol") == replace(
        ANN, username="carol", password_hash="new hash", disabled=True, epoch=9
    )


def test_a_name_that_somebody_has_is_given_to_nobody_else(users: Users) -> None:
    with pytest.raises(UserExistsError, match="bob"):
        users.rename(ANN, "bob")
    assert users.list_all() == [ANN, BOB]


def test_those_who_came_with_the_project_are_told_apart(users: Users) -> None:
    demo = [person(name, DEMO_HASH) for name in ("tess", "uma")]
    for user in reversed(demo):
        users.add(user)
    assert users.list_by_hash(DEMO_HASH) == demo
    users.set_password(demo[0], "a hash")
    assert users.list_by_hash(DEMO_HASH) == demo[1:]


@pytest.mark.parametrize("other", ["", "hash", "hash of ann ", "Hash of Ann", "%", "hash of ann\0"])
def test_who_has_a_hash_is_found_by_exactly_that(users: Users, other: str) -> None:
    assert users.list_by_hash("hash of ann") == [ANN]
    assert users.list_by_hash(other) == []


def test_users_are_listed_by_name(users: Users) -> None:
    assert users.list_all() == [ANN, BOB]


def test_every_name_is_another_one_and_they_are_sorted_by_their_characters(store: Store) -> None:
    names = ["a" * 64, "_.-@", "0", "null", "anna", "ann.", "ann@example.com", "rene"]
    everybody = [person(name, f"hash of {name}") for name in names]
    for user in everybody:
        store.users.add(user)
    assert [store.users.find(user.username) for user in everybody] == everybody
    assert store.users.list_all() == sorted(everybody, key=lambda user: user.username)


def test_a_name_can_be_taken_once(users: Users) -> None:
    for another in (replace(ANN, password_hash="another"), replace(ANN, id=id_of("another"))):
        with pytest.raises(UserExistsError, match="ann"):
            users.add(another)
    assert users.find("ann") == ANN


def test_a_user_is_put_in_the_place_of_whoever_has_the_id(users: Users) -> None:
    changed = replace(ANN, username="anna", password_hash="another", disabled=True, epoch=99)
    new = person("carol", "hash of carol", roles=("editor", "a-b_1"))
    users.put(changed, new)
    assert users.list_all() == [changed, BOB, new]


def test_nobody_is_put_in_the_place_of_another_user_of_the_name(users: Users) -> None:
    new, another = person("carol"), replace(BOB, id=id_of("another"))
    with pytest.raises(UserExistsError, match="bob"):
        users.put(new, another)
    assert users.list_all() == [ANN, BOB]


def test_a_removed_user_is_gone_and_can_be_added_again(users: Users) -> None:
    users.remove(ANN)
    assert users.find("ann") is None
    assert users.list_all() == [BOB]
    users.add(ANN)
    assert users.find("ann") == ANN


def test_an_unlock_is_counted_and_changes_nothing_else(users: Users) -> None:
    users.unlock(ANN)
    users.unlock(ANN)
    assert users.find("ann") == replace(ANN, unlocks=2)
    assert users.find("bob") == BOB
    with pytest.raises(UnknownUserError):
        users.unlock(NOBODY)


def test_a_new_password_raises_the_epoch_and_changes_nothing_else(users: Users) -> None:
    users.set_password(ANN, "new hash")
    assert users.find("ann") == replace(ANN, password_hash="new hash", epoch=8)
    assert users.find("bob") == BOB


def test_a_one_time_password_ends_when_it_is_used_and_stays_one(users: Users) -> None:
    users.set_password(ANN, "made up", NOW + HOUR)
    made_up = replace(ANN, password_hash="made up", epoch=8, password_expires_at=NOW + HOUR)
    assert users.find("ann") == made_up
    assert users.use_one_time_password(made_up, NOW)
    assert users.find("ann") == replace(made_up, password_expires_at=NOW)
    assert not users.use_one_time_password(made_up, NOW)
    users.set_password(ANN, "chosen")
    assert users.find("ann") == replace(ANN, password_hash="chosen", epoch=9)


@pytest.mark.parametrize("user", [ANN, replace(ANN, epoch=8, password_expires_at=NOW)])
def test_what_is_not_that_one_time_password_is_not_used(users: Users, user: User) -> None:
    users.set_password(ANN, "made up", NOW + HOUR)
    assert not users.use_one_time_password(user, NOW)
    assert users.find("ann") == replace(
        ANN, password_hash="made up", epoch=8, password_expires_at=NOW + HOUR
    )


def test_a_password_is_changed_for_the_epoch_that_was_meant(users: Users) -> None:
    with pytest.raises(UnknownUserError):
        users.set_password(replace(ANN, epoch=6), "new hash", same_epoch=True)
    assert users.find("ann") == ANN
    users.set_password(ANN, "new hash", same_epoch=True)
    assert users.find("ann") == replace(ANN, password_hash="new hash", epoch=8)


def test_users_are_searched_by_a_part_of_their_name_in_pages(users: Users) -> None:
    more = [person(name, "hash") for name in ("a_b", "axb", "bobby")]
    for user in more:
        users.add(user)
    assert users.search("", 10) == users.list_all() == [more[0], ANN, more[1], BOB, more[2]]
    assert users.search("", 2, 1) == [ANN, more[1]]
    assert users.search("ob", 10) == [BOB, more[2]]
    assert users.search("a_b", 10) == [more[0]]
    assert users.search("%", 10) == users.search("ann", 10, 1) == []


def test_a_part_of_a_name_is_found_as_it_is_typed(users: Users) -> None:
    for name in ("_", "__", "-", "a.b", "a_b", "axb", "u-1", "u_1"):
        users.add(person(name, "hash"))

    def find(text: str) -> list[str]:
        return [user.username for user in users.search(text, 20)]

    assert find("a_b") == ["a_b"]
    assert find("_") == ["_", "__", "a_b", "u_1"]
    assert find("__") == ["__"]
    assert find(".") == ["a.b"]
    for text in ("ann%", "%b", "\\", "\\_", "/", "/_", "'", "u 1"):
        assert find(text) == [], text


LOSSES: Final[dict[str, Callable[[Users], object]]] = {
    "disabled": lambda users: users.set_disabled(ANN, True, "finance"),
    "removed": lambda users: users.remove(ANN, "finance"),
    "without the role": lambda users: users.set_roles(ANN, ("sales",), "finance"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_the_last_user_with_a_role_to_keep_keeps_it(users: Users, loss: str) -> None:
    carol = person("carol", "hash", disabled=True, roles=("finance",))
    users.add(carol)
    users.add(person("dave", "hash", roles=("finances",)))
    with pytest.raises(LastUserError, match="ann"):
        LOSSES[loss](users)
    assert users.find("ann") == ANN
    users.set_disabled(carol, False)
    LOSSES[loss](users)
    assert users.find("ann") != ANN


def test_who_has_no_role_to_keep_may_go(users: Users) -> None:
    users.set_disabled(BOB, True, "finance")
    users.remove(BOB, "finance")
    assert users.set_roles(ANN, ("finance",), "finance")
    users.set_disabled(ANN, False, "finance")
    with pytest.raises(UnknownUserError):
        users.remove(NOBODY, "finance")


def test_disabling_raises_the_epoch_and_changes_nothing_else(users: Users) -> None:
    users.set_disabled(ANN, True)
    assert users.find("ann") == replace(ANN, disabled=True, epoch=8)
    assert users.find("bob") == BOB


def test_enabling_does_not_bring_the_old_epoch_back(users: Users) -> None:
    users.set_disabled(ANN, True)
    users.set_disabled(ANN, False)
    assert users.find("ann") == replace(ANN, epoch=8)


def test_ending_the_sessions_of_one_raises_their_epoch_only(users: Users) -> None:
    users.end_sessions(ANN)
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
    assert users.list_all() == [replace(ANN, roles=("sales", "a-b_1")), BOB]


def test_an_epoch_may_have_fifty_two_bits(store: Store) -> None:
    store.users.add(replace(ANN, epoch=2**52 - 1))
    store.users.end_sessions(ANN)
    assert store.users.find("ann") == replace(ANN, epoch=2**52)


def test_a_stronger_hash_changes_nothing_but_the_hash(users: Users) -> None:
    users.upgrade_password_hash(ANN, "stronger hash")
    found = users.find("ann")
    assert found is not None
    assert replace(found, password_hash=ANN.password_hash) == ANN
    assert users.find("bob") == BOB


def test_a_stronger_hash_never_replaces_a_newer_password(users: Users) -> None:
    users.set_password(ANN, "new hash")
    users.upgrade_password_hash(ANN, "stronger hash of the old password")
    assert users.find("ann") == replace(ANN, password_hash="new hash", epoch=8)


def test_a_stronger_hash_brings_no_removed_user_back(users: Users) -> None:
    users.remove(ANN)
    users.upgrade_password_hash(ANN, "stronger hash")
    assert users.list_all() == [BOB]


def test_threads_that_change_users_at_once_lose_nothing(users: Users) -> None:
    def change(number: int) -> None:
        user = person(f"user{number:02}", "hash")
        users.add(user)
        users.set_password(user, f"hash of {user.username}")
        users.set_disabled(user, number % 2 == 1)
        users.unlock(ANN)
        users.end_sessions(ANN if number % 2 else None)
        if number % 4 == 0:
            users.remove(user)

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
    carol, ann = person("carol", "hash of carol"), replace(ANN, epoch=99)
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
    others = [replace(person("carol"), id=id_of(str(number))) for number in range(THREADS)]
    number = only_one(lambda number: users.add(others[number]))
    assert users.list_all() == [ANN, BOB, others[number]]


def test_of_many_who_are_renamed_at_once_one_gets_the_name(users: Users) -> None:
    others = [person(f"user{number:02}") for number in range(THREADS)]
    users.put(*others)
    number = only_one(lambda number: users.rename(others[number], "carol"))
    assert users.find("carol") == replace(others[number], username="carol")


def test_of_many_at_once_one_removes_a_user(users: Users) -> None:
    only_one(lambda _: users.remove(ANN))
    assert users.list_all() == [BOB]


def test_of_many_new_passwords_for_one_epoch_one_is_kept(users: Users) -> None:
    number = only_one(lambda number: users.set_password(ANN, f"hash {number}", same_epoch=True))
    assert users.list_all() == [replace(ANN, password_hash=f"hash {number}", epoch=8), BOB]


def test_of_many_who_change_roles_at_once_one_does(users: Users) -> None:
    number = only_one(lambda number: users.set_roles(ANN, (f"role{number}",)))
    assert users.list_all() == [replace(ANN, roles=(f"role{number}",)), BOB]


def test_of_many_who_use_a_one_time_password_at_once_one_does(users: Users) -> None:
    users.set_password(ANN, "made up", NOW + HOUR)
    made_up = replace(ANN, password_hash="made up", epoch=8, password_expires_at=NOW + HOUR)
    only_one(lambda _: users.use_one_time_password(made_up, NOW))
    assert users.list_all() == [replace(made_up, password_expires_at=NOW), BOB]
