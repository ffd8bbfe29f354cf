"""Who is there, and who may see a page."""

from auth.access import NOBODY, CurrentUser, logged_in, public

ANN = CurrentUser("ann", frozenset({"sales"}))


def test_everybody_may_see_a_public_page() -> None:
    assert public(NOBODY)
    assert public(ANN)


def test_users_may_see_a_page_for_the_logged_in_and_nobody_else() -> None:
    assert logged_in(ANN)
    assert not logged_in(NOBODY)


def test_a_user_has_their_roles_and_no_other() -> None:
    assert ANN.has_role("sales")
    assert not ANN.has_role("admin")
    assert not ANN.has_role("sale")
    assert not NOBODY.has_role("sales")
