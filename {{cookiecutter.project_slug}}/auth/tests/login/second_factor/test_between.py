"""What stands between the password and the second factor."""

import gc
from collections.abc import Callable

import pytest

from auth.login import one_time
from auth.login.second_factor import between
from auth.tests.conftest import NEW_PASSWORD, Clock
from auth.tests.login.second_factor.phone import Phone
from auth.users import directory
from auth.users.factors import TOTP, kept
from auth.visitor.connections import Connection


@pytest.fixture
def connection(phone: Phone) -> Connection:
    """A connection on which Ann has just given her password."""
    connection = Connection()
    between.start(connection, phone.user, kept.list_of(phone.user), None)
    return connection


def test_it_is_of_one_connection_and_of_one_user(connection: Connection) -> None:
    waiting = between.find(connection)
    assert waiting is not None
    assert (waiting.user.username, waiting.kinds) == ("ann", {TOTP})
    assert between.find(Connection()) is None


def test_it_ends_after_ten_minutes(connection: Connection, clock: Clock) -> None:
    clock.forward(minutes=9, seconds=59)
    assert between.find(connection)
    clock.forward(seconds=1)
    assert between.find(connection) is None


def test_it_ends_with_the_fifth_wrong_code(connection: Connection) -> None:
    waiting = between.find(connection)
    assert waiting is not None
    assert [between.count_wrong(connection, waiting) for _ in range(5)] == [True] * 4 + [False]
    assert between.find(connection) is None


def test_it_goes_with_its_connection(phone: Phone) -> None:
    before = len(between._waiting)
    between.start(Connection(), phone.user, [], None)
    gc.collect()
    assert len(between._waiting) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda: directory.set_password(directory.get("ann"), NEW_PASSWORD),
        lambda: one_time.reset_password("ann"),
        lambda: directory.end_sessions("ann"),
        lambda: directory.disable_user("ann"),
        lambda: directory.remove_user("ann"),
    ],
    ids=["a new password", "a reset", "the end of all sessions", "disabled", "removed"],
)
def test_a_password_that_does_not_count_any_more_ends_it(
    connection: Connection, change: Callable[[], None]
) -> None:
    waiting = between.find(connection)
    assert waiting is not None
    assert between.is_current(waiting)
    change()
    assert not between.is_current(waiting)


def test_somebody_new_of_the_name_is_not_who_gave_the_password(connection: Connection) -> None:
    waiting = between.find(connection)
    assert waiting is not None
    directory.rename_user("ann", "anna")
    directory.add_user("ann", NEW_PASSWORD)
    assert not between.is_current(waiting)
