"""Users: who may log in."""

from dataclasses import replace

import pytest

from auth import users, verify_user
from auth.store import Store, UnknownUserError, UserExistsError
from tests.conftest import PASSWORD


def test_a_password_is_kept_as_a_hash(ann: str, store: Store) -> None:
    user = store.find_user(ann)
    assert user is not None
    assert user.password_hash.startswith("$argon2id$")


def test_the_right_password_is_right_and_a_wrong_one_is_wrong(ann: str) -> None:
    assert verify_user(ann, PASSWORD)
    assert not verify_user(ann, "wrong password")


@pytest.mark.parametrize("username", ["", "nobody", "Ann", "ann ", "*", "x" * 65, "a\nb", "ünn"])
@pytest.mark.usefixtures("ann")
def test_a_name_that_no_user_has_is_wrong(username: str) -> None:
    assert not verify_user(username, PASSWORD)


def test_a_disabled_user_is_kept_out(ann: str, store: Store) -> None:
    user = store.find_user(ann)
    assert user is not None
    store.replace_user(replace(user, disabled=True))
    assert not verify_user(ann, PASSWORD)


@pytest.mark.parametrize("username", ["a", "A.b_c-d@example.com", "0", "x" * 64])
def test_a_name_of_letters_digits_and_four_signs_is_fine(username: str) -> None:
    users.add_user(username, PASSWORD)
    assert verify_user(username, PASSWORD)


@pytest.mark.parametrize("username", ["", " ", "a b", "a,b", "ü", "x" * 65, "a\n", "../a"])
def test_any_other_name_is_refused(username: str) -> None:
    with pytest.raises(ValueError, match="A user name has 1 to 64 letters"):
        users.add_user(username, PASSWORD)


@pytest.mark.parametrize("password", ["", "7 chars", "x" * 1025, "correct\0horse"])
def test_a_password_that_is_too_short_or_too_long_is_refused(ann: str, password: str) -> None:
    with pytest.raises(ValueError, match="A password has 8 to 1024 characters"):
        users.add_user("bob", password)
    with pytest.raises(ValueError, match="A password has 8 to 1024 characters"):
        users.set_password(ann, password)


def test_a_name_can_be_taken_once(ann: str) -> None:
    with pytest.raises(UserExistsError):
        users.add_user(ann, "another password")
    assert verify_user(ann, PASSWORD)


def test_names_differ_by_case(ann: str) -> None:
    users.add_user("Ann", "another password")
    assert verify_user(ann, PASSWORD)
    assert not verify_user("Ann", PASSWORD)


def test_a_new_password_replaces_the_old_one(ann: str) -> None:
    users.set_password(ann, "another password")
    assert verify_user(ann, "another password")
    assert not verify_user(ann, PASSWORD)


def test_nobody_gets_no_password() -> None:
    with pytest.raises(UnknownUserError):
        users.set_password("nobody", PASSWORD)
