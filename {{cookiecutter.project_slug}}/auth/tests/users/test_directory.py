"""Users: who may log in."""

from collections.abc import Callable

import pytest

from auth import create_session, events, validate_session, verify_user
from auth.records import NotAcceptableError, UnknownUserError, UserExistsError
from auth.sessions import sessions
from auth.stores.interface import Store
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Log
from auth.tests.people import person
from auth.users import directory, roles


def test_a_password_is_kept_as_a_hash(ann: str) -> None:
    user = directory.find(ann)
    assert user is not None
    assert user.password_hash.startswith("$argon2id$")


def test_the_right_password_is_right_and_a_wrong_one_is_wrong(ann: str) -> None:
    assert verify_user(ann, PASSWORD)
    assert not verify_user(ann, "wrong password")


@pytest.mark.parametrize("username", ["", "nobody", "*", "x" * 65, "a\nb", "ünn", "an n"])
@pytest.mark.usefixtures("ann")
def test_a_name_that_no_user_has_is_wrong(username: str) -> None:
    assert not verify_user(username, PASSWORD)


def test_a_disabled_user_cannot_log_in_and_an_enabled_one_can(ann: str) -> None:
    directory.disable_user(ann)
    assert not verify_user(ann, PASSWORD)
    directory.enable_user(ann)
    assert verify_user(ann, PASSWORD)


@pytest.mark.parametrize("username", ["a", "A.b_c-d@example.com", "0", "x" * 64])
def test_a_name_of_letters_digits_and_four_other_characters_is_fine(username: str) -> None:
    directory.add_user(username, PASSWORD)
    assert verify_user(username, PASSWORD)


@pytest.mark.parametrize(
    "username", ["", " ", "a b", "a,b", "ü", "x" * 65, "a\nb", "../a", "\u212a"]
)
def test_any_other_name_is_refused(username: str) -> None:
    with pytest.raises(NotAcceptableError, match="A username has 1 to 64 characters"):
        directory.add_user(username, PASSWORD)


@pytest.mark.parametrize(
    "password", ["", "7 chars", "x" * 1025, "correct\0horse", "half \ud83c one"]
)
def test_a_password_that_is_too_short_or_not_possible_is_refused(ann: str, password: str) -> None:
    with pytest.raises(NotAcceptableError, match="Passwords have 8 to 1,024 characters"):
        directory.add_user("bob", password)
    with pytest.raises(NotAcceptableError, match="Passwords have 8 to 1,024 characters"):
        directory.set_password(directory.get(ann), password)


def test_a_name_can_be_taken_once(ann: str) -> None:
    with pytest.raises(UserExistsError):
        directory.add_user(ann, NEW_PASSWORD)
    assert verify_user(ann, PASSWORD)


@pytest.mark.parametrize("written", ["Ann", "ANN", " ann", "Ann\n"])
def test_the_case_of_a_name_does_not_count_nor_do_spaces_around_it(written: str) -> None:
    directory.add_user(written, PASSWORD)
    assert [user.username for user in directory.list_users()] == ["ann"]
    with pytest.raises(UserExistsError):
        directory.add_user("aNN", NEW_PASSWORD)
    assert verify_user(written, PASSWORD)
    assert validate_session(create_session(written)) == "ann"
    assert len(sessions.list_sessions(directory.get(written))) == 1
    directory.set_password(directory.get(written), NEW_PASSWORD)
    directory.disable_user(written)
    directory.enable_user(written)
    directory.unlock(written)
    directory.end_sessions(written)
    roles.grant(written, ["sales"])
    roles.revoke(written, ["sales"])
    assert verify_user("ann", NEW_PASSWORD)
    directory.remove_user(written)
    assert {entry.username for entry in events.list_audit(written)} == {"ann"}
    assert directory.list_users() == []


def test_a_new_password_replaces_the_old_one(ann: str) -> None:
    directory.set_password(directory.get(ann), NEW_PASSWORD)
    assert verify_user(ann, NEW_PASSWORD)
    assert not verify_user(ann, PASSWORD)


@pytest.mark.parametrize(
    "change",
    [
        lambda: directory.rename_user("nobody", "somebody"),
        lambda: directory.disable_user("nobody"),
        lambda: directory.enable_user("nobody"),
        lambda: directory.unlock("nobody"),
        lambda: directory.remove_user("nobody"),
        lambda: directory.end_sessions("nobody"),
    ],
)
def test_who_does_not_exist_cannot_be_changed(change: Callable[[], None]) -> None:
    with pytest.raises(UnknownUserError):
        change()


def test_all_sessions_of_a_user_or_of_everybody_can_be_ended(ann: str, bob: str) -> None:
    of_ann, of_bob = create_session(ann), create_session(bob)
    directory.end_sessions(ann)
    assert validate_session(of_ann) is None
    assert validate_session(of_bob) == bob
    directory.end_sessions()
    assert validate_session(of_bob) is None


def test_whoever_gets_a_name_again_is_another_user(ann: str) -> None:
    before = directory.find(ann)
    directory.remove_user(ann)
    directory.add_user(ann, PASSWORD)
    after = directory.find(ann)
    assert before is not None
    assert after is not None
    assert before.id != after.id


def test_a_new_name_keeps_the_password_the_sessions_and_the_id(ann: str, bob: str) -> None:
    token, before = create_session(ann), directory.get(ann)
    assert directory.rename_user("Ann", " Anna ") == "anna"
    assert validate_session(token) == "anna"
    assert verify_user("anna", PASSWORD)
    assert not verify_user(ann, PASSWORD)
    assert directory.get("anna").id == before.id
    with pytest.raises(UserExistsError):
        directory.rename_user("anna", bob)
    with pytest.raises(NotAcceptableError):
        directory.rename_user("anna", "a b")
    assert [entry.username for entry in events.list_audit_of(before.id)] == ["anna", "ann", "ann"]


@pytest.mark.parametrize(
    "password_hash", ["", "plain text", "$argon2id$", "$6$seasalt$" + "a" * 86]
)
def test_a_hash_that_cannot_be_one_fits_no_password_and_is_logged(
    store: Store, log: Log, password_hash: str
) -> None:
    store.users.add(person("ann", password_hash))
    for password in ("", "plain text", password_hash, PASSWORD):
        assert not verify_user("ann", password)
    assert 'event="password hash unusable" user=ann' in log.lines


@pytest.mark.usefixtures("ann")
def test_every_change_of_a_user_is_logged(log: Log) -> None:
    directory.set_password(directory.get("ann"), NEW_PASSWORD)
    directory.disable_user("ann")
    directory.enable_user("ann")
    directory.unlock("ann")
    directory.end_sessions("ann")
    directory.end_sessions()
    directory.rename_user("ann", "Anna")
    directory.remove_user("anna")
    assert log.lines[-8:] == [
        'event="password changed" user=ann',
        'event="user disabled" user=ann',
        'event="user enabled" user=ann',
        'event="user unlocked" user=ann',
        'event="sessions ended" user=ann',
        'event="sessions ended" user="all users"',
        'event="user renamed" reason="was ann" user=anna',
        'event="user removed" user=anna',
    ]


@pytest.mark.parametrize("text", ["%", "\\", "\0", "ann\0", "🎈", "a n", "a" * 65])
def test_what_no_name_has_in_it_finds_nobody(ann: str, text: str) -> None:
    assert directory.search(text, 10) == []
    assert [user.username for user in directory.search(" NN ", 10)] == [ann]
