"""What happens to a user while they log in: a login of before leaves nothing alive."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.stores.conftest import NEW_PASSWORD, PASSWORD, Bench

Interruption = Callable[[Bench], None]


def set_password(bench: Bench) -> None:
    bench.app.users.set_password("ann", NEW_PASSWORD)


def end_sessions(bench: Bench) -> None:
    bench.app.users.end_sessions("ann")


def end_all_sessions(bench: Bench) -> None:
    bench.app.users.end_sessions()


def disable_and_enable(bench: Bench) -> None:
    bench.app.users.disable_user("ann")
    bench.app.users.enable_user("ann")


def remove_and_add(bench: Bench) -> None:
    bench.app.users.remove_user("ann")
    bench.app.users.add_user("ann", NEW_PASSWORD)


HERE = [set_password, end_sessions, end_all_sessions, disable_and_enable, remove_and_add]


def manage_set_password(bench: Bench) -> None:
    bench.manage("set-password", "ann", "--password-stdin", stdin=f"{NEW_PASSWORD}\n")


def manage_end_sessions(bench: Bench) -> None:
    bench.manage("end-sessions", "ann")


def manage_end_all_sessions(bench: Bench) -> None:
    bench.manage("end-sessions", "--all")


def manage_disable_and_enable(bench: Bench) -> None:
    bench.manage("disable-user", "ann")
    bench.manage("enable-user", "ann")


def manage_remove_and_add(bench: Bench) -> None:
    bench.manage("remove-user", "ann", "--yes")
    bench.manage("add-user", "ann", "--password-stdin", stdin=f"{NEW_PASSWORD}\n")


IN_ANOTHER_PROCESS = [
    manage_set_password,
    manage_end_sessions,
    manage_end_all_sessions,
    manage_disable_and_enable,
    manage_remove_and_add,
]

# The function that a login calls, and whether the interruption comes before or after it.
PLACES = {
    "after the user was read": ("passwords", "check_password", True),
    "after the password was checked": ("passwords", "check_password", False),
    "before the session is stored": ("sessions", "add", True),
}


@pytest.fixture(autouse=True)
def quick_hashes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have hashes that take no time, which is not what these tests are about."""
    passwords = bench.app.passwords
    passwords._context.update(
        argon2__time_cost=1, argon2__memory_cost=64, scrypt__rounds=4, scrypt__parallelism=1
    )
    monkeypatch.setattr(passwords, "_KIND", passwords._context.hash("").rsplit("$", 2)[0])


def interrupted(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    place: tuple[str, str, bool],
    interruption: Interruption,
) -> str:
    """Return the token of a login with the right password that was interrupted at a place."""
    module, name, before = place
    owner = bench.sessions if module == "sessions" else getattr(bench.app, module)
    original = getattr(owner, name)
    interruptions = [interruption]

    def interrupt(*arguments: Any) -> Any:
        result = None if before else original(*arguments)
        if interruptions:
            interruptions.pop()(bench)
        return original(*arguments) if before else result

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, interrupt)
        token = bench.app.login.log_in("ann", PASSWORD)
    assert not interruptions
    assert isinstance(token, str)
    return token


def leaves_nothing_alive(bench: Bench, token: str) -> None:
    """Expect that a login is over, stays over, and is in nobody's way."""
    auth = bench.app.load("auth")
    assert auth.validate_session(token) is None
    assert bench.app.sessions.list_sessions() == []
    bench.app.users.enable_user("ann")
    assert auth.validate_session(token) is None
    (password,) = [text for text in (PASSWORD, NEW_PASSWORD) if auth.verify_user("ann", text)]
    assert auth.validate_session(bench.app.login.log_in("ann", password)) == "ann"
    assert auth.validate_session(token) is None


@pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
@pytest.mark.parametrize("interruption", HERE)
def test_a_login_of_before_is_over(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    place: tuple[str, str, bool],
    interruption: Interruption,
) -> None:
    bench.app.users.add_user("ann", PASSWORD)
    leaves_nothing_alive(bench, interrupted(bench, monkeypatch, place, interruption))


@pytest.mark.parametrize("interruption", IN_ANOTHER_PROCESS)
def test_a_login_of_before_a_command_in_another_process_is_over(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, interruption: Interruption
) -> None:
    bench.app.users.add_user("ann", PASSWORD)
    place = PLACES["after the password was checked"]
    leaves_nothing_alive(bench, interrupted(bench, monkeypatch, place, interruption))


@pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
def test_a_better_hash_of_the_old_password_does_not_bring_it_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, place: tuple[str, str, bool]
) -> None:
    scrypt = bench.app.passwords._context.handler("scrypt")
    bench.add_user("ann", password_hash=scrypt.hash(PASSWORD))
    token = interrupted(bench, monkeypatch, place, set_password)
    assert not bench.app.load("auth").verify_user("ann", PASSWORD)
    leaves_nothing_alive(bench, token)


@pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
def test_a_login_that_something_else_happens_to_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, place: tuple[str, str, bool]
) -> None:
    bench.app.users.add_user("ann", PASSWORD)

    def change_bob(bench: Bench) -> None:
        bench.app.users.add_user("bob", PASSWORD)
        bench.app.users.set_password("bob", NEW_PASSWORD)
        bench.app.users.enable_user("ann")
        bench.app.users.remove_user("bob")

    token = interrupted(bench, monkeypatch, place, change_bob)
    assert bench.app.load("auth").validate_session(token) == "ann"


def test_a_login_ends_with_a_disabled_user_and_does_not_come_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.app.users.add_user("ann", PASSWORD)
    place = PLACES["after the password was checked"]
    token = interrupted(
        bench, monkeypatch, place, lambda bench: bench.app.users.disable_user("ann")
    )
    assert bench.app.load("auth").validate_session(token) is None
    with pytest.raises(bench.app.login.WrongPasswordError):
        bench.app.login.log_in("ann", PASSWORD)
    leaves_nothing_alive(bench, token)
