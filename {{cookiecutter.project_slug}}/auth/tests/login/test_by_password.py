"""What a login takes."""

from typing import NoReturn

import pytest

from auth import stores, validate_session
from auth.login import by_password, one_time, throttle
from auth.login.throttle import ThrottledError
from auth.records import StoreUnavailableError
from auth.stores.interface import Store
from auth.tests.conftest import PASSWORD, Clock, Configure
from auth.tests.people import visit
from auth.users import profile

MINE = "b" * 43  # the secret in the cookie of a device


def test_a_login_gives_the_token_of_a_session(ann: str) -> None:
    assert validate_session(by_password.log_in(ann, PASSWORD)) == ann


def test_a_login_is_by_name_or_address(ann: str, bob: str) -> None:
    profile.set_email(ann, "ann@example.com")
    assert validate_session(by_password.log_in("Ann@example.com ", PASSWORD)) == ann
    with pytest.raises(by_password.WrongPasswordError):
        by_password.log_in("bob@example.com", PASSWORD)


@pytest.mark.parametrize("username", ["ann", "nobody", "nobody@example.com", ""])
@pytest.mark.usefixtures("ann")
def test_a_wrong_password_and_an_unknown_user_are_the_same(username: str) -> None:
    with pytest.raises(by_password.WrongPasswordError):
        by_password.log_in(username, "wrong password")


def test_too_many_failures_are_told_with_the_time_to_wait(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1, throttle_minutes=10)
    with pytest.raises(by_password.WrongPasswordError):
        by_password.log_in(ann, "wrong password")
    with pytest.raises(ThrottledError) as caught:
        by_password.log_in(ann, PASSWORD)
    assert 590 < caught.value.seconds <= 600


def test_a_login_makes_the_device_a_known_one(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    visit(device=MINE)
    by_password.log_in(ann, PASSWORD)
    visit()
    with pytest.raises(by_password.WrongPasswordError):
        by_password.log_in(ann, "a stranger's guess")
    with pytest.raises(ThrottledError):
        by_password.log_in(ann, PASSWORD)
    visit(device=MINE)
    assert by_password.log_in("Ann", PASSWORD)


def test_a_failed_login_makes_no_device_a_known_one(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    visit(device=MINE)
    with pytest.raises(by_password.WrongPasswordError):
        by_password.log_in(ann, "wrong password")
    with pytest.raises(ThrottledError):
        by_password.log_in(ann, PASSWORD)


def test_successes_do_not_add_up(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    for _ in range(5):
        by_password.log_in(ann, PASSWORD)


@pytest.mark.parametrize(
    "failing",
    [
        "login.credentials.check",
        "users.directory.find_login",
        "users.directory.use_one_time_password",
    ],
)
def test_an_outage_is_nobodys_failure(
    ann: str, configure: Configure, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*_: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    configure(throttle_failures=1)
    password = one_time.reset_password(ann)
    with monkeypatch.context() as outage:
        outage.setattr(f"auth.{failing}", fail)
        for _ in range(5):
            with pytest.raises(StoreUnavailableError):
                by_password.log_in(ann, password)
    assert by_password.log_in(ann, password)


def test_an_outage_of_all_is_nobodys_failure(
    ann: str, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> NoReturn:
        raise StoreUnavailableError("no answer")

    configure(throttle_failures=1)
    with monkeypatch.context() as outage:
        outage.setattr(stores, "current", fail)
        for _ in range(5):
            with pytest.raises(StoreUnavailableError):
                by_password.log_in(ann, PASSWORD)
    assert by_password.log_in(ann, PASSWORD)


def test_a_login_forgets_what_is_old(ann: str, clock: Clock, store: Store) -> None:
    with pytest.raises(by_password.WrongPasswordError):
        by_password.log_in(ann, "wrong password")
    clock.forward(days=181)
    by_password.log_in(ann, PASSWORD)
    assert [entry.event for entry in store.audit.list_newest()] == ["login"]
    assert throttle.purge() == 0


def test_a_login_is_not_kept_up_by_what_is_old(ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(limit: int) -> NoReturn:
        raise StoreUnavailableError("no answer")

    monkeypatch.setattr(throttle, "purge", fail)
    assert by_password.log_in(ann, PASSWORD)
