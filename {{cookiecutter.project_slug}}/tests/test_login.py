"""What a login takes."""

from typing import NoReturn

import pytest

from auth import login, users, validate_session
from auth.stores.base import StoreUnavailableError
from tests.conftest import PASSWORD, Configure

HERE = "192.0.2.1"


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
    with pytest.raises(login.ThrottledError) as caught:
        login.log_in(ann, PASSWORD, HERE)
    assert 590 < caught.value.seconds <= 600


def test_successes_do_not_add_up(ann: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    for _ in range(5):
        login.log_in(ann, PASSWORD, HERE)


def test_an_outage_is_nobodys_failure(
    ann: str, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    configure(throttle_failures=1)
    with monkeypatch.context() as outage:
        outage.setattr(users, "check", fail)
        for _ in range(5):
            with pytest.raises(StoreUnavailableError):
                login.log_in(ann, PASSWORD, HERE)
    assert login.log_in(ann, PASSWORD, HERE)
