"""Roles: given to users and taken away."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from auth import create_session, validate_session
from auth.records import LastUserError, NotAcceptableError, StoreUnavailableError
from auth.tests.conftest import Log
from auth.users import directory, roles
from auth.users.administrators import OwnAccountError
from auth.visitor.visiting import acting_as


def test_roles_are_given_and_taken(ann: str, log: Log) -> None:
    token = create_session(ann)
    roles.grant(ann, ["sales", "editor"])
    roles.grant(ann, ["sales", "finance"])
    assert roles_of(ann) == ("sales", "editor", "finance")
    roles.revoke(ann, ["editor", "unknown"])
    assert roles_of(ann) == ("sales", "finance")
    assert validate_session(token) == ann
    assert log.lines[-3:] == [
        'event="roles granted" user=ann roles="sales editor"',
        'event="roles granted" user=ann roles=finance',
        'event="roles revoked" user=ann roles=editor',
    ]


@pytest.mark.parametrize("role", ["", "Sales", "a b", "public", "x" * 33])
def test_a_role_that_cannot_exist_is_not_given(ann: str, role: str) -> None:
    with pytest.raises(NotAcceptableError, match="cannot exist"):
        roles.grant(ann, ["sales", role])
    assert roles_of(ann) == ()


def test_a_user_has_so_many_roles_and_no_more(ann: str) -> None:
    roles.grant(ann, [f"role-{number}" for number in range(20)])
    with pytest.raises(NotAcceptableError, match="at most 20 roles"):
        roles.grant(ann, ["one-more"])
    assert len(roles_of(ann)) == 20


def test_many_who_give_roles_at_once_lose_none(ann: str) -> None:
    names = [f"role-{number}" for number in range(16)]
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda name: roles.grant(ann, [name]), names))
    assert sorted(roles_of(ann)) == sorted(names)


def roles_of(username: str) -> tuple[str, ...]:
    """Return the roles of a user who exists."""
    user = directory.find(username)
    assert user is not None
    return user.roles


def test_roles_are_replaced_in_one_step_or_not_at_all(ann: str, log: Log) -> None:
    roles.grant(ann, ["sales", "editor"])
    with pytest.raises(NotAcceptableError, match="cannot exist"):
        roles.replace(ann, ["finance", "Sales"], ["sales", "editor"])
    assert roles_of(ann) == ("sales", "editor")
    roles.replace(ann, ["finance", "editor", "finance"], ["sales", "editor"])
    assert roles_of(ann) == ("finance", "editor")
    assert log.lines[-2:] == [
        'event="roles granted" user=ann roles=finance',
        'event="roles revoked" user=ann roles=sales',
    ]


def test_roles_are_not_replaced_if_they_are_others_now(ann: str) -> None:
    with pytest.raises(NotAcceptableError, match="meanwhile"):
        roles.replace(ann, ["finance"], ["sales"])
    assert roles_of(ann) == ()


def test_whoever_cannot_change_roles_gives_up(ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "set_roles", lambda *_: False)
    with pytest.raises(StoreUnavailableError):
        roles.grant(ann, ["sales"])


def test_the_last_administrator_stays_one_unless_forced(admin: str) -> None:
    with pytest.raises(LastUserError):
        roles.revoke(admin, ["admin"])
    assert roles_of(admin) == ("admin",)
    roles.revoke(admin, ["admin"], force=True)
    assert roles_of(admin) == ()


def test_nobody_stops_being_an_administrator_by_their_own_doing(admin: str, ann: str) -> None:
    roles.grant(ann, ["admin", "sales"])
    with acting_as(ann):
        with pytest.raises(OwnAccountError):
            roles.revoke("Ann", ["admin"])
        roles.revoke(ann, ["sales"])
        roles.revoke(admin, ["admin"])
    assert (roles_of(ann), roles_of(admin)) == (("admin",), ())
