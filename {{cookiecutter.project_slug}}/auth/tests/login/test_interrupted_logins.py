"""What happens to a user while they log in: a login of before leaves nothing alive."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from passlib.hash import argon2

from auth import validate_session, verify_user
from auth.login.by_password import WrongPasswordError, log_in
from auth.passwords import hashing
from auth.sessions import sessions
from auth.stores.interface import Store
from auth.tests.conftest import NEW_PASSWORD, PASSWORD
from auth.tests.people import person
from auth.users import directory

Interruption = Callable[[], None]


def disable_and_enable() -> None:
    directory.disable_user("ann")
    directory.enable_user("ann")


def remove_and_add() -> None:
    directory.remove_user("ann")
    directory.add_user("ann", NEW_PASSWORD)


INTERRUPTIONS: Final[dict[str, Interruption]] = {
    "new password": lambda: directory.set_password(directory.get("ann"), NEW_PASSWORD),
    "sessions ended": lambda: directory.end_sessions("ann"),
    "all sessions ended": lambda: directory.end_sessions(),
    "disabled and enabled": disable_and_enable,
    "removed and added": remove_and_add,
}

# Whether the interruption comes before or after what a login calls.
PLACES: Final = {
    "after the user was read": ("check_password", True),
    "after the password was checked": ("check_password", False),
    "before the session is stored": ("add", True),
}


@pytest.fixture(params=PLACES)
def log_in_interrupted(
    request: pytest.FixtureRequest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Interruption], str]:
    """Call it to log Ann in with the right password, interrupted at each place in turn."""
    name, is_before = PLACES[request.param]
    owner = type(store.sessions) if name == "add" else hashing

    def log_in_interrupted(interruption: Interruption) -> str:
        original = getattr(owner, name)
        pending = [interruption]

        def interrupt(*arguments: Any) -> Any:
            result = None if is_before else original(*arguments)
            if pending:
                pending.pop()()
            return original(*arguments) if is_before else result

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, interrupt)
            token = log_in("ann", PASSWORD)
        assert not pending
        return token

    return log_in_interrupted


def leaves_nothing_alive(token: str) -> None:
    """Expect that a login is over, stays over, and is in nobody's way."""
    assert validate_session(token) is None
    assert sessions.list_sessions() == []
    directory.enable_user("ann")
    assert validate_session(token) is None
    (password,) = [text for text in (PASSWORD, NEW_PASSWORD) if verify_user("ann", text)]
    assert validate_session(log_in("ann", password)) == "ann"
    assert validate_session(token) is None


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("interruption", INTERRUPTIONS)
def test_a_login_of_before_is_over(
    log_in_interrupted: Callable[[Interruption], str], interruption: str
) -> None:
    leaves_nothing_alive(log_in_interrupted(INTERRUPTIONS[interruption]))


@pytest.mark.usefixtures("ann")
def test_a_login_ends_with_a_disabled_user_and_does_not_come_back(
    log_in_interrupted: Callable[[Interruption], str],
) -> None:
    token = log_in_interrupted(lambda: directory.disable_user("ann"))
    assert validate_session(token) is None
    with pytest.raises(WrongPasswordError):
        log_in("ann", PASSWORD)
    leaves_nothing_alive(token)


def test_a_better_hash_of_the_old_password_does_not_bring_it_back(
    store: Store, log_in_interrupted: Callable[[Interruption], str]
) -> None:
    store.users.add(
        person("ann", argon2.using(memory_cost=8, time_cost=2, parallelism=1).hash(PASSWORD))
    )
    token = log_in_interrupted(lambda: directory.set_password(directory.get("ann"), NEW_PASSWORD))
    assert not verify_user("ann", PASSWORD)
    leaves_nothing_alive(token)


@pytest.mark.usefixtures("ann")
def test_a_login_that_something_else_happens_to_goes_on(
    log_in_interrupted: Callable[[Interruption], str],
) -> None:
    def change_bob() -> None:
        directory.add_user("bob", PASSWORD)
        directory.set_password(directory.get("bob"), NEW_PASSWORD)
        directory.enable_user("ann")
        directory.remove_user("bob")

    assert validate_session(log_in_interrupted(change_bob)) == "ann"
