"""What users do about their own login: a new password, and the end of sessions."""

import pytest

from auth import create_session, validate_session, verify_user
from auth.login import own_account, throttle
from auth.login.by_password import WrongPasswordError, log_in
from auth.records import NotAcceptableError, UnknownUserError, User
from auth.sessions import sessions
from auth.sessions.tokens import hash_token, session_label
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Configure, Log
from auth.tests.people import visit
from auth.users import directory

HERE = "192.0.2.1"


def test_a_new_password_ends_every_session_and_begins_one(ann: str, bob: str) -> None:
    old, of_bob = create_session(ann), create_session(bob)
    new = own_account.change_password(ann, PASSWORD, NEW_PASSWORD)
    assert validate_session(old) is None
    assert validate_session(new) == ann
    assert validate_session(of_bob) == bob
    assert verify_user(ann, NEW_PASSWORD)
    assert not verify_user(ann, PASSWORD)


def test_after_a_new_password_this_browser_is_known_and_others_are_not_any_more(
    ann: str, configure: Configure
) -> None:
    configure(throttle_failures=1)
    for device in ("a" * 43, "b" * 43):
        visit(HERE, device)
        log_in(ann, PASSWORD)
    own_account.change_password(ann, PASSWORD, NEW_PASSWORD)
    visit(HERE)
    throttle.start_attempt(ann)
    visit(HERE, "a" * 43)
    with pytest.raises(throttle.ThrottledError):
        throttle.start_attempt(ann)
    visit(HERE, "b" * 43)
    throttle.start_attempt(ann)


def test_a_new_password_is_logged_with_the_address(ann: str, log: Log) -> None:
    visit(HERE)
    own_account.change_password(ann, PASSWORD, NEW_PASSWORD)
    assert f'event="password changed" user={ann} address={HERE}' in log.lines


def test_the_wrong_password_changes_nothing_and_counts_as_a_failed_login(
    ann: str, configure: Configure
) -> None:
    configure(throttle_failures=2)
    token = create_session(ann)
    for _ in range(2):
        with pytest.raises(WrongPasswordError):
            own_account.change_password(ann, "wrong password", NEW_PASSWORD)
    with pytest.raises(throttle.ThrottledError):
        own_account.change_password(ann, PASSWORD, NEW_PASSWORD)
    with pytest.raises(throttle.ThrottledError):
        throttle.start_attempt(ann)
    assert validate_session(token) == ann
    assert verify_user(ann, PASSWORD)


def test_a_password_that_is_not_acceptable_changes_nothing(ann: str) -> None:
    token = create_session(ann)
    with pytest.raises(NotAcceptableError, match="most common"):
        own_account.change_password(ann, PASSWORD, "password")
    assert validate_session(token) == ann


def test_a_change_at_the_same_time_wins(ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change = directory.set_password

    def change_after_another(user: User, password: str, *, same_epoch: bool) -> None:
        directory.end_sessions(ann)
        change(user, password, same_epoch=same_epoch)

    monkeypatch.setattr(directory, "set_password", change_after_another)
    with pytest.raises(UnknownUserError):
        own_account.change_password(ann, PASSWORD, NEW_PASSWORD)
    assert verify_user(ann, PASSWORD)


def test_one_session_is_ended_by_its_label(ann: str, log: Log) -> None:
    kept, ended = create_session(ann), create_session(ann)
    label = session_label(hash_token(ended))
    visit(HERE)
    own_account.end_session(directory.get(ann), label)
    assert validate_session(ended) is None
    assert validate_session(kept) == ann
    assert log.lines[-1] == f'event="session revoked" user={ann} session={label} address={HERE}'


@pytest.mark.parametrize("length", [8, 64])
def test_a_session_of_another_user_is_not_ended(ann: str, bob: str, length: int) -> None:
    of_ann, of_bob = create_session(ann), create_session(bob)
    own_account.end_session(directory.get(ann), hash_token(of_bob)[:length])
    own_account.end_session(directory.get(ann), "")
    assert validate_session(of_bob) == bob
    assert validate_session(of_ann) == ann


def test_all_other_sessions_are_ended(ann: str, bob: str) -> None:
    others = [create_session(ann) for _ in range(3)]
    this, of_bob = create_session(ann), create_session(bob)
    own_account.end_other_sessions(directory.get(ann), hash_token(this))
    assert [validate_session(token) for token in others] == [None] * 3
    assert validate_session(this) == ann
    assert validate_session(of_bob) == bob
    assert len(sessions.list_sessions(directory.get(ann))) == 1
