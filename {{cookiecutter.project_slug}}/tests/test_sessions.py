"""Sessions: how they begin, and each way in which they end."""

import pytest

from auth import create_session, destroy_session, validate_session
from auth.sessions import hash_token
from auth.settings import load_settings
from auth.store import Store, User
from tests.conftest import Clock

pytestmark = pytest.mark.usefixtures("quick_passwords")

ODD_TOKENS = ["", "x", "A" * 42, "A" * 43, "A" * 44, "A" * 42 + "\n", "ü" * 43, "' OR 1=1 --", "\0"]


def test_a_token_stands_for_its_user(ann: str) -> None:
    assert validate_session(create_session(ann)) == ann


def test_every_token_is_new_and_safe_in_a_cookie(ann: str) -> None:
    tokens = {create_session(ann) for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 and token.isascii() for token in tokens)
    assert all(token.replace("-", "").replace("_", "").isalnum() for token in tokens)


@pytest.mark.parametrize("token", ODD_TOKENS)
@pytest.mark.usefixtures("ann")
def test_what_no_session_has_is_nobody(token: str) -> None:
    assert validate_session(token) is None


@pytest.mark.parametrize("token", ODD_TOKENS)
def test_ending_what_no_session_has_is_fine(token: str) -> None:
    destroy_session(token)


def test_the_hash_of_a_token_is_no_token(ann: str) -> None:
    assert validate_session(hash_token(create_session(ann))) is None


def test_an_ended_session_is_over_and_no_other_is(ann: str) -> None:
    ended, other = create_session(ann), create_session(ann)
    destroy_session(ended)
    assert validate_session(ended) is None
    assert validate_session(other) == ann


def test_a_session_ends_after_its_hours_however_busy(
    ann: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESSION_HOURS", "2")
    load_settings.cache_clear()
    token = create_session(ann)
    for _ in range(3):
        clock.forward(minutes=39)
        assert validate_session(token) == ann
    clock.forward(minutes=3)
    assert validate_session(token) is None


def test_a_session_without_an_idle_limit_waits(ann: str, clock: Clock) -> None:
    token = create_session(ann)
    clock.forward(hours=load_settings().session_hours * 0.99)
    assert validate_session(token) == ann


def test_an_idle_session_ends_and_a_used_one_goes_on(
    ann: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESSION_HOURS", "10")
    monkeypatch.setenv("SESSION_IDLE_HOURS", "1")
    load_settings.cache_clear()
    idle, used = create_session(ann), create_session(ann)
    clock.forward(minutes=40)
    assert validate_session(used) == ann
    clock.forward(minutes=40)
    assert validate_session(used) == ann
    assert validate_session(idle) is None


def test_a_used_session_goes_on_however_short_the_idle_limit(
    ann: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESSION_IDLE_HOURS", "0.01")
    load_settings.cache_clear()
    token = create_session(ann)
    for _ in range(20):
        clock.forward(seconds=10)
        assert validate_session(token) == ann
    clock.forward(seconds=37)
    assert validate_session(token) is None


def test_a_session_ends_with_its_user(ann: str, store: Store) -> None:
    token = create_session(ann)
    store.remove_user(ann)
    assert validate_session(token) is None


def test_a_session_ends_when_its_user_is_disabled(ann: str, store: Store) -> None:
    token = create_session(ann)
    store.replace_user(User(ann, "", disabled=True))
    assert validate_session(token) is None


def test_a_session_of_a_user_who_is_not_there_is_nobodys() -> None:
    assert validate_session(create_session("nobody")) is None
