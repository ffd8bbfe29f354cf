"""Who is there, and who may see a page."""

import pytest

from auth.access import NOBODY, CurrentUser, known_roles, logged_in, public, roles
from auth.records import NotAcceptableError

ANN = CurrentUser("1", "ann", frozenset({"sales"}))


def test_everybody_may_see_a_public_page() -> None:
    assert public(NOBODY)
    assert public(ANN)


def test_nobody_is_called_nothing() -> None:
    assert (NOBODY.name, NOBODY.email, NOBODY.display_name) == ("", "", "")


def test_users_may_see_a_page_for_the_logged_in_and_nobody_else() -> None:
    assert logged_in(ANN)
    assert not logged_in(NOBODY)


def test_a_user_has_their_roles_and_no_other() -> None:
    assert ANN.has_role("sales")
    assert not ANN.has_role("admin")
    assert not ANN.has_role("sale")
    assert not NOBODY.has_role("sales")


def test_users_with_one_of_the_roles_may_see_a_page_and_nobody_else() -> None:
    assert roles("sales")(ANN)
    assert roles("finance", "sales")(ANN)
    assert not roles("finance")(ANN)
    assert not roles()(ANN)
    assert not roles("sales")(CurrentUser("2", "sales"))
    assert not roles("sales")(NOBODY)


def test_the_roles_that_rules_name_are_known() -> None:
    roles("named-here", "sales")
    assert {"named-here", "sales"} <= known_roles()


@pytest.mark.parametrize("name", ["", "Sales", "1st", "a b", "public", "x" * 33, "sales\n"])
def test_a_role_that_nobody_can_have_is_refused(name: str) -> None:
    with pytest.raises(NotAcceptableError, match="cannot exist"):
        roles("sales", name)
