"""The pace of logins."""

import pytest

from auth import login, pace
from tests.conftest import PASSWORD

HERE = "192.0.2.1"


class Time:
    """A clock that stands still, and notes each wait."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The time of the pace, at which nobody has logged in yet."""
    time = Time()
    monkeypatch.setattr(pace, "time", time)
    monkeypatch.setattr(pace, "_SECONDS", 0.5)
    monkeypatch.setattr(pace, "_next_turn", 0.0)
    return time


def test_logins_at_one_moment_come_one_after_the_other(ann: str, time: Time) -> None:
    for _ in range(3):
        login.log_in(ann, PASSWORD, HERE)
    assert time.waits == [0, 0.5, 1]


def test_whoever_logs_in_later_does_not_wait(ann: str, time: Time) -> None:
    login.log_in(ann, PASSWORD, HERE)
    time.now += 0.5
    login.log_in(ann, PASSWORD, HERE)
    assert time.waits == [0, 0]


def test_nobody_waits_for_ever(ann: str, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_LONGEST_WAIT", 0.7)
    for _ in range(4):
        login.log_in(ann, PASSWORD, HERE)
    assert time.waits == [0, 0.5, 0.7, 0.7]


def test_a_failed_login_takes_no_turn(ann: str, time: Time) -> None:
    with pytest.raises(login.WrongPasswordError):
        login.log_in(ann, "wrong password", HERE)
    login.log_in(ann, PASSWORD, HERE)
    assert time.waits == [0]
