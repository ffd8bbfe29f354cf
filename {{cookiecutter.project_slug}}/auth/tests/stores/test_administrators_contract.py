"""The last user with a role: however many take it from each other at once, one keeps it."""

from collections.abc import Callable
from itertools import count, cycle, product
from threading import Event, Thread
from typing import Final

import pytest

from auth.records import LastUserError, User
from auth.stores.interface import Store, Users
from auth.tests.people import person
from auth.tests.stores.at_once import at_once
from auth.tests.stores.records import HOUR, NOW, session_of

ROLE: Final = "admin"
LOSSES: Final[dict[str, Callable[[Users, User], object]]] = {
    "disable": lambda users, user: users.set_disabled(user, True, ROLE),
    "remove": lambda users, user: users.remove(user, ROLE),
    "revoke": lambda users, user: users.set_roles(user, ("sales",), ROLE),
    "reset": lambda users, user: users.set_password(user, "x", NOW + HOUR, role_to_keep=ROLE),
}


@pytest.fixture
def users(store: Store) -> Users:
    """The users of a store that has one with other roles."""
    store.users.add(person("test", "hash", roles=("administrator", "sales")))
    return store.users


def put_administrators(users: Users, number: int) -> list[User]:
    everybody = [person(f"admin{one:02}", "hash", roles=("sales", ROLE)) for one in range(number)]
    users.put(*everybody)
    return everybody


def one_keeps_it(users: Users, administrators: list[User], kinds: list[str]) -> bool:
    """Take the role from all administrators at once, and tell whether one was refused."""

    def lose(number: int) -> bool:
        try:
            LOSSES[kinds[number]](users, administrators[number])
        except LastUserError:
            return False
        return True

    lost = at_once(lose, len(administrators))
    left = [
        user
        for user in users.list_all()
        if ROLE in user.roles and not (user.disabled or user.has_one_time_password)
    ]
    return lost.count(False) == len(left) == 1


@pytest.mark.parametrize("kinds", list(product(LOSSES, LOSSES)), ids=" and ".join)
def test_of_two_administrators_who_take_it_from_each_other_one_stays(
    users: Users, kinds: tuple[str, str]
) -> None:
    for _ in range(3):
        assert one_keeps_it(users, put_administrators(users, 2), [*kinds])


def test_of_many_administrators_who_take_it_from_each_other_one_stays(users: Users) -> None:
    kinds = [kind for kind, _ in zip(cycle(LOSSES), range(16), strict=False)]
    for _ in range(2):
        assert one_keeps_it(users, put_administrators(users, 16), kinds)


def test_one_stays_while_they_get_new_passwords_and_log_in(store: Store, users: Users) -> None:
    administrators = put_administrators(users, 8)
    over = Event()

    def disturb() -> None:
        for number in count():
            user = administrators[number * 3 % 8]
            users.set_password(user, f"hash {number}")
            store.sessions.add(session_of(user, str(number)))
            # Whoever never pauses may keep the only connection of a pool from all others.
            if over.wait(0.001):
                return

    others = [Thread(target=disturb) for _ in range(2)]
    for other in others:
        other.start()
    try:
        for _ in range(3):
            assert one_keeps_it(users, put_administrators(users, 8), ["disable"] * 8)
    finally:
        over.set()
        for other in others:
            other.join()
