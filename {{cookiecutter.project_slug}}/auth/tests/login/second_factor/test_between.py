"""What stands between the password and the second factor."""

import gc
from collections import OrderedDict
from collections.abc import Callable

import pytest

from auth.login import one_time
from auth.login.second_factor import between
from auth.tests.conftest import NEW_PASSWORD, Clock
from auth.tests.login.second_factor.phone import Phone
from auth.users import directory
from auth.users.factors import TOTP, kept
from auth.visitor.connections import Connection

PAGE = "id of a session", "d" * 43  # what a page proves itself by


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
    assert [between.count_wrong(waiting) for _ in range(5)] == [True] * 4 + [False]
    assert between.find(connection) is None


def test_it_goes_with_its_connection(phone: Phone) -> None:
    before = len(between._waiting)
    between.start(Connection(), phone.user, [], None)
    gc.collect()
    assert len(between._waiting) == before


def test_it_goes_on_with_its_page_as_it_was(connection: Connection, clock: Clock) -> None:
    between.keep_for_page(connection, *PAGE)
    waiting, new = between.find(connection), Connection()
    assert waiting is not None
    between.count_wrong(waiting)
    clock.forward(minutes=9)
    between.go_on(new, *PAGE)
    assert (between.find(connection), between.find(new)) == (None, waiting)
    assert waiting.tries == between.TRIES - 1
    clock.forward(minutes=1)
    assert between.find(new) is None


def test_it_waits_for_its_page_after_the_connection_is_closed(phone: Phone) -> None:
    closed, new = Connection(), Connection()
    between.start(closed, phone.user, [], None)
    between.keep_for_page(closed, *PAGE)
    del closed
    gc.collect()
    between.go_on(new, *PAGE)
    assert between.find(new)


def test_it_goes_on_once_more_if_that_connection_is_lost_at_once(connection: Connection) -> None:
    between.keep_for_page(connection, *PAGE)
    lost, new = Connection(), Connection()
    between.go_on(lost, *PAGE)
    between.go_on(new, *PAGE)
    assert (between.find(lost), bool(between.find(new))) == (None, True)


def test_its_page_has_one_session_at_a_time(connection: Connection) -> None:
    between.keep_for_page(connection, *PAGE)
    between.keep_for_page(connection, "id of the next session", PAGE[1])
    new = Connection()
    between.go_on(new, *PAGE)
    assert between.find(new) is None


@pytest.mark.parametrize("page", [(None, PAGE[1]), ("", PAGE[1]), (PAGE[0], None), (PAGE[0], "")])
def test_without_both_proofs_it_goes_on_nowhere(
    connection: Connection, page: tuple[str | None, str | None]
) -> None:
    between.keep_for_page(connection, *page)
    new = Connection()
    between.go_on(new, page[0] or "", page[1] or "")
    assert between.find(new) is None


def test_it_ends_on_its_new_connection_if_it_is_over_on_the_old_one(connection: Connection) -> None:
    between.keep_for_page(connection, *PAGE)
    waiting, new = between.find(connection), Connection()
    assert waiting is not None
    between.go_on(new, *PAGE)
    between.end(waiting)
    assert between.find(new) is None


def test_nothing_is_kept_of_a_page_whose_login_is_over(connection: Connection) -> None:
    between.keep_for_page(connection, *PAGE)
    waiting = between.find(connection)
    assert waiting is not None
    between.end(waiting)
    assert connection not in between._pages.values()


def test_of_many_pages_the_oldest_are_forgotten(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(between, "_MAX_PAGES", 2)
    monkeypatch.setattr(between, "_pages", OrderedDict())
    for number in range(3):
        between.start(other := Connection(), directory.get("ann"), [], None)
        between.keep_for_page(other, f"{number}", PAGE[1])
    new = [Connection() for _ in range(3)]
    for number, each in enumerate(new):
        between.go_on(each, f"{number}", PAGE[1])
    assert [between.find(each) is not None for each in new] == [False, True, True]


def test_what_is_kept_of_a_page_has_neither_proof_in_it(connection: Connection) -> None:
    between.keep_for_page(connection, *PAGE)
    kept_of_it = f"{between._pages} {between.find(connection)}"
    assert not any(proof in kept_of_it for proof in PAGE)


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
