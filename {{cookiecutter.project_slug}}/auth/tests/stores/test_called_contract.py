"""What every store does with addresses and display names."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from auth.records import EmailTakenError, UnknownUserError, User, UserExistsError
from auth.stores.interface import Store, Users
from auth.tests.people import id_of, person
from auth.tests.stores.at_once import THREADS, at_once
from auth.tests.stores.records import ANN, BOB, EVE, NOW, session_of
from auth.usernames import searched_form

ADDRESS: Final = str(EVE.email)
NOBODY: Final = replace(ANN, id=id_of("nobody"))


@pytest.fixture
def users(store: Store) -> Users:
    """The users of a store that has Ann, Bob and Eve, of whom Eve has an address."""
    store.users.put(ANN, BOB, EVE)
    return store.users


def test_an_address_and_a_display_name_are_found_as_they_were_added(store: Store) -> None:
    store.users.add(EVE)
    assert store.users.find("eve") == EVE
    assert store.users.list_all() == [EVE]
    store.sessions.add(session_of(EVE))
    assert store.sessions.find(session_of(EVE).token_hash) == (session_of(EVE), EVE)
    assert store.sessions.list_all(NOW) == [(session_of(EVE), EVE)]


def test_a_login_is_by_a_name_or_an_address(users: Users) -> None:
    assert users.find_login("eve") == users.find_login(ADDRESS) == EVE
    assert users.find_login("ann") == ANN
    assert users.find(ADDRESS) is None


@pytest.mark.parametrize("text", ["", "EVE", f" {ADDRESS}", f"{ADDRESS} ", ADDRESS.upper(), "%"])
def test_a_login_is_by_exactly_that_text(users: Users, text: str) -> None:
    assert users.find_login(text) is None


def test_an_address_is_changed_and_taken_away_and_nothing_else_is(users: Users) -> None:
    users.set_email(ANN, "ann@example.com")
    users.set_email(EVE, None)
    assert users.list_all() == [
        replace(ANN, email="ann@example.com"),
        BOB,
        replace(EVE, email=None),
    ]
    users.set_email(BOB, ADDRESS)
    assert users.find_login(ADDRESS) == replace(BOB, email=ADDRESS)


def test_a_display_name_is_changed_and_taken_away_and_nothing_else_is(users: Users) -> None:
    users.set_display_name(ANN, "Ann")
    users.set_display_name(EVE, None)
    assert users.list_all() == [
        replace(ANN, display_name="Ann"),
        BOB,
        replace(EVE, display_name=None),
    ]
    assert users.search("müller", 9) == []
    users.set_display_name(BOB, "Ann")
    assert [user.username for user in users.search("ann", 9)] == ["ann", "bob"]


def test_many_have_no_address_and_one_display_name(users: Users) -> None:
    users.put(replace(ANN, display_name="Ann"), replace(BOB, display_name="Ann"))
    users.add(person("carol"))
    assert [user.email for user in users.list_all()] == [None, None, None, ADDRESS]


TAKES: Final[dict[str, Callable[[Users], object]]] = {
    "added": lambda users: users.add(person("carol", email=ADDRESS)),
    "put": lambda users: users.put(person("dan"), replace(BOB, email=ADDRESS)),
    "changed": lambda users: users.set_email(BOB, ADDRESS),
    "added as a name": lambda users: users.add(person(ADDRESS)),
    "put as a name": lambda users: users.put(person("dan"), person(ADDRESS)),
    "renamed to": lambda users: users.rename(BOB, ADDRESS),
}


@pytest.mark.parametrize("way", TAKES)
def test_an_address_of_another_user_is_nobody_elses_address_or_name(users: Users, way: str) -> None:
    with pytest.raises(EmailTakenError, match=ADDRESS):
        TAKES[way](users)
    assert users.list_all() == [ANN, BOB, EVE]


@pytest.mark.parametrize(
    "take",
    [
        lambda users: users.add(person("carol", email="ann@example.com")),
        lambda users: users.put(replace(BOB, email="ann@example.com")),
        lambda users: users.set_email(BOB, "ann@example.com"),
    ],
)
def test_a_name_of_another_user_is_nobodys_address(
    store: Store, take: Callable[[Users], object]
) -> None:
    named = person("ann@example.com")
    store.users.put(named, BOB)
    with pytest.raises(EmailTakenError, match=r"ann@example\.com"):
        take(store.users)
    assert store.users.list_all() == [named, BOB]
    store.users.set_email(named, "ann@example.com")
    assert store.users.find_login("ann@example.com") == replace(named, email="ann@example.com")
    store.users.rename(named, "anna")
    store.users.rename(named, "ann@example.com")


def test_whoever_is_gone_gets_no_address_and_no_display_name(users: Users) -> None:
    changes: list[Callable[[], object]] = [
        lambda: users.set_email(NOBODY, "nobody@example.com"),
        lambda: users.set_email(NOBODY, None),
        lambda: users.set_display_name(NOBODY, "Nobody"),
    ]
    for change in changes:
        with pytest.raises(UnknownUserError, match="ann"):
            change()
    assert users.list_all() == [ANN, BOB, EVE]


def test_an_address_is_changed_whatever_the_user_is_called_by_now(users: Users) -> None:
    users.rename(ANN, "anna")
    users.rename(BOB, "ann")
    users.set_email(ANN, "ann@example.com")
    assert users.find("anna") == replace(ANN, username="anna", email="ann@example.com")


@pytest.mark.parametrize(
    "typed",
    [
        *("eve.m", "MILLER@", "example.com", "Müller", "MÜLLER", "mu\u0308ller", "müller-ива"),
        *("ИВАНОВА", "eve  müller", "🎈"),
    ],
)
def test_users_are_searched_by_their_address_and_display_name(users: Users, typed: str) -> None:
    assert users.search(searched_form(typed), 9) == [EVE]


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "eve eve", "muller", "muёller", "example.comeve"]
)
def test_what_nobody_is_called_finds_nobody(users: Users, typed: str) -> None:
    assert users.search(searched_form(typed), 9) == []


def test_pages_of_a_search_are_by_name_whatever_was_found(users: Users) -> None:
    users.set_email(BOB, "miller@example.com")
    users.set_display_name(ANN, "The Miller")
    found = [user.username for user in users.search("miller", 9)]
    assert found == ["ann", "bob", "eve"]
    assert [user.username for user in users.search("miller", 1, 1)] == ["bob"]


def test_of_many_at_once_one_gets_an_address(users: Users) -> None:
    others = [person(f"user{number:02}") for number in range(THREADS)]
    users.put(*others)

    def take(number: int) -> bool:
        try:
            users.set_email(others[number], "new@example.com")
        except EmailTakenError:
            return False
        return True

    taken = at_once(take)
    assert sum(taken) == 1
    number = taken.index(True)
    assert users.find_login("new@example.com") == replace(others[number], email="new@example.com")


def test_of_many_who_are_added_at_once_with_one_address_one_is(users: Users) -> None:
    others = [person(f"user{number:02}", email="new@example.com") for number in range(THREADS)]

    def add(user: User) -> bool:
        try:
            users.add(user)
        except (EmailTakenError, UserExistsError):
            return False
        return True

    assert sum(at_once(lambda number: add(others[number]))) == 1
    assert len(users.list_all()) == 4
