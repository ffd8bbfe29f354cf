"""There always is an administrator."""

from collections.abc import Callable
from typing import Final

import pytest

from auth import verify_user
from auth.login import one_time
from auth.records import LastUserError
from auth.tests.conftest import PASSWORD
from auth.users import directory, roles
from auth.users.administrators import OwnAccountError
from auth.visitor.visiting import acting_as

Loss = Callable[..., None]
LOSSES: Final[dict[str, Loss]] = {
    "disabled": directory.disable_user,
    "removed": directory.remove_user,
    "no administrator": lambda name, **how: roles.revoke(name, ["admin"], **how),
}


@pytest.fixture(params=LOSSES)
def lose(request: pytest.FixtureRequest) -> Loss:
    """Each way in which an administrator stops being one."""
    return LOSSES[request.param]


def test_the_last_one_stays(admin: str, ann: str, lose: Loss) -> None:
    with pytest.raises(LastUserError, match=admin):
        lose(admin)
    assert [user.username for user in directory.list_users()] == [admin, ann]
    assert directory.get(admin).roles == ("admin",)
    assert verify_user(admin, PASSWORD)


def test_a_disabled_one_is_not_another_one(admin: str, ann: str, lose: Loss) -> None:
    roles.grant(ann, ["admin"])
    directory.disable_user(ann)
    with pytest.raises(LastUserError):
        lose(admin)
    lose(ann)


def test_one_who_has_not_chosen_a_password_is_not_another_one(admin: str, lose: Loss) -> None:
    one_time.add_user("carol")
    roles.grant("carol", ["admin"])
    with pytest.raises(LastUserError):
        lose(admin)
    lose("carol")


def test_one_of_two_may_go(admin: str, ann: str, lose: Loss) -> None:
    roles.grant(ann, ["admin"])
    lose(admin)
    with pytest.raises(LastUserError):
        lose(ann)


def test_whoever_forces_it_has_none_left(admin: str, lose: Loss) -> None:
    lose(admin, force=True)


def test_nobody_does_it_to_themselves(admin: str, ann: str, lose: Loss) -> None:
    roles.grant(ann, ["admin"])
    with acting_as(ann), pytest.raises(OwnAccountError):
        lose(" Ann")
    with acting_as(ann), pytest.raises(OwnAccountError):
        one_time.reset_password("ANN")
    with acting_as(admin):
        lose(ann)


def test_where_there_is_none_nobody_is_the_last(ann: str, lose: Loss) -> None:
    lose(ann)


def test_a_role_that_is_called_alike_is_another_one(admin: str, ann: str, lose: Loss) -> None:
    roles.grant(ann, ["admin2", "administrator"])
    with pytest.raises(LastUserError):
        lose(admin)
