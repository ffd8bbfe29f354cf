"""What users are called besides their username."""

from collections.abc import Callable

import pytest

from auth import create_session, validate_session, verify_user
from auth.events import list_audit
from auth.login import one_time
from auth.records import EmailTakenError, NotAcceptableError, UnknownUserError
from auth.tests.conftest import PASSWORD, Log
from auth.users import directory, profile

ADDRESS = "ann@example.com"


def test_an_address_logs_in_as_the_name_does_and_both_stay_logged_in(ann: str) -> None:
    token = create_session(ann)
    profile.set_email("Ann", " Ann@Example.COM ")
    assert directory.get(ann).email == ADDRESS
    assert verify_user(ADDRESS, PASSWORD)
    assert verify_user("ANN@example.com", PASSWORD)
    assert verify_user(ann, PASSWORD)
    assert not verify_user(ADDRESS, "wrong password")
    assert validate_session(create_session(ADDRESS)) == ann
    assert validate_session(token) == ann
    profile.set_email(ann, "")
    assert not verify_user(ADDRESS, PASSWORD)


def test_an_address_of_somebody_else_is_refused_however_it_is_written(ann: str, bob: str) -> None:
    profile.set_email(ann, ADDRESS)
    for take in (
        lambda: profile.set_email(bob, "Ann@EXAMPLE.com"),
        lambda: directory.rename_user(bob, "Ann@EXAMPLE.com"),
        lambda: directory.add_user("Ann@EXAMPLE.com", PASSWORD),
        lambda: directory.add_user("carol", PASSWORD, email="Ann@EXAMPLE.com"),
        lambda: one_time.add_user("carol", email="Ann@EXAMPLE.com"),
    ):
        with pytest.raises(EmailTakenError, match=ADDRESS):
            take()
    assert [user.username for user in directory.list_users()] == [ann, bob]


def test_the_name_of_somebody_else_is_nobodys_address(ann: str) -> None:
    directory.add_user(ADDRESS, "another password")
    with pytest.raises(EmailTakenError, match=ADDRESS):
        profile.set_email(ann, ADDRESS)
    assert not verify_user(ADDRESS, PASSWORD)
    assert verify_user(ADDRESS, "another password")


def test_a_display_name_is_what_people_typed_without_spaces_around_it(ann: str) -> None:
    profile.set_display_name(ann, "  Ann  Smith ")
    assert directory.get(ann).display_name == "Ann Smith"
    profile.set_display_name(ann, " ")
    assert directory.get(ann).display_name is None


def test_a_user_can_be_added_with_all_of_it(log: Log) -> None:
    one_time.add_user("ann", email="Ann@example.com", display_name=" Ann ", roles=("sales",))
    user = directory.get("ann")
    assert (user.email, user.display_name, user.roles) == (ADDRESS, "Ann", ("sales",))
    assert log.lines == [
        'event="user added" user=ann',
        'event="roles granted" user=ann roles=sales',
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: profile.set_email("ann", "ann at example"),
        lambda: profile.set_display_name("ann", "x" * 65),
        lambda: directory.add_user("bob", PASSWORD, email="bob at example"),
        lambda: directory.add_user("bob", PASSWORD, display_name="\x1b"),
    ],
)
def test_what_is_not_acceptable_changes_nothing(ann: str, wrong: Callable[[], None]) -> None:
    before = directory.list_users()
    with pytest.raises(NotAcceptableError):
        wrong()
    assert directory.list_users() == before


@pytest.mark.parametrize("change", [profile.set_email, profile.set_display_name])
def test_who_does_not_exist_is_called_nothing(change: Callable[[str, str], None]) -> None:
    with pytest.raises(UnknownUserError):
        change("nobody", "nobody@example.com")


def test_every_change_is_in_the_log_and_in_the_audit_without_the_address(
    ann: str, log: Log
) -> None:
    for _ in range(2):  # The second time nothing changes.
        profile.set_email(ann, ADDRESS)
        profile.set_display_name(ann, "Ann Smith")
    assert log.lines == [
        'event="email changed" user=ann',
        'event="display name changed" user=ann',
    ]
    assert [entry.event for entry in list_audit(ann)][:2] == [
        "display name changed",
        "email changed",
    ]


def test_users_are_found_by_any_part_of_what_they_are_called(ann: str, bob: str) -> None:
    profile.set_email(ann, "a.smith@example.com")
    profile.set_display_name(bob, "Bób Smith")
    for typed, found in {
        " SMITH ": [ann, bob],
        "A.Smith@": [ann],
        "bo\u0301B": [bob],
        "smith\0": [],
        "x" * 300: [],
        "half \ud83c": [],
    }.items():
        assert [user.username for user in directory.search(typed, 9)] == found
