"""The demo users that are still there."""

import pytest

from auth import create_session, first_users, users, validate_session
from auth.actor import acting_as
from auth.stores.base import User
from tests.conftest import NEW_PASSWORD, Clock
from tests.demo import add_demo_user


@pytest.fixture(autouse=True)
def _two(ann: str) -> None:
    """A store with two demo users, one of them an administrator, and somebody else."""
    add_demo_user("tess", "admin")
    add_demo_user("uma")


def named() -> list[str]:
    return [user.username for user in first_users.list_all()]


def test_they_are_found_among_all_users() -> None:
    assert named() == ["tess", "uma"]


def test_without_a_hash_of_their_kind_no_user_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("tess", "uma"):
        users.set_password(name, NEW_PASSWORD)
    monkeypatch.setattr(users, "list_users", lambda: pytest.fail("all users were read"))
    assert named() == []
    assert first_users.list_known() == []


def test_who_they_are_is_asked_once_a_minute(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[User]] = []
    list_users = users.list_users

    def read_all() -> list[User]:
        read.append(list_users())
        return read[-1]

    monkeypatch.setattr(users, "list_users", read_all)
    for _ in range(5):
        assert [user.username for user in first_users.list_known()] == ["tess", "uma"]
    assert len(read) == 1
    users.set_password("tess", NEW_PASSWORD)
    assert [user.username for user in first_users.list_known()] == ["uma"]
    users.remove_user("uma")
    assert first_users.list_known() == []
    clock.forward(minutes=1)
    add_demo_user("vera")
    assert [user.username for user in first_users.list_known()] == ["vera"]


def test_all_but_the_last_administrator_are_removed_and_logged_out() -> None:
    token = create_session("uma")
    assert first_users.remove_all() == (
        ["uma"],
        {"tess": "it is the last administrator who may log in"},
    )
    assert validate_session(token) is None
    assert [user.username for user in users.list_users()] == ["ann", "tess"]


def test_whoever_forces_it_has_none_left() -> None:
    assert first_users.remove_all(force=True) == (["tess", "uma"], {})
    assert [user.username for user in users.list_users()] == ["ann"]


def test_whoever_removes_them_stays() -> None:
    add_demo_user("vera", "admin")
    with acting_as("vera"):
        done = first_users.remove_all()
    assert done == (["tess", "uma"], {"vera": "it is your own account"})
    assert str(done) == "Removed tess, uma. vera stays: it is your own account."


def test_one_who_is_gone_meanwhile_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    found = first_users.list_all()
    monkeypatch.setattr(first_users, "list_all", lambda: found)
    users.remove_user("uma")
    assert first_users.remove_all(force=True).removed == ["tess"]


def test_many_are_named_in_part() -> None:
    for name in ("vera", "wanda", "xenia"):
        add_demo_user(name)
    assert first_users.name_some(first_users.list_all()) == "tess, uma, vera and 2 more"
