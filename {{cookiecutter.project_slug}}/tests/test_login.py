"""What a login takes."""

from typing import NoReturn

import pytest

from auth import login, one_time, stores, throttle, validate_session
from auth.stores.base import StoreUnavailableError
from auth.stores.interface import Store
from auth.throttle import ThrottledError
from tests.conftest import PASSWORD, Clock, Configure

HERE = "192.0.2.1"
MINE = "b" * 43  # the secret in the cookie of a browser


def test_a_login_gives_the_token_of_a_session(ann: str) -> None:
    assert validate_session(login.log_in(ann, PASSWORD, HERE)) == ann


@pytest.mark.parametrize("username", ["ann", "nobody", ""])
@pytest.mark.usefixtures("ann")
def test_a_wrong_password_and_an_unknown_user_are_the_same(username: str) -> None:
    with pytest.raises(login.WrongPasswordError):
        login.log_in(username, "wrong password", HERE)


def test_too_many_failures_are_told_with_the_time_to_wait(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1, throttle_minutes=10)
    with pytest.raises(login.WrongPasswordError):
        login.log_in(ann, "wrong password", HERE)
    with pytest.raises(ThrottledError) as caught:
        login.log_in(ann, PASSWORD, HERE)
    assert 590 < caught.value.seconds <= 600


def test_a_login_makes_the_browser_a_known_one(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    login.log_in(ann, PASSWORD, HERE, device=MINE)
    with pytest.raises(login.WrongPasswordError):
        login.log_in(ann, "a stranger's guess", HERE)
    with pytest.raises(ThrottledError):
        login.log_in(ann, PASSWORD, HERE)
    assert login.log_in("Ann", PASSWORD, HERE, device=MINE)


def test_a_failed_login_makes_no_browser_a_known_one(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    with pytest.raises(login.WrongPasswordError):
        login.log_in(ann, "wrong password", HERE, device=MINE)
    with pytest.raises(ThrottledError):
        login.log_in(ann, PASSWORD, HERE, device=MINE)


def test_successes_do_not_add_up(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    for _ in range(5):
        login.log_in(ann, PASSWORD, HERE)


@pytest.mark.parametrize(
    "failing", ["credentials.check", "users.find", "users.use_one_time_password"]
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
                login.log_in(ann, password, HERE)
    assert login.log_in(ann, password, HERE)


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
                login.log_in(ann, PASSWORD, HERE)
    assert login.log_in(ann, PASSWORD, HERE)


def test_a_login_forgets_what_is_old(ann: str, clock: Clock, store: Store) -> None:
    with pytest.raises(login.WrongPasswordError):
        login.log_in(ann, "wrong password", HERE)
    clock.forward(days=181)
    login.log_in(ann, PASSWORD, HERE)
    assert [entry.event for entry in store.audit.list_newest()] == ["login"]
    assert throttle.purge() == 0


def test_a_login_is_not_kept_up_by_what_is_old(ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(limit: int) -> NoReturn:
        raise StoreUnavailableError("no answer")

    monkeypatch.setattr(throttle, "purge", fail)
    assert login.log_in(ann, PASSWORD, HERE)
