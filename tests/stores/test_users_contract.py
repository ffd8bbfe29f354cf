"""What every store does with users."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.stores.conftest import THREADS, Bench, at_once

NAMES = ["ann", "anna", "an", "a", "a" * 64, "ann@example.com", "_.-@", "0", "null", "ann."]

RAISE_THE_EPOCH = {
    "set_password": lambda users: users.set_password("ann", "new"),
    "disable": lambda users: users.set_disabled("ann", True),
    "end_sessions": lambda users: users.end_sessions("ann"),
    "end all sessions": lambda users: users.end_sessions(None),
}
LEAVE_THE_EPOCH = {
    "enable": lambda users: users.set_disabled("ann", False),
    "better hash": lambda users: users.upgrade_password_hash(users.find("ann"), "better"),
}

Change = Callable[[Any], None]


def test_a_new_store_has_no_users(bench: Bench) -> None:
    assert bench.users.list_all() == []
    assert bench.users.find("ann") is None


def test_every_name_that_is_accepted_is_found_exactly(bench: Bench) -> None:
    for name in NAMES:
        bench.add_user(name, password_hash=f"hash of {name}")
    for name in NAMES:
        assert bench.users.find(name) == bench.user(name, password_hash=f"hash of {name}")
    assert [user.username for user in bench.users.list_all()] == sorted(NAMES)


def test_the_kinds_of_hashes_are_told_of_all_users_but_those_whose_hash_is_cut_short(
    bench: Bench,
) -> None:
    ending = "$" + "s" * 22 + "$" + "d" * 43
    hashes = ["$argon2id$a" + ending, "$scrypt$b" + ending, "$argon2id$a" + ending, "", "x", "é"]
    for name, password_hash in zip(NAMES, hashes, strict=False):
        bench.add_user(name, password_hash=password_hash)
    assert bench.users.hash_kinds() == {"$argon2id$a", "$scrypt$b"}


def test_a_user_comes_back_as_they_were(bench: Bench) -> None:
    user = bench.add_user("ann", disabled=True, roles=("sales", "a-b_1"), epoch=2**52)
    assert bench.users.find("ann") == user
    assert bench.users.list_all() == [user]


def test_a_user_who_is_put_replaces_whoever_has_the_name_and_their_sessions_end(
    bench: Bench,
) -> None:
    bench.add_session(1, bench.add_user("ann"))
    new = bench.user("ann", disabled=False, roles=("sales",), epoch=2**51)
    other = bench.user("anna")
    at_once(lambda _: bench.users.put(new), THREADS)
    bench.users.put(other)
    assert bench.users.list_all() == [new, other]
    assert bench.find(1) is None


@pytest.mark.parametrize("other", ["ANN", "ann ", " ann", "än", "ánn", "ann\0", "ann'--", "%", ""])
def test_a_name_that_is_only_alike_is_another_one(bench: Bench, other: str) -> None:
    ann = bench.add_user("ann")
    bench.add_session(1, ann)
    assert bench.users.find(other) is None
    changes: list[Callable[[], Any]] = [
        lambda: bench.users.remove(other),
        lambda: bench.users.set_password(other, "new"),
        lambda: bench.users.set_disabled(other, True),
        lambda: bench.users.end_sessions(other),
    ]
    for change in changes:
        with pytest.raises(bench.records.UnknownUserError):
            change()
    bench.users.upgrade_password_hash(replace(ann, username=other), "better")
    assert bench.users.list_all() == [ann]
    assert bench.living(other) == []
    assert bench.find(1)


def test_accents_tell_names_apart(bench: Bench) -> None:
    names = ["rene", "rené", "rene\N{COMBINING ACUTE ACCENT}", "日本", "🎈"]
    for name in names:
        bench.add_user(name)
    assert [bench.users.find(name).username for name in names] == names


def test_a_name_is_taken_once(bench: Bench) -> None:
    user = bench.add_user("ann")
    with pytest.raises(bench.records.UserExistsError):
        bench.add_user("ann", password_hash="other")
    assert bench.users.find("ann") == user


def test_of_many_at_once_one_gets_the_name(bench: Bench) -> None:
    def add(number: int) -> bool:
        try:
            bench.add_user("ann", password_hash=str(number))
        except bench.records.UserExistsError:
            return False
        return True

    assert sum(at_once(add)) == 1


def test_who_is_unknown_cannot_be_changed_or_removed(bench: Bench) -> None:
    changes: list[Callable[[], Any]] = [
        lambda: bench.users.set_password("ann", "new"),
        lambda: bench.users.set_disabled("ann", True),
        lambda: bench.users.set_disabled("ann", False),
        lambda: bench.users.end_sessions("ann"),
        lambda: bench.users.remove("ann"),
    ]
    for change in changes:
        with pytest.raises(bench.records.UnknownUserError):
            change()
    assert bench.users.list_all() == []


def test_the_sessions_of_no_users_at_all_can_be_ended(bench: Bench) -> None:
    bench.users.end_sessions(None)
    assert bench.users.list_all() == []


def test_a_change_changes_what_it_says_and_nobody_else(bench: Bench) -> None:
    ann = bench.add_user("ann", roles=("sales",))
    bob = bench.add_user("bob", roles=("finance",))
    bench.users.set_password("ann", "new")
    ann = replace(ann, password_hash="new", epoch=2)
    assert bench.users.list_all() == [ann, bob]
    bench.users.set_disabled("ann", True)
    ann = replace(ann, disabled=True, epoch=3)
    assert bench.users.list_all() == [ann, bob]
    bench.users.end_sessions("ann")
    ann = replace(ann, epoch=4)
    assert bench.users.list_all() == [ann, bob]
    bench.users.set_disabled("ann", False)
    ann = replace(ann, disabled=False)
    assert bench.users.list_all() == [ann, bob]
    bench.users.remove("ann")
    assert bench.users.list_all() == [bob]


@pytest.mark.parametrize("change", RAISE_THE_EPOCH.values(), ids=list(RAISE_THE_EPOCH))
def test_what_ends_sessions_raises_the_epoch_each_time(bench: Bench, change: Change) -> None:
    bench.add_user("ann", epoch=5)
    change(bench.users)
    assert bench.users.find("ann").epoch == 6
    change(bench.users)
    assert bench.users.find("ann").epoch == 7


@pytest.mark.parametrize("change", LEAVE_THE_EPOCH.values(), ids=list(LEAVE_THE_EPOCH))
def test_what_ends_no_sessions_leaves_the_epoch(bench: Bench, change: Change) -> None:
    bench.add_user("ann", epoch=5)
    change(bench.users)
    assert bench.users.find("ann").epoch == 5


def test_changes_at_once_each_raise_the_epoch(bench: Bench) -> None:
    bench.add_user("ann", epoch=0)
    bench.add_user("bob", epoch=0)
    at_once(lambda number: bench.users.end_sessions("ann" if number % 2 else None))
    assert [user.epoch for user in bench.users.list_all()] == [THREADS, THREADS // 2]


def test_a_better_hash_of_an_old_password_is_not_kept(bench: Bench) -> None:
    ann = bench.add_user("ann")
    bench.users.set_password("ann", "new")
    bench.users.upgrade_password_hash(ann, "better hash of the old one")
    assert bench.users.find("ann").password_hash == "new"


def test_a_better_hash_of_someone_who_is_gone_brings_nobody_back(bench: Bench) -> None:
    ann = bench.add_user("ann")
    bench.users.remove("ann")
    bench.users.upgrade_password_hash(ann, "better")
    assert bench.users.list_all() == []


def test_32_threads_lose_no_user(bench: Bench) -> None:
    def use(number: int) -> None:
        name = f"user{number:02}"
        bench.add_user(name)
        bench.users.set_password(name, f"hash of {name}")
        bench.users.set_disabled(name, number % 2 == 1)
        if number % 4 == 0:
            bench.users.remove(name)

    at_once(use)
    kept = [number for number in range(THREADS) if number % 4]
    assert bench.users.list_all() == [
        bench.user(
            f"user{number:02}",
            password_hash=f"hash of user{number:02}",
            disabled=number % 2 == 1,
            epoch=2 + number % 2,
        )
        for number in kept
    ]


def test_roles_change_unless_somebody_else_has_changed_them(bench: Bench) -> None:
    ann = bench.add_user("ann", roles=("sales",), epoch=7)
    bob = bench.add_user("bob", roles=("sales",))
    bench.add_session(1, ann)
    assert bench.users.set_roles(ann, ("sales", "a-b_1"))
    assert not bench.users.set_roles(ann, ())
    assert bench.users.list_all() == [replace(ann, roles=("sales", "a-b_1")), bob]
    assert bench.find(1)
    assert not bench.users.set_roles(replace(bob, username="carol"), ("sales",))


def test_of_many_who_change_roles_at_once_one_does(bench: Bench) -> None:
    ann = bench.add_user("ann")
    changed = at_once(lambda number: bench.users.set_roles(ann, (f"r{number}",)), THREADS)
    assert sorted(changed) == [False] * (THREADS - 1) + [True]


def test_a_new_password_for_an_epoch_of_before_is_nobodys(bench: Bench) -> None:
    ann = bench.add_user("ann", epoch=5)
    bench.users.set_password("ann", "reset", bench.now, 5)
    with pytest.raises(bench.records.UnknownUserError):
        bench.users.set_password("ann", "chosen before", None, 5)
    reset = replace(ann, password_hash="reset", epoch=6, password_expires_at=bench.now)
    assert bench.users.find("ann") == reset


def test_of_many_new_passwords_for_one_epoch_one_is_kept(bench: Bench) -> None:
    bench.add_user("ann", epoch=5)

    def change(number: int) -> bool:
        try:
            bench.users.set_password("ann", f"hash {number}", None, 5)
        except bench.records.UnknownUserError:
            return False
        return True

    changed = at_once(change)
    assert sum(changed) == 1
    assert bench.users.find("ann").password_hash == f"hash {changed.index(True)}"


def test_of_many_who_use_a_one_time_password_at_once_one_does(bench: Bench) -> None:
    end = bench.now + timedelta(hours=1)
    ann = bench.add_user("ann", password_expires_at=end)
    bob = bench.add_user("bob", password_expires_at=end)
    assert sum(at_once(lambda _: bench.users.use_one_time_password(ann, bench.now))) == 1
    assert bench.users.list_all() == [replace(ann, password_expires_at=bench.now), bob]


@pytest.fixture
def crowd(bench: Bench) -> list[Any]:
    """5,000 users of a store, by name, some of them with what is a wildcard in SQL."""
    names = [
        *(f"user{number:04}" for number in range(4_990)),
        *"a_b axb a.b _ __ - u_1 u-1".split(),
    ]
    users = [bench.user(name, epoch=number) for number, name in enumerate(sorted([*names, *"09"]))]
    bench.fill(users)
    return users


def test_users_are_searched_in_pages(bench: Bench, crowd: list[Any]) -> None:
    assert len(crowd) == 5_000
    assert bench.users.search("", 21) == crowd[:21]
    assert bench.users.search("", 21, 4_990) == crowd[4_990:]
    assert bench.users.search("", 21, 5_000) == []
    ends_with_7 = [user for user in crowd if "7" in user.username]
    pages = [bench.users.search("7", 500, offset) for offset in range(0, 2_500, 500)]
    assert [user for page in pages for user in page] == ends_with_7


def test_a_part_of_a_name_is_found_as_it_is_typed(bench: Bench, crowd: list[Any]) -> None:
    def find(text: str) -> list[str]:
        return [user.username for user in bench.app.users.search(text, 6_000)]

    assert find("a_b") == ["a_b"]
    assert find("_") == ["_", "__", "a_b", "u_1"]
    assert find("__") == ["__"]
    assert find(" USER1234 ") == find("ser1234") == ["user1234"]
    assert len(find("user")) == 4_990
    for text in [
        "%",
        "user%",
        "\\",
        "\\_",
        "/",
        "/_",
        "\0",
        "user\0",
        "🎈",
        "usér",
        "'",
        "u 1",
        "u" * 65,
    ]:
        assert find(text) == [], text
    assert find("") == find(" ") == [user.username for user in crowd]
